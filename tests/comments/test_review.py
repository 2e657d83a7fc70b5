"""Moderators' decisions about comments, through the case, and what the public reads afterwards."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from civic.comments import errors
from civic.comments.models import Comment, Thread
from civic.moderation import registry
from civic.moderation.errors import Silenced
from civic.moderation.models import Case, Measure, Term, Trigger
from civic.moderation.registry import Standing


@pytest.fixture
def decide(mireille):
    def decide(comment, action, **fields):
        case = comment.subject.open_case(Trigger.REPORT, at=timezone.now())
        given = {"version": case.version, "revision": Comment.objects.get(pk=comment.pk).revision}
        return case.decide(mireille, action, key=uuid4(), at=timezone.now(), **given | fields)

    return decide


def undo(decision):
    case = Case.objects.get(pk=decision.case_id)
    case.undo(decision.by, version=case.version, key=uuid4(), at=timezone.now())


def standing(comment):
    return registry.describe([comment.subject])[comment.subject_id].standing


def test_what_waits_is_published_in_the_thread(held, decide, fresh):
    assert standing(held) == Standing.HELD
    decide(held, "publish")
    assert standing(held) == Standing.PUBLIC
    assert fresh(held).thread.count == 1


def test_what_is_refused_was_never_there(held, decide, reason, thread):
    decide(held, "refuse", reason=reason)
    assert standing(held) == Standing.HIDDEN
    assert not Comment.objects.listed().exists()
    assert not thread.stream.events.exists()


def test_what_is_hidden_leaves_a_line_with_the_reason_and_comes_back_in_place(say, decide, reason, fresh, camille):
    comment = say()
    say("Une réponse.", by=camille, parent=comment)
    decide(comment, "hide", reason=reason)
    hidden = fresh(comment)
    assert reason.label in hidden.notice
    assert (hidden.replies, hidden.thread.count) == (1, 1)
    decide(comment, "restore")
    assert fresh(comment).is_shown
    assert fresh(comment).published_at == comment.published_at


def test_leaving_as_it_is_changes_nothing(say, decide, fresh):
    comment = say()
    decide(comment, "keep")
    assert fresh(comment).is_shown


def test_a_masked_text_is_shown_without_the_words_and_kept_whole(say, decide, reason, fresh):
    comment = say("Le maire est un âne, et la rue est dangereuse.")
    decide(comment, "mask", reason=reason, masked_text="Le maire est […], et la rue est dangereuse.")
    masked = fresh(comment)
    assert "âne" not in masked.html
    assert "âne" in masked.text
    decide(comment, "hide", reason=reason)
    decide(comment, "restore")
    assert "âne" not in fresh(comment).html


def test_undoing_a_second_mask_shows_what_the_first_had_left(say, decide, reason, fresh):
    comment = say("Le maire est un âne, et Untel aussi.")
    decide(comment, "mask", reason=reason, masked_text="Le maire est […], et Untel aussi.")
    undo(decide(comment, "mask", reason=reason, masked_text="Le maire est […], et […] aussi."))
    assert fresh(comment).masked_text == "Le maire est […], et Untel aussi."
    assert "âne" not in fresh(comment).html and "Untel" in fresh(comment).html


def test_what_its_author_deletes_is_kept_by_no_decision(say, decide, reason, bruno):
    comment = say("Le maire est un âne, et Untel aussi.")
    decision = decide(comment, "mask", reason=reason, masked_text="Le maire est […], et Untel aussi.")
    assert decision.statement.texts[0] == comment.text
    comment.withdraw(bruno, at=timezone.now())
    decision.refresh_from_db()
    decision.statement.refresh_from_db()
    assert (decision.masked_text, decision.statement.texts) == ("[…]", [])


def test_a_comment_moves_with_its_replies(say, decide, elsewhere, thread, camille, fresh):
    comment = say()
    reply = say("Une réponse.", by=camille, parent=comment)
    decision = decide(comment, "move", destination=str(elsewhere.pk))
    assert fresh(comment).thread == fresh(reply).thread == elsewhere
    assert [Thread.objects.get(pk=pk).count for pk in (thread.pk, elsewhere.pk)] == [0, 2]
    texts = [event.html["fr"] for event in thread.stream.events.all()]
    assert not any("Une réponse" in text or "Je passe" in text for text in texts)
    undo(decision)
    assert fresh(comment).thread == fresh(reply).thread == thread
    assert fresh(comment).moved_at is None


def test_a_reply_stays_with_what_it_answers(say):
    reply = say("Une réponse.", parent=say())
    assert registry.kind_of("comment").destinations(reply.subject) == []


@pytest.mark.parametrize(
    ("action", "fields"),
    [("hide", {}), ("mask", {"masked_text": "Je passe là tous les […]."}), ("keep", {})],
)
def test_an_undone_decision_leaves_a_public_comment_as_it_was(say, decide, reason, fresh, action, fields):
    comment = say()
    undo(decide(comment, action, reason=None if action == "keep" else reason, **fields))
    after = fresh(comment)
    assert after.is_shown
    assert (after.html, after.published_at, after.thread.count) == (comment.html, comment.published_at, 1)


@pytest.mark.parametrize("action", ["publish", "refuse", "mask"])
def test_an_undone_decision_lets_what_waited_wait_again(held, decide, reason, fresh, action):
    fields = {"masked_text": "Un texte que […] ne lit encore."} if action == "mask" else {}
    undo(decide(held, action, reason=None if action == "publish" else reason, **fields))
    assert fresh(held).is_waiting
    assert not Comment.objects.listed().exists()
    assert fresh(held).thread.count == 0


def test_a_publication_that_was_answered_is_not_undone(held, decide, say):
    decision = decide(held, "publish")
    say("Une réponse.", parent=held)
    with pytest.raises(errors.AnsweredSince):
        undo(decision)


def test_a_silenced_person_writes_and_corrects_nothing_and_still_supports(say, decide, reason, bruno, amina):
    comment, other = say(), say("Autre chose.", by=amina)
    decide(comment, "hide", reason=reason, measures=[Measure("ban")])
    with pytest.raises(Silenced):
        say("Encore moi.")
    other.support(bruno, at=timezone.now())


def test_cards_take_as_many_queries_for_twenty_as_for_one(say, camille):
    subjects = [say(f"Numéro {n}.").subject for n in range(10)]
    subjects += [say(f"Réponse {n}.", by=camille, parent=Comment.objects.first()).subject for n in range(10)]
    with CaptureQueriesContext(connection) as one:
        registry.describe(subjects[:1])
    with CaptureQueriesContext(connection) as many:
        cards = registry.describe(subjects)
    assert len(many) == len(one) <= 3
    assert len(cards) == 20


def test_the_desk_sees_what_is_answered_and_what_came_before(say, camille, mireille, sign_in):
    comment = say("La première.")
    say("Une réponse.", by=camille, parent=comment)
    reply = say("Une deuxième.", by=camille, parent=comment)
    case = reply.subject.open_case("report", at=timezone.now())
    content = sign_in(mireille).get(f"/moderation/{case.pk}/").content.decode()
    assert [text in content for text in ("La première.", "Une réponse.", "Une deuxième.")] == [True] * 3


def queries(act) -> int:
    """Without the savepoints, which are the transaction itself outside tests."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([query for query in captured if "SAVEPOINT" not in str(query["sql"])])


