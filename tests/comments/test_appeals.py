"""A comment brought to moderators by its readers, taken away, and given back in its place."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.moderation.models import Outcome


@pytest.fixture
def decide(mireille, reason):
    def decide(case, action, **more):
        given = {"version": case.version, "revision": case.card().revision, "key": uuid4(), "at": timezone.now()}
        return case.decide(mireille, action, reason=reason, **given | more)

    return decide


def uphold(decision, person, by):
    appeal = decision.statement.appeal(person, text="Je parlais du lieu.", at=timezone.now())
    return appeal.decide(by, upheld=True, answer="Vous avez raison.", version=0, key=uuid4(), at=timezone.now())


def test_a_reported_comment_stays_until_somebody_decides_then_comes_back_with_its_replies(
    say, fresh, bruno, camille, malik, decide, reason
):
    comment = say(by=bruno)
    reply = say("Moi aussi.", by=camille, parent=comment)
    report = comment.subject.report(camille, reason=reason, at=timezone.now())
    assert fresh(comment).is_shown
    decision = decide(report.case, "hide")
    report.refresh_from_db()
    assert report.outcome == Outcome.UPHELD and not fresh(comment).is_shown and fresh(reply).is_shown
    uphold(decision, bruno, malik)
    back = fresh(comment)
    assert back.is_shown and back.replies == 1 and back.posted_at == comment.posted_at
    assert fresh(reply).parent_id == back.pk


def test_a_refused_comment_is_published_by_its_appeal(held, fresh, camille, malik, decide):
    decision = decide(held.subject.cases.open().get(), "refuse")
    assert not fresh(held).is_shown
    uphold(decision, camille, malik)
    assert fresh(held).is_shown


def test_masked_words_come_back_with_the_appeal(say, fresh, bruno, malik, decide):
    comment = say("Une brute, ce chauffeur.", by=bruno)
    decision = decide(comment.subject.open_case(at=timezone.now()), "mask", masked_text="Une […], ce chauffeur.")
    assert fresh(comment).masked_text
    uphold(decision, bruno, malik)
    assert not fresh(comment).masked_text


def test_a_reader_who_reports_is_not_shown_masked_words(say, bruno, camille, sign_in, decide):
    comment = say("Une brute, ce chauffeur.", by=bruno)
    decide(comment.subject.open_case(at=timezone.now()), "mask", masked_text="Une […], ce chauffeur.")
    page = sign_in(camille).get(reverse("moderation:report", args=[comment.subject_id])).content.decode()
    assert "Une […], ce chauffeur." in page and "brute" not in page


def test_a_removed_comment_stays_readable_to_its_author(say, bruno, sign_in, decide):
    comment = say("Un texte retiré.", by=bruno)
    decision = decide(comment.subject.open_case(at=timezone.now()), "hide")
    page = sign_in(bruno).get(reverse("my_moderation:decision", args=[decision.statement.pk])).content.decode()
    assert "Un texte retiré." in page
