"""Fills an empty database with the demo's city, in one transaction; the same each time but for the dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from civic.accounts.models import Role, User
from civic.comments.models import Comment
from civic.demo.casework import Casework
from civic.demo.cast import CAST, open_accounts
from civic.demo.chance import series
from civic.demo.collecting import Collection, forget_signers, settle_count
from civic.demo.consulting import Consultations
from civic.demo.council import Council
from civic.demo.days import Days
from civic.demo.desk import Desk
from civic.demo.postbag import Postbag
from civic.demo.residents import Resident, choose, invent
from civic.demo.speaking import Debates
from civic.demo.stories import Storyteller
from civic.demo.texts import load
from civic.territory.models import Quarter, Theme
from petitions.models import Petition, Signature

# One filling at a time: two starts at once must not invent the city twice.
LOCK = 0x66616265
# What the cast signed with their accounts, by the petitions' keys.
SIGNED = {
    "ombre-place": ["bruno"],
    "traversee-cyclable": ["bruno", "camille"],
    "charges-chauffage": ["bruno"],
    "bibliotheque-revisions": ["camille"],
}
UNCONFIRMED = "lampadaires-la-nuit"


@dataclass(frozen=True)
class Filled:
    petitions: int
    signatures: int
    comments: int
    consultations: int
    sittings: int


@transaction.atomic
def fill(*, now: datetime) -> Filled | None:
    """Invent quarters, people, petitions, signatures and debates.

    None, and nothing done, where anybody is there already or another filling is under way.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        [is_alone] = cursor.fetchone()
    if not is_alone or User.objects.exists() or Petition.objects.exists():
        return None
    lay_ground()
    return City(now).fill()


def lay_ground() -> None:
    """Quarters and themes; the charter's reasons came with moderation's migrations."""
    Quarter.objects.bulk_create(
        Quarter(slug=told["slug"], name=told["name"], rank=told["rank"]) for told in load("quarters")["quarters"]
    )
    Theme.objects.bulk_create(Theme(**told) for told in load("themes")["themes"])


class City:
    """People, petitions and what became of them, ready to be saved together."""

    def __init__(self, now: datetime):
        self.now = now
        self.desk = Desk(series("desk"))
        self.storyteller = Storyteller(open_accounts(now=now), self.desk, Days(now))
        self.desk.staff_with(User.objects.filter(rights__role=Role.MODERATOR).order_by("pk"))
        self.residents = invent(series("residents"))
        accounts = {user.email: user for user in User.objects.all()}
        self.people = {member.key: accounts[member.email] for member in CAST}
        self.cast = {key: Resident.with_account(user) for key, user in self.people.items()}
        self.postbag = Postbag(now=now)
        self.petitions: dict[str, Petition] = {}

    def fill(self) -> Filled:
        stories = load("petitions")["petitions"]
        signatures = [signature for told in stories for signature in self._tell(told)]
        Signature.objects.bulk_create(signatures, batch_size=1000)
        debates = Debates(self.desk, self.residents, now=self.now)
        debates.fill(self.petitions)
        self.desk.write_journal()
        Casework(list(self.petitions.values()), debates.speakers, series("casework"), now=self.now).fill()
        consultations = Consultations(self.residents, self.people, now=self.now).fill()
        sittings = Council(self.people, now=self.now).fill()
        signed = sum(signature.withdrawn_at is None for signature in signatures)
        return Filled(len(stories), signed, Comment.objects.count(), consultations, sittings)

    def _tell(self, told: Mapping[str, Any]) -> Sequence[Signature]:
        """One petition with its life; returns its signatures, unsaved."""
        petition, decisions = self.storyteller.tell(told, series(told["key"]))
        self.petitions[told["key"]] = petition
        for decision in decisions:
            self.postbag.tell_decision(petition, decision)
        if told["key"] == UNCONFIRMED:
            [resident] = choose(self.residents, 1, near=None, rng=series("unconfirmed"))
            self.postbag.ask_to_confirm(petition, resident)
        return self._gather(petition, told) if told["target_signatures"] else []

    def _gather(self, petition: Petition, told: Mapping[str, Any]) -> Sequence[Signature]:
        rng = series(f"{told['key']}:signatures")
        collection = Collection.of(petition, told["curve"], now=self.now, rng=rng)
        known = [self.cast[key] for key in SIGNED.get(told["key"], [])]
        signatures = collection.gather(self.residents, told["target_signatures"], known=known)
        for threshold in settle_count(petition, signatures):
            self.desk.note_reached(petition, threshold)
            self.postbag.tell_reached(petition, threshold)
        forget_signers(signatures, closed_at=petition.closes_at or self.now, now=self.now)
        return signatures
