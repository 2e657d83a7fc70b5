"""Posting and replying: what is taken, what is refused, and what is kept in the database's own hands."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from civic.accounts.models import Right, Role
from civic.audit.models import Entry
from civic.comments import errors
from civic.comments.models import Comment, Thread
from civic.moderation.models import Case, Effect, Term, Trigger
from civic.territory.models import Space
from petitions.models import Petition


def check_deferred():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_comment_is_shown_at_once(say, thread, bruno):
    comment = say("Bonjour **à tous**.\n<script>alert(1)</script>")
    assert comment.is_shown
    assert comment.author == bruno
    assert comment.position == "for"
    assert "<strong>à tous</strong>" in comment.html
    assert "<script" not in comment.html
    assert Thread.objects.get(pk=thread.pk).count == 1
    assert not Case.objects.exists()


def test_a_reply_is_counted_on_what_it_answers(say, fresh, camille):
    comment = say()
    reply = say("Moi aussi.", by=camille, parent=comment)
    assert reply.parent == comment
    assert fresh(comment).replies == 1
    assert fresh(comment).thread.count == 2


def test_the_same_form_again_gives_the_first_comment(say, thread):
    key = uuid4()
    assert say(key=key).pk == say("Autre chose.", key=key).pk
    assert Thread.objects.get(pk=thread.pk).count == 1


def test_another_person_may_have_the_same_key(say, amina):
    key = uuid4()
    assert say(key=key).pk != say(key=key, by=amina).pk


def test_a_thread_that_asks_takes_no_comment_without_a_position(say):
    with pytest.raises(errors.PositionMissing) as told:
        say("Un avis.", position="")
    assert told.value.context["typed"] == "Un avis."


def test_nothing_is_no_comment(say):
    with pytest.raises(errors.EmptyText):
        say(" \n\u200b ")


def test_an_address_that_is_not_confirmed_writes_nothing(say, bruno):
    EmailAddress.objects.filter(user=bruno).update(verified=False)
    with pytest.raises(errors.AddressNotConfirmed):
        say()
    assert not Comment.objects.exists()


def test_a_closed_thread_takes_nothing_and_stays_readable(say, thread):
    comment = say()
    thread.close(at=timezone.now())
    with pytest.raises(errors.ThreadClosed):
        say()
    assert Comment.objects.shown().get() == comment


def test_a_moderator_closes_a_debate_for_a_reason_that_everybody_reads_and_opens_it_again(
    say, thread, mireille, client, sign_in
):
    say()
    desk, page = sign_in(mireille), f"/commentaires/debat/{thread.pk}/"
    assert f"{page}fermeture/" in desk.get(page).content.decode()
    assert desk.post(f"{page}fermeture/", {"reason": " "}).status_code == 422
    assert desk.post(f"{page}fermeture/", {"reason": "Le débat ne porte plus sur la traversée."})["Location"] == page
    with pytest.raises(errors.ThreadClosed):
        say()
    shown = client.get(page).content.decode()
    assert "Le débat ne porte plus sur la traversée." in shown and "Mireille" not in shown
    assert "fermeture" not in shown, "its moderators alone are led there"
    told = thread.stream.events.get(kind="thread")
    assert "ne porte plus" in told.html["fr"], "open pages read why, too"
    assert desk.post(f"{page}fermeture/", {"reopen": "1"}).status_code == 302
    assert say() and "ne porte plus" not in thread.stream.events.get(kind="thread").html["fr"]
    entries = Entry.objects.filter(target_kind="thread").order_by("pk")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("thread.closed", mireille.journal_id),
        ("thread.reopened", mireille.journal_id),
    ]
    assert not any("traversée" in str(entry.details) for entry in entries)


def test_a_debate_is_closed_by_its_moderators_alone_and_what_ended_stays_so(thread, bruno, mireille, make_person):
    elsewhere, now = make_person("Lise Blanc"), timezone.now()
    Right.objects.create(user=elsewhere, role="moderator", space=Space.objects.create(kind="session"))
    for person in (bruno, elsewhere):
        with pytest.raises(errors.NotCloser):
            thread.close_early(person, "Assez.", at=now)
    with pytest.raises(errors.NotClosedEarly):
        thread.reopen(mireille, at=now)
    thread.close(at=now)
    with pytest.raises(errors.NotClosedEarly):
        thread.reopen(mireille, at=now)


def test_a_closed_petition_closes_its_debate(say, petition):
    Petition.objects.filter(pk=petition.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(errors.ThreadClosed):
        say()


def test_nobody_replies_to_a_reply_nor_to_what_is_gone(say, bruno, fresh):
    comment = say()
    reply = say("Une réponse.", parent=comment)
    with pytest.raises(errors.NotAnswerable):
        say("Une réponse à la réponse.", parent=reply)
    comment.withdraw(bruno, at=timezone.now())
    with pytest.raises(errors.NotAnswerable):
        say("Trop tard.", parent=comment)
    assert fresh(comment).replies == 1


def test_a_thread_that_reads_first_holds(held, thread, fresh):
    assert held.is_waiting
    assert not held.is_shown
    assert Case.objects.open().get().subject == held.subject
    assert fresh(held).thread.count == 0
    assert not thread.stream.events.exists()


def test_a_newcomer_s_first_comment_waits_and_says_why(say, settings):
    settings.NEWCOMER_CONTRIBUTIONS = 1
    assert say().is_waiting
    assert Case.objects.open().get().trigger == Trigger.SIGNAL


def test_a_listed_word_holds_a_comment_and_its_correction(say, bruno, fresh):
    Term.objects.create(kind=Term.Kind.WORD, pattern="crapule", effect=Effect.HOLD)
    assert say("Quelle crapule.").is_waiting
    comment = say("Quelle idée.")
    assert comment.is_shown
    comment.edit(bruno, "Quelle cr4pule.", at=timezone.now())
    assert fresh(comment).is_waiting
    assert Case.objects.open().count() == 2


@pytest.mark.parametrize(("role", "office"), [(Role.ELECTED, "elected"), (Role.CLERK, "city"), (Role.MODERATOR, "")])
def test_who_answers_for_the_city_is_told_apart_and_moderators_are_not(say, camille, role, office):
    Right.objects.give(camille, role, at=timezone.now())
    assert say(by=camille).office == office


class TestTheDatabaseHolds:
    def test_one_level_of_replies(self, say):
        reply = say("Une réponse.", parent=say())
        other = say("Autre.")
        with pytest.raises(IntegrityError, match="reply_to_a_comment_of_the_thread"), transaction.atomic():
            Comment.objects.filter(pk=other.pk).update(parent=reply, position="")
            check_deferred()

    def test_a_comment_with_replies_becomes_none(self, say):
        comment, other = say(), say("Autre.")
        say("Une réponse.", parent=comment)
        with pytest.raises(IntegrityError, match="reply_to_a_comment_of_the_thread"), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(parent=other, position="")
            check_deferred()

    def test_a_reply_in_the_thread_of_what_it_answers(self, say, amina):
        reply = say("Une réponse.", parent=say())
        elsewhere = Petition.draft(amina, title="Une autre").thread
        with pytest.raises(IntegrityError, match="reply_to_a_comment_of_the_thread"), transaction.atomic():
            Comment.objects.filter(pk=reply.pk).update(thread=elsewhere)
            check_deferred()

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"position": "maybe"}, "position_is_known"),
            ({"deleted_at": timezone.now()}, "deleted_has_no_text"),
            ({"published_at": None}, "published_or_held"),
        ],
    )
    def test_the_rules_of_a_row(self, say, changes, rule):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Comment.objects.filter(pk=say().pk).update(**changes)

    def test_a_reply_takes_no_position(self, say):
        with pytest.raises(IntegrityError, match="reply_has_no_position"), transaction.atomic():
            Comment.objects.filter(pk=say("Une réponse.", parent=say()).pk).update(position="for")


def test_every_petition_has_its_thread_and_they_speak_on_one_stream(petition):
    assert petition.thread.stream == petition.stream
    assert petition.thread.kind == "petition"


def test_an_erased_account_leaves_its_comments(say, bruno, fresh):
    comment = say()
    bruno.delete()
    assert fresh(comment).author is None
    assert fresh(comment).author_name in ("Deleted account", "Compte supprimé")
    assert fresh(comment).is_shown
