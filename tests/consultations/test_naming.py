"""A named vote is a stance in public: agreed to before, shown with the result, taken off on request."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from civic.audit.models import Entry
from consultations import box, counting, naming, proclamation, published, retention
from consultations.models import Ballot, Consultation, OpenBallot
from consultations.models.readiness import AGE_OF_CONSENT, missing
from consultations.results.names import NamesShown, names_csv
from tests.consultations.ballot_box import Vote, open_vote
from tests.consultations.votes import draft_vote

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def vote(colette):
    return open_vote(colette, secrecy="named")


@pytest.fixture
def proclaim_votes(colette, vote):
    """The vote closed and proclaimed, after each of these has voted; None stands for somebody whose account is gone."""

    def proclaim(*people) -> Consultation:
        for number, user in enumerate(people):
            cast(vote, number, user)
        vote.close()
        counting.count(vote.consultation, by=colette, at=timezone.now())
        proclamation.proclaim(vote.consultation, colette, at=timezone.now())
        return vote.consultation

    return proclaim


def cast(vote: Vote, number: int, user, option: str = "o1"):
    voter = vote.voter(number, user_id=user.pk if user else None)
    return box.cast(vote.consultation, voter, {"nom": option}, at=timezone.now())


def names(consultation) -> list[str]:
    return [shown.name for shown in NamesShown(consultation, "").items]


def read(consultation, **query):
    return Client().get(f"/consultations/{consultation.pk}/noms/", query)


def test_names_stand_beside_their_answers_in_the_order_of_names(proclaim_votes, vote, bruno, camille, amina):
    for user, name in ((bruno, "Zoé"), (camille, "Élise"), (amina, "émile")):
        user.name = name
        user.save()
    cast(vote, 0, bruno, "o3")
    consultation = proclaim_votes(bruno, camille, None, amina)
    assert names(consultation) == ["Élise", "émile", "Zoé", ""]
    page = read(consultation)
    text = page.content.decode()
    assert text.index("Élise") < text.index("Parc numéro 1")
    assert "Sans nom" in text
    assert page["X-Robots-Tag"] == "noindex"


def test_nobody_reads_a_name_before_the_proclamation(vote, bruno, colette, sign_in):
    cast(vote, 0, bruno)
    consultation = vote.consultation
    addresses = [f"/consultations/{consultation.pk}/noms/", f"/consultations/{consultation.pk}/resultats/noms.csv"]
    visitors = (Client(), sign_in(colette))
    assert {client.get(address).status_code for client in visitors for address in addresses} == {404}
    vote.close()
    counting.count(consultation, by=colette, at=timezone.now())
    assert {client.get(address).status_code for client in visitors for address in addresses} == {404}


def test_names_of_other_votes_are_nowhere(colette, bruno):
    consultation = open_vote(colette, secrecy="confidential").consultation
    box.cast(consultation, Vote(consultation).voter(0, user_id=bruno.pk), {"nom": "o1"}, at=timezone.now())
    assert OpenBallot.objects.get().user is None
    assert not naming.is_named(consultation)


def test_a_name_is_taken_off_by_its_holder_and_the_vote_still_counts(proclaim_votes, bruno, camille):
    consultation = proclaim_votes(bruno, camille)
    before = consultation.result.digest
    client = Client()
    client.force_login(bruno)
    address = f"/consultations/{consultation.pk}/mon-nom/"
    assert bruno.name in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert names(consultation) == [camille.name, ""]
    assert bruno.name not in names_csv(consultation)
    assert client.post(address).status_code == 409
    assert published.digest(consultation) == before
    assert Ballot.objects.filter(consultation=consultation).count() == 2


@pytest.mark.parametrize("erase", [lambda user: user.delete(), lambda user: user.deactivate(reason="own")])
def test_an_account_that_goes_takes_its_name_along(proclaim_votes, bruno, camille, erase):
    consultation = proclaim_votes(bruno, camille)
    erase(bruno)
    assert names(consultation) == [camille.name, ""]
    assert Ballot.objects.filter(consultation=consultation).count() == 2


def test_a_name_that_was_taken_off_comes_back_with_a_new_agreement_alone(vote, bruno):
    cast(vote, 0, bruno)
    naming.take_off(vote.consultation, bruno)
    with pytest.raises(naming.NoName):
        naming.take_off(vote.consultation, bruno)
    cast(vote, 0, bruno, "o2")
    assert naming.has_name(vote.consultation, bruno)


def test_pages_of_names_follow_each_other_and_ask_the_same_of_the_database(
    proclaim_votes, django_user_model, django_assert_max_num_queries
):
    people = [django_user_model(email=f"p{number}@example.org", name=f"Personne {number:03}") for number in range(90)]
    consultation = proclaim_votes(*django_user_model.objects.bulk_create(people))
    seen, cursor = [], "?"
    while cursor:
        with django_assert_max_num_queries(6):
            found = Client().get(f"/consultations/{consultation.pk}/noms/{cursor}").context["found"]
        seen += [shown.name for shown in found.items]
        cursor = found.next_url
    assert seen == [person.name for person in people]


def test_the_file_of_names_joins_that_of_the_ballots_by_code(proclaim_votes, bruno, camille):
    bruno.name = "=1+1"
    bruno.save()
    consultation = proclaim_votes(bruno, camille, None)
    content = Client().get(f"/consultations/{consultation.pk}/resultats/noms.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["nom"] for row in rows] == ["'=1+1", camille.name]
    codes = set(consultation.ballots.values_list("code", flat=True))
    assert {row["code"] for row in rows} < codes
    assert "noms.csv" in published.datapackage_json(consultation, consultation.result)


@pytest.mark.parametrize(("decided", "days"), [(True, naming.AFTER_DECISION), (False, naming.LONGEST)])
def test_names_stand_no_longer_than_was_said(proclaim_votes, colette, bruno, decided, days):
    consultation = proclaim_votes(bruno)
    if decided:
        consultation.decide(colette, text="Ce sera ce nom.", follows="yes", at=consultation.proclaimed_at)
    retention.destroy_due(at=consultation.proclaimed_at + days - DAY)
    assert names(consultation) == [bruno.name]
    retention.destroy_due(at=consultation.proclaimed_at + days)
    assert names(consultation) == []
    assert Entry.objects.filter(action="consultation.names_removed").count() == 1
    assert "durée d’affichage" in read(consultation).content.decode()
    assert Ballot.objects.filter(consultation=consultation).count() == 1


def test_a_named_vote_asks_for_an_age_at_which_one_agrees_alone(colette):
    draft = draft_vote(colette, secrecy="named", minimum_age=AGE_OF_CONSENT - 1)
    assert any("nominatif" in str(sentence) for sentence in missing(draft, at=timezone.now()))
    draft.minimum_age = AGE_OF_CONSENT
    assert not any("nominatif" in str(sentence) for sentence in missing(draft, at=timezone.now()))
