"""Going from item to item: one at a time, in the order of clicks, and a wrong click leaves no chapter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.kernel.errors import NotAllowed
from livestream.models import ItemState, State
from livestream.models.passage import UNDO, Moved, NotNow, TooLateToUndo
from tests.concurrency import together

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


def items(sitting):
    return list(sitting.items.all())


def chapters(sitting):
    return [(each.item.rank, each.begins_at, each.ends_at) for each in sitting.passages.select_related("item")]


def test_one_click_ends_an_item_and_begins_another(live, colette):
    first, second, third = items(live)
    passage = live.go_to(first, colette, seen=None, at=NOW)
    live.go_to(second, colette, seen=passage.pk, at=NOW + MINUTE)
    assert chapters(live) == [(1, NOW, NOW + MINUTE), (2, NOW + MINUTE, None)]
    assert [item.state for item in (first, second, third)] == [ItemState.DONE, ItemState.CURRENT, ItemState.TO_COME]
    assert live.current_item == second


def test_an_item_comes_back(live, colette):
    first, second, _ = items(live)
    passage = live.go_to(first, colette, seen=None, at=NOW)
    passage = live.go_to(second, colette, seen=passage.pk, at=NOW + MINUTE)
    live.go_to(first, colette, seen=passage.pk, at=NOW + 2 * MINUTE)
    assert [rank for rank, _, _ in chapters(live)] == [1, 2, 1]
    assert first.state == ItemState.CURRENT


def test_a_click_on_a_page_of_before_is_refused(live, colette):
    first, second, third = items(live)
    passage = live.go_to(first, colette, seen=None, at=NOW)
    live.go_to(second, colette, seen=passage.pk, at=NOW + MINUTE)
    for seen in (None, passage.pk):
        with pytest.raises(Moved):
            live.go_to(third, colette, seen=seen, at=NOW + MINUTE)
        if seen:
            with pytest.raises(Moved):
                live.undo(colette, seen=seen, at=NOW + MINUTE)
    assert live.current_item == second


def test_a_wrong_click_is_taken_back_and_leaves_no_chapter(live, colette):
    first, second, _ = items(live)
    passage = live.go_to(first, colette, seen=None, at=NOW)
    wrong = live.go_to(second, colette, seen=passage.pk, at=NOW + MINUTE)
    assert live.undo(colette, seen=wrong.pk, at=NOW + UNDO) == passage
    assert chapters(live) == [(1, NOW, None)]
    assert live.undo(colette, seen=passage.pk, at=NOW + MINUTE) is None
    assert chapters(live) == []


def test_what_has_lasted_is_not_taken_back(live, colette):
    passage = live.go_to(items(live)[0], colette, seen=None, at=NOW)
    with pytest.raises(TooLateToUndo):
        live.undo(colette, seen=passage.pk, at=NOW + UNDO + timedelta(seconds=1))
    assert chapters(live) == [(1, NOW, None)]


def test_an_item_that_is_off_does_not_begin(live, colette):
    first, second, _ = items(live)
    live.items.filter(pk=first.pk).update(withdrawn_at=NOW)
    live.items.filter(pk=second.pk).update(postponed_at=NOW)
    for item in (first, second):
        with pytest.raises(NotNow):
            live.go_to(item, colette, seen=None, at=NOW)


def test_nothing_begins_before_the_opening_or_during_a_suspension(convened, colette, amina):
    item = items(convened)[0]
    with pytest.raises(NotNow):
        convened.go_to(item, colette, seen=None, at=NOW)
    convened.open(colette, at=NOW)
    convened.suspend(colette, at=NOW)
    with pytest.raises(NotNow):
        convened.go_to(item, colette, seen=None, at=NOW)
    convened.resume(colette, at=NOW)
    with pytest.raises(NotAllowed):
        convened.go_to(item, amina, seen=None, at=NOW)


def test_the_end_of_the_sitting_ends_the_item(live, colette):
    live.go_to(items(live)[0], colette, seen=None, at=NOW)
    live.adjourn(colette, at=timezone.now())
    assert live.state == State.ADJOURNED
    assert live.current_item is None


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_moves(live, colette):
    first, second, _ = items(live)

    def click(item):
        try:
            live.__class__.objects.get(pk=live.pk).go_to(item, colette, seen=None, at=NOW)
        except Moved:
            return "moved"
        return "begun"

    assert sorted(together(lambda: click(first), lambda: click(second))) == ["begun", "moved"]
    assert live.passages.count() == 1
