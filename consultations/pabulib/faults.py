"""What stops the reading of a file, and what is kept but said."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _


def _filled(message: Any, facts: dict[str, Any]) -> str:
    return str(message) % facts


# A lazy message would be translated at once by `%`: this one waits for whoever reads it.
fill = lazy(_filled, str)


class BrokenFile(Exception):
    """A file that can't be counted: `line` (from 1) and `sentence`, which says what is wrong there.

    The sentence is translated when it is read.
    """

    def __init__(self, line: int, sentence: Any):
        super().__init__(line, sentence)
        self.line, self.sentence = line, sentence

    def __str__(self) -> str:
        return _("Line %(line)s: %(sentence)s") % {"line": self.line, "sentence": self.sentence}


@dataclass(frozen=True)
class Notice:
    """Something odd that the count doesn't need: published files have votes that break their own limits."""

    line: int
    sentence: Any

    def __str__(self) -> str:
        return _("Line %(line)s: %(sentence)s") % {"line": self.line, "sentence": self.sentence}
