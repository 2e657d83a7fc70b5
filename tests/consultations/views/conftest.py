"""An open vote with a question of each kind, and residents who go through its pages."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consultations.models import Consultation, Envelope, OpenBallot, Option, Phase, PhaseKind, Question, RollEntry
from tests.consultations.ballot_box import Vote, give_keys, unfrozen

DAY = timedelta(days=1)
KINDS = {
    "single": {"kind": "single", "counting": "plurality", "maximum": 1},
    "multiple": {"kind": "multiple", "counting": "approval", "maximum": 2},
    "ranking": {"kind": "ranking", "counting": "schulze"},
    "grades": {"kind": "grades", "counting": "majority_judgment", "grades": ["Très bien", "Bien", "À rejeter"]},
    "points": {"kind": "points", "counting": "points", "points_each": 3, "points_all": 5},
    "basket": {"kind": "multiple", "counting": "greedy", "total_cost": 100, "fits_budget": True},
}
COSTS = (60, 50, 40)


@pytest.fixture
def make_vote(colette, theme):
    """A published consultation with questions of the named kinds, on three projects each."""

    def make(*kinds, secrecy="confidential", opens=-1, closes=7, **fields) -> Consultation:
        now = timezone.now()
        given = {"summary": "Quel parc ?", "description": "Le parc **ouvre**.", "residence": "anyone", "theme": theme}
        draft = Consultation.draft(colette, title="Le nouveau parc", secrecy=secrecy, **given | fields)
        Phase.objects.create(
            consultation=draft, kind=PhaseKind.VOTE, opens_at=now + opens * DAY, closes_at=now + closes * DAY
        )
        for rank, kind in enumerate(kinds or ["single"], start=1):
            question = Question.objects.create(
                consultation=draft, rank=rank, slug=f"q-{kind}", text=f"Question {kind} ?", **KINDS[kind]
            )
            for number, (label, cost) in enumerate(zip(("Un parc", "Une piscine", "Un chemin"), COSTS, strict=True), 1):
                Option.objects.create(
                    question=question, rank=number, slug=f"o{number}", label=label, description="Avec **des bancs**.",
                    cost=cost if kind == "basket" else None,
                )  # fmt: skip
        if draft.is_secret:
            give_keys(Vote(draft), now)
        draft.publish(colette, at=now + (opens - 20) * DAY)
        return Consultation.objects.get(pk=draft.pk)

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
