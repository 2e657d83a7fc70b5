from hypothesis import given
from hypothesis import strategies as st

from consultations.results.small_groups import Group, shown_apart


def test_large_groups_stand_apart_the_largest_first():
    assert shown_apart({"paper": 12, "online": 300}) == [Group(("online",), 300), Group(("paper",), 12)]


def test_small_groups_are_told_together():
    groups = shown_apart({"online": 300, "paper": 44, "counter": 6, "post": 7})
    assert groups[-1] == Group(("post", "counter"), 13)


def test_one_small_group_takes_a_larger_one_with_it():
    """Alone, its number would follow from the sum."""
    groups = shown_apart({"online": 300, "paper": 44, "counter": 3})
    assert groups == [Group(("online",), 300), Group(("paper", "counter"), 47)]


def test_nothing_is_told_where_one_group_would_stand_alone():
    assert shown_apart({"online": 300}) == []
    assert shown_apart({"online": 300, "paper": 4}) == []
    assert shown_apart({"online": 4, "paper": 3}) == []


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60)))
def test_no_number_below_ten_is_ever_told_or_follows_from_the_others(counts):
    groups = shown_apart(counts)
    assert all(group.number >= 10 for group in groups)
    assert sum(group.number for group in groups) in (0, sum(counts.values()))
