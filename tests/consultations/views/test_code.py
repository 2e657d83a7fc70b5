"""A vote with a code that came by post, and the page that says why one can't vote."""

from datetime import date

import pytest
from django.utils import timezone

from civic.accounts.models import ListedPerson, ResidentList
from civic.accounts.residence import person_key
from consultations import postal_codes
from consultations.models import Channel, Phase, PostalCode, RollEntry
from consultations.obstacles import NoCodes
from tests.consultations.ballot_box import unfrozen
from tests.consultations.views.conftest import nothing_is_stored


@pytest.fixture
def listed(make_vote, colette):
    """A vote for the people of a list, who were sent codes."""
    people = ResidentList.objects.create(name="Liste", imported_at="2026-01-01T00:00Z")
    ListedPerson.objects.create(list=people, person_key=person_key("Odile Garnier", date(1944, 5, 1)), label="Odile")
    consultation = make_vote(secrecy="secret", residence="listed", resident_list=people)
    postal_codes.draw(consultation, by=colette)
    return consultation


@pytest.fixture
def code(listed):
    return PostalCode.objects.get(consultation=listed).code


def test_a_code_by_post_votes_once_without_an_account(listed, code, resident):
    odile = resident(listed, "code", user=None)
    typed = f" {code[:4].lower()} {code[4:8]}-{code[8:]} "
    odile.press(code=typed, of_age="on").press(q1="o2")
    assert "Relisez votre vote" in odile.text
    sent = odile.hidden | {"go": "send"}
    odile.press("send")
    assert "Le code de votre vote" in odile.text
    assert RollEntry.objects.get().channel == Channel.POST
    again = odile.client.post(odile.address, sent)
    assert again.status_code == 409
    assert "Vous avez voté" in again.content.decode()
    assert RollEntry.objects.count() == 1


def test_a_wrong_code_is_told_beside_its_field_and_kept(listed, resident):
    odile = resident(listed, "code", user=None).press(code="ABCD EFGH", of_age="on")
    assert odile.answer.status_code == 422
    assert "Vérifiez les seize" in odile.text or "code" in odile.text
    assert 'value="ABCD EFGH"' in odile.answer.content.decode()
    assert nothing_is_stored()


def test_a_code_of_another_consultation_is_not_known_here(listed, code, make_vote, resident):
    other = make_vote(secrecy="secret", residence="listed", resident_list=listed.resident_list)
    odile = resident(other, "code", user=None)
    assert odile.press(code=code, of_age="on").answer.status_code == 422


def test_a_vote_that_sends_no_letters_says_so_instead_of_asking_for_a_code(make_vote, resident, client):
    consultation = make_vote(secrecy="secret")
    assert "code par courrier" not in client.get(consultation.get_absolute_url()).content.decode()
    odile = resident(consultation, "code", user=None)
    assert odile.answer.status_code == 200
    assert "ne prend pas de code" in odile.text
    assert 'name="code"' not in odile.answer.content.decode()


def test_a_vote_that_publishes_names_takes_no_code(listed, code, make_vote, colette, resident):
    """Nobody agreed to be published, and no name is known that could be."""
    named = make_vote(secrecy="named", residence="listed", resident_list=listed.resident_list)
    with pytest.raises(NoCodes):
        postal_codes.draw(named, by=colette)
    # One that was drawn before the rule was there.
    key = postal_codes.code_key(named, code)
    PostalCode.objects.create(consultation=named, person_key="0" * 64, code_key=key)
    odile = resident(named, "code", user=None)
    for sent in ({"page": "start"}, {"page": "review", "go": "send", "q1": "o1"}):
        refused = odile.client.post(odile.address, {"code": code, "of_age": "on"} | sent)
        assert refused.status_code == 409
        assert "publie les noms" in refused.content.decode()
    assert nothing_is_stored()


def test_a_code_after_the_close_is_told_that_the_vote_is_over(listed, code, resident):
    with unfrozen():
        Phase.objects.filter(consultation=listed, kind="vote").update(closes_at=timezone.now())
    odile = resident(listed, "code", user=None)
    assert "Le vote est terminé" in odile.text
    assert 'name="code"' not in odile.answer.content.decode()


def test_guessing_codes_is_slowed_down(listed, resident):
    odile = resident(listed, "code", user=None)
    statuses = {odile.client.post(odile.address, {"code": "AAAA", "of_age": "on"}).status_code for _ in range(65)}
    assert statuses == {422, 429}


def test_the_page_says_why_one_can_not_vote(make_vote, resident):
    assert "Vous pouvez voter" in resident(make_vote(), "why").text
    for fields in ({"opens": 2}, {"opens": -9, "closes": -2}, {"residence": "verified"}):
        bruno = resident(make_vote(**fields), "why")
        assert bruno.answer.status_code == 200
        assert "Vous pouvez voter" not in bruno.text
        assert "Vous pensez que c’est une erreur" in bruno.text


@pytest.mark.parametrize(
    ("fields", "said"), [({"opens": 2}, "On peut voter à partir du"), ({"opens": -9, "closes": -2}, "Vote terminé le")]
)
def test_where_only_the_hour_keeps_one_out_the_pages_say_it_and_send_nobody_elsewhere(
    make_vote, resident, fields, said
):
    vote = make_vote(**fields)
    for page in (resident(vote), resident(vote, "why")):
        assert said in page.text
        assert "Voter autrement" not in page.text
        assert "Où sont les guichets" not in page.text
