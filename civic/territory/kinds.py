"""What a space is, in a word: each feature names its own kind, in its `apps.py`.

kinds.register("consultation", _("Consultation"))
"""

from __future__ import annotations

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def register(kind: str, label: str | Promise) -> None:
    _labels[kind] = label


def label_of(kind: str) -> str:
    """The label in the reader's language; the kind's own name where no installed app registers it."""
    return str(_labels.get(kind, kind))
