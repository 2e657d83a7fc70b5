"""Invented residents: people with a name, a mailbox and a quarter, who don't exist."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from civic.accounts.models import User
from civic.demo.cast import CAST, address
from civic.demo.texts import load
from civic.kernel.mailboxes import mailbox_key
from civic.kernel.text import fold
from civic.territory.models import Quarter
from petitions.models.signature import name_key

POPULATION = 5_200
# Who lives where a petition is about signs it this many times as readily as others.
NEIGHBOURLY = 8
TELLS_QUARTER = 0.85
HOME = "38130"


@dataclass(frozen=True)
class Resident:
    name: str
    folded_name: str
    email: str
    mailbox_key: str
    postal_code: str
    quarter_id: int | None
    user_id: int | None = None

    @classmethod
    def with_account(cls, user: User) -> "Resident":
        key = mailbox_key(user.email)
        return cls(user.name, name_key(user.name), user.email, key, user.postal_code, user.quarter_id, user.pk)


def invent(rng: Random, number: int = POPULATION) -> list[Resident]:
    """Residents in the quarters and towns that the content gives, by weight."""
    told = load("quarters")["quarters"]
    ids = dict(Quarter.objects.values_list("slug", "pk"))
    quarters, weights = [ids[quarter["slug"]] for quarter in told], [quarter["weight"] for quarter in told]
    towns = load("people")["postal_codes"]
    codes, shares = [town["code"] for town in towns], [town["weight"] for town in towns]
    residents = []
    for name in _names(rng, number):
        code = rng.choices(codes, shares)[0]
        tells = code == HOME and rng.random() < TELLS_QUARTER
        quarter = rng.choices(quarters, weights)[0] if tells else None
        email = address(name)
        residents.append(Resident(name, name_key(name), email, mailbox_key(email), code, quarter))
    return residents


def _names(rng: Random, number: int) -> Iterator[str]:
    """That many names, no two alike even without accents, and none of somebody who has an account."""
    people = load("people")
    taken = {fold(name) for name in (*(m.name for m in CAST), *(author["name"] for author in people["authors"]))}
    while number:
        name = f"{rng.choice(people['first_names'])} {rng.choice(people['surnames'])}"
        if fold(name) not in taken:
            taken.add(fold(name))
            number -= 1
            yield name


def choose(residents: Sequence[Resident], number: int, *, near: int | None, rng: Random) -> list[Resident]:
    """That many of the residents, neighbours of a quarter more readily.

    Weighted sampling without replacement: Efraimidis and Spirakis, 2006.
    """

    def rank(resident: Resident) -> float:
        is_neighbour = near is not None and resident.quarter_id == near
        return rng.random() ** (1 / NEIGHBOURLY if is_neighbour else 1)

    chosen = heapq.nlargest(number, residents, key=rank)
    rng.shuffle(chosen)
    return chosen
