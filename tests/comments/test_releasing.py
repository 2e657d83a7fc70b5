"""The delay during which moderators see first: what nobody else reads meanwhile, and how it comes out."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from civic.comments import releasing
from civic.comments.models import Comment, Thread
from civic.moderation import registry
from civic.moderation.models import Case, Effect, Measure, Term, Trigger
from civic.moderation.registry import Standing
from tests.concurrency import together

SECRET = "Un texte que personne d’autre ne lit encore."
DELAY = timedelta(seconds=20)


@pytest.fixture(autouse=True)
def delayed(thread):
    Thread.objects.filter(pk=thread.pk).update(delay_seconds=20)
    thread.refresh_from_db()


@pytest.fixture
def told(thread):
    """All that open pages could have been told."""

    def told() -> str:
        return str(list(thread.stream.events.order_by("seq").values_list("html", flat=True)))

    return told


@pytest.fixture
def decide(mireille):
    def decide(comment, action, **fields):
        case = Case.objects.open().get(subject=comment.subject)
        given = {"version": case.version, "revision": comment.revision, "key": uuid4(), "at": timezone.now()}
        return case.decide(mireille, action, **given | fields)

    return decide


def pass_time():
    """As if every delay had passed."""
    for comment in Comment.objects.exclude(release_at=None):
        Comment.objects.filter(pk=comment.pk).update(release_at=comment.release_at - DELAY)


def test_meanwhile_it_is_absent_everywhere_for_everybody_else(
    say, thread, petition, told, client, camille, sign_in, fresh
):
    comment = say(SECRET)
    reply = say("Une réponse du même auteur.", by=camille)
    pages = [petition.get_absolute_url(), thread.get_absolute_url(), f"/streams/{thread.stream_id}/?since=0"]
    pages += [
        "/petitions.json",
        f"/petitions/{petition.pk}.json",
        "/petitions/nouvelles.atom",
        "/moderation/registre.csv",
    ]
    for reader in (client, sign_in(camille)):
        assert not any(SECRET in reader.get(page).content.decode() for page in pages)
        assert {reader.get(page).status_code for page in pages} == {200}
        assert reader.get(comment.get_absolute_url()).status_code == 404
    assert not thread.stream.events.exists() and fresh(comment).thread.count == 0
    assert reply.is_waiting, "each waits its own time"


def test_its_author_reads_it_and_is_told_when_it_is_shown(thread, bruno, sign_in):
    client = sign_in(bruno)
    typed = {"text": SECRET, "position": "for", "key": uuid4()}
    answer = client.post(reverse("comments:write", args=[thread.pk]), typed)
    content = client.get(answer["Location"]).content.decode()
    assert SECRET in content and "20 secondes" in content


def test_moderators_find_it_on_their_desk_at_once_due_when_it_comes_out(say, mireille, sign_in):
    comment = say(SECRET)
    case = Case.objects.get()
    assert (case.subject, case.trigger, case.due_at) == (comment.subject, Trigger.NEW, comment.release_at)
    assert registry.describe([comment.subject])[comment.subject_id].standing == Standing.HELD
    page = sign_in(mireille).get(f"/moderation/{case.pk}/").content.decode()
    assert SECRET in page and "de lui-même" in page


def test_it_comes_out_by_itself_and_leaves_the_desk(say, fresh, told):
    comment = say(SECRET)
    assert releasing.release_due() == 0
    pass_time()
    assert releasing.release_due() == 1
    assert fresh(comment).is_shown and fresh(comment).thread.count == 1
    assert SECRET in told()
    assert Case.objects.get().withdrawn_at and not Case.objects.open().exists()
    assert releasing.release_due() == 0


def test_texts_come_out_in_the_order_of_writing_and_each_once_by_however_many_loops(
    transactional_db, say, thread, make_person
):
    people = [make_person(f"Personne{n} Test") for n in range(6)]
    written = [say(f"Numéro {n}.", by=people[n % 6]).pk for n in range(12)]
    pass_time()
    assert sum(together(*[releasing.release_due] * 3)) == 12
    shown = Comment.objects.shown()
    assert [comment.pk for comment in shown.order_by("published_at")] == written
    slots = thread.stream.events.order_by("seq").values_list("slot", flat=True)
    assert list(slots) == [f"comment-{pk}" for pk in written]


def test_refused_during_the_delay_it_was_never_there(say, decide, reason, told, fresh):
    comment = say(SECRET)
    decision = decide(comment, "refuse", reason=reason)
    pass_time()
    releasing.release_due()
    assert not fresh(comment).published_at and told() == "[]"
    case = Case.objects.get()
    case.undo(decision.by, version=case.version, key=uuid4(), at=timezone.now())
    releasing.release_due()
    assert fresh(comment).is_waiting, "a refusal that is taken back waits for a person"


def test_published_sooner_it_comes_out_once(say, decide, fresh):
    comment = say(SECRET)
    decide(comment, "publish")
    assert fresh(comment).is_shown
    assert Comment.objects.exclude(release_at=None).count() == 0


def test_while_a_moderator_has_it_open_it_waits(say, mireille, fresh):
    comment = say(SECRET)
    case = Case.objects.get()
    case.claim(mireille)
    pass_time()
    assert releasing.release_due() == 0
    case.release(mireille)
    assert releasing.release_due() == 1
    assert fresh(comment).is_shown


@pytest.mark.parametrize("found", ["apart", "escalated", "silenced"])
def test_what_calls_for_a_person_does_not_come_out_by_itself(say, decide, malik, mireille, reason, fresh, found):
    comment, at = say(SECRET), timezone.now()
    if found == "silenced":
        decide(say("Un autre.", at=at), "refuse", reason=reason, measures=[Measure("ban")])
    else:
        facts = {"apart": {"apart_at": at, "apart_kind": "danger", "apart_standing": "held"}}
        Case.objects.update(**facts.get(found, {"escalated_to": malik}))
    pass_time()
    assert releasing.release_due() == 0
    assert fresh(comment).is_waiting and fresh(comment).release_at is None
    assert Case.objects.open().get(subject=comment.subject)


def test_what_a_signal_holds_waits_for_a_person(say):
    Term.objects.create(kind=Term.Kind.WORD, pattern="crapule", effect=Effect.HOLD)
    Thread.objects.update(mode="after_with_holds")
    comment = say("Quelle crapule.")
    assert comment.is_waiting and comment.release_at is None


def test_what_weighs_stays_on_the_desk_once_it_is_out(say):
    Term.objects.create(kind=Term.Kind.WORD, pattern="crapule", effect=Effect.RANK)
    say("Quelle crapule.")
    pass_time()
    assert releasing.release_due() == 1
    assert Case.objects.open().get().trigger == Trigger.SIGNAL


def test_a_correction_waits_as_the_text_did(say, bruno, fresh, told):
    comment = say("Bonjour.")
    pass_time()
    releasing.release_due()
    fresh(comment).edit(bruno, SECRET, at=timezone.now())
    assert fresh(comment).is_waiting and SECRET not in told()
    pass_time()
    assert releasing.release_due() == 1
    assert SECRET in told() and fresh(comment).thread.count == 1


def test_moderators_are_not_delayed(say, mireille):
    assert say(by=mireille).is_shown


def test_what_waits_follows_another_delay(say, thread, mireille, fresh):
    comment = say(SECRET)
    thread.arrange(mireille, delay_seconds=0)
    assert fresh(comment).release_at == comment.posted_at
    assert releasing.release_due() == 1
    assert say("Tout de suite.").is_shown


def test_deleted_meanwhile_it_never_comes_out(say, bruno, told):
    say(SECRET).withdraw(bruno, at=timezone.now())
    pass_time()
    assert releasing.release_due() == 0
    assert told() == "[]"


def test_the_database_releases_only_what_waits(say, mireille):
    shown = say(by=mireille)
    with pytest.raises(IntegrityError, match="only_what_waits_is_released"), transaction.atomic():
        Comment.objects.filter(pk=shown.pk).update(release_at=timezone.now())
