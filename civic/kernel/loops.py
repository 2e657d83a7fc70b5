"""Small jobs that the worker repeats all the time (the count of signatures, for one)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Loop:
    name: str
    function: Callable[[], object]
    every: float


registered: dict[str, Loop] = {}


def register(name: str, function: Callable[[], object], *, every: float = 1.0) -> None:
    """Have the worker call `function` every `every` seconds; an app does so in its `ready()`."""
    registered[name] = Loop(name, function, every)
