"""Petitions in the states that tests begin from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.moderation.models import Reason
from civic.territory.models import Quarter, Theme
from petitions.models import Petition, Signer


@pytest.fixture
def theme(db):
    return Theme.objects.get_or_create(slug="velo", defaults={"name": "Se déplacer"})[0]


@pytest.fixture
def quarter(db):
    return Quarter.objects.get_or_create(slug="surieux", defaults={"name": "Surieux"})[0]


@pytest.fixture
def draft(amina, theme, quarter):
    """A draft of Amina's with all that a review needs."""
    petition = Petition.draft(amina, title="Une traversée sûre devant l’école")
    petition.edit(
        amina,
        at=timezone.now(),
        request="Un passage surélevé et un feu devant l’école.",
        details="Les voitures passent **vite**.",
        theme=theme,
        quarter=quarter,
    )
    return petition


@pytest.fixture
def submitted(draft, amina):
    draft.submit(amina, at=timezone.now())
    draft.refresh_from_db()
    return draft


@pytest.fixture
def opened(draft, amina):
    """An open petition, published without going through the desk."""
    return published(draft, at=timezone.now())


@pytest.fixture
def closed(draft):
    return published(draft, at=timezone.now() - timedelta(days=200))


@pytest.fixture
def refused(submitted):
    now = timezone.now()
    submitted.subject.cases.update(decided_at=now)
    submitted.refuse(Reason.objects.first(), suggestion="Une seule demande à la fois.", at=now)
    submitted.refresh_from_db()
    return submitted


def published(petition, *, at):
    petition.submitted_at = at
    petition.save(update_fields=["submitted_at"])
    petition.publish(at=at)
    return Petition.objects.select_related("counter", "stream").get(pk=petition.pk)


def signer(name="Bruno Ferrero", email="bruno@example.org", **fields) -> Signer:
    return Signer(name=name, email=email, **({"postal_code": "38130"} | fields))
