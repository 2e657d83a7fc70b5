"""What comments ask of petitions: where a petition's thread is, who may read it, and while it takes comments."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from civic.comments.models import Thread
from civic.comments.reading import SIZE_ON_OWNER, Debate
from civic.comments.registry import Place, ThreadKind
from petitions.models import Petition


def places(threads: Sequence[Thread], at: datetime) -> Mapping[int, Place]:
    return {petition.thread_id: place(petition, at=at) for petition in Petition.objects.filter(thread__in=threads)}


def place(petition: Petition, *, at: datetime) -> Place:
    """People speak about a petition for as long as they can sign it."""
    return Place(petition.title, petition.get_absolute_url(), petition.is_open_at(at))


def first_page(petition: Petition, *, user, at: datetime) -> Debate:
    """What the petition's own page shows of its debate."""
    thread = petition.thread
    # The stream's row as it was read with the petition: `data-seq` is no newer than the comments (realtime's tag).
    thread.stream = petition.stream
    return Debate(thread, place(petition, at=at), at=at, user=user, size=SIZE_ON_OWNER)


def can_read(user, thread: Thread) -> bool:
    return Petition.objects.visible_to(user).filter(thread=thread).exists()


def open_threads(at: datetime) -> dict[int, str]:
    return dict(Petition.objects.open(at=at).order_by("title").values_list("thread_id", "title"))


KIND = ThreadKind(
    name="petition", places=places, can_read=can_read, open_threads=open_threads, label=_("Debate of a petition")
)
