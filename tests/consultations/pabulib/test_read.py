from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from consultations.pabulib import BrokenFile, VoteType, as_question, read, write
from consultations.pabulib.tally import count_equal_shares, count_greedy
from tests.consultations.pabulib.files import META, PROJECTS, TOULOUSE, VOTES, made


def refusal(content):
    with pytest.raises(BrokenFile) as refused:
        read(content)
    with translation.override("en"):
        return refused.value.line, str(refused.value.sentence)


def test_the_real_file():
    election = read(TOULOUSE.read_bytes())
    assert (len(election.projects), len(election.votes)) == (30, 1494)
    assert (election.budget, election.currency, election.vote_type) == (1_000_000, "EUR", VoteType.CUMULATIVE)
    assert election.votes[0].projects == ("15", "22", "25", "10")
    assert election.votes[0].points == (2, 2, 2, 1)
    assert election.by_id["1"].cells["proposer"] == "Julie 21"
    assert not election.notices


@pytest.mark.parametrize("vote_type", ["approval", "choose-1", "ordinal", "cumulative", "scoring", "Approval"])
def test_each_type_of_vote_is_read(vote_type):
    election = read(made(meta={"vote_type": vote_type}))
    assert [vote.projects for vote in election.votes] == [("p1", "p2"), ("p1",), ("p3", "p1"), ("p2",)]


@pytest.mark.parametrize(
    ("written", "cost"),
    [("4000.0", "4000"), ("12345,50", "12345.5"), ("1 200 000", "1200000"), ("1\u202f200", "1200"), ("0", "0")],
)
def test_costs_are_read_as_cities_write_them(written, cost):
    election = read(made(projects=[PROJECTS[0], ("p1", written, "", ""), *PROJECTS[2:]]))
    assert election.by_id["p1"].cost == Decimal(cost)


def test_columns_metadata_and_sections_come_in_any_order():
    meta = [("value", "key"), *((value, key) for key, value in reversed(META.items()))]
    projects = [row[::-1] for row in PROJECTS]
    votes = [row[::-1] for row in VOTES]
    rows = [("VOTES",), *votes, ("META",), *meta, ("PROJECTS",), *projects]
    shuffled, plain = read("\n".join(";".join(row) for row in rows).encode()), read(made())
    assert shuffled.meta == plain.meta
    assert [project.cost for project in shuffled.projects] == [project.cost for project in plain.projects]
    assert [vote.projects for vote in shuffled.votes] == [vote.projects for vote in plain.votes]


def test_only_what_is_counted_has_to_be_there():
    projects = [row[:2] for row in PROJECTS]
    votes = [row[1:] for row in VOTES]
    election = read(made(projects=projects, votes=votes, without=set(META) - {"budget"}))
    assert (election.vote_type, election.currency) == (VoteType.APPROVAL, "")
    assert election.by_id["p1"].name == "p1"


def test_what_is_not_known_is_kept():
    election = read(made(meta={"Leftover": "12"}, votes=[(*VOTES[0], "age"), *((*row, "33") for row in VOTES[1:])]))
    assert election.meta["leftover"] == "12"
    assert election.document.section("VOTES").rows[0] == ("a", "p1,p2", "33")


@pytest.mark.parametrize(("country", "currency"), [("Poland", "PLN"), ("France", "EUR"), ("Mars", "")])
def test_a_currency_that_is_not_said_is_that_of_the_country(country, currency):
    assert read(made(meta={"country": country})).currency == currency
    assert read(made(meta={"country": country, "currency": "chf"})).currency == "CHF"


