"""Who voted what in a named vote, a page at a time, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civic.kernel.keyset import keyset_page
from civic.kernel.tabular import as_csv
from consultations.ballot_form import BallotForm
from consultations.models import Consultation
from consultations.naming import ORDER, named_ballots
from consultations.results.ballots import ballots_on_a_page

HEADER = ("code", "nom")


@dataclass(frozen=True)
class NamedVote:
    """`name` is empty where an account is closed or its holder took it off."""

    name: str
    form: BallotForm


class NamesShown:
    """Names with the answers as they were counted; each page costs the same, whichever it is."""

    def __init__(self, consultation: Consultation, cursor: str):
        self.questions = list(consultation.questions.prefetch_related("options"))
        page = keyset_page(
            named_ballots(consultation), order=ORDER, cursor=cursor, size=ballots_on_a_page(len(self.questions))
        )
        codes = [row.code for row in page.items]
        given = dict(consultation.ballots.filter(code__in=codes).values_list("code", "answers"))
        self.items = [
            NamedVote(row.name, BallotForm.of_answers(self.questions, given[row.code]))
            for row in page.items
            if row.code in given
        ]
        self.next_url = f"?apres={page.next_cursor}" if page.next_cursor else ""
        self.first_url = "?" if cursor else ""


def names_csv(consultation: Consultation) -> str:
    """`noms.csv`: the code of each ballot that stands under a name, with that name."""
    return as_csv(HEADER, _names(consultation))


def _names(consultation: Consultation) -> Iterator[tuple[str, str]]:
    rows = named_ballots(consultation).exclude(name="").order_by(*ORDER)
    return rows.values_list("code", "name").iterator(chunk_size=2000)
