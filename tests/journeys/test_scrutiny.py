"""A clerk and three scrutineers, one of whom loses the key: from the keys that browsers make to a result that anyone
counts again."""

import json
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consultations import keys
from tests.journeys.test_voting import Voter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

HOUR = timedelta(hours=1)
NAMES = ("sylvie", "simon", "salome")
ONWARD = "main form .actions button[type=submit]"


class Scrutineer:
    """Somebody at a machine of their own, with a folder in which the key is kept."""

    def __init__(self, visitor, consultation: int, folder):
        self.visitor, self.page, self.folder = visitor, visitor.page, folder
        self.at = f"/consultations/{consultation}/depouillement/"
        self.key_file = folder / "cle.txt"
        # All that leaves this machine.
        self.sent: list[str] = []
        self.page.on("request", lambda request: self.sent.append(f"{request.url} {request.post_data or ''}"))

    def make_key(self) -> None:
        self.visitor.open(self.at)
        self.visitor.press(".next-steps a.button")
        self.page.click("[data-make]")
        with self.page.expect_download() as kept:
            self.page.click("[data-keep]")
        kept.value.save_as(self.key_file)
        self.visitor.check()
        self.visitor.press(ONWARD)

    def test_key(self, file) -> None:
        self.page.set_input_files("#key-file", file)
        self.page.click("[data-open]")

    @property
    def private_key(self) -> str:
        return keys.private_key(self.key_file.read_text()).hex()

    def has_sent_the_key(self) -> bool:
        return self.private_key in "".join(self.sent).lower().replace("+", "").replace("%20", "")


@pytest.fixture
def vote(product):
    return Clock(product, product.stage("draft", "secret", "single")["pk"])


class Clock:
    """The consultation, whose vote opens and closes when a test says so."""

    def __init__(self, product, pk: int):
        self.product, self.pk = product, pk

    def move(self, **dates) -> None:
        with psycopg.connect(self.product.url, autocommit=True) as database:
            # What is published is frozen by triggers.
            database.execute("SET session_replication_role = replica")
            for name, at in dates.items():
                statement = f"UPDATE consultations_phase SET {name} = %s WHERE consultation_id = %s AND kind = 'vote'"
                database.execute(statement, [at, self.pk])


def test_two_of_three_scrutineers_open_the_box_when_one_has_lost_the_key(product, visit, vote, tmp_path):
    desk = f"/consultations/bureau/{vote.pk}/"
    colette = visit("colette")
    colette.open(f"{desk}scrutateurs/")
    for name in NAMES:
        colette.fill(email=f"{name}@example.org")
        colette.press(ONWARD)

    sylvie, simon, salome = three = [
        Scrutineer(visit(name, width=360 if name == "sylvie" else 1280), vote.pk, folder_of(tmp_path, name))
        for name in NAMES
    ]
    for scrutineer in three:
        scrutineer.make_key()
    try_keys(*three, nothing=written(tmp_path / "courses.txt", "Du pain, deux citrons."))
    assert not any(scrutineer.has_sent_the_key() for scrutineer in three)

    colette.open(f"{desk}publication/")
    colette.tick("is_sure")
    colette.press(ONWARD)
    vote.move(opens_at=timezone.now() - HOUR)
    codes = {name: cast_vote(visit(name), vote.pk, choice) for name, choice in {"bruno": "o1", "amina": "o2"}.items()}

    vote.move(closes_at=timezone.now() - timedelta(seconds=1))
    simon.key_file.unlink()
    foreign = written(tmp_path / "autre.txt", f"Clé privée\n  {keys.make_pair().private}\n")
    open_box(sylvie, salome, nothing=tmp_path / "courses.txt", foreign=foreign)
    expect(sylvie.page.locator("h1")).to_have_text("Procès-verbal du dépouillement")
    assert product.query("SELECT count(*) FROM consultations_envelope WHERE consultation_id = %s", vote.pk) == [(0,)]

    colette.open(f"{desk}proclamation/")
    colette.press(ONWARD)
    stranger = visit(width=360)
    stranger.open(f"/consultations/{vote.pk}/resultats/")
    for code in codes.values():
        counted = count_again(stranger, tmp_path / "chez-moi", code)
        assert counted["agrees"]


def try_keys(sylvie, simon, salome, *, nothing) -> None:
    """Sylvie takes a shopping list, then her colleague's key, then her own; the others find theirs at once."""
    sylvie.page.set_input_files("#key-file", nothing)
    expect(sylvie.page.locator("[data-unread]")).to_contain_text("pas de clé dans ce fichier")
    sylvie.test_key(simon.key_file)
    expect(sylvie.page.locator("[data-unread]")).to_be_hidden()
    expect(sylvie.page.locator("[data-wrong]")).to_contain_text("n’ouvre pas l’échantillon")
    for scrutineer in (sylvie, simon, salome):
        scrutineer.test_key(scrutineer.key_file)
        expect(scrutineer.page.locator("[data-wrong]")).to_be_hidden()
        scrutineer.visitor.press(ONWARD)
        expect(scrutineer.page.locator("main")).to_contain_text("Votre clé est essayée")


def open_box(sylvie, salome, *, nothing, foreign) -> None:
    """Wrong files are told, and open nothing; then two keys of three do."""
    page = sylvie.page
    sylvie.visitor.open(f"{sylvie.at}urne/")
    page.set_input_files("#id_key_1-file", nothing)
    expect(page.locator("[data-unread]:visible")).to_contain_text("pas de clé dans ce fichier")
    for wrong, sentence in [
        (sylvie.key_file, "La même clé se trouve à deux endroits"),
        (foreign, "Cette clé n’est celle d’aucun scrutateur de cette consultation"),
    ]:
        page.set_input_files("#id_key_1-file", sylvie.key_file)
        page.set_input_files("#id_key_2-file", wrong)
        sylvie.visitor.press(ONWARD)
        expect(page.locator("main")).to_contain_text(sentence)
    page.set_input_files("#id_key_1-file", sylvie.key_file)
    page.set_input_files("#id_key_3-file", salome.key_file)
    sylvie.visitor.press(ONWARD)


def cast_vote(visitor, consultation: int, choice: str) -> str:
    voter = Voter(visitor, consultation, scripts=True)
    voter.tick(f"q1-{choice}")
    voter.go()
    voter.go(".actions button[value=send]")
    return voter.page.locator("#code").inner_text()


def count_again(visitor, folder, code: str) -> dict:
    """With the three published files and Python alone."""
    folder.mkdir(exist_ok=True)
    for name in ("consultation.json", "bulletins.csv", "recompter.pyz"):
        with visitor.page.expect_download() as found:
            visitor.page.click(f".files a[href$='/{name}']")
        found.value.save_as(folder / name)
    command = [sys.executable, "recompter.pyz", "consultation.json", "bulletins.csv", "--code", code, "--json"]
    recount = subprocess.run(command, cwd=folder, env={}, check=True, stdout=subprocess.PIPE)
    return json.loads(recount.stdout)


def folder_of(tmp_path, name: str):
    folder = tmp_path / name
    folder.mkdir()
    return folder


def written(file, text: str):
    file.write_text(text)
    return file
