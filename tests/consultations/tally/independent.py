"""The counts of others, to compare with: `pabutools` (budgets) and `pref_voting` (all other rules).

Both import, at once and whatever is asked of them, solvers, compilers and drawings that counting does not need and that
are not installed (pyproject.toml). Stand-ins take their place while the two are imported; what is computed here is
computed by their own code and numpy.
"""

import sys
from types import ModuleType
from unittest.mock import MagicMock

ABSENT = (
    "filelock",
    "matplotlib",
    "matplotlib.pyplot",
    "natsort",
    "nashpy",
    "networkx",
    "ortools",
    "ortools.linear_solver",
    "pandas",
    "preflibtools",
    "preflibtools.instances",
    "pulp",
    "scipy",
    "scipy.optimize",
    "scipy.stats",
    "seaborn",
    "tabulate",
)


def stand_ins():
    """Modules that do nothing; `numba.jit` gives the function back, which then runs uncompiled."""
    numba = ModuleType("numba")
    numba.jit = lambda *given, **options: given[0] if given and callable(given[0]) else lambda function: function
    return {"numba": numba} | {name: MagicMock(name=name) for name in ABSENT}


missing = {name: module for name, module in stand_ins().items() if name not in sys.modules}
sys.modules.update(missing)
try:
    from pabutools.election import (
        ApprovalBallot,
        ApprovalProfile,
        CardinalBallot,
        CardinalProfile,
        Instance,
        Project,
    )
    from pabutools.election.pabulib import parse_pabulib_from_string
    from pabutools.election.satisfaction import Additive_Cardinal_Sat, Cost_Sat
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
    from pref_voting.grade_methods import approval, majority_judgement, score_voting
    from pref_voting.grade_profiles import GradeProfile
    from pref_voting.iterative_methods import instant_runoff_put, instant_runoff_tb
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.profiles import Profile
    from pref_voting.profiles_with_ties import ProfileWithTies
    from pref_voting.scoring_methods import plurality
finally:
    for name in missing:
        del sys.modules[name]

__all__ = [
    "Additive_Cardinal_Sat",
    "ApprovalBallot",
    "ApprovalProfile",
    "CardinalBallot",
    "CardinalProfile",
    "Cost_Sat",
    "GradeProfile",
    "Instance",
    "Profile",
    "ProfileWithTies",
    "Project",
    "approval",
    "beat_path",
    "greedy_utilitarian_welfare",
    "instant_runoff_put",
    "instant_runoff_tb",
    "majority_judgement",
    "method_of_equal_shares",
    "parse_pabulib_from_string",
    "plurality",
    "score_voting",
]
