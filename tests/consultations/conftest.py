"""Consultations in the states that tests begin from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.territory.models import Quarter, Theme
from consultations import sweeping
from consultations.models import Consultation, Counting, Option, Phase, PhaseKind, Question, QuestionKind

DAY = timedelta(days=1)


@pytest.fixture
def theme(db):
    return Theme.objects.get_or_create(slug="velo", defaults={"name": "Se déplacer"})[0]


@pytest.fixture
def quarter(db):
    return Quarter.objects.get_or_create(slug="surieux", defaults={"name": "Surieux"})[0]


@pytest.fixture
def make_consultation(colette, theme):
    """A draft with one question of two options and a vote from one day to another, counted from now."""

    def make(*, opens=1, closes=8, at=None, **fields):
        at = at or timezone.now()
        given = {
            "summary": "Quel nom pour le parc ?",
            "description": "Le parc **ouvre** au printemps.",
            "residence": "anyone",
            "secrecy": "confidential",
            "theme": theme,
        }
        draft = Consultation.draft(colette, title="Le nom du parc", **given | fields)
        Phase.objects.create(
            consultation=draft, kind=PhaseKind.VOTE, opens_at=at + opens * DAY, closes_at=at + closes * DAY
        )
        question = Question.objects.create(
            consultation=draft,
            rank=1,
            slug="nom",
            text="Quel nom préférez-vous ?",
            kind=QuestionKind.SINGLE,
            counting=Counting.PLURALITY,
            maximum=1,
        )
        for rank, label in enumerate(["Parc des Essarts", "Parc du Drac"], start=1):
            Option.objects.create(question=question, rank=rank, slug=f"o{rank}", label=label)
        return draft

    return make


@pytest.fixture
def draft(make_consultation):
    return make_consultation()


@pytest.fixture
def patient_sweeping(monkeypatch):
    """Tests beside this one write for longer than a city's visitors do."""
    monkeypatch.setattr(sweeping, "SECONDS", 120)
