"""Every address of the product as its URL configuration knows it, and what `matrix.toml` says of each."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import urlencode

from tests.gates.world import ROLES, World

MATRIX = Path(__file__).with_name("matrix.toml")
# What is looked at in browsers, too: visitors without an account in the middle of signing.
VISITORS = ("asking", "thanked")
# The middleware of the second factor answers before the view does.
UNPROVEN = {"GET": 302, "POST": 403}


@dataclass(frozen=True)
class Entry:
    """One table of the matrix: a route at some objects, and the status of each method for each role."""

    name: str
    at: tuple[str, ...]
    expected: dict[str, dict[str, int]]
    seen_by: tuple[str, ...]
    writes: frozenset[str]
    wrong: bool

    def addresses(self, world: World) -> Iterator[str]:
        for place in self.at:
            yield address(self.name, place, world)


def address(name: str, place: str, world: World) -> str:
    """The address of a route; `place` names a sample, with more after `?`: arguments and, where not, a query."""
    sample, _, more = place.partition("?")
    added = dict(pair.split("=") for pair in more.split("&") if pair)
    given = added | (world.samples[sample] if sample else {})
    wanted = arguments_of(name)
    query = urlencode({key: value for key, value in added.items() if key not in wanted})
    path = reverse(name, kwargs={key: value for key, value in given.items() if key in wanted})
    return f"{path}?{query}" if query else path


# --- What there is ------------------------------------------------------------------------


@cache
def found() -> dict[str, tuple[Callable, frozenset[str]]]:
    """View and arguments of every named route, however deeply included; a route without a name is an error."""
    return {name: (view, arguments) for name, view, arguments in _walk(get_resolver(), "", frozenset())}


def arguments_of(name: str) -> frozenset[str]:
    return found()[name][1]


def _walk(resolver: URLResolver, space: str, above: frozenset[str]) -> Iterator[tuple[str, Callable, frozenset[str]]]:
    for pattern in resolver.url_patterns:
        arguments = above | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner, arguments)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"a route needs a name: {pattern.pattern}"
            yield f"{space}{pattern.name}", pattern.callback, arguments


# --- What is said of it ---------------------------------------------------------------------


@cache
def matrix() -> dict:
    return tomllib.loads(MATRIX.read_text(encoding="utf-8"))


@cache
def entries() -> tuple[Entry, ...]:
    groups = matrix()["group"]
    return tuple(_entry(groups.get(raw.get("is"), {}) | raw) for raw in matrix()["route"])


def _entry(raw: dict) -> Entry:
    seen_by = raw.get("page", ())
    return Entry(
        name=raw["name"],
        at=tuple(raw.get("at", [""])),
        expected={method: _by_role(method, raw[method]) for method in ("GET", "POST")},
        seen_by=("anonymous",) if seen_by is True else tuple(seen_by or ()),
        writes=frozenset(raw.get("writes", ())),
        wrong=raw.get("wrong", False),
    )


def _by_role(method: str, statuses: int | dict[str, int]) -> dict[str, int]:
    """Statuses for every role: one for all, or `all` and the exceptions."""
    given = {"all": statuses} if isinstance(statuses, int) else statuses
    unknown = given.keys() - {"all", *ROLES}
    assert not unknown, f"not a role: {unknown}"
    expected = {role: given.get(role, given["all"]) for role in ROLES}
    return expected | {"unproven": given.get("unproven", UNPROVEN[method])}
