"""Nothing of a result before the proclamation, all of it after, and the same whoever counts."""

import hashlib
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from civic.kernel.mailboxes import mailbox_key
from civic.notifications.models import OutgoingMail
from consultations import published
from consultations.eligibility import roll_key
from consultations.models import Ballot, Consultation
from consultations.proclamation import AlreadyProclaimed, CountDiffers, NotCountedYet, proclaim
from consultations.told import Step, participants, tell_participants
from tests.consultations.counted import code, counted, put_on_roll, question

pytestmark = pytest.mark.django_db

PLACE = question("place", "single", "plurality", ["parc", "halle"])
ORDER = question("ordre", "ranking", "schulze", ["a", "b", "c"])
GRADES = question("mentions", "grades", "majority_judgment", ["x", "y"], grades=["bien", "moyen", "mal"])
BUDGET = question(
    "budget", "points", "equal_shares", [("p", 60), ("q", 50)], points_each=3, points_all=4, total_cost=80
)
BALLOTS = [
    {"place": "parc", "ordre": ["a", "b"], "mentions": {"x": 0, "y": 1}, "budget": {"p": 3, "q": 1}},
    {"place": "parc", "ordre": ["b"], "mentions": {"x": 1}, "budget": {"q": 2}},
    {"place": None, "ordre": None, "mentions": None, "budget": None},
    {"place": "halle"},
] * 5


@pytest.fixture
def waiting():
    return counted(PLACE, ORDER, GRADES, BUDGET, ballots=BALLOTS)


@pytest.fixture
def open_to_all(waiting, colette):
    proclaim(waiting, colette, at=timezone.now())
    return waiting


def addresses(consultation):
    base = f"/consultations/{consultation.pk}/resultats/"
    return [
        base,
        *(f"/en{base}", f"{base}place/", f"{base}ordre/etapes/", f"{base}budget/etapes/"),
        *(f"{base}{name}" for name in (*published.TEXTS, published.BALLOTS, published.RECOUNT, published.PABULIB)),
    ]


# --- Before -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["nobody", "colette", "mireille", "bruno"])
def test_before_the_proclamation_there_is_no_page_and_no_file_for_anybody(waiting, role, request, sign_in):
    client = Client() if role == "nobody" else sign_in(request.getfixturevalue(role))
    assert {client.get(address).status_code for address in addresses(waiting)} == {404}


def test_the_list_for_programs_says_nothing_of_a_result_before(waiting):
    [record] = Client().get("/consultations.json").json()["consultations"]
    assert record["state"] == "counted"
    assert record["results"] is None
    assert not {"outcomes", "ballots", "winner"} & record.keys()


# --- The act ----------------------------------------------------------------------------------


def test_a_clerk_proclaims_once_and_the_journal_knows(waiting, colette):
    at = timezone.now()
    proclaim(waiting, colette, at=at)
    assert Consultation.objects.get(pk=waiting.pk).proclaimed_at == at
    assert Entry.objects.filter(action="consultation.proclaimed", target_id=waiting.pk).count() == 1
    with pytest.raises(AlreadyProclaimed):
        proclaim(waiting, colette, at=at)


def test_nobody_else_proclaims(waiting, bruno, mireille):
    for person in (bruno, mireille):
        with pytest.raises(NotAllowed):
            proclaim(waiting, person, at=timezone.now())


def test_what_is_not_counted_is_not_proclaimed(make_consultation, colette):
    with pytest.raises(NotCountedYet):
        proclaim(make_consultation(), colette, at=timezone.now())


def test_open_pages_are_told(waiting, colette):
    proclaim(waiting, colette, at=timezone.now())
    assert waiting.stream.events.count() == 1


def test_a_ballot_that_was_changed_after_the_count_stops_the_proclamation(waiting, colette):
    Ballot.objects.filter(consultation=waiting, code=code(0)).update(answers={"place": "halle"})
    with pytest.raises(CountDiffers):
        proclaim(waiting, colette, at=timezone.now())
    assert Consultation.objects.get(pk=waiting.pk).proclaimed_at is None


def test_a_ballot_that_came_from_nowhere_stops_the_proclamation(waiting, colette):
    Ballot.objects.create(consultation=waiting, code="Z" * 20, answers={})
    with pytest.raises(CountDiffers):
        proclaim(waiting, colette, at=timezone.now())


# --- After ------------------------------------------------------------------------------------


