"""The real ballots of Toulouse, counted in every way that they allow, beside the independent counts.

Their points are also grades (three points the best), their votes also choices, their order also a ranking.
"""

import pytest

from consultations.pabulib import read
from consultations.pabulib.tally import count_equal_shares, count_greedy, votes
from consultations.tally import Counting, Kind, Option, Question, count
from tests.consultations.pabulib.files import TOULOUSE
from tests.consultations.tally import independent

POINTS = ("3", "2", "1", "0")


@pytest.fixture(scope="module")
def toulouse():
    return read(TOULOUSE.read_bytes())


@pytest.fixture(scope="module")
def options(toulouse):
    return tuple(Option(project.project_id, project.name) for project in toulouse.projects)


def outcome(election, options, kind, counting, answer, **kwargs):
    question = Question("q", kind, counting, options, **kwargs)
    return count(question, [{"q": answer(vote)} for vote in election.votes])


def test_sums_and_majority_grades_are_those_of_pref_voting(toulouse, options):
    slugs = [option.slug for option in options]
    given = [dict(zip(vote.projects, map(int, vote.points), strict=True)) for vote in toulouse.votes]
    profile = independent.GradeProfile(
        [dict.fromkeys(slugs, 0) | answer for answer in given], [0, 1, 2, 3], candidates=slugs
    )
    judged = outcome(
        toulouse,
        options,
        Kind.GRADES,
        Counting.MAJORITY_JUDGMENT,
        lambda vote: {s: 3 - int(n) for s, n in zip(vote.projects, vote.points, strict=True)},
        grades=POINTS,
    )
    summed = outcome(
        toulouse,
        options,
        Kind.POINTS,
        Counting.POINTS,
        lambda vote: dict(zip(vote.projects, map(int, vote.points), strict=True)),
        points_each=3,
    )
    assert judged.winner in independent.majority_judgement(profile)
    assert [summed.winner] == independent.score_voting(profile)
    assert summed.score == {slug: profile.sum(slug) for slug in slugs}


def test_choices_are_those_of_pref_voting_and_of_the_file(toulouse, options):
    profile = independent.GradeProfile(
        [dict.fromkeys(vote.projects, 1) for vote in toulouse.votes], [0, 1], candidates=[o.slug for o in options]
    )
    found = outcome(toulouse, options, Kind.MULTIPLE, Counting.APPROVAL, lambda vote: list(vote.projects))
    assert [found.winner] == independent.approval(profile)
    assert found.votes == {project.project_id: project.votes for project in toulouse.projects}


def test_strongest_paths_are_those_of_pref_voting(toulouse, options):
    place = {option.slug: index for index, option in enumerate(options)}
    profile = independent.ProfileWithTies(
        [{place[slug]: rank for rank, slug in enumerate(vote.projects, 1)} for vote in toulouse.votes],
        candidates=list(range(len(options))),
    )
    profile.use_extended_strict_preference()
    found = outcome(toulouse, options, Kind.RANKING, Counting.SCHULZE, lambda vote: list(vote.projects))
    assert place[found.winner] in independent.beat_path(profile, strength_function=profile.support)
    assert found.duels["4"]["16"] == profile.support(place["4"], place["16"])


def test_as_a_file_of_choices_it_counts_as_pabutools_counts_it():
    text = TOULOUSE.read_text().replace("vote_type;cumulative", "vote_type;approval")
    election = read(text.encode())
    instance, profile = independent.parse_pabulib_from_string(text)
    assert votes(election) == {project.name: profile.approval_score(project) for project in instance}
    for ours, theirs in (
        (count_equal_shares(election).plain, independent.method_of_equal_shares),
        (count_greedy(election), independent.greedy_utilitarian_welfare),
    ):
        assert list(ours.selected) == [p.name for p in theirs(instance, profile, independent.Cost_Sat)]


def test_as_a_file_of_scores_it_counts_as_the_cumulative_one(toulouse):
    scored = read(TOULOUSE.read_bytes().replace(b"vote_type;cumulative", b"vote_type;scoring"))
    assert count_greedy(scored) == count_greedy(toulouse)
    assert count_equal_shares(scored) == count_equal_shares(toulouse)


def test_as_a_file_of_rankings_it_is_ranked_by_votes(toulouse):
    ranked = read(TOULOUSE.read_bytes().replace(b"vote_type;cumulative", b"vote_type;ordinal"))
    assert not ranked.has_points
    assert votes(ranked) == votes(toulouse)
    assert count_greedy(ranked).selected[:3] == ("4", "16", "13")
