"""Tables out of spreadsheets: a file, or lines pasted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.kept import replaced
from civic.kernel.tabular import Table, Unreadable, decoded


class TableForm(forms.Form):
    """A table sent as a file or pasted; `table` is what was read of it, faults included."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    pasted = forms.CharField(
        label=_("Or paste the lines here"), required=False, widget=forms.Textarea(attrs={"rows": 8}), strip=False
    )
    # Bytes of a file.
    largest: int
    too_big: Any
    not_taken: Any

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.table = Table()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        file, pasted = typed.get("file"), typed.get("pasted", "")
        if file and file.size > self.largest:
            self.add_error("file", self.too_big)
            return typed
        if not file and not pasted.strip():
            raise ValidationError(_("Choose a file, or paste lines of a table."))
        try:
            text = decoded(file.read()) if file else pasted
            self.table = self.read_lines(text)
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        self.keep_for_next(text)
        if self.table.faults:
            raise ValidationError(self.not_taken)
        return typed

    def read_lines(self, text: str) -> Table:
        """Raises Unreadable."""
        raise NotImplementedError

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What was read, to be looked at: of each row a text, and what stands beside it."""
        return [self.shown(row) for row in self.table.rows]

    def shown(self, row: dict[str, Any]) -> tuple[str, str]:
        """One row of `lines`, in a form whose page has them."""
        raise NotImplementedError

    def keep_for_next(self, text: str) -> None:
        # What the file says replaces what stands in the field, so that its lines can be put right there.
        self.data = replaced(self.data, pasted=text)
