"""What every form that asks who one is has in common."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line

POSTAL_CODE = RegexValidator(r"^[0-9]{5}\Z", _("A postal code has five digits, for example 38130."))
# A name is shown and exported: nothing that a browser or a spreadsheet would act upon.
NOT_A_NAME = re.compile(r"(?i)(https?:|www\.|://|[<>@]|\.(com|fr|net|org|io|eu|info|ru|shop|site|top|xyz)\b|^[=+\-])")


class PersonName(Line):
    """First and last name, as a person writes it."""

    default_error_messages = {"not_a_name": _("Please write your first and last name, without an address or a link.")}

    def __init__(self):
        super().__init__(label=_("First and last name"), max_length=80, min_length=2)
        self.widget.attrs["autocomplete"] = "name"

    def clean(self, value):
        name = super().clean(value)
        if name and (NOT_A_NAME.search(name) or not any(c.isalpha() for c in name)):
            raise ValidationError(self.error_messages["not_a_name"], code="not_a_name")
        return name
