"""A mail's text as a page: its links to this site can be followed, nothing else of it is markup."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Links lead to the path only: the demo may answer on another port today than when the mail was written.
OWN_LINK = re.compile(r"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(/(?:[^\s<>\"]*[^\s<>\".,;:!?)])?)")


def with_links(text: str) -> SafeString:
    parts, end = [], 0
    for found in OWN_LINK.finditer(text):
        parts += [conditional_escape(text[end : found.start()]), format_html('<a href="{}">{}</a>', found[1], found[0])]
        end = found.end()
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 # nosec B308 B703 - every part was escaped just above
