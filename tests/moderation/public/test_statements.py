"""The decisions about oneself, the appeal, and its answer by a moderator."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.moderation.asked import appeals_of, reports_of
from civic.moderation.models import Appeal, Case, Measure, SanctionKind, Trigger
from civic.moderation.registry import Standing

TEXT = "Je parlais du lieu."


@pytest.fixture
def statement(make_public, mireille, decide, reason):
    """Amina's text, hidden by Mireille, and Amina banned."""
    case = make_public(text="Un texte masqué.").open_case(Trigger.REPORT, at=timezone.now())
    return decide(case, mireille, "hide", reason=reason, measures=[Measure(SanctionKind.BAN)]).statement


@pytest.fixture
def address(statement):
    return reverse("my_moderation:decision", args=[statement.pk])


def test_a_banned_account_reads_the_whole_statement(amina, sign_in, statement, address):
    client = sign_in(amina)
    assert address in client.get(reverse("my_moderation:decisions")).content.decode()
    page = client.get(address).content.decode()
    for said in ("Masquage", statement.article, "Un texte masqué.", "aucun outil automatique", "Défenseur des droits"):
        assert said in page, said
    assert statement.measures_said[0] in page and "Mireille" not in page


def test_a_decision_is_for_the_person_whom_it_is_about(bruno, sign_in, address):
    client = sign_in(bruno)
    assert client.get(address).status_code == client.post(address, {"text": TEXT}).status_code == 404


def test_a_banned_account_appeals_once_and_reads_where_it_stands(amina, sign_in, statement, address):
    client = sign_in(amina)
    page = client.post(address, {"text": TEXT}, follow=True).content.decode()
    assert TEXT in page and "Recours en cours d’examen" in page and "<textarea" not in page
    assert client.post(address, {"text": "Autre chose."}).status_code == 409
    assert Appeal.objects.get().text == TEXT


def test_what_was_typed_is_kept_where_it_is_too_long(amina, sign_in, address):
    page = sign_in(amina).post(address, {"text": "mot " * 600})
    assert page.context["form"].errors["text"] and "mot mot" in page.content.decode()


def test_the_answer_is_read_there(amina, malik, sign_in, statement, address):
    appeal = statement.appeal(amina, text=TEXT, at=timezone.now())
    appeal.decide(malik, upheld=True, answer="Vous avez raison.", version=0, key=uuid4(), at=timezone.now())
    page = sign_in(amina).get(address).content.decode()
    assert "Vous avez raison." in page and "Recours accueilli" in page and "Malik" not in page


def test_the_time_that_is_over_is_said(amina, sign_in, statement, address):
    statement.appeal_until = timezone.now()
    statement.save()
    page = sign_in(amina).get(address).content.decode()
    assert "Le délai pour faire un recours s’est terminé" in page and "<textarea" not in page


def test_the_account_leads_there(amina, sign_in):
    page = sign_in(amina).get(reverse("accounts:home")).content.decode()
    assert reverse("my_moderation:decisions") in page and reverse("my_moderation:reports") in page


# --- The answer, at the desk


@pytest.fixture
def appeal(statement, amina):
    return statement.appeal(amina, text=TEXT, at=timezone.now())


def test_another_moderator_answers(malik, sign_in, appeal, notes):
    address = reverse("moderation:answer", args=[appeal.pk])
    given = {"upheld": "yes", "answer": "Vous avez raison.", "version": 0, "key": uuid4()}
    queue = sign_in(malik).post(address, given, follow=True).content.decode()
    assert 'id="told"' in queue and "puis annulée" not in queue and "/annulation/" not in queue, (
        "an answer in writing stands"
    )
    appeal.refresh_from_db()
    assert appeal.upheld and notes.standings[appeal.case.subject_id] == Standing.PUBLIC


def test_an_answer_in_writing_is_asked_for_and_the_rest_kept(malik, sign_in, appeal):
    address = reverse("moderation:answer", args=[appeal.pk])
    page = sign_in(malik).post(address, {"upheld": "no", "answer": " ", "version": 0, "key": uuid4()})
    assert page.status_code == 422 and page.context["form"].errors["answer"] and TEXT in page.content.decode()
    assert page.context["form"]["upheld"].value() == "no"


def test_the_answer_is_where_decisions_are_and_keeps_the_case(malik, sign_in, appeal):
    appeal.case.claim(malik)
    page = sign_in(malik).get(reverse("moderation:case", args=[appeal.case_id])).content.decode()
    panel = page[page.index('<aside class="decision"') : page.rindex("</aside>")]
    assert reverse("moderation:answer", args=[appeal.pk]) in panel
    assert f'data-lease="{reverse("moderation:renew", args=[appeal.case_id])}"' in panel and "data-lease-lost" in panel
    assert 'data-key="p"' in panel and 'data-key="r"' in panel


def test_an_answer_leads_to_the_next_case_and_is_not_undone(malik, sign_in, appeal, make_case):
    following, desk = make_case(), sign_in(malik)
    given = {"upheld": "no", "answer": "La décision tient.", "version": 0, "key": uuid4()}
    answered = desk.post(reverse("moderation:answer", args=[appeal.pk]), given)
    own = reverse("moderation:case", args=[appeal.case_id])
    assert answered["Location"] == reverse("moderation:case", args=[following.pk]) + f"?avant={appeal.case_id}"
    for address in (answered["Location"], own):
        assert "/annulation/" not in desk.get(address).content.decode()


def test_the_first_decider_reads_the_appeal_without_buttons(mireille, malik, appeal):
    (asked,) = appeals_of(appeal.case, mireille, holder=mireille)
    assert asked.form is None and asked.is_against_own_decision
    (asked,) = appeals_of(appeal.case, malik, holder=malik)
    assert asked.form is not None and not asked.is_against_own_decision
    assert appeals_of(appeal.case, malik)[0].form is None, "somebody else holds the case, or nobody"


def test_an_answer_by_the_first_decider_is_refused(mireille, sign_in, appeal):
    given = {"upheld": "no", "answer": "Non.", "version": 0, "key": uuid4()}
    page = sign_in(mireille).post(reverse("moderation:answer", args=[appeal.pk]), given)
    assert page.status_code == 403


def test_reports_come_with_how_often_their_reporter_was_right(
    make_public, bruno, camille, mireille, decide, reason, django_assert_num_queries
):
    for action in ("hide", "keep"):
        made = make_public().report(bruno, reason=reason, at=timezone.now())
        decide(made.case, mireille, action, reason=reason)
    subject = make_public()
    for person in (bruno, camille):
        subject.report(person, reason=reason, at=timezone.now())
    case = Case.objects.get(subject=subject)
    with django_assert_num_queries(1):
        told = reports_of(case)
    assert [(one.report.reporter, one.upheld, one.settled) for one in told] == [(bruno, 1, 2), (camille, 0, 0)]
