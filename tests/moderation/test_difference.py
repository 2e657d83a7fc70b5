"""What an author changed, word by word."""

import pytest

from civic.moderation.difference import changes, pieces
from civic.moderation.registry import Part


def marked(before, after):
    marks = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return "".join(marks[piece.fate].format(piece.text) for piece in pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("a b c", "a b c", "a b c"),
        ("a b c", "a c", "a -b -c"),
        ("a c", "a b c", "a +b +c"),
        ("a b", "a d", "a -b-+d+"),
        ("", "a b", "+a b+"),
        ("a b", "", "-a b-"),
        ("", "", ""),
        ("a\n\nb", "a\nb", "a-\n\n-+\n+b"),
    ],
)
def test_words_that_stayed_came_and_went(before, after, said):
    assert marked(before, after) == said


def test_nothing_is_lost_of_either_text():
    before, after = "Un  passage\tpiéton, ici.", "Deux passages  piétons, ici."
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.fate != "added") == before
    assert "".join(piece.text for piece in found if piece.fate != "removed") == after


def test_parts_that_did_not_change_are_left_out():
    after = [Part("Title", "a"), Part("Text", "b c")]
    (change,) = changes(["a", "b"], after)
    assert change.label == "Text"


def test_a_part_that_was_not_there_before_is_new():
    (change,) = changes([], [Part("Title", "a")])
    assert [(piece.fate, piece.text) for piece in change.pieces] == [("added", "a")]