def test_a_decision_asks_few_questions_and_few_more_for_each_report(say, decide, reason, camille, make_person):
    alone, reported = say("Une."), say("Deux.", by=camille)
    for number in range(4):
        reported.subject.report(make_person(f"Voisine{number} Test"), reason=reason, at=timezone.now())
    alone.subject.open_case("report", at=timezone.now())
    first = queries(lambda: decide(alone, "hide", reason=reason))
    assert first <= 26
    assert queries(lambda: decide(reported, "hide", reason=reason)) <= first + 2 + 3 * 4


def test_the_page_of_a_case_with_everything_asks_at_most_twelve_questions(
    say, camille, bruno, amina, mireille, decide, reason, sign_in
):
    Term.objects.create(pattern="saleté")
    said = say("Quelle saleté.", by=camille)
    decide(said, "publish") if said.is_waiting else decide(said, "keep")
    decide(said, "hide", reason=reason, measures=[Measure("warning")])
    last = decide(said, "restore")
    for person in (bruno, amina):
        said.subject.report(person, reason=reason, at=timezone.now())
    case = Case.objects.get(decided_at=None)
    case.claim(mireille)
    case.note(mireille, "Vu.", at=timezone.now())
    desk, page = sign_in(mireille), f"/moderation/{case.pk}/?avant={last.case_id}"
    desk.get(page)
    answers = []
    assert queries(lambda: answers.append(desk.get(page))) <= 12
    content = answers[0].content.decode()
    assert all(word in content for word in ("2 signalements", "<mark", "Annuler", "Avertissement", "Vu."))


def test_the_places_to_move_to_are_shown_to_who_asks(say, mireille, elsewhere, sign_in):
    case = say().subject.open_case("report", at=timezone.now())
    case.claim(mireille)
    desk, page = sign_in(mireille), f"/moderation/{case.pk}/"
    assert "Des bancs sur la place" not in desk.get(page).content.decode()
    assert f'value="{elsewhere.pk}"' in desk.get(f"{page}?deplacer=1").content.decode()


def test_in_a_list_it_is_told_by_its_own_words(say):
    """Three comments of one petition would else bear the same title."""
    comment = say("Le banc est cassé  depuis mars.")
    assert registry.describe([comment.subject])[comment.subject_id].name == "Le banc est cassé depuis mars."
