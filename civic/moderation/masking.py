"""Taking words out of a text, and nothing else: nobody puts words into an author's mouth."""

MARK = "[…]"


def tidy(text: str) -> str:
    """A text as browsers send it and as it is stored, brought to one form."""
    return text.replace("\r\n", "\n").strip()


def is_faithful(masked: str, original: str) -> bool:
    """Whether `masked` is the original with at least one span of at least one character replaced by MARK.

    What stands between the marks must come in the original's order, the first piece as its
    beginning, the last as its end. Taking each piece at its first place leaves the most room to
    those that follow, so that no other reading could succeed where this one fails.
    """
    masked, original = tidy(masked), tidy(original)
    first, *middle = masked.split(MARK)
    if not middle or not original.startswith(first):
        return False
    *middle, last = middle
    at = len(first)
    for piece in middle:
        found = original.find(piece, at + 1)
        if found < 0:
            return False
        at = found + len(piece)
    return original.endswith(last) and len(original) - len(last) > at
