"""What people write, made safe to show. `clean_text` is the only door from their text to HTML."""

import re
import unicodedata

import bleach
import markdown
import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener"
# Each opening bracket has the rest of the text searched for its end: beyond this many none makes a link.
MOST_BRACKETS = 100
# Invisible and direction-changing characters forge words and lines; none is needed in our languages.
FORBIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def clean_text(source: str) -> SafeString:
    """HTML of Markdown's small part: paragraphs, emphasis, lists, quotes, links. Everything else becomes text.

    bleach decides, and nh3 with the same list is the last gate, since bleach 6.4 is its authors' last release.
    """
    html = _html(without_control(source))
    html = bleach.clean(html, tags=TAGS, attributes={"a": ["href"]}, protocols=SCHEMES, strip=True)
    html = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=LINK_REL)
    return mark_safe(html)  # noqa: S308 # nosec B308 B703 - just cleaned twice


def _html(source: str) -> str:
    if source.count("[") > MOST_BRACKETS:
        source = source.replace("[", "&#91;")
    try:
        return markdown.markdown(source, extensions=["nl2br", "sane_lists"], output_format="html")
    except RecursionError:
        # Lists within lists without end: no one's text, and shown as it was typed.
        return linebreaks(source, autoescape=True)


def without_control(source: str) -> str:
    # Composed after the removal: a letter and its accent may have had something invisible between them.
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", source))


def plain_line(source: str) -> str:
    """One line of text: no control characters, single spaces; the no-break spaces of French typography stay."""
    return re.sub(r"[ \t\n]+", " ", without_control(source)).strip()


def fold(source: str) -> str:
    """Lower case without accents, for search, sorting and comparing names: « Éloïse » → "eloise"."""
    # Twice: what one step brings (℡ is TEL, ẞ is ss) is the other's affair.
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", source).casefold())
    text = text.replace("œ", "oe").replace("æ", "ae")
    return " ".join("".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c)).split())


def whole_number(source: str | None) -> int | None:
    """A key as a form or an address gives it; None for anything else, and for what no column holds."""
    return int(source) if source and source.isdecimal() and source.isascii() and len(source) <= 18 else None
