"""What comments ask of sittings: where a thread is, who may read it, and while it takes comments."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.comments.models import Thread
from civic.comments.registry import Place, ThreadKind
from livestream.models import CommentMode, Item, ItemState, Passage, Sitting, State, threads
from livestream.models.states import OVER

# Behind closed doors nobody follows: nobody comments either.
HEARD = (State.LIVE, State.SUSPENDED)
# When people will speak of it later.
TO_COME = (State.DRAFT, State.CONVENED, State.CLOSED_DOORS)


def places(found: Sequence[Thread], at: datetime) -> Mapping[int, Place]:
    """People speak of an item while it is examined, and of the sitting while it lasts."""
    rows = Sitting.objects.filter(Q(thread__in=found) | Q(items__thread__in=found)).distinct().with_life()
    sittings = {sitting.pk: sitting for sitting in rows}
    told = {sitting.thread_id: place_of(sitting) for sitting in sittings.values() if sitting.thread_id}
    for item in Item.objects.filter(thread__in=found).with_state():
        item.sitting = sittings[item.sitting_id]
        told[item.thread_id] = place_of_item(item)
    return told


def place_of(sitting: Sitting) -> Place:
    state = sitting.state
    return Place(
        sitting.title,
        sitting.get_absolute_url(),
        is_open=state in HEARD,
        is_to_come=state in TO_COME,
        is_filmed=state == State.LIVE,
    )


def place_of_item(item: Item) -> Place:
    of_sitting = place_of(item.sitting)
    takes = item.comment_mode != CommentMode.OFF
    is_open = takes and of_sitting.is_open and item.state == ItemState.CURRENT
    is_to_come = takes and item.state in (ItemState.TO_COME, ItemState.CURRENT) and item.sitting.state not in OVER
    return Place(
        str(item),
        item.get_absolute_url(),
        is_open,
        is_to_come=is_to_come and not is_open,
        is_filmed=is_open and of_sitting.is_filmed,
    )


def can_read(user, thread: Thread) -> bool:
    return Sitting.objects.visible_to(user).filter(Q(thread=thread) | Q(items__thread=thread)).exists()


def open_threads(at: datetime) -> dict[int, str]:
    examined = Passage.objects.filter(ends_at=None).select_related("item").order_by("pk")
    return {passage.item.thread_id: str(passage.item) for passage in examined if passage.item.thread_id}


KIND = ThreadKind(
    name=threads.KIND,
    places=places,
    can_read=can_read,
    open_threads=open_threads,
    label=_("Debate of a session"),
)
