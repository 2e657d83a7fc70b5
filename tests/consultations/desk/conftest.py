"""Clerks at their desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import drafting
from consultations.models import Consultation

DAY = timedelta(days=1)


@pytest.fixture
def desk(colette, sign_in):
    """Colette's browser."""
    return sign_in(colette)


@pytest.fixture
def at_desk(desk):
    """Open or send a page of one consultation: `at_desk("publish", draft)`, `at_desk("edit", draft, {"title": …})`."""

    def at_desk(name, consultation=None, sent=None, /, *, client=desk, **arguments):
        given = {"pk": consultation.pk} | arguments if consultation else arguments
        address = reverse(f"clerk:{name}", kwargs=given)
        return client.get(address) if sent is None else client.post(address, sent)

    return at_desk


@pytest.fixture
def budget(colette, theme):
    """A draft of a participatory budget, complete but for its scrutineers: its vote is confidential."""
    draft = Consultation.draft(
        colette, title="Un budget pour le parc", summary="Quels projets ?", description="Un texte.", theme=theme,
        secrecy="confidential",
    )  # fmt: skip
    question = drafting.add_question(
        draft, colette, text="Quels projets ?", kind="multiple", counting="greedy", total_cost=1000
    )
    rows = [{"label": label, "cost": 400} for label in ("Un banc", "Un arbre", "Un kiosque")]
    drafting.add_options(question, colette, rows)
    draft.refresh_from_db()
    now = timezone.now()
    drafting.set_timeline(draft, colette, {"vote": (now + DAY, now + 8 * DAY)}, revision=draft.revision)
    return Consultation.objects.get(pk=draft.pk)
