"""What no page sends, and somebody may: it is refused in a sentence, breaks nothing and is kept nowhere."""

import pytest
from django.utils import timezone

from consultations.models import Consultation

# More digits than Python reads as a number, and than a column holds; a sign that PostgreSQL stores in no text; a line
# that would end a header; the first and the last moments that a date can say.
STRANGE = {
    "digits": "9" * 5000,
    "long": "9" * 30,
    "nul": "a\0b",
    "header": "a\r\nSet-Cookie: a=b",
    "first": "0001-01-01T00:00",
    "last": "9999-12-31T23:59",
}
# Pages, and what stands in their addresses beside the consultation.
DRAFT = {
    "questions": "", "question-new": "", "way": "question", "question": "question", "option-new": "question",
    "option": "question option", "arrange": "question option", "options-import": "question", "documents": "",
    "scrutineers": "", "publish": "", "rehearse": "",
}  # fmt: skip
PUBLISHED = {
    "correct": "", "correct-limits": "question", "correct-option": "option", "offer": "question", "take-out": "option",
    "extend": "", "withdraw": "", "roll": "", "roll-enter": "", "codes": "", "letters": "", "count": "", "proclaim": "",
    "decide": "",
}  # fmt: skip
OF_NONE = ("new", "residences", "residence", "list-import")
SECTIONS = ("texte", "facile", "dates", "participants", "secret")
FIELDS = (
    "title", "summary", "description", "easy_read", "theme", "residence", "resident_list", "quarters", "minimum_age",
    "quorum", "secrecy", "scrutineers_needed", "text", "way", "kind", "total_cost", "minimum", "maximum",
    "points_each", "points_all", "grades", "label", "cost", "quarter", "pasted", "email", "seen", "act", "explanation",
    "phase", "opens_at", "closes_at", "reason", "follows", "name", "birth_date", "person", "postal_code", "until",
    "replaces", "read", "page", "go", "do", "q1", "vote_opens", "vote_closes", "inform_opens", "results_opens",
)  # fmt: skip


@pytest.fixture
def addresses(budget):
    """The rest of an address, as this consultation fills it."""
    question = budget.questions.get()
    known = {"question": question.pk, "option": question.options.first().pk}
    return lambda wanted: {name: known[name] for name in wanted.split()}


@pytest.mark.parametrize("kind", STRANGE)
def test_no_strange_value_breaks_a_page_of_a_draft(kind, budget, addresses, at_desk):
    sent = dict.fromkeys(FIELDS, STRANGE[kind])
    for name, wanted in DRAFT.items():
        assert at_desk(name, budget, sent, **addresses(wanted)).status_code < 500, name
    for name in SECTIONS:
        assert at_desk("section", budget, sent, name=name).status_code < 500, name
    for name in OF_NONE:
        assert at_desk(name, None, sent).status_code < 500, name
    assert at_desk("consultation", budget).status_code == 200


@pytest.mark.parametrize("kind", STRANGE)
def test_no_strange_value_breaks_a_page_of_what_is_published(kind, budget, colette, addresses, at_desk):
    budget.publish(colette, at=timezone.now())
    for name, wanted in PUBLISHED.items():
        answer = at_desk(name, budget, dict.fromkeys(FIELDS, STRANGE[kind]), **addresses(wanted))
        assert answer.status_code < 500, name
        assert "Set-Cookie" not in answer.headers
    assert at_desk("consultation", budget).status_code == 200
    kept = Consultation.objects.get(pk=budget.pk)
    assert (kept.proclaimed_at, kept.counted_at) == (None, None)


def test_a_moment_of_another_age_is_no_date_of_a_vote(budget, at_desk):
    for opens, closes in (("0001-01-01T00:00", "9999-12-31T23:59"), ("2031-01-01T08:00", "9999-12-31T23:59")):
        sent = {"vote_opens": opens, "vote_closes": closes}
        assert at_desk("section", budget, sent, name="dates").status_code == 422
    assert at_desk("consultation", budget).status_code == 200
