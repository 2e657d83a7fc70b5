"""The acts on an agenda: who may do them, in which state, and what two clerks at once do to each other."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from livestream.models import Item, Sitting, agenda
from livestream.models.agenda import AgendaFull, Examined, NumberTaken
from livestream.models.conduct import ChangedMeanwhile
from livestream.models.item import MOST_ITEMS
from livestream.models.passage import NotNow
from tests.concurrency import together

NOW = timezone.now()


def titles(sitting):
    return [item.title for item in sitting.items.all()]


def items(sitting):
    return list(sitting.items.select_related("sitting"))


def act(do, target, by, **more):
    """Any of the acts, at the revision that is."""
    sitting = target if isinstance(target, Sitting) else target.sitting
    sitting.refresh_from_db()
    return do(target, by, revision=sitting.revision, at=NOW, **more)


def test_an_item_is_added_where_it_is_said(draft, colette):
    first = items(draft)[0]
    act(agenda.add_item, draft, colette, number="1 bis", title="Le gymnase", after=first)
    act(agenda.add_item, draft, colette, number="0", title="Hommage", after=None)
    assert titles(draft) == ["Hommage", "Point 1", "Le gymnase", "Point 2", "Point 3"]
    assert [item.rank for item in items(draft)] == [1, 2, 3, 4, 5]
    assert draft.revision == 3


@pytest.mark.parametrize(("step", "order"), [(-1, ["2", "1", "3"]), (1, ["1", "3", "2"])])
def test_an_item_goes_up_and_down(step, order, draft, colette):
    act(agenda.move_item, items(draft)[1], colette, step=step)
    assert [item.number for item in items(draft)] == order


def test_the_first_goes_no_further_up_nor_the_last_down(draft, colette):
    first, _, last = items(draft)
    for item, step in ((first, -1), (last, 1)):
        with pytest.raises(NotNow):
            act(agenda.move_item, item, colette, step=step)


def test_an_item_is_edited_and_put_elsewhere(draft, colette):
    first, _, last = items(draft)
    act(agenda.edit_item, first, colette, after=last, title="Le compte rendu")
    assert titles(draft) == ["Point 2", "Point 3", "Le compte rendu"]
    assert Entry.objects.filter(action="sitting.item_edited", target_id=draft.pk).exists()


def test_a_number_is_of_one_item_and_a_deliberation_of_one_in_the_city(draft, make_sitting, colette):
    first, second, _ = items(draft)
    with pytest.raises(NumberTaken):
        act(agenda.edit_item, second, colette, after=first, number="1")
    act(agenda.edit_item, first, colette, after=None, deliberation_number="2026-12-01")
    with pytest.raises(NumberTaken):
        act(agenda.add_item, make_sitting(), colette, number="9", title="Autre", deliberation_number="2026-12-01")


def test_an_agenda_has_an_end(draft, colette):
    rows = [Item(sitting=draft, rank=rank, number=str(rank), title="Point") for rank in range(4, MOST_ITEMS + 1)]
    Item.objects.bulk_create(rows)
    with pytest.raises(AgendaFull):
        act(agenda.add_item, draft, colette, number="9999", title="Un de trop")


def test_an_item_is_withdrawn_or_postponed_once_and_comes_back(convened, colette):
    first, second, _ = items(convened)
    act(agenda.withdraw_item, first, colette)
    act(agenda.postpone_item, second, colette)
    assert [item.state for item in items(convened)] == ["withdrawn", "postponed", "to_come"]
    with pytest.raises(NotNow):
        act(agenda.postpone_item, first, colette)
    act(agenda.restore_item, first, colette)
    assert items(convened)[0].state == "to_come"
    with pytest.raises(NotNow):
        act(agenda.restore_item, first, colette)
    assert convened.stream.events.filter(kind="item").exists()


def test_what_is_being_examined_stays_on_the_agenda(live, colette):
    first = items(live)[0]
    live.go_to(first, colette, seen=None, at=NOW)
    with pytest.raises(Examined):
        act(agenda.withdraw_item, first, colette)


def test_only_a_draft_loses_an_item_for_good(draft, colette):
    act(agenda.remove_item, items(draft)[0], colette)
    assert titles(draft) == ["Point 2", "Point 3"]
    draft.convene(colette, at=NOW)
    with pytest.raises(NotNow):
        act(agenda.remove_item, items(draft)[0], colette)


def test_nothing_moves_once_it_is_over(live, colette):
    live.adjourn(colette, at=NOW + timedelta(hours=2))
    for do, more in ((agenda.withdraw_item, {}), (agenda.move_item, {"step": 1})):
        with pytest.raises(NotNow):
            act(do, items(live)[0], colette, **more)


def test_a_stranger_touches_nothing(draft, bruno):
    with pytest.raises(NotAllowed):
        act(agenda.withdraw_item, items(draft)[0], bruno)


def test_what_was_read_before_another_clerk_changed_it_is_not_convened(draft, colette):
    seen = draft.revision
    act(agenda.withdraw_item, items(draft)[0], colette)
    with pytest.raises(ChangedMeanwhile):
        draft.convene(colette, at=NOW, revision=seen)
    draft.convene(colette, at=NOW, revision=seen + 1)
    assert draft.convened_at == NOW


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_is_told(draft, colette):
    first, second, _ = items(draft)
    revision = draft.revision

    def withdraw(item):
        agenda.withdraw_item(item, colette, revision=revision, at=NOW)

    done = together(lambda: withdraw(first), lambda: withdraw(second))
    assert sorted(type(each).__name__ for each in done) == ["ChangedMeanwhile", "NoneType"]
    assert Item.objects.exclude(withdrawn_at=None).count() == 1


def test_the_database_holds_that_no_item_is_both_withdrawn_and_postponed(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.items.update(withdrawn_at=NOW, postponed_at=NOW)
