"""What can be decided follows from where the content stands."""

import pytest
from django.db import IntegrityError, transaction

from civic.moderation import errors
from civic.moderation.models import Decision
from civic.moderation.registry import Standing
from civic.notifications.models import OutgoingMail

FITTING = {
    Standing.HELD: ["publish", "refuse", "mask", "move"],
    Standing.PUBLIC: ["keep", "hide", "mask", "move"],
    Standing.HIDDEN: ["restore"],
}


@pytest.mark.parametrize("standing", Standing)
def test_only_what_fits_can_be_decided(make_case, mireille, decide, reason, standing):
    case = make_case(standing=standing)
    assert [action.name for action in case.actions(case.card())] == FITTING[standing]
    for action in {"publish", "refuse", "keep", "hide", "restore"} - set(FITTING[standing]):
        with pytest.raises(errors.ActionUnfit):
            decide(case, mireille, action, reason=reason)
    assert not Decision.objects.exists()


def test_unfounded_reports_change_nothing_and_write_nothing(make_case, mireille, decide):
    decide(make_case(standing=Standing.PUBLIC), mireille, "keep")
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("standing", "action", "said"), [("held", "publish", "acceptée"), ("hidden", "restore", "de nouveau visible")]
)
def test_good_news_is_told(make_case, mireille, decide, standing, action, said):
    decide(make_case(standing=Standing(standing)), mireille, action)
    assert said in OutgoingMail.objects.get().subject.lower()


def test_words_are_masked_with_a_reason(case, mireille, decide, reason):
    with pytest.raises(errors.ReasonMissing):
        decide(case, mireille, "mask", masked_text="Some […].")
    decision = decide(case, mireille, "mask", masked_text="Some […].\r\n", reason=reason)
    assert (decision.masked_text, decision.is_restriction) == ("Some […].", True)
    assert "publication sans certains mots" in OutgoingMail.objects.get().text


@pytest.mark.parametrize("masked", ["", "Some text.", "Some bad […].", "Some […] text, he said."])
def test_no_words_are_put_into_a_mouth(case, mireille, decide, reason, masked):
    with pytest.raises(errors.MaskUnfaithful):
        decide(case, mireille, "mask", masked_text=masked, reason=reason)


def test_other_decisions_keep_no_masked_text(case, mireille, decide):
    assert decide(case, mireille, masked_text="Anything.", destination="board:2").masked_text == ""


def test_a_text_is_moved_to_a_place_of_its_kind(case, mireille, decide):
    decision = decide(case, mireille, "move", destination="board:2")
    assert (decision.origin, decision.destination) == ("board:1", "board:2")
    assert "déplacé" in OutgoingMail.objects.get().subject.lower()


@pytest.mark.parametrize("destination", [None, "", "board:1", "board:9"])
def test_a_move_goes_somewhere_else(case, mireille, decide, destination):
    with pytest.raises(errors.DestinationMissing):
        decide(case, mireille, "move", destination=destination)


def test_the_database_itself_wants_a_masked_text(case, mireille, decide):
    decide(case, mireille)
    with pytest.raises(IntegrityError, match="moderation_decision_mask_has_text"), transaction.atomic():
        Decision.objects.update(action="mask")
