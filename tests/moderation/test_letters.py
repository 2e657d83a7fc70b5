"""What the author reads after a decision."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from civic.moderation.models import Measure, SanctionKind, Statement
from civic.moderation.registry import Standing
from civic.notifications.models import OutgoingMail


@pytest.fixture
def letter(case, mireille, decide, notes, reason):
    """The mail that a decision sends."""

    def letter(action="refuse", suggestion="", author=None):
        if author:
            notes.authors[case.subject_id].name = author
        decide(case, mireille, action, reason=reason if action == "refuse" else None, suggestion=suggestion)
        return OutgoingMail.objects.get()

    return letter


def test_a_statement_says_measure_ground_who_decided_and_how_to_appeal(letter, reason, settings):
    mail = letter(suggestion="Parlez du lieu, pas des voisins.")
    for text in (mail.text, mail.html):
        for said in (reason.article, "Parlez du lieu, pas des voisins.", settings.CITY["email"], "tribunal"):
            assert said in text
        assert "Note" in text and f"{settings.SITE_URL}/compte/decisions/{Statement.objects.get().pk}/" in text
    assert reason.wording in mail.text
    assert "aucun outil automatique" in mail.text, "DSA, article 17(3)(c)"
    assert settings.SITE_URL + "/notes/" in mail.text
    assert mail.language == "fr"


def test_an_appeal_is_open_for_six_months(letter):
    letter()
    statement = Statement.objects.get()
    decided_at = statement.decision.at
    assert (statement.appeal_until - decided_at).days >= 184
    assert statement.can_be_appealed(at=decided_at)
    assert not statement.can_be_appealed(at=statement.appeal_until)


def test_a_reason_reworded_later_changes_no_statement(letter, reason):
    letter()
    said = reason.wording
    reason.wording = "Autre chose."
    reason.save()
    assert Statement.objects.get().ground == said


def test_an_acceptance_is_told_with_its_address(letter, settings):
    mail = letter("publish")
    assert settings.SITE_URL + "/notes/" in mail.text and settings.SITE_URL + "/notes/" in mail.html
    assert "acceptée" in mail.subject.lower()


def test_names_and_suggestions_are_text_in_the_mail(letter):
    mail = letter(suggestion="<script>alert(1)</script>", author="<b>Amina</b>")
    assert "<script>" not in mail.html and "<b>Amina" not in mail.html
    assert "<b>Amina</b>" in mail.text, "plain text needs no escape"


def test_letters_are_french_whatever_the_moderator_reads(case, mireille, decide):
    with translation.override("en"):
        decide(case, mireille)
    assert "Bonjour" in OutgoingMail.objects.get().text


def test_without_an_author_there_is_a_statement_and_no_mail(case, mireille, notes, decide, reason):
    notes.authors[case.subject_id] = None
    decide(case, mireille, "refuse", reason=reason)
    assert Statement.objects.get().recipient is None
    assert not OutgoingMail.objects.exists()


def test_a_statement_says_what_is_decided_about_the_account(case, mireille, decide, reason):
    until = timezone.now() + timedelta(days=7)
    measures = [Measure(SanctionKind.SUSPENSION, until)]
    decide(case, mireille, "refuse", reason=reason, measures=measures)
    mail, statement = OutgoingMail.objects.get(), Statement.objects.get()
    until_said = date_format(timezone.localtime(statement.appeal_until), "DATE_FORMAT")
    for text in (mail.text, mail.html):
        assert str(statement.measures_said[0]) in text
        assert "toujours signer, voter" in text and until_said in text
        assert "Défenseur des droits" in text and "Mireille" not in text


def test_a_warning_beside_a_text_that_stays_says_how_to_appeal(make_case, mireille, decide, reason, settings):
    case = make_case(standing=Standing.PUBLIC)
    decide(case, mireille, "keep", reason=reason, measures=[Measure(SanctionKind.WARNING)])
    mail, statement = OutgoingMail.objects.get(), Statement.objects.get()
    for text in (mail.text, mail.html):
        assert f"{settings.SITE_URL}/compte/decisions/{statement.pk}/" in text and "avertissement" in text
    assert statement.ground in mail.text
