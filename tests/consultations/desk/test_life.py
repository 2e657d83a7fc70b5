"""From the desk: the preview, publication, corrections, later dates, withdrawal, count, proclamation, decision."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consultations import counting, drafting
from consultations.importing import import_pabulib
from consultations.models import (
    Consultation,
    Document,
    Envelope,
    OpenBallot,
    RollEntry,
    Scrutineer,
    State,
)
from tests.consultations.pabulib.files import made
from tests.kernel.pdfs import pdf

DAY = timedelta(days=1)


def fresh(consultation):
    return Consultation.objects.get(pk=consultation.pk)


@pytest.fixture
def published(budget, colette):
    budget.publish(colette, at=timezone.now())
    return fresh(budget)


@pytest.fixture
def counted(make_consultation, colette):
    """Published some days ago, its vote over, counted."""
    at = timezone.now()
    consultation = make_consultation(opens=-9, closes=-1, at=at)
    consultation.publish(colette, at=at - 10 * DAY)
    counting.count(fresh(consultation), by=colette, at=at)
    return fresh(consultation)


# --- Before -----------------------------------------------------------------------------------


def test_the_preview_shows_residents_page_and_stores_nothing(budget, at_desk):
    page = at_desk("preview", budget).content.decode()
    assert budget.title in page
    assert "Un kiosque" in page
    assert fresh(budget).published_at is None


def test_the_ballot_can_be_tried_to_its_end_and_casts_nothing(budget, at_desk):
    first = budget.questions.get().options.first()
    assert at_desk("rehearse", budget).status_code == 200
    asked = at_desk("rehearse", budget, {"page": "start", "of_age": "on", "go": "next"})
    name = next(name for name in ("q1",) if f'name="{name}"' in asked.content.decode())
    chosen = {"of_age": "on", name: first.slug}
    assert at_desk("rehearse", budget, chosen | {"page": "1", "go": "next"}).status_code == 200
    sent = at_desk("rehearse", budget, chosen | {"page": "review", "go": "send"})
    assert "Le bulletin s’arrête ici" in sent.content.decode()
    assert not RollEntry.objects.exists()
    assert not OpenBallot.objects.exists()
    assert not Envelope.objects.exists()


def test_publishing_asks_for_a_yes_and_then_freezes(budget, at_desk):
    assert at_desk("publish", budget, {"is_sure": ""}).status_code == 422
    assert fresh(budget).published_at is None
    assert at_desk("publish", budget, {"is_sure": "on"}).status_code == 302
    assert fresh(budget).state == State.ANNOUNCED
    assert at_desk("publish", budget, {"is_sure": "on"}).status_code == 409


def test_an_incomplete_draft_is_not_published(colette, at_desk, db):
    draft = Consultation.draft(colette, title="Vide")
    page = at_desk("publish", draft).content.decode()
    assert "is_sure" not in page
    assert at_desk("publish", draft, {"is_sure": "on"}).status_code == 422
    assert fresh(draft).published_at is None


# --- Afterwards -------------------------------------------------------------------------------


def test_a_correction_is_a_version_with_its_explanation(published, at_desk):
    sent = {
        "title": published.title,
        "summary": "Quels projets, enfin ?",
        "description": published.description,
        "question_1_text": "Quels projets voulez-vous ?",
        "explanation": "Une faute.",
    }
    assert at_desk("correct", published, sent).status_code == 302
    version = published.versions.get(number=2)
    assert version.explanation == "Une faute."
    assert fresh(published).summary == "Quels projets, enfin ?"
    assert fresh(published).questions.get().text == "Quels projets voulez-vous ?"


@pytest.mark.parametrize("lost", ["explanation", "summary"])
def test_a_correction_without_its_explanation_or_summary_is_refused(lost, published, at_desk):
    sent = {"title": "Autre titre", "summary": "S", "question_1_text": "Q", "explanation": "E"} | {lost: ""}
    response = at_desk("correct", published, sent)
    assert response.status_code == 422
    assert f'href="#id_{lost}"' in response.content.decode()
    assert not published.versions.filter(number=2).exists()


def test_the_words_of_one_choice_are_corrected(published, at_desk):
    choice = published.questions.get().options.first()
    sent = {"label": "Un banc à l’ombre", "description": "", "cost": "400", "explanation": "Précision."}
    assert at_desk("correct-option", published, sent, option=choice.pk).status_code == 302
    choice.refresh_from_db()
    assert choice.label == "Un banc à l’ombre"


def test_nothing_changed_is_no_correction(published, at_desk):
    choice = published.questions.get().options.first()
    sent = {"label": choice.label, "description": choice.description, "cost": "400", "explanation": "Rien."}
    assert at_desk("correct-option", published, sent, option=choice.pk).status_code == 422
    assert published.versions.count() == 1


def test_a_date_moves_later_with_a_reason_and_never_earlier(published, at_desk):
    vote = published.vote
    moved = {"phase": vote.pk, "reason": "Une panne."}
    later, earlier = (f"{timezone.localtime(vote.closes_at) + days * DAY:%Y-%m-%dT%H:%M}" for days in (2, -2))
    assert at_desk("extend", published, moved | {"closes_at": earlier}).status_code == 422
    assert at_desk("extend", published, moved | {"closes_at": later, "reason": ""}).status_code == 422
    assert at_desk("extend", published, moved | {"closes_at": later}).status_code == 302
    assert published.extensions.get().reason == "Une panne."


def test_a_withdrawal_says_why(published, at_desk):
    assert at_desk("withdraw", published, {"reason": ""}).status_code == 422
    assert at_desk("withdraw", published, {"reason": "Le projet est abandonné."}).status_code == 302
    assert fresh(published).state == State.WITHDRAWN


def test_a_draft_has_none_of_these_pages(draft, at_desk):
    for name in ("correct", "extend", "withdraw", "roll", "codes", "count", "proclaim", "decide"):
        assert at_desk(name, draft).status_code == 404


def test_a_vote_that_is_not_secret_is_counted_and_proclaimed_from_the_desk(make_consultation, colette, at_desk):
    at = timezone.now()
    consultation = make_consultation(opens=-9, closes=-1, at=at)
    consultation.publish(colette, at=at - 10 * DAY)
    assert at_desk("proclaim", consultation, {}).status_code == 409
    assert at_desk("count", consultation, {}).status_code == 302
    assert fresh(consultation).state == State.COUNTED
    assert at_desk("proclaim", consultation, {}).status_code == 302
    assert fresh(consultation).state == State.PROCLAIMED


def test_a_decision_follows_the_proclamation_once(counted, at_desk):
    sent = {"follows": "partly", "text": "La ville prend le premier nom."}
    assert at_desk("decide", counted, sent).status_code == 409
    at_desk("proclaim", counted, {})
    assert at_desk("decide", counted, {"follows": "partly", "text": ""}).status_code == 422
    assert at_desk("decide", counted, sent).status_code == 302
    assert fresh(counted).state == State.DECIDED
    assert at_desk("decide", counted, sent).status_code == 409


# --- Documents --------------------------------------------------------------------------------


def file(content: bytes, name: str = "plan.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_pdf_is_added_without_its_author_and_served_as_a_file_to_keep(budget, at_desk, desk, client):
    content = pdf(info=b"/Author (Colette)")
    sent = {"title": "Le plan du parc", "file": file(content, "../../etc/passwd.pdf")}
    assert at_desk("documents", budget, sent).status_code == 302
    document = budget.documents.get()
    address = reverse("consultations:document", args=[budget.pk, document.pk])
    assert document.sha256 in at_desk("documents", budget).content.decode()
    response = desk.get(address)
    assert response.content == bytes(Document.objects.defer(None).get().content)
    assert b"Colette" not in response.content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="le-plan-du-parc.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"<svg/>", b"", b"PK\x03\x04", pdf(tail=b"\n<script>alert(1)</script>"), b"%PDF-1.7\n" + b" " * 9_000_000],
)
def test_what_is_no_plain_pdf_is_refused_beside_its_field(content, budget, at_desk):
    response = at_desk("documents", budget, {"title": "Le plan", "file": file(content)})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'href="#id_file"' in page
    assert 'value="Le plan"' in page
    assert not Document.objects.exists()


def test_the_same_file_is_not_added_twice_and_can_be_taken_away(budget, at_desk):
    for status in (302, 409):
        assert at_desk("documents", budget, {"title": "Le plan", "file": file(pdf())}).status_code == status
    assert at_desk("document-remove", budget, {}, document=budget.documents.get().pk).status_code == 302
    assert not Document.objects.exists()


# --- Scrutineers ------------------------------------------------------------------------------


def test_scrutineers_are_named_by_their_address_and_get_their_right(draft, bruno, at_desk):
    assert at_desk("scrutineers", draft, {"email": "personne@example.org"}).status_code == 422
    assert at_desk("scrutineers", draft, {"email": "Bruno@Example.org"}).status_code == 302
    assert bruno.has_role("scrutineer", space=draft.space)
    assert at_desk("scrutineers", draft, {"email": bruno.email}).status_code == 409
    place = draft.scrutineers.get()
    assert at_desk("scrutineer-remove", draft, {}, scrutineer=place.pk).status_code == 302
    bruno.refresh_from_db()
    assert not bruno.rights.current(at=timezone.now() + DAY).exists()


def test_who_still_owes_a_key_is_called_by_name(draft, colette, bruno, at_desk):
    draft.secrecy = "secret"
    draft.save()
    drafting.name_scrutineer(draft, colette, bruno, at=timezone.now())
    assert f"{bruno.name}\u00a0: la clé" in at_desk("consultation", draft).content.decode()


def test_those_after_a_scrutineer_who_goes_move_up(draft, colette, amina, bruno, camille):
    for user in (amina, bruno, camille):
        drafting.name_scrutineer(draft, colette, user, at=timezone.now())
    drafting.remove_scrutineer(Scrutineer.objects.get(user=amina), colette, at=timezone.now())
    assert list(draft.scrutineers.values_list("rank", "user__name")) == [(1, bruno.name), (2, camille.name)]


def test_a_draft_without_days_is_previewed_too_and_its_ballot_waits(make_consultation, at_desk):
    draft = make_consultation()
    draft.phases.all().delete()
    assert at_desk("preview", draft).status_code == 200
    assert at_desk("rehearse", draft).url == reverse("clerk:consultation", args=[draft.pk])


def test_a_result_that_was_imported_waits_for_no_decision_here(counted, colette, at_desk):
    imported = import_pabulib(made(), filename="ailleurs.pb", title="Un budget d’ailleurs", at=timezone.now())
    text = at_desk("list").content.decode()
    waiting, over = text.index('id="shelf-waiting"'), text.index('id="shelf-over"')
    assert waiting < text.index(counted.title) < over < text.index(imported.title)
    assert "à décider" not in text
