"""The form by which a PDF comes in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from civic.kernel.pdf import MOST_BYTES, PdfTooBig, check_pdf, without_authorship


class PdfForm(forms.Form):
    """A PDF; `content` is what is kept of it, and `keeps_names` whether some are left in a packed part."""

    file = forms.FileField(
        label=_("PDF file"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_(
            "8 MB at most, without forms or attached files. The names of its author and of the software "
            "that made it are blanked out; what the document itself says or shows stays."
        ),
        error_messages={"empty": _("This file is empty.")},
    )
    content: bytes = b""
    keeps_names = False

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                raise PdfTooBig
            content = file.read()
            check_pdf(content)
        except DomainError as error:
            raise ValidationError(error.sentence) from error
        self.content, self.keeps_names = without_authorship(content)
        return file
