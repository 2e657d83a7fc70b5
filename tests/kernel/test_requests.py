"""Requests that no browser of ours sends: they are refused or read, and never a fault of ours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from petitions.models import Petition

BOUNDARY = "multipart/form-data; boundary=B"


def multipart(**fields: str) -> bytes:
    parts = (f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields)
    return ("".join(parts) + "--B--\r\n").encode()


@pytest.fixture
def author(amina, sign_in):
    return sign_in(amina)


@pytest.mark.parametrize("charset", ["unicode_escape", "hex", "utf-16", "utf-7", "rot13", "none-such", '""'])
def test_the_encoding_that_a_sender_names_is_not_believed(author, charset):
    body = multipart(title="Un titre \\ud800 +ADw-b+AD4-")
    answer = author.generic("POST", reverse("petitions:new"), body, content_type=f"{BOUNDARY}; charset={charset}")
    assert answer.status_code == 302
    assert Petition.objects.get().title == "Un titre \\ud800 +ADw-b+AD4-"


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape"])
def test_an_address_is_read_as_everybody_reads_it(client, db, charset):
    """A page is kept for all under its address: what else a request says must not change what it means."""
    answer = client.get("/petitions/?q=%2BADw-b%2BAD4-", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert answer.context["listing"].query == "+ADw-b+AD4-"


def test_a_form_in_another_encoding_is_no_fault_of_ours(author):
    kind = "application/x-www-form-urlencoded; charset=hex"
    assert author.generic("POST", reverse("petitions:new"), "title=Un+titre", content_type=kind).status_code == 302


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_body_that_can_t_be_read_is_a_bad_request(client, db, kind):
    assert client.generic("POST", reverse("account_login"), b"x", content_type=kind).status_code == 400


def test_a_file_that_no_page_asked_for_is_kept_nowhere(author, monkeypatch):
    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda *args, **kwargs: pytest.fail("a file was written"))
    file = SimpleUploadedFile("x.txt", b"x" * 4_000_000)
    answer = author.post(reverse("petitions:new"), {"title": "Un titre qui tient", "file": file})
    assert answer.status_code == 302
    assert not answer.wsgi_request.FILES


@pytest.mark.parametrize("fields", [{"title": "x" * 300_000}, {f"field{number}": "" for number in range(201)}])
def test_a_form_of_any_size_is_refused(author, fields):
    assert author.post(reverse("petitions:new"), fields).status_code == 400


@pytest.mark.parametrize("rubbish", ["%00", "%FF%FE", "%ED%A0%80", "%F0%9F%98%80", "%E2%80%AE", "9" * 5000])
@pytest.mark.parametrize("name", ["q", "etat", "tri", "theme", "quartier", "apres"])
def test_the_list_bears_any_parameter(client, db, name, rubbish):
    assert client.get(f"/petitions/?{name}={rubbish}").status_code == 200
