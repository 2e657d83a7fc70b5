"""What a feature tells comments about its threads: a few functions for each kind, given in its `apps.py`.

registry.register(ThreadKind(name="petition", places=debate.places, can_read=debate.can_read, …))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from civic.comments.models import Thread


@dataclass(frozen=True)
class Place:
    """Where a thread is: its owner's title and page, and whether the owner takes comments at that moment.

    `is_to_come`: whether it will take them later. `is_filmed`: whether there is a picture at that moment of which
    comments speak.
    """

    title: str
    url: str
    is_open: bool
    is_to_come: bool = False
    is_filmed: bool = False


@dataclass(frozen=True)
class ThreadKind:
    """One kind of place that owns threads; `label` says it in the public register ("debate of a petition").

    places(threads, at): a Place for each thread's pk, in a bounded number of queries.
    can_read(user, thread): whether this person may read what the thread is about.
    open_threads(at): pk and title of those to which a moderator may move a comment.
    """

    name: str
    places: Callable[[Sequence[Thread], datetime], Mapping[int, Place]]
    can_read: Callable[[Any, Thread], bool]
    open_threads: Callable[[datetime], dict[int, str]]
    label: str | Promise = ""


_kinds: dict[str, ThreadKind] = {}


def register(kind: ThreadKind) -> None:
    _kinds[kind.name] = kind


def kind_of(name: str) -> ThreadKind:
    """The kind registered under that name; KeyError where no installed app did."""
    return _kinds[name]


def places(threads: Sequence[Thread], at: datetime) -> dict[int, Place]:
    """A place for each thread's pk, whatever their kinds."""
    by_kind: dict[str, list[Thread]] = {}
    for thread in threads:
        by_kind.setdefault(thread.kind, []).append(thread)
    return {pk: place for name, found in by_kind.items() for pk, place in kind_of(name).places(found, at).items()}
