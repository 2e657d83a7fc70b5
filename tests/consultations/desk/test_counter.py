"""At the counter: residences, lists, the roll, codes by post; and nothing kept of what was typed about a person."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import ListedPerson, Residence, ResidentList
from civic.accounts.residence import person_key
from civic.audit.models import Entry
from consultations.models import Consultation, PostalCode, RollEntry

DAY = timedelta(days=1)
BRUNO = {"name": "Bruno Ferrero", "birth_date": "02/01/1980"}
LIST = "Nom;Prénom;Date de naissance;Adresse;CP;Ville\nFerrero;Bruno;02/01/1980;1 rue du Parc;38130;Échirolles\n"


def found(at_desk, email="bruno@example.org", reason="at_counter"):
    return at_desk("residences", None, {"email": email, "reason": reason})


def verification(response, **changes):
    until = timezone.localdate() + 365 * DAY
    given = {
        "person": response.context["token"],
        "postal_code": "38130",
        "until": f"{until:%d/%m/%Y}",
        "has_seen": "on",
    }
    return given | BRUNO | changes


# --- Residences -------------------------------------------------------------------------------


def test_an_account_is_found_by_its_exact_address_for_a_reason_alone(bruno, at_desk):
    assert found(at_desk, reason="").status_code == 422
    assert found(at_desk, email="bruno@example.or").status_code == 422
    assert bruno.name in found(at_desk, email=" Bruno@Example.org").content.decode()
    entry = Entry.objects.filter(action="residence.looked_up").last()
    assert "bruno@" not in str(entry.__dict__)


def test_a_residence_is_verified_until_a_date_and_nothing_typed_is_kept(bruno, colette, at_desk, quarter):
    response = found(at_desk)
    assert at_desk("residence", None, verification(response, quarter=quarter.pk)).status_code == 302
    residence = Residence.objects.get(user=bruno)
    assert residence.person_key == person_key("FERRERO bruno", date(1980, 1, 2))
    assert (residence.quarter, residence.verified_by) == (quarter, colette)
    assert residence.is_valid_at(timezone.now() + 360 * DAY)
    assert not everywhere("02/01/1980")
    assert not everywhere("1980-01-02")


def everywhere(text: str) -> list[str]:
    """Tables in which some row holds that text."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith("django_")]
        holding = []
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" AS t WHERE t::text LIKE %s LIMIT 1', [f"%{text}%"])
            holding += [table] if cursor.fetchone() else []
    return holding


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"has_seen": ""}, "has_seen"),
        ({"birth_date": "demain"}, "birth_date"),
        ({"birth_date": "01/01/2999"}, "birth_date"),
        ({"until": "01/01/2020"}, "until"),
        ({"name": "X"}, "name"),
        ({"postal_code": "381"}, "postal_code"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept(changes, field, bruno, at_desk):
    response = at_desk("residence", None, verification(found(at_desk), **changes))
    assert response.status_code == 422
    assert f'href="#id_{field}"' in response.content.decode()
    assert not Residence.objects.exists()


def test_one_person_is_verified_under_one_account(bruno, camille, at_desk):
    at_desk("residence", None, verification(found(at_desk)))
    second = found(at_desk, email=camille.email)
    assert at_desk("residence", None, verification(second)).status_code == 409
    assert Residence.objects.count() == 1


def test_an_account_stays_with_the_person_it_was_verified_for(bruno, at_desk):
    """Else somebody would vote once under each name."""
    at_desk("residence", None, verification(found(at_desk)))
    first = Residence.objects.get()
    for act in ({}, {"act": "withdraw"}):
        at_desk("residence", None, {"person": found(at_desk).context["token"]} | act)
        response = at_desk("residence", None, verification(found(at_desk), name="Bruno Ferreri"))
        assert response.status_code == 409
        assert "pour quelqu’un d’autre" in response.content.decode()
        assert Residence.objects.get().person_key == first.person_key
    assert at_desk("residence", None, verification(found(at_desk), name="FERRERO Bruno")).status_code == 302
    assert Residence.objects.get().is_valid_at(timezone.now())


def test_a_clerk_does_not_verify_herself(colette, at_desk):
    response = found(at_desk, email=colette.email)
    assert at_desk("residence", None, verification(response)).status_code == 403


def test_a_verification_is_taken_back_and_the_person_stays_known(bruno, at_desk):
    at_desk("residence", None, verification(found(at_desk)))
    sent = {"person": found(at_desk).context["token"], "act": "withdraw"}
    assert at_desk("residence", None, sent).status_code == 302
    residence = Residence.objects.get()
    assert not residence.is_valid_at(timezone.now())
    assert residence.person_key


def test_a_token_of_another_clerk_opens_nothing(bruno, at_desk, make_person, sign_in):
    token = found(at_desk).context["token"]
    other = sign_in(make_person("Carole Petit", "clerk"))
    response = at_desk("residence", None, {"person": token} | BRUNO, client=other)
    assert response.url == reverse("clerk:residences")
    assert not Residence.objects.exists()


# --- Lists ------------------------------------------------------------------------------------


def test_a_list_is_read_first_and_imported_when_it_is_sent_again(at_desk, db):
    sent = {"name": "Liste électorale", "pasted": LIST}
    shown = at_desk("list-import", None, sent | {"keep": "1"})
    assert shown.status_code == 200
    assert not ResidentList.objects.exists()
    again = sent | {"keep": "1", "read": shown.context["form"]["read"].value()}
    assert at_desk("list-import", None, again).status_code == 302
    person = ListedPerson.objects.get()
    assert person.person_key == person_key("Bruno Ferrero", date(1980, 1, 2))
    assert person.label == "Bruno Ferrero\n1 rue du Parc\n38130 Échirolles"


def test_a_list_with_faults_names_its_lines_and_imports_nothing(at_desk, db):
    wrong = LIST + "Ferrero;Bruno;2/1/1980;;;\nRoux;Camille;hier;;;\n;Zoé;01/01/1990;;;\n"
    response = at_desk("list-import", None, {"name": "Liste", "pasted": wrong})
    page = response.content.decode()
    assert response.status_code == 422
    assert all(f"Ligne {line}" in page for line in (3, 4, 5))
    assert not ResidentList.objects.exists()


def test_a_list_takes_the_place_of_another(at_desk, colette):
    old = ResidentList.objects.create(name="Ancienne", imported_at=timezone.now(), imported_by=colette)
    old.people.create(person_key="a" * 64, label="Quelqu’un")
    sent = {"name": "Nouvelle", "replaces": old.pk, "pasted": LIST}
    read = at_desk("list-import", None, sent).context["form"]["read"].value()
    at_desk("list-import", None, sent | {"keep": "1", "read": read})
    old.refresh_from_db()
    assert (old.name, old.people.count()) == ("Nouvelle", 1)


# --- The roll ---------------------------------------------------------------------------------


@pytest.fixture
def listed(make_consultation, colette):
    """A vote that is open to the people of a list: Bruno is on it."""
    at = timezone.now()
    people = ResidentList.objects.create(name="Liste", imported_at=at, imported_by=colette)
    people.people.create(person_key=person_key("Bruno Ferrero", date(1980, 1, 2)), label="Bruno Ferrero\n1 rue du Parc")
    consultation = make_consultation(opens=-1, at=at, residence="listed", resident_list=people)
    consultation.publish(colette, at=at - 2 * DAY)
    return Consultation.objects.get(pk=consultation.pk)


def test_somebody_is_entered_once_and_the_journal_names_nobody(listed, at_desk):
    answer = at_desk("roll", listed, BRUNO)
    sent = {"person": answer.context["form"]["person"].value(), "has_seen": "on"}
    assert at_desk("roll-enter", listed, {**sent, "has_seen": ""}).status_code == 422
    assert at_desk("roll-enter", listed, sent).status_code == 302
    entry = RollEntry.objects.get()
    assert entry.channel == "paper"
    assert at_desk("roll-enter", listed, sent).status_code == 409
    assert RollEntry.objects.count() == 1
    assert "papier" in at_desk("roll", listed, BRUNO).content.decode()
    for line in Entry.objects.filter(action__startswith="roll."):
        assert entry.key not in str(line.__dict__)


def test_who_is_not_on_the_list_is_not_entered(listed, at_desk):
    answer = at_desk("roll", listed, {"name": "Camille Roux", "birth_date": "01/01/1990"})
    assert answer.context["standing"].obstacle is not None
    assert 'name="person"' not in answer.content.decode()


def test_the_roll_is_read_at_the_counter_while_people_vote_alone(make_consultation, colette, at_desk):
    at = timezone.now()
    over = make_consultation(opens=-9, closes=-1, at=at)
    over.publish(colette, at=at - 10 * DAY)
    assert at_desk("roll", over, BRUNO).status_code == 409


def test_an_answer_of_one_consultation_enters_nobody_in_another(listed, make_consultation, colette, at_desk):
    token = at_desk("roll", listed, BRUNO).context["form"]["person"].value()
    other = make_consultation(opens=-1)
    other.publish(colette, at=timezone.now() - 2 * DAY)
    response = at_desk("roll-enter", other, {"person": token, "has_seen": "on"})
    assert response.url == reverse("clerk:roll", args=[other.pk])
    assert not RollEntry.objects.exists()


# --- Codes by post ----------------------------------------------------------------------------


def test_codes_are_drawn_printed_and_erased(listed, at_desk):
    assert at_desk("codes", listed, {"act": "draw"}).status_code == 302
    code = PostalCode.objects.get()
    assert code.code not in at_desk("codes", listed).content.decode().replace("-", "")
    assert at_desk("letters", listed).status_code == 302
    letters = at_desk("letters", listed, {})
    assert code.code in letters.content.decode().replace("-", "")
    assert letters["Cache-Control"] == "private, no-store"
    assert at_desk("codes", listed, {"act": "printed"}).status_code == 302
    code.refresh_from_db()
    assert code.code == ""
    assert "Bruno" not in at_desk("letters", listed, {}).content.decode()


def test_a_lost_letter_is_replaced_by_a_code_shown_once(listed, at_desk):
    for act in ("draw", "printed"):
        at_desk("codes", listed, {"act": act})
    answer = at_desk("codes", listed, {"act": "replace"} | BRUNO)
    assert answer.context["code"] in answer.content.decode()
    assert answer.context["code"] not in at_desk("codes", listed).content.decode()
    assert PostalCode.objects.filter(revoked_at=None).count() == 1
