"""The database of the product, as Django's backend of that name and for statements of our own."""

from typing import Any

from django.db import connection


def prepared() -> Any:
    """A cursor for a statement so busy that it is worth being planned once per connection."""
    return connection.prepared_cursor()  # type: ignore[attr-defined]
