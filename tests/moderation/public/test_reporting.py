"""Reporting a text, on the petition's own page and the report's."""

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.moderation.models import Measure, Report, SanctionKind
from civic.moderation.registry import Standing


@pytest.fixture
def subject(make_public):
    return make_public(text="Un texte à signaler.")


@pytest.fixture
def address(subject):
    return reverse("moderation:report", args=[subject.pk])


def test_a_stranger_signs_in_and_comes_back(client, address):
    response = client.get(address)
    assert response.status_code == 302 and response["Location"].endswith(f"?next={address}")


def test_the_form_shows_the_text_and_whom_to_call(bruno, sign_in, address):
    page = sign_in(bruno).get(address)
    text = page.content.decode()
    assert "Un texte à signaler." in text and "private, no-store" in page["Cache-Control"]
    for number in ("tel:17", "tel:112", "sms:114", "tel:119", "tel:3919", "tel:3114"):
        assert number in text


def test_what_a_reader_cannot_judge_is_not_offered(bruno, sign_in, address):
    codes = {reason.code for reason in sign_in(bruno).get(address).context["form"].fields["reason"].queryset}
    assert "personal_attack" in codes and not codes & {"duplicate", "not_a_request", "outside_competence"}


def test_a_report_leads_to_its_state(bruno, sign_in, subject, address, reason):
    response = sign_in(bruno).post(address, {"reason": reason.pk, "sentence": "La fin."}, follow=True)
    assert response.redirect_chain == [(reverse("my_moderation:reports"), 302)]
    text = response.content.decode()
    assert "Merci" in text and f"Note {subject.pk}" in text and "La fin." in text and "En cours d’examen" in text
    assert Report.objects.get().sentence == "La fin."


def test_what_was_typed_is_kept_where_the_reason_lacks(bruno, sign_in, address):
    page = sign_in(bruno).post(address, {"sentence": "Une phrase à garder."})
    assert "Une phrase à garder." in page.content.decode() and page.context["form"].errors["reason"]
    assert not Report.objects.exists()


def test_a_sentence_has_500_characters_at_most(bruno, sign_in, address, reason):
    page = sign_in(bruno).post(address, {"reason": reason.pk, "sentence": "a" * 501})
    assert page.context["form"].errors["sentence"]


def test_who_reported_already_is_led_to_its_state(bruno, sign_in, subject, address, reason):
    subject.report(bruno, reason=reason, at=timezone.now())
    assert sign_in(bruno).get(address)["Location"] == reverse("my_moderation:reports")


def test_ones_own_text_is_not_reported(amina, sign_in, subject, address):
    page = sign_in(amina).get(address)
    assert page.status_code == 403
    assert f'href="/notes/{subject.pk}/"' in page.content.decode(), "the way on is not the page that refuses"


def test_a_text_that_is_not_public_is_not_there(bruno, sign_in, notes, subject, address):
    notes.standings[subject.pk] = Standing.HIDDEN
    assert sign_in(bruno).get(address).status_code == 404


def test_who_is_silenced_is_told_why(bruno, sign_in, make_case, mireille, decide, reason, address):
    decide(make_case(author=bruno), mireille, "refuse", reason=reason, measures=[Measure(SanctionKind.BAN)])
    page = sign_in(bruno).get(address)
    assert page.status_code == 403 and reason.wording in page.content.decode().replace("&#x27;", "'")


def test_masked_words_are_not_shown_to_who_reports(bruno, sign_in, make_public, mireille, decide, reason):
    subject = make_public(text="Un mot affreux ici.")
    decide(subject.open_case(at=timezone.now()), mireille, "mask", reason=reason, masked_text="Un mot […] ici.")
    text = sign_in(bruno).get(reverse("moderation:report", args=[subject.pk])).content.decode()
    assert "Un mot […] ici." in text and "affreux" not in text


def test_ones_reports_are_ones_own(bruno, camille, sign_in, subject, reason):
    subject.report(bruno, reason=reason, sentence="La fin.", at=timezone.now())
    assert "La fin." not in sign_in(camille).get(reverse("my_moderation:reports")).content.decode()
