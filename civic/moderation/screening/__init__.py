"""What a machine notices about a text: listed words and links, repetitions, bursts, new accounts.

    verdict = screening.screen(subject, author=author, text=text, mode=thread.mode, at=at, place=f"thread:{thread.pk}")
    if verdict.holds:
        ...  # keep it from the public
    verdict.open_case(subject, at=at)

It holds or ranks, and never hides: a public text stays public whatever is found in it.
"""

from civic.moderation.screening.marking import Marked, join_parts, mark
from civic.moderation.screening.verdicts import Verdict, screen

__all__ = ["Marked", "Verdict", "join_parts", "mark", "screen"]
