"""What is taken as a document, and what is not."""

import io
import zipfile
import zlib

import pytest

from civic.kernel.pdf import (
    MOST_BYTES,
    MOST_UNPACKED,
    ActivePdf,
    LockedPdf,
    NotAPdf,
    PdfTooBig,
    TwoFilesInOne,
    check_pdf,
    without_authorship,
)
from tests.kernel.pdfs import pdf

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def packed(content: bytes) -> bytes:
    """An object stream with that content."""
    squeezed = zlib.compress(content)
    heading = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(squeezed)
    return heading + b"\nstream\n" + squeezed + b"\nendstream"


def with_zip(content: bytes) -> bytes:
    archive = io.BytesIO(content)
    with zipfile.ZipFile(archive, "a") as added:
        added.writestr("../../etc/cron.d/job", "* * * * * root true")
    return archive.getvalue()


@pytest.mark.parametrize("header", [b"%PDF-1.4\n", b"%PDF-1.7\r\n%\xe2\xe3\xcf\xd3\r\n", b"%PDF-2.0\n"])
def test_a_plain_pdf_is_taken(header):
    check_pdf(pdf(header=header))


def test_spaces_after_the_end_are_no_second_file():
    check_pdf(pdf(tail=b"\r\n\r\n\x00"))


@pytest.mark.parametrize(
    "content", [b"", b"bonjour", SVG, JPEG, b"PK\x03\x04", b"\n" + pdf(), b"GIF89a" + pdf(), pdf()[:-60], b"%PDF-9.9\n"]
)
def test_what_is_no_pdf_is_refused_whatever_its_name(content):
    with pytest.raises(NotAPdf):
        check_pdf(content)


@pytest.mark.parametrize(
    "content",
    [
        with_zip(pdf()),
        pdf(tail=b"\n" + SVG),
        pdf(tail=b"\n<html><script>alert(1)</script>"),
        pdf(header=b"%PDF-1.7\n%<html><body onload=alert(1)>\n"),
        pdf(header=b"%PDF-1.7\n" + SVG + b"\n"),
    ],
)
def test_a_polyglot_is_refused(content):
    with pytest.raises(TwoFilesInOne):
        check_pdf(content)


@pytest.mark.parametrize(
    "thing",
    [
        b"<</S/JavaScript/JS(app.alert(1))>>",
        b"<</S /J#61vaScript /JS (app.alert(1))>>",
        b"<</S/Launch/F(cmd.exe)>>",
        b"<</Type/Filespec/EF<</F 6 0 R>>>> <</Type/EmbeddedFile>>",
        packed(b"5 0 <</S/JavaScript/JS(app.alert(1))>>"),
    ],
)
def test_a_pdf_that_does_something_is_refused(thing):
    with pytest.raises(ActivePdf):
        check_pdf(pdf(objects=(thing,)))


def test_a_locked_pdf_is_refused():
    with pytest.raises(LockedPdf):
        check_pdf(pdf(objects=(b"<</Encrypt 5 0 R>>",)))


def test_a_pdf_that_unpacks_without_end_is_refused():
    with pytest.raises(TwoFilesInOne):
        check_pdf(pdf(objects=(packed(b"\x00" * (MOST_UNPACKED + 1)),)))


def test_a_pdf_over_the_size_is_refused():
    with pytest.raises(PdfTooBig):
        check_pdf(b"%PDF-1.7\n" + b" " * MOST_BYTES)


def test_who_wrote_it_is_blanked_without_moving_a_byte():
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Colette Jourdan</dc:creator></x:xmpmeta>"
    hexed = b"/Creator <FEFF0043>"
    info = b"/Author (Colette \\(Jourdan\\)) /Producer(Tableur 7)" + hexed + b"/Title (Le plan)"
    before = pdf(info=info, objects=(b"<</Length 90>>\nstream\n" + xmp + b"\nendstream",))
    after, is_left = without_authorship(before)
    assert len(after) == len(before)
    assert b"Colette" not in after
    assert b"Tableur" not in after
    assert b"FEFF0043" not in after
    assert b"/Title (Le plan)" in after
    assert not is_left
    check_pdf(after)


def test_what_is_packed_keeps_its_names_and_it_is_said():
    _after, is_left = without_authorship(pdf(objects=(packed(b"4 0 <</Author (Colette)>>"),)))
    assert is_left
