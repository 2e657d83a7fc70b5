"""Items of an agenda: one by one, or out of a table."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, Paragraphs, boxed
from civic.kernel.kept import KeptForm
from civic.kernel.table_form import TableForm
from civic.kernel.tabular import Table
from civic.territory.models import Quarter, Theme
from livestream.importing import read_agenda
from livestream.models import CommentMode, Councillor, Item, ItemKind, Sitting
from livestream.models.item import MATTER, NUMBER_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH

LARGEST_AGENDA = 500_000
DELIBERATION_LENGTH = 40
# What an item of its own is linked to by its id.
LINKED = ("rapporteur", "theme", "quarter")


class ItemForm(KeptForm):
    """An item and its place; `options` are those of the sitting, in their order."""

    number = Line(label=_("Number"), max_length=NUMBER_LENGTH, help_text=_("As it is printed: “3”, “3 bis”."))
    title = Line(label=_("Title"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    summary = Paragraphs(
        label=_("Summary in plain words"),
        max_length=SUMMARY_LENGTH,
        required=False,
        help_text=_("What it changes for residents, as one would say it to a neighbour."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    rapporteur = forms.ModelChoiceField(
        label=_("Presented by"),
        queryset=Councillor.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    planned_minutes = forms.IntegerField(
        label=_("Planned minutes"),
        min_value=1,
        max_value=600,
        widget=boxed(),
        help_text=_("Those who follow the items after it are told in time by it."),
    )
    comment_mode = forms.ChoiceField(label=_("Comments"), choices=CommentMode.choices)
    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=Theme.objects.all(), required=False, empty_label=_("None in particular")
    )
    quarter = forms.ModelChoiceField(
        label=_("Quarter"), queryset=Quarter.objects.all(), required=False, empty_label=_("The whole city")
    )
    deliberation_number = Line(label=_("Number of the deliberation"), max_length=DELIBERATION_LENGTH, required=False)
    matter_code = forms.CharField(
        label=_("Matter"),
        required=False,
        max_length=4,
        validators=[MATTER],
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
        help_text=_("Its code in the nomenclature of acts, such as 7.5."),
    )
    after = forms.ModelChoiceField(
        label=_("Comes after"), queryset=Item.objects.none(), required=False, empty_label=_("at the very beginning")
    )

    def __init__(self, data: Any = None, *, sitting: Sitting, item: Item | None = None, **options: Any):
        self.sitting, self.item = sitting, item
        super().__init__(data, stored=self.stored(sitting, item), **options)
        if item is None:
            # A new one stands over nothing that another clerk could have changed.
            self.initial["seen"] = ""
        others = sitting.items.exclude(pk=item.pk) if item else sitting.items.all()
        cast(forms.ModelChoiceField, self.fields["after"]).queryset = others
        members = Councillor.objects.in_office(sitting.day)
        cast(forms.ModelChoiceField, self.fields["rapporteur"]).queryset = members

    def stored(self, sitting: Sitting, item: Item | None) -> dict[str, Any]:
        before = sitting.items.filter(rank__lt=item.rank) if item else sitting.items.all()
        last = before.order_by("rank").last()
        kept = item or Item(number=str(sitting.items.count() + 1))
        plain = {name: getattr(kept, name) for name in self.base_fields if name not in ("seen", "after", *LINKED)}
        linked = {name: getattr(kept, f"{name}_id") for name in LINKED}
        return plain | linked | {"after": last.pk if last else None}

    def clean_number(self) -> str:
        number = self.cleaned_data["number"]
        if self._others(sitting=self.sitting, number=number).exists():
            raise ValidationError(_("Another item has this number."), code="taken")
        return number

    def clean_deliberation_number(self) -> str:
        number = self.cleaned_data["deliberation_number"]
        if number and self._others(deliberation_number=number).exists():
            raise ValidationError(_("Another deliberation has this number."), code="taken")
        return number

    def _others(self, **of: Any) -> Any:
        others = Item.objects.filter(**of)
        return others.exclude(pk=self.item.pk) if self.item else others


class AgendaTableForm(TableForm):
    """Items out of a table; `text` is what was read."""

    largest = LARGEST_AGENDA
    too_big = _("This file is too big for an agenda.")
    not_taken = _("Some lines can’t be taken as they are. Nothing is added yet.")
    text = ""

    def __init__(self, *args: Any, sitting: Sitting, **options: Any):
        super().__init__(*args, **options)
        self.sitting = sitting

    def read_lines(self, text: str) -> Table:
        self.text = text
        return read_agenda(text, sitting=self.sitting)

    def shown(self, row: dict[str, Any]) -> tuple[str, str]:
        return "{number}. {title}".format_map(row), ""
