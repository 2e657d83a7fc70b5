"""The acts on an agenda: items added, edited, put in order, withdrawn, postponed, taken back in, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from livestream.models.conduct import ChangedMeanwhile
from livestream.models.item import MOST_ITEMS, Item
from livestream.models.passage import NotNow
from livestream.models.states import OVER, State

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


class NumberTaken(DomainError):
    title = _("This number is taken")
    sentence = _("Another item has this number, or this deliberation’s number. Nothing was changed.")


class AgendaFull(DomainError):
    title = _("The agenda is full")
    sentence = _("There is no room for more items in this session.")


class Examined(DomainError):
    title = _("This item was examined")
    sentence = _("It is being examined, or the council has voted on it: it stays as it is.")


@contextmanager
def writing(sitting: Sitting, by: Any, *, revision: int, at: datetime) -> Iterator[Sitting]:
    """The sitting, locked, in a transaction; what is done inside is a new revision of it.

    Raises NotAllowed, ChangedMeanwhile where `revision` is not the present one, or NotNow once it is over.
    """
    with transaction.atomic():
        current = sitting.locked_for(by)
        if current.revision != revision:
            raise ChangedMeanwhile
        if current.state in OVER:
            raise NotNow
        yield current
        current.revision += 1
        current.changed_at = at
        current.save(update_fields=["revision", "changed_at"])
    sitting.revision = current.revision


def add_item(
    sitting: Sitting, by: Any, *, revision: int, at: datetime, after: Item | None = None, **fields: Any
) -> Item:
    """A new item after that one, or as the first. Raises what `writing` does, NumberTaken or AgendaFull."""
    with writing(sitting, by, revision=revision, at=at) as current:
        order = list(current.items.all())
        if len(order) >= MOST_ITEMS:
            raise AgendaFull
        item = Item(sitting=current, rank=len(order) + 1, **fields)
        _check_numbers(item)
        item.save()
        _put(item, order, after)
        current.record("sitting.item_added", by, item=item.pk)
        current.tell_changed()
    return item


def edit_item(item: Item, by: Any, *, revision: int, at: datetime, after: Item | None, **fields: Any) -> None:
    """New words, and its place after that one or as the first. Raises what `writing` does, or NumberTaken."""
    with writing(item.sitting, by, revision=revision, at=at) as current:
        kept = current.items.get(pk=item.pk)
        for name, value in fields.items():
            setattr(kept, name, value)
        _check_numbers(kept)
        kept.save(update_fields=[*fields])
        order = [each for each in current.items.all() if each.pk != kept.pk]
        is_moved = _put(kept, order, after)
        current.record("sitting.item_edited", by, item=kept.pk)
        _tell(current, kept, is_moved=is_moved)


def move_item(item: Item, by: Any, *, step: int, revision: int, at: datetime) -> None:
    """One place up (-1) or down (1). Raises what `writing` does, or NotNow where there is no such place."""
    with writing(item.sitting, by, revision=revision, at=at) as current:
        order = list(current.items.all())
        place = order.index(item)
        if not 0 <= place + step < len(order):
            raise NotNow
        order.insert(place + step, order.pop(place))
        _renumber(order)
        current.record("sitting.item_moved", by, item=item.pk)
        current.tell_changed()


def withdraw_item(item: Item, by: Any, *, revision: int, at: datetime) -> None:
    """Say that it is not examined. Raises what `writing` does, Examined or NotNow."""
    _take_off(item, by, revision=revision, at=at, fact="withdrawn_at")


def postpone_item(item: Item, by: Any, *, revision: int, at: datetime) -> None:
    """Say that it is left for another session. Raises what `writing` does, Examined or NotNow."""
    _take_off(item, by, revision=revision, at=at, fact="postponed_at")


def restore_item(item: Item, by: Any, *, revision: int, at: datetime) -> None:
    """Examine it after all. Raises what `writing` does, or NotNow where it was not off."""
    with writing(item.sitting, by, revision=revision, at=at) as current:
        kept = current.items.get(pk=item.pk)
        if not kept.is_off:
            raise NotNow
        kept.withdrawn_at = kept.postponed_at = None
        kept.save(update_fields=["withdrawn_at", "postponed_at"])
        current.record("sitting.item_restored", by, item=kept.pk)
        current.tell_page(kept.pk)


def remove_item(item: Item, by: Any, *, revision: int, at: datetime) -> None:
    """Take it out of a draft; once convened it can only be withdrawn, for all to see. Raises what `writing` does."""
    with writing(item.sitting, by, revision=revision, at=at) as current:
        if current.state != State.DRAFT:
            raise NotNow
        current.items.get(pk=item.pk).delete()
        current.record("sitting.item_removed", by, item=item.pk)


def _take_off(item: Item, by: Any, *, revision: int, at: datetime, fact: str) -> None:
    with writing(item.sitting, by, revision=revision, at=at) as current:
        kept = current.items.get(pk=item.pk)
        if kept.is_off:
            raise NotNow
        if kept.passages.filter(ends_at=None).exists() or kept.divisions.exists():
            raise Examined
        setattr(kept, fact, at)
        kept.save(update_fields=[fact])
        current.record(f"sitting.item_{fact.removesuffix('_at')}", by, item=kept.pk)
        current.tell_page(kept.pk)


def _check_numbers(item: Item) -> None:
    others = Item.objects.exclude(pk=item.pk)
    is_taken = others.filter(sitting=item.sitting_id, number=item.number).exists()
    number = item.deliberation_number
    if is_taken or (number and others.filter(deliberation_number=number).exists()):
        raise NumberTaken


def _put(item: Item, others: list[Item], after: Item | None) -> bool:
    """Give each its rank, with the item after that one; returns whether anything moved."""
    place = next((place for place, each in enumerate(others, start=1) if after and each.pk == after.pk), 0)
    return _renumber([*others[:place], item, *others[place:]])


def _renumber(order: list[Item]) -> bool:
    moved = [(rank, each) for rank, each in enumerate(order, start=1) if each.rank != rank]
    for rank, each in moved:
        each.rank = rank
    Item.objects.bulk_update([each for _rank, each in moved], ["rank"])
    return bool(moved)


def _tell(sitting: Sitting, item: Item, *, is_moved: bool) -> None:
    """An item that only reads otherwise is replaced on open pages; an order is read again."""
    if is_moved:
        sitting.tell_changed()
    else:
        sitting.tell_page(item.pk)
