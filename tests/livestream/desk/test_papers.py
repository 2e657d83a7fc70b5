"""From the desk: documents of a session, their versions, and what becomes of them once they were public."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from livestream.models import Paper, PaperVersion
from tests.kernel.pdfs import pdf


def file(title="Rapport"):
    return SimpleUploadedFile("rapport.pdf", pdf(info=b"/Title (%s)" % title.encode()), "application/pdf")


@pytest.fixture
def report(at_desk, draft):
    """A report on the first item, in its first version."""
    item = draft.items.first()
    at_desk("papers", draft, {"title": "Rapport", "item": item.pk, "file": file()})
    return Paper.objects.get(sitting=draft)


def test_a_document_is_added_to_an_item_and_residents_read_it_once_convened(at_desk, report, draft, colette, client):
    assert report.item == draft.items.first()
    assert client.get(draft.get_absolute_url()).status_code == 404
    draft.convene(colette, at=timezone.now())
    assert "Rapport" in client.get(draft.get_absolute_url()).content.decode()


def test_a_version_comes_after_the_one_that_was_seen_and_leaves_it(at_desk, report, draft):
    sent = {"file": file("Autre"), "seen": "1"}
    assert at_desk("paper", draft, sent, paper=report.pk).status_code == 302
    assert [version.number for version in report.versions.all()] == [1, 2]
    late = {"file": file("Encore"), "seen": "1"}
    assert at_desk("paper", draft, late, paper=report.pk).status_code == 409
    assert report.versions.count() == 2


def test_the_same_file_is_not_added_twice(at_desk, report, draft):
    assert at_desk("papers", draft, {"title": "Le même", "item": "", "file": file()}).status_code == 409
    assert PaperVersion.objects.count() == 1


@pytest.mark.parametrize("content", [b"<html>", b"%PDF-1.4 /JavaScript"])
def test_what_is_no_plain_pdf_is_refused_and_the_title_kept(content, at_desk, draft):
    sent = {"title": "Plan de situation", "file": SimpleUploadedFile("plan.pdf", content, "application/pdf")}
    answer = at_desk("papers", draft, sent)
    assert answer.status_code == 422
    assert 'value="Plan de situation"' in answer.content.decode()
    assert not Paper.objects.exists()


def test_only_a_draft_loses_a_document(at_desk, report, draft, colette):
    draft.convene(colette, at=timezone.now())
    assert at_desk("paper-remove", draft, {}, paper=report.pk).status_code == 409
    assert Paper.objects.filter(pk=report.pk).exists()


def test_a_document_is_taken_out_of_a_draft(at_desk, report, draft):
    at_desk("paper-remove", draft, {}, paper=report.pk)
    assert not Paper.objects.filter(pk=report.pk).exists()


def test_a_session_that_does_not_take_place_gets_no_document(at_desk, convened, colette):
    convened.cancel(colette, reason="Grève.", at=timezone.now())
    answer = at_desk("papers", convened, {"title": "Rapport", "item": "", "file": file()})
    assert answer.status_code == 409
    assert not Paper.objects.exists()
