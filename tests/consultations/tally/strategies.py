"""Random ballots for each kind of question."""

from hypothesis import strategies as st

OPTIONS = "abcde"

rankings = st.permutations(OPTIONS).flatmap(
    lambda order: st.integers(1, len(order)).map(lambda length: list(order[:length]))
)
approvals = st.sets(st.sampled_from(OPTIONS), min_size=1).map(sorted)
grades = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 3), min_size=1)
points = st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 6), min_size=1)
costs = st.fixed_dictionaries({option: st.integers(1, 60) for option in OPTIONS})


def cast(answers, *, largest=25):
    """Lists of answers, some of them given by several people."""
    return st.lists(answers, min_size=1, max_size=largest)
