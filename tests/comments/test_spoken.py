"""The moment of the picture that a comment speaks of."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from civic.comments import registry
from civic.comments.forms import FURTHEST_BEHIND
from civic.comments.models import Comment
from civic.comments.registry import Place


@pytest.fixture
def filmed(monkeypatch):
    """As if every place had a picture."""

    def places(threads, at):
        return {thread.pk: Place("Une séance", "/", is_open=True, is_filmed=True) for thread in threads}

    monkeypatch.setattr(registry, "places", places)


def test_a_comment_speaks_of_what_its_author_saw(filmed, say, thread):
    at = timezone.now()
    assert say(at=at, behind=25).spoken_at == at - timedelta(seconds=25)
    assert "data-spoken=" in thread.stream.events.get().html["fr"]


def test_without_a_picture_it_speaks_of_no_moment(say):
    assert say(behind=25).spoken_at is None


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [("12", 12), ("12.7", 12), ("", 0), ("-5", 0), ("NaN", 0), ("99999", FURTHEST_BEHIND), ("9" * 30, 0)],
)
def test_whatever_a_browser_says_the_text_is_taken(filmed, thread, bruno, sign_in, sent, seconds):
    typed = {"text": "Je suis d’accord.", "position": "for", "key": uuid4(), "behind": sent}
    assert sign_in(bruno).post(reverse("comments:write", args=[thread.pk]), typed).status_code == 302
    comment = Comment.objects.get()
    assert comment.posted_at - comment.spoken_at == timedelta(seconds=seconds)


def test_nobody_speaks_of_what_is_not_shown_yet(say):
    with pytest.raises(IntegrityError, match="speaks_of_what_was_seen"), transaction.atomic():
        Comment.objects.filter(pk=say().pk).update(spoken_at=timezone.now() + timedelta(minutes=1))
