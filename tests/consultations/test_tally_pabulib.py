"""`manage.py tally_pabulib`: one line for comparison, a sentence for a broken file, and no database.

None of these tests is marked to use one: a query would fail them.
"""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from devtools.setup import CHECKOUT
from tests.consultations.pabulib.files import TOULOUSE, made


def counted(path, capsys):
    call_command("tally_pabulib", path, "--json")
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "file.pb"
        path.write_bytes(content)
        return path

    return write


def test_the_count_of_the_real_file(capsys):
    found = counted(TOULOUSE, capsys)
    assert (found["votes"]["4"], found["score"]["4"]) == (471, 1090)
    assert found["greedy"][:3] == ["4", "16", "13"]
    assert found["equal_shares"][:3] == ["10", "20", "30"]
    assert list(found) == ["votes", "score", "greedy", "equal_shares"]


@pytest.mark.parametrize(
    ("vote_type", "score", "greedy"),
    [
        ("approval", {}, ["p1", "p3"]),
        ("ordinal", {}, ["p1", "p3"]),
        ("cumulative", {"p1": 6, "p2": 2, "p3": 5}, ["p1", "p3"]),
        ("scoring", {"p1": 6, "p2": 2, "p3": 5}, ["p1", "p3"]),
    ],
)
def test_each_type_of_vote_is_counted(capsys, file, vote_type, score, greedy):
    found = counted(file(made(meta={"vote_type": vote_type})), capsys)
    assert found["votes"] == {"p1": 3, "p2": 2, "p3": 1}
    assert found["score"] == score
    assert found["greedy"] == greedy


def test_the_summary_is_in_french(capsys):
    call_command("tally_pabulib", TOULOUSE)
    said = capsys.readouterr().out
    assert "Parts égales, la méthode seule" in said
    assert "Halte aux moustiques" in said


def test_what_is_odd_is_said_beside_the_count(capsys, file):
    call_command("tally_pabulib", file(made(meta={"num_votes": "5"})), "--json")
    said = capsys.readouterr()
    assert said.err.startswith("Ligne 8")
    assert len(said.out.splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", made(without=("budget",)), made().replace(b"p1\n", b"p9\n")])
def test_a_broken_file_is_refused_with_its_line(file, content):
    with pytest.raises(CommandError, match=r"Ligne \d+"):
        call_command("tally_pabulib", file(content), "--json")


def test_a_missing_file_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("tally_pabulib", tmp_path / "none.pb")


def test_a_broken_file_ends_with_code_1_and_prints_nothing_but_the_sentence(file):
    # A database that is not there: the command must not look for one.
    environment = os.environ | {"DATABASE_URL": "postgresql://fabrique@/fabrique?host=/nonexistent"}
    command = [sys.executable, "manage.py", "tally_pabulib", file(made().replace(b"c;p3,p1", b"c;p3,p7")), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=environment, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Ligne 21" in done.stderr
    assert "p7" in done.stderr
    assert "Traceback" not in done.stderr