def test_afterwards_the_page_says_what_the_count_found(open_to_all):
    text = Client().get(addresses(open_to_all)[0]).content.decode()
    assert open_to_all.result.digest in text
    for option in ("Parc", "Halle"):
        assert option in text


def test_every_page_and_file_answers(open_to_all):
    answers = {address: Client().get(address).status_code for address in addresses(open_to_all)}
    # A ballot with more than its budget has no Pabulib file.
    assert {address for address, status in answers.items() if status != 200} == {addresses(open_to_all)[-1]}


def test_files_are_kept_by_the_reader_and_open_to_other_sites(open_to_all):
    answer = Client().get(f"/consultations/{open_to_all.pk}/resultats/resultats.json")
    assert answer["Content-Disposition"] == 'attachment; filename="resultats.json"'
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_recount_script_finds_the_proclaimed_result_in_the_published_files_alone(open_to_all, tmp_path):
    """Must hold: in a process of its own, with nothing but what came over HTTP."""
    for name in (published.BALLOTS, published.QUESTIONS, published.RECOUNT):
        answer = Client().get(f"/consultations/{open_to_all.pk}/resultats/{name}")
        (tmp_path / name).write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    command = [sys.executable, "-I", "-S", published.RECOUNT, published.QUESTIONS, published.BALLOTS, "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, env={})
    found = json.loads(done.stdout)
    assert found["agrees"]
    assert found["outcomes"] == open_to_all.result.outcomes
    assert found["ballots"] == open_to_all.result.ballots == len(BALLOTS)
    assert found["sha256"] == open_to_all.result.digest


def test_the_digest_is_that_of_the_file(open_to_all):
    answer = Client().get(f"/consultations/{open_to_all.pk}/resultats/bulletins.csv")
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == open_to_all.result.digest


def test_each_code_is_there_exactly_once_in_order(open_to_all):
    lines = "".join(published.ballot_lines(open_to_all)).splitlines()[1:]
    codes = [line.split(",", 1)[0] for line in lines]
    assert codes == sorted(codes)
    assert codes.count(code(3)) == 1
    assert len(set(codes)) == len(BALLOTS)


def test_reading_takes_no_more_queries_for_more_ballots(open_to_all, colette, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        Client().get(f"/consultations/{open_to_all.pk}/resultats/")


def test_a_cell_of_the_results_that_looks_like_a_formula_is_neutralised(colette):
    consultation = counted(question("q", "single", "plurality", ["=1+1", "b"]), ballots=[{"q": "b"}])
    consultation.questions.get().options.filter(slug="=1+1").first()
    assert "\n=1" not in published.results_csv(consultation, consultation.result)
    assert ",'=1+1," in published.results_csv(consultation, consultation.result)


def test_a_small_channel_is_in_no_file(colette):
    ballots = [{"place": "parc"}] * 25
    consultation = counted(PLACE, ballots=ballots, channels={"online": 20, "paper": 3, "post": 2})
    for text in (published.results_csv, published.results_json):
        assert "paper" not in text(consultation, consultation.result)


# --- Who took part is told --------------------------------------------------------------------


@pytest.fixture
def voters(open_to_all, bruno, camille, amina):
    put_on_roll(open_to_all, *(roll_key(open_to_all, mailbox_key(user.email)) for user in (bruno, camille)), "0" * 64)
    return open_to_all


def test_who_took_part_is_found_by_their_keys(voters, bruno, camille):
    assert list(participants(voters)) == [bruno, camille]


def test_they_are_told_once_for_each_step(voters, bruno, camille):
    assert tell_participants(voters, Step.RESULT) == 2
    assert tell_participants(voters, Step.RESULT) == 0
    assert {mail.to for mail in OutgoingMail.objects.all()} == {bruno.email, camille.email}
    voters.decide(voters_clerk(), text="Le parc.", follows="yes", at=timezone.now() + timedelta(hours=1))
    assert tell_participants(voters, Step.DECISION) == 2
    assert voters.title in OutgoingMail.objects.latest("pk").text


def voters_clerk():
    from civic.accounts.models import User

    return User.objects.get(email="colette@example.org")


def test_the_decision_stands_on_the_page(voters):
    voters.decide(voters_clerk(), text="Nous **suivons** le vote.", follows="yes", at=timezone.now())
    text = Client().get(f"/consultations/{voters.pk}/resultats/").content.decode()
    assert "Nous <strong>suivons</strong> le vote." in text
