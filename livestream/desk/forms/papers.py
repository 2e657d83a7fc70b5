"""PDF documents of a session and of its items."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line
from civic.kernel.pdf_form import PdfForm
from livestream.models import Item, Paper, Sitting
from livestream.models.paper import TITLE_LENGTH


class VersionForm(PdfForm):
    """A newer version, over the one that its clerk has seen."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


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
