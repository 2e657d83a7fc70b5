"""Names that people give themselves."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.text import plain_line

# A name is shown beside petitions and goes into spreadsheets: neither place is for links or formulas.
ADDRESS = re.compile(r"://|www\.|@|\.(com|fr|net|org|io|eu|info|ru|shop|site|top|xyz)\b", re.IGNORECASE)
FORMULA = ("=", "+", "-")


def clean_name(source: str) -> str:
    """The name on one line. Raises ValidationError for an address of the web and what a spreadsheet would run."""
    name = plain_line(source)
    if ADDRESS.search(name) or name.startswith(FORMULA) or not any(c.isalpha() for c in name):
        raise ValidationError(_("Please write a first and last name, without any address."), code="not_a_name")
    return name
