"""What an author and a supporter may do to a comment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.comments import counting, errors
from civic.comments.models import Comment, Support, Thread
from civic.moderation.models import Case

LATER = timedelta(minutes=6)


class TestCorrecting:
    def test_within_five_minutes_the_text_and_its_revision_change(self, say, bruno, fresh):
        comment = say()
        comment.edit(bruno, "Je passe là **tous les soirs**.", at=timezone.now())
        comment = fresh(comment)
        assert (comment.revision, comment.text) == (2, "Je passe là **tous les soirs**.")
        assert "<strong>" in comment.html
        assert comment.edited_at

    def test_the_same_text_changes_nothing(self, say, bruno, fresh):
        comment = say("Pareil.")
        comment.edit(bruno, "Pareil.", at=timezone.now())
        assert (fresh(comment).revision, fresh(comment).edited_at) == (1, None)

    def test_it_is_too_late_after_five_minutes(self, say, bruno):
        comment = say()
        with pytest.raises(errors.NotEditable) as told:
            comment.edit(bruno, "Trop tard.", at=timezone.now() + LATER)
        assert told.value.context["typed"] == "Trop tard."

    def test_nobody_corrects_what_another_wrote(self, say, camille):
        with pytest.raises(errors.NotYours):
            say().edit(camille, "Autre chose.", at=timezone.now())

    def test_nobody_corrects_what_a_moderator_hid_or_masked(self, say, bruno, reason):
        hidden, masked = say(), say("Un gros mot.")
        hidden.locked().hide(reason, at=timezone.now())
        masked.locked().mask("Un […].", at=timezone.now())
        for comment in (hidden, masked):
            with pytest.raises(errors.NotEditable):
                comment.edit(bruno, "Encore.", at=timezone.now())

    def test_what_waits_can_be_corrected_and_waits_on(self, held, camille, fresh):
        held.edit(camille, "Mieux dit.", at=timezone.now())
        assert fresh(held).is_waiting
        assert fresh(held).revision == 2

    def test_a_correction_where_moderators_read_first_leaves_a_line_until_it_is_read(self, say, thread, bruno, fresh):
        comment = say()
        Thread.objects.filter(pk=thread.pk).update(mode="before")
        comment.edit(bruno, "Autre chose.", at=timezone.now())
        comment = fresh(comment)
        assert comment.is_waiting
        assert comment in Comment.objects.listed()
        assert comment.thread.count == 0
        assert Case.objects.open().get().subject == comment.subject


class TestDeleting:
    def test_it_destroys_the_text_and_keeps_the_place_and_the_replies(self, say, bruno, camille, fresh):
        comment = say()
        reply = say("Merci.", by=camille, parent=comment)
        comment.withdraw(bruno, at=timezone.now())
        comment = fresh(comment)
        assert (comment.text, comment.html) == ("", "")
        assert comment in Comment.objects.listed()
        assert fresh(reply).is_shown
        assert (comment.replies, comment.thread.count) == (1, 1)

    def test_doing_it_twice_changes_nothing(self, say, bruno, fresh):
        comment = say()
        comment.withdraw(bruno, at=timezone.now())
        before = fresh(comment).deleted_at
        comment.withdraw(bruno, at=timezone.now())
        assert fresh(comment).deleted_at == before
        assert fresh(comment).thread.count == 0

    def test_nobody_deletes_what_another_wrote(self, say, camille):
        with pytest.raises(errors.NotYours):
            say().withdraw(camille, at=timezone.now())

    def test_what_waited_needs_no_decision_any_more(self, held, camille, fresh):
        held.withdraw(camille, at=timezone.now())
        assert not Case.objects.open().exists()
        assert not Comment.objects.listed().exists()

    def test_a_reply_is_counted_no_longer(self, say, camille, fresh):
        comment = say()
        say("Merci.", by=camille, parent=comment).withdraw(camille, at=timezone.now())
        assert fresh(comment).replies == 0


class TestSupporting:
    def test_the_number_follows_by_the_loop(self, say, amina, camille, fresh):
        comment = say()
        comment.support(amina, at=timezone.now())
        comment.support(camille, at=timezone.now())
        assert fresh(comment).supports == 0
        assert counting.count_moved() == 1
        assert fresh(comment).supports == 2
        assert counting.count_moved() == 0

    def test_it_is_given_once_and_taken_back(self, say, amina, fresh):
        comment = say()
        for _ in range(3):
            comment.support(amina, at=timezone.now())
        counting.count_moved()
        assert fresh(comment).supports == 1
        comment.stop_supporting(amina)
        counting.count_moved()
        assert fresh(comment).supports == 0
        assert counting.forget_taken_back() == 1

    def test_giving_it_again_before_the_loop_moves_nothing(self, say, amina, fresh):
        comment = say()
        comment.support(amina, at=timezone.now())
        comment.stop_supporting(amina)
        assert counting.count_moved() == 0
        comment.support(amina, at=timezone.now())
        counting.count_moved()
        assert fresh(comment).supports == 1

    def test_neither_one_s_own_nor_what_is_not_shown(self, say, bruno, amina, held):
        comment = say()
        with pytest.raises(errors.NotSupportable):
            comment.support(bruno, at=timezone.now())
        with pytest.raises(errors.NotSupportable):
            held.support(amina, at=timezone.now())
        assert not Support.objects.exists()

    def test_an_erased_account_leaves_its_support(self, say, amina, fresh):
        comment = say()
        comment.support(amina, at=timezone.now())
        amina.petitions.update(author=None)
        amina.delete()
        counting.count_moved()
        assert fresh(comment).supports == 1
        assert counting.recount() == 0

    def test_the_nightly_recount_repairs_and_journals(self, say, amina, fresh):
        from civic.audit.models import Entry

        comment = say()
        comment.support(amina, at=timezone.now())
        counting.count_moved()
        Comment.objects.filter(pk=comment.pk).update(supports=40)
        assert counting.recount() == 1
        assert fresh(comment).supports == 1
        assert Entry.objects.get(action="comment.supports_repaired").details == {"shown": 40, "true": 1}
