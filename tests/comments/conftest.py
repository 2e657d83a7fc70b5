"""An open petition with its thread, and people who speak there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from civic.comments.models import Comment, Thread
from civic.moderation.models import Reason
from civic.territory.models import Quarter, Theme
from petitions.models import Petition


@pytest.fixture(autouse=True)
def long_known(settings):
    """Everybody has written here before: nobody's first text waits."""
    settings.NEWCOMER_CONTRIBUTIONS = 0


@pytest.fixture
def petition(amina):
    """Amina's, open for signature; its thread asks for a position."""
    theme = Theme.objects.get_or_create(slug="velo", defaults={"name": "Se déplacer"})[0]
    quarter = Quarter.objects.get_or_create(slug="surieux", defaults={"name": "Surieux"})[0]
    petition = Petition.draft(amina, title="Une traversée sûre devant l’école")
    petition.edit(amina, at=timezone.now(), request="Un passage surélevé.", theme=theme, quarter=quarter)
    petition.refresh_from_db()
    petition.submitted_at = timezone.now()
    petition.save(update_fields=["submitted_at"])
    petition.publish(at=timezone.now() - timedelta(hours=1))
    return Petition.objects.select_related("thread__stream", "stream", "counter").get(pk=petition.pk)


@pytest.fixture
def thread(petition) -> Thread:
    return petition.thread


@pytest.fixture
def say(thread, bruno):
    """Post something; by Bruno and for the petition, unless said otherwise."""

    def say(text="Je passe là tous les matins.", *, by=None, parent=None, in_thread=None, **fields) -> Comment:
        given = {"key": uuid4(), "at": timezone.now(), "position": "" if parent else "for"} | fields
        return Thread.objects.get(pk=(in_thread or thread).pk).post(by or bruno, text, parent=parent, **given)

    return say


@pytest.fixture
def fresh():
    def fresh(comment: Comment) -> Comment:
        return Comment.objects.select_related("thread__stream", "author", "hidden_reason").get(pk=comment.pk)

    return fresh


@pytest.fixture
def reason(db) -> Reason:
    return Reason.objects.get(code="personal_attack")


@pytest.fixture
def held(thread, say, camille):
    """A comment of Camille's that waits for a moderator."""
    Thread.objects.filter(pk=thread.pk).update(mode="before")
    comment = say("Un texte que personne ne lit encore.", by=camille)
    Thread.objects.filter(pk=thread.pk).update(mode="after")
    return comment


@pytest.fixture
def elsewhere(amina, petition):
    """The thread of another open petition."""
    other = Petition.draft(amina, title="Des bancs sur la place")
    facts = {"submitted_at", "theme", "request", "published_at", "opens_at", "closes_at"}
    Petition.objects.filter(pk=other.pk).update(
        **{name: getattr(Petition.objects.get(pk=petition.pk), name) for name in facts}
    )
    return Thread.objects.get(pk=other.thread_id)
