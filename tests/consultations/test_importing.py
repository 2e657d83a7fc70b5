"""A Pabulib file comes in whole or not at all, and goes out as it came."""

from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from consultations import published
from consultations.exporting import NoBudget, export_pabulib
from consultations.importing import ImportedAlready, import_pabulib
from consultations.management.commands.tally_pabulib import as_json
from consultations.models import Ballot, Consultation, Counting, QuestionKind, State
from consultations.pabulib import BrokenFile, read
from consultations.pabulib.tally import count_equal_shares, count_greedy, score, votes
from consultations.proclamation import check, proclaim
from consultations.tally.published import read_questions
from consultations.tally.recount import recount
from tests.consultations.counted import counted, question
from tests.consultations.pabulib.files import TOULOUSE, made

pytestmark = pytest.mark.django_db


def imported(content: bytes, **fields):
    return import_pabulib(content, filename="budget.pb", at=timezone.now(), **fields)


@pytest.fixture
def toulouse():
    return imported(TOULOUSE.read_bytes(), title="Budget participatif de Toulouse, 2019")


def test_toulouse_is_proclaimed_without_a_roll_and_says_where_it_comes_from(toulouse):
    assert toulouse.state == State.PROCLAIMED
    assert toulouse.roll.count() == 0
    assert toulouse.result.ballots == toulouse.ballots.count() == 1494
    assert toulouse.source == "France, Toulouse, 2019, budget.pb"
    assert f"{toulouse.vote.opens_at:%Y}" == "2019"
    assert "1\u202f494 bulletins" in toulouse.summary.replace("\u00a0", "\u202f")
    text = Client().get(f"/consultations/{toulouse.pk}/resultats/").content.decode()
    assert "budget.pb" in text


def test_votes_score_and_both_rules_are_those_of_the_file(toulouse):
    election, outcome = read(TOULOUSE.read_bytes()), toulouse.result.outcomes["projects"]
    assert outcome["ranked_by"] == "score"
    assert outcome["votes"] == votes(election)
    assert outcome["score"] == score(election)
    assert outcome["greedy"]["selected"] == list(count_greedy(election).selected)
    assert outcome["equal_shares"]["plain"]["selected"] == list(count_equal_shares(election).plain.selected)
    check(toulouse, toulouse.result)


def test_toulouse_goes_out_byte_by_byte_as_it_came(toulouse):
    assert export_pabulib(toulouse) == TOULOUSE.read_bytes()
    answer = Client().get(f"/consultations/{toulouse.pk}/resultats/budget.pb")
    assert answer.content == TOULOUSE.read_bytes()


def test_who_proposed_is_kept_and_shown_nowhere(toulouse):
    [option] = toulouse.questions.get().options.filter(slug="6")
    assert option.proposer == "Raymonde RENAUD"
    base = f"/consultations/{toulouse.pk}/resultats/"
    for address in (
        base,
        f"{base}projects/",
        f"{base}projects/etapes/",
        f"{base}resultats.csv",
        f"{base}resultats.json",
    ):
        assert "RENAUD" not in Client().get(address).content.decode()
    assert "RENAUD" not in "".join(published.ballot_lines(toulouse))


def test_the_same_file_a_second_time_is_refused_and_the_first_stays(toulouse):
    with pytest.raises(ImportedAlready):
        imported(TOULOUSE.read_bytes())
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "kind", "counting"),
    [
        (made(), QuestionKind.MULTIPLE, Counting.GREEDY),
        (made(meta={"vote_type": "ordinal"}), QuestionKind.RANKING, Counting.GREEDY),
        (made(meta={"rule": "equalshares"}), QuestionKind.MULTIPLE, Counting.EQUAL_SHARES),
    ],
)
def test_other_types_of_vote_come_in_and_go_out(file, kind, counting):
    consultation = imported(file)
    asked = consultation.questions.get()
    assert (asked.kind, asked.counting) == (kind, counting)
    assert export_pabulib(consultation) == file
    assert Client().get(f"/consultations/{consultation.pk}/resultats/").status_code == 200


@pytest.mark.parametrize("vote_type", ["cumulative", "scoring"])
def test_a_project_named_with_no_points_is_a_vote_as_the_file_counts_it(vote_type):
    given = [("a", "p1,p2,p3", "3,0,2"), ("b", "p2", "0"), ("c", "p3,p1", "0,1"), ("d", "", ""), ("e", "p2,p1", "1,0")]
    said = [("project_id", "cost", "votes", "score"), ("p1", "600", "3", "4"), ("p2", "500", "3", "1")]
    said += [("p3", "400", "2", "2")]
    meta = {"vote_type": vote_type, "num_votes": "5", "max_points": "3"}
    file = made(meta=meta, projects=said, votes=[("voter_id", "vote", "points"), *given])
    election = read(file)
    assert election.notices == []
    consultation = imported(file)
    outcome, told = consultation.result.outcomes["projects"], as_json(election)
    assert outcome["votes"] == told["votes"] == {"p1": 3, "p2": 3, "p3": 2}
    assert outcome["score"] == told["score"] == {"p1": 4, "p2": 1, "p3": 2}
    assert outcome["greedy"]["selected"] == told["greedy"]
    assert outcome["equal_shares"]["plain"]["selected"] == told["equal_shares"]
    assert outcome["participation"]["blank"] == 1
    assert export_pabulib(consultation) == file
    check(consultation, consultation.result)
    questions = read_questions(published.questions_json(consultation, consultation.result).encode())
    again = recount(questions, "".join(published.ballot_lines(consultation)).encode())
    assert again.faults == ()


def test_of_a_broken_file_nothing_stays(tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_bytes(TOULOUSE.read_bytes() + b"9999;1,2;3\n")
    with pytest.raises(CommandError, match=r"Ligne 154\d"):
        call_command("import_pabulib", broken)
    assert Consultation.objects.count() == Ballot.objects.count() == 0


def test_a_fault_that_only_the_import_finds_leaves_nothing_either():
    with pytest.raises(BrokenFile):
        imported(TOULOUSE.read_bytes().replace(b"\n7;20000", b"\n" + b"7" * 81 + b";20000").replace(b",7;", b",8;"))
    assert Consultation.objects.count() == 0


def test_the_commands_bring_in_and_write_out(tmp_path):
    said = StringIO()
    call_command("import_pabulib", TOULOUSE, "--title", "Toulouse", stdout=said)
    consultation = Consultation.objects.get()
    assert str(consultation.pk) in said.getvalue()
    raw = BytesIO()
    out = TextIOWrapper(raw)
    call_command("export_pabulib", consultation.pk, stdout=out)
    assert raw.getvalue() == TOULOUSE.read_bytes()


def test_a_consultation_of_ours_is_written_as_one_that_reads_back(colette):
    told = question(
        "projets", "points", "equal_shares", [("p", 60), ("q", 50)], points_each=3, points_all=4, total_cost=80
    )
    ballots = [{"projets": {"p": 3, "q": 1}}, {"projets": {"q": 2}}, {"projets": None}]
    consultation = counted(told, ballots=ballots)
    with pytest.raises(NoBudget):
        export_pabulib(consultation)
    proclaim(consultation, colette, at=timezone.now())
    election = read(export_pabulib(consultation))
    assert election.notices == []
    assert votes(election) == consultation.result.outcomes["projets"]["votes"]
    assert score(election) == consultation.result.outcomes["projets"]["score"]
    again = imported(export_pabulib(consultation))
    assert again.result.outcomes["projects"]["selected"] == consultation.result.outcomes["projets"]["selected"]
