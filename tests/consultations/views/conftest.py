"""An open vote with a question of each kind, and residents who go through its pages."""

import re
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse

from consultations.models import Consultation, Envelope, OpenBallot, Phase, PhaseKind, RollEntry
from tests.consultations.ballot_box import unfrozen
from tests.consultations.votes import open_vote


@pytest.fixture
def make_vote(colette, theme):
    """A published consultation with questions of the named kinds, on three projects each."""

    def make(*kinds, **fields) -> Consultation:
        return open_vote(colette, *kinds, theme=theme, **fields)

    return make


def move_vote(consultation, **dates) -> None:
    with unfrozen():
        Phase.objects.filter(consultation=consultation, kind=PhaseKind.VOTE).update(**dates)


def nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in (RollEntry, OpenBallot, Envelope))


class Resident:
    """Somebody who goes through the pages without scripts: presses buttons of the form that is shown."""

    def __init__(self, client, address: str):
        self.client, self.address = client, address
        self.answer = client.get(address)

    @property
    def text(self) -> str:
        """What the page says, in one line, without its tags."""
        main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", self.answer.content.decode())
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").split())

    @property
    def hidden(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.answer.content.decode()
        ):
            found.setdefault(unescape(name), []).append(unescape(value))
        return found

    def press(self, go="next", **typed) -> "Resident":
        """Send the page's form, with what is filled in; names with dashes are written with two lines: `q1__o2`."""
        filled = {name.replace("__", "-"): value for name, value in typed.items()}
        button = {"do": go} if ":" in go else {"go": go}
        self.answer = self.client.post(self.address, self.hidden | filled | button)
        return self


@pytest.fixture
def resident(client, bruno):
    """Bruno, before the first page of a vote."""

    def come(consultation, route="take-part", *, user=bruno) -> Resident:
        if user:
            client.force_login(user)
        return Resident(client, reverse(f"consultations:{route}", args=[consultation.pk]))

    return come


@pytest.fixture
def rows_written():
    """How many rows each table has had inserted, changed or deleted in this transaction."""

    def written() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
            return {table: number for table, number in cursor.fetchall() if number}

    return written
