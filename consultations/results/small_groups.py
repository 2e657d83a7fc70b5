"""Small groups are not shown apart: of fewer than ten people one could guess who did what."""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 10


@dataclass(frozen=True)
class Group:
    """Some of those counted: `names` are the groups that are told together, one where it stands for itself."""

    names: tuple[str, ...]
    number: int


def shown_apart(counts: Mapping[str, int]) -> list[Group]:
    """Groups of at least ten, the largest first; smaller ones are put together, and with the next larger one
    until they are as many, so that no difference gives a small number away.

    Empty where nothing can be told apart: one group alone, or too few in all. A group of nobody is left out.
    """
    groups = sorted(((name, number) for name, number in counts.items() if number), key=lambda item: -item[1])
    apart = [Group((name,), number) for name, number in groups if number >= LEAST]
    small = [(name, number) for name, number in groups if number < LEAST]
    if small and sum(number for _name, number in small) < LEAST and apart:
        last = apart.pop()
        small.insert(0, (last.names[0], last.number))
    if small:
        apart.append(Group(tuple(name for name, _number in small), sum(number for _name, number in small)))
    return apart if len(apart) > 1 and all(group.number >= LEAST for group in apart) else []
