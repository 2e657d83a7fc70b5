"""PDF documents of a session and of its items."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from civic.kernel.fields import Line
from civic.kernel.pdf import MOST_BYTES, PdfTooBig, check_pdf, without_authorship
from livestream.models import Item, Paper, Sitting
from livestream.models.paper import TITLE_LENGTH


class VersionForm(forms.Form):
    """A PDF; `content` is what is kept of it, and `keeps_names` whether some are left in a packed part."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
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


class PaperForm(VersionForm):
    """A new document."""

    title = Line(label=_("Title of the document"), max_length=TITLE_LENGTH)
    item = forms.ModelChoiceField(
        label=_("Of which item"), queryset=Item.objects.none(), required=False, empty_label=_("The session as a whole")
    )
    field_order = ("title", "item", "file", "seen")

    def __init__(self, *args: Any, sitting: Sitting, **options: Any):
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["item"]).queryset = sitting.items.all()


def number_of(paper: Paper) -> int:
    """Of its newest version; the versions are in their order."""
    versions = list(paper.versions.all())
    return versions[-1].number if versions else 0