def test_an_empty_vote_is_blank():
    votes = [*VOTES[:3], ("c", ""), ("d", " , ")]
    assert [vote.projects for vote in read(made(votes=votes)).votes][2:] == [(), ()]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (made(without=("budget",)), 1, "no budget"),
        (made(meta={"budget": "beaucoup"}), 9, "“beaucoup” is not a number"),
        (made(meta={"budget": "nan"}), 9, "no budget"),
        (made(meta={"budget": "1e6"}), 9, "is not a number"),
        (made(meta={"budget": "0"}), 9, "more than zero"),
        (made(meta={"vote_type": "quadratic"}), 10, "quadratic"),
        (made(meta={"max_length": "three"}), 12, "max_length “three” is not a number"),
        (made(meta={"num_votes": "4;"}).replace(b"rule;", b"budget;"), 11, "a second time"),
        (made().replace(b"key;value", b"a;b"), 2, "no column “key”"),
        (made(projects=[("project_id", "name"), ("p1", "x")]), 13, "no column “cost”"),
        (made(projects=[("project_id", "cost", "cost"), ("p1", "1", "2")]), 13, "twice"),
        (made(projects=[*PROJECTS, ("p2", "1", "", "")]), 17, "first on line 15"),
        (made(projects=[*PROJECTS, ("", "1", "", "")]), 17, "no project_id"),
        (made(projects=[*PROJECTS, ("p4", "", "", "")]), 17, "no cost"),
        (made(projects=[*PROJECTS, ("p4", "-1", "", "")]), 17, "less than zero"),
        (made(projects=[*PROJECTS, ("p4", "12x", "", "")]), 17, "cost “12x”"),
        (made(projects=[*PROJECTS, ("p4", "1", "1.5", "")]), 17, "not a whole number"),
        (made(projects=[*PROJECTS, ("p4", "1", "1", "a", "b")]), 17, "5 cells for 4 columns"),
        (made(projects=PROJECTS[:1]), 12, "no project"),
        (made(votes=[("voter_id", "choice"), ("a", "p1")]), 18, "no column “vote”"),
        (made(votes=[*VOTES, ("e", "p1,p9")]), 23, "“p9”"),
        (made(votes=[*VOTES, ("b", "p1")]), 23, "first vote is on line 20"),
        (made(meta={"vote_type": "scoring"}, votes=VOTES), 18, "no column “points”"),
        (made(meta={"vote_type": "scoring"}, votes=[("vote", "points"), ("p1,p2", "3")]), 19, "2 projects"),
        (made(meta={"vote_type": "scoring"}, votes=[("vote", "points"), ("p1", "lots")]), 19, "points “lots”"),
    ],
)
def test_a_broken_file_says_where_and_why(content, line, words):
    found, sentence = refusal(content)
    assert words in sentence
    assert found == line


def test_the_sentence_is_read_in_french():
    with pytest.raises(BrokenFile) as refused:
        read(made(votes=[*VOTES, ("e", "p9")]))
    with translation.override("fr"):
        assert str(refused.value).startswith("Ligne 23")


@pytest.mark.parametrize(
    ("meta", "votes", "line", "words"),
    [
        ({"num_votes": "5"}, VOTES, 8, "num_votes says 5"),
        ({"num_projects": "9"}, VOTES, 7, "num_projects says 9"),
        ({"max_length": "1"}, VOTES, 20, "2 votes are outside"),
        ({"min_length": "2"}, VOTES, 21, "2 votes are outside"),
        ({"max_sum_cost": "900"}, VOTES, 20, "2 votes are outside"),
        ({"currency": "PLN"}, [*VOTES[:4], ("d", "p2,p2")], 23, "twice"),
        ({"currency": "PLN"}, [*VOTES[:4], ("d", "p3")], 16, "column votes"),
    ],
)
def test_what_real_files_break_is_kept_and_said(meta, votes, line, words):
    election = read(made(meta=meta, votes=votes))
    with translation.override("en"):
        said = [(notice.line, str(notice.sentence)) for notice in election.notices]
    assert any(at == line and words in sentence for at, sentence in said)
    assert len(election.votes) == len(votes) - 1


def test_limits_of_points_that_votes_break_are_said():
    notices = read(made(meta={"vote_type": "cumulative", "max_points": "4", "max_sum_points": "5"})).notices
    assert [(notice.line) for notice in notices] == [23, 23]


signs = st.sampled_from(
    ["", ";", '"', "\n", ",", "p1", "-", "9" * 40, "META\n", "VOTES\n", "\r", "é", "\x00", "None", "²"]
)


@given(st.sampled_from(["approval", "cumulative", "ordinal", "scoring"]), st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(vote_type, data):
    content = made(meta={"vote_type": vote_type, "max_length": "2", "max_points": "3"}).decode()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 12)))
        content = content[:start] + data.draw(signs) + content[end:]
    try:
        election = read(content.encode())
    except BrokenFile as fault:
        assert 1 <= fault.line <= content.count("\n") + content.count("\r") + 1
        assert str(fault.sentence)
        return
    assert write(election.document) == content.encode()
    assert count_greedy(election).left >= 0
    assert count_equal_shares(election).left >= 0
    as_question(election)
