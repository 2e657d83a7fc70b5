"""Chance that falls the same way each time."""

from random import Random


def series(name: str) -> Random:
    """A series of its own for each name: changing what one petition draws leaves the others as they were."""
    return Random(f"Échirolles:{name}")  # noqa: S311 # nosec B311 - invents people, keeps no secret
