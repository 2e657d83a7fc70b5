"""The recount script, on published files alone: it finds the proclaimed result, and what was tampered with."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from consultations.tally import Kind, as_json, count, gather, validate_ballot
from consultations.tally.bundle import bundle
from consultations.tally.published import digest, read_ballots, read_questions, write_ballots, write_questions
from consultations.tally.recount import main
from tests.consultations.tally.questions import budgeted, graded, multiple, pointed, ranking, single

COSTS = {"a": 60, "b": 50, "c": "40.50"}


def named(question, slug):
    return replace(question, slug=slug, title=slug.title())


QUESTIONS = [
    named(single(), "single"),
    named(multiple(), "multiple"),
    named(ranking(), "ranking"),
    named(graded(), "grades"),
    named(budgeted(COSTS, budget=100), "projects"),
    named(budgeted(COSTS, budget=100, kind=Kind.POINTS), "points"),
    named(pointed(), "sum"),
]
CAST = [
    (
        "KKKK2222",
        {
            "single": "a",
            "multiple": ["a", "c"],
            "ranking": ["b", "a"],
            "grades": {"a": 0},
            "points": {"b": 2},
            "sum": {"c": 3},
        },
    ),
    ("ZZZZ9999", {"single": None, "projects": ["a"], "ranking": ["c"]}),
    ("AAAA3333", {"single": "b", "projects": ["b", "c"], "grades": {"a": 2, "c": 1}, "points": {"a": 1, "c": 3}}),
]


@pytest.fixture
def published(tmp_path):
    """Both files, as a proclamation publishes them."""
    cast = [(code, validate_ballot(QUESTIONS, ballot)) for code, ballot in CAST]
    outcomes = {question.slug: as_json(count(question, [ballot for _, ballot in cast])) for question in QUESTIONS}
    ballots = write_ballots(QUESTIONS, cast)
    facts = {"about": {"title": "Ma place"}, "roll": 4, "number": len(cast), "sha256": digest(ballots)}
    (tmp_path / "consultation.json").write_text(write_questions(QUESTIONS, outcomes=outcomes, **facts))
    (tmp_path / "bulletins.csv").write_bytes(ballots)
    return tmp_path


def run(folder, *options):
    return main([str(folder / "consultation.json"), str(folder / "bulletins.csv"), *options])


def tampered(folder, old, new, name="bulletins.csv"):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_published_files_give_the_proclaimed_result(published, capsys):
    assert run(published, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["agrees"]
    assert found["outcomes"] == json.loads((published / "consultation.json").read_text())["outcomes"]


def test_the_text_is_plain_french(published, capsys):
    assert run(published) == 0
    text = capsys.readouterr().out
    assert "3 bulletins pour 4 noms à l’émargement." in text
    assert "Exprimés : 2 · blancs : 1 · sans réponse : 0" in text
    assert text.endswith("Tout concorde avec ce qui a été publié.\n")


def test_ballots_are_sorted_by_code_whatever_the_order_they_come_in(published):
    content = (published / "bulletins.csv").read_bytes()
    assert [line.split(b",")[0] for line in content.splitlines()] == [b"code", b"AAAA3333", b"KKKK2222", b"ZZZZ9999"]
    assert write_ballots(QUESTIONS, CAST[::-1]) == content


def test_blank_and_not_answered_stay_apart(published):
    cast = {each.code: each.ballot for each in read_ballots((published / "bulletins.csv").read_bytes(), QUESTIONS)}
    assert cast == dict(CAST)
    assert gather(QUESTIONS[0], cast.values()).blank == 1


@pytest.mark.parametrize("typed", ["KKKK2222", "kkkk-2222", " KKKK 2222 "])
def test_my_code_is_there_once_and_says_what_i_chose(published, capsys, typed):
    assert run(published, "--json", "--code", typed) == 0
    assert json.loads(capsys.readouterr().out)["code"] == {"times": 1, "ballots": [CAST[0][1]]}
    assert run(published, "--code", typed) == 0
    assert 'single : "a"' in capsys.readouterr().out


def test_a_code_that_is_not_there_is_told(published, capsys):
    assert run(published, "--code", "NNNN2222") == 1
    assert "n’est sur aucun bulletin" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("KKKK2222", "KKKK2223", "L’empreinte publiée est"),
        ("KKKK2222", "AAAA3333", "plusieurs fois : AAAA3333"),
        ("KKKK2222", "AAAA2222", "pas triés"),
        ('""b"",""c""', '""a"",""c""', "« projects » n’est pas valable (over_budget)"),
        ('"""a"""', '"""b"""', "Le résultat proclamé de « single »"),
    ],
)
def test_what_was_changed_in_the_ballots_is_told(published, capsys, old, new, said):
    if "over_budget" in said:
        path = published / "consultation.json"
        path.write_text(path.read_text().replace('"fits_budget": false', '"fits_budget": true'))
    tampered(published, old, new)
    assert run(published) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"number": 3', '"number": 4', "4 bulletins sont annoncés"),
        ('"roll": 4', '"roll": 2', "3 bulletins pour 2 noms"),
        ('"winner": "a"', '"winner": "b"', "Le résultat proclamé"),
    ],
)
def test_what_was_changed_in_the_questions_is_told(published, capsys, old, new, said):
    tampered(published, old, new, "consultation.json")
    assert run(published) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("consultation.json", b"{}"),
        ("consultation.json", b"[1]"),
        ("consultation.json", b"\xff"),
        ("consultation.json", b'{"format": "other"}'),
        ("consultation.json", b'{"format": "fabrique-citoyenne/questions/1", "roll": "4", "questions": []}'),
        ("consultation.json", b"[" * 100_000),
        ("consultation.json", b'{"format": "fabrique-citoyenne/questions/1", "questions": [{"slug": "a"}]}'),
        ("bulletins.csv", b""),
        ("bulletins.csv", b"code,other\n"),
        ("bulletins.csv", b"\xff"),
        ("bulletins.csv", b"code,single,multiple,ranking,grades,projects,points,sum\nA,1\n"),
        ("bulletins.csv", b"code,single,multiple,ranking,grades,projects,points,sum\nA,{,,,,,,\n"),
        (
            "bulletins.csv",
            b'code,single,multiple,ranking,grades,projects,points,sum\nA,"' + b"[" * 100_000 + b'",,,,,,\n',
        ),
    ],
)
def test_a_file_of_another_form_is_refused_with_a_sentence(published, capsys, name, content):
    (published / name).write_bytes(content)
    assert run(published) == 2
    assert capsys.readouterr().err.strip().endswith(".")


def test_a_missing_file_is_refused_with_a_sentence(tmp_path, capsys):
    assert run(tmp_path) == 2
    assert "ne peut pas être lu" in capsys.readouterr().err


def test_the_digest_is_that_of_sha256sum():
    assert digest(b"code\n") == "b57b236c9bcd2a61fcd627b69ae2d7a6eb5bc13f2dc25311348ee08df43bc0c4"


def test_questions_are_read_back_as_they_were_written(published):
    assert read_questions((published / "consultation.json").read_bytes()).questions == tuple(QUESTIONS)


def test_the_bundle_is_always_the_same_bytes_and_readable():
    assert bundle() == bundle()
    names = zipfile.ZipFile(BytesIO(bundle())).namelist()
    assert {"LISEZMOI.txt", "__main__.py", "consultations/tally/recount.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "pabulib" in name]


def test_the_bundle_runs_with_nothing_but_python(published, tmp_path):
    script = tmp_path / "recompter.pyz"
    script.write_bytes(bundle())
    # -I -S: neither this checkout nor any installed library can be seen.
    command = [
        sys.executable,
        "-I",
        "-S",
        script,
        published / "consultation.json",
        published / "bulletins.csv",
        "--json",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd="/", env={"PATH": os.environ["PATH"]}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["agrees"]
