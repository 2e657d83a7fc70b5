"""What a PDF must be to be shown beside our own words: a PDF, nothing else as well, and at rest.

The format is read here only as far as refusing asks for (ISO 32000-2, 7.5 and 12.6); nothing is drawn or run.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import Unprocessable

MOST_BYTES = 8_000_000
HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
END = re.compile(rb"startxref\s+\d{1,12}\s+%%EOF[\s\x00]*\Z")
# What a browser might take for a page of the site, were it not told the type.
MARKUP = re.compile(rb"(?i)<(?:!doctype|html|head|body|script|svg|iframe|object)[\s>]")
# Names may be written with #xx for any of their letters.
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# A script is named in full beside its /JS; so few letters turn up by chance in any picture.
ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)(?![A-Za-z0-9])")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
PACKED = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
# Objects that are packed may unpack to a thousand times their size: so much is looked at, and no more.
MOST_UNPACKED = 30_000_000
XMP = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>", re.DOTALL)
AUTHORSHIP = re.compile(
    rb"(/(?:Author|Creator|Producer|Company|Manager)\s*)(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL
)
NAMED = re.compile(rb"/(?:Author|Creator|Producer)\s*[(<]")


class NotAPdf(Unprocessable):
    sentence = _("This file is not a PDF. Save your document as a PDF, then choose that file.")


class TwoFilesInOne(Unprocessable):
    sentence = _("This PDF holds another file or a page as well, so it can’t be shown. Save it again as a PDF.")


class ActivePdf(Unprocessable):
    sentence = _("This PDF holds a form, a script or an attached file. Save it again as a plain PDF, to be read only.")


class LockedPdf(Unprocessable):
    sentence = _("This PDF is locked by a password: not everyone could read it. Save it again without one.")


class PdfTooBig(Unprocessable):
    sentence = _("This file is bigger than 8 MB: reduce its pictures, or cut it into several documents.")


def check_pdf(content: bytes) -> None:
    """Raises PdfTooBig, NotAPdf, TwoFilesInOne, LockedPdf or ActivePdf."""
    if len(content) > MOST_BYTES:
        raise PdfTooBig
    if not HEADER.match(content):
        raise NotAPdf
    if zipfile.is_zipfile(BytesIO(content)) or MARKUP.search(content[:1024]):
        raise TwoFilesInOne
    if not END.search(content[-1100:]):
        # Something after the end is how another file hides behind a PDF; a cut download looks the same.
        raise NotAPdf if b"%%EOF" not in content[-1100:] else TwoFilesInOne
    for part in (content, *_unpacked(content)):
        names = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
        if LOCKED.search(names):
            raise LockedPdf
        if ACTIVE.search(names):
            raise ActivePdf


def without_authorship(content: bytes) -> tuple[bytes, bool]:
    """The file with the names of who and what wrote it blanked out, and whether some are left where they are packed.

    Byte for byte as long as before: a PDF is a table of distances.
    """
    blank = XMP.sub(lambda found: b" " * len(found[0]), content)
    blank = AUTHORSHIP.sub(_blanked, blank)
    return blank, any(NAMED.search(part) for part in _unpacked(content))


def _blanked(found: re.Match[bytes]) -> bytes:
    opening, closing = found[2][:1], found[2][-1:]
    filling = b" " if opening == b"(" else b"0"
    return found[1] + opening + filling * (len(found[2]) - 2) + closing


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What the object streams of a PDF hold, as far as they are compressed in the usual way."""
    left = MOST_UNPACKED
    for found in PACKED.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part
        if left <= 0:
            raise TwoFilesInOne
