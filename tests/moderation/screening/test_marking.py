from civic.moderation.models import Match
from civic.moderation.screening import join_parts, mark


def shown(parts, *places):
    text = join_parts(parts)
    matches = [Match(start=start, end=end, excerpt=text[start:end]) for start, end in places]
    return [[(piece.text, piece.match is not None) for piece in part] for part in mark(parts, matches)]


def test_a_match_is_marked_where_it_is():
    assert shown(["un gros mot ici"], (3, 11)) == [[("un ", False), ("gros mot", True), (" ici", False)]]


def test_each_part_shows_its_own_matches():
    assert shown(["abc", "def", ""], (0, 3), (6, 7)) == [[("abc", True)], [("d", False), ("e", True), ("f", False)], []]


def test_what_overlaps_or_lies_outside_is_left_out():
    assert shown(["abcdef"], (0, 4), (2, 6)) == [[("abcd", True), ("ef", False)]]
    stale = Match(start=4, end=90, excerpt="x")
    edited = Match(start=0, end=3, excerpt="xyz")
    assert [piece.match for (part,) in mark(["abcdef"], [stale, edited, Match()]) for piece in [part]] == [None]
