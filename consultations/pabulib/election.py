"""What a Pabulib file says: a budget, its projects, its ballots.

Format: https://pabulib.org/format and D. Stolicki, S. Szufa, N. Talmon, "Pabulib: A Participatory Budgeting Library"
(2020, arXiv:2012.06539).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from consultations.pabulib.document import Document
from consultations.pabulib.faults import Notice


class VoteType(StrEnum):
    """How voters voted. `choose-1` is read as approval."""

    APPROVAL = "approval"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"
    SCORING = "scoring"


# What countries pay with, for files that don't say their currency.
CURRENCIES = {
    "belgium": "EUR",
    "canada": "CAD",
    "czechia": "CZK",
    "czech republic": "CZK",
    "denmark": "DKK",
    "estonia": "EUR",
    "finland": "EUR",
    "france": "EUR",
    "germany": "EUR",
    "hungary": "HUF",
    "italy": "EUR",
    "netherlands": "EUR",
    "norway": "NOK",
    "poland": "PLN",
    "portugal": "EUR",
    "spain": "EUR",
    "sweden": "SEK",
    "switzerland": "CHF",
    "united kingdom": "GBP",
    "united states": "USD",
    "usa": "USD",
}


@dataclass(frozen=True)
class Project:
    """`votes`, `score` and `selected` are what the file says of it, where it does; `cells` holds every column.

    `selected`: 1 for a winner, 0 for none; 2 and 3 where a city had rules of its own.
    """

    project_id: str
    cost: Decimal
    name: str
    line: int
    votes: int | None = None
    score: Decimal | None = None
    selected: int | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot: the projects that it names, in its order, with their points where there are any.

    No project is a blank vote.
    """

    voter_id: str
    projects: tuple[str, ...]
    points: tuple[Decimal, ...]
    line: int


@dataclass
class Election:
    """`meta` holds every key of the file, lower case; `notices` what is odd in it and kept.

    `document` is the file as written: `write(election.document)` gives its bytes again.
    """

    document: Document
    meta: dict[str, str]
    vote_type: VoteType
    budget: Decimal
    projects: list[Project]
    votes: list[Vote]
    notices: list[Notice]

    @cached_property
    def by_id(self) -> dict[str, Project]:
        return {project.project_id: project for project in self.projects}

    @property
    def currency(self) -> str:
        """The ISO 4217 code, of the file or else of its country; empty where neither is known."""
        return self.meta.get("currency", "").upper() or CURRENCIES.get(self.meta.get("country", "").lower(), "")

    @property
    def has_points(self) -> bool:
        """Whether ballots give points that rank the projects: cumulative and scoring votes, and ordinal ones in a
        file that has a score, which its places make (see `places_as_points`)."""
        return self.vote_type in (VoteType.CUMULATIVE, VoteType.SCORING) or (
            self.vote_type == VoteType.ORDINAL and any(project.score is not None for project in self.projects)
        )
