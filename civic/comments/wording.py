"""Spans of time as people say them."""

from django.utils.translation import ngettext


def lasting(seconds: int) -> str:
    """« 30 secondes », « 2 minutes », "90 seconds"."""
    minutes, rest = divmod(seconds, 60)
    if minutes and not rest:
        return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    return ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
