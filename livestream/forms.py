"""What residents are asked during a session, and what they choose to follow."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.territory.models import Quarter, Theme
from livestream.models import Follow, HandChoice, Item, Sitting


class HandForm(forms.Form):
    choice = forms.ChoiceField(label=_("Your answer"), choices=HandChoice.choices, widget=forms.RadioSelect)


class SittingFollowForm(forms.Form):
    """The sitting itself and those of its items that are still to come."""

    whole = forms.BooleanField(
        label=_("The session: ten minutes before, when it opens, or if it is cancelled"), required=False
    )
    items = forms.ModelMultipleChoiceField(
        Item.objects.none(), label=_("Items of the agenda"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, user, sitting: Sitting, among: Sequence[Item], asked: str = ""):
        followed = Follow.objects.filter(user=user).of_sitting(sitting)
        things = set(followed.values_list("sitting", "item"))
        chosen = {item for _sitting, item in things if item} | {item.pk for item in among if str(item.pk) == asked}
        initial = {"whole": (sitting.pk, None) in things, "items": chosen}
        super().__init__(data, initial=initial)
        self.among = among
        self.fields["items"].queryset = sitting.items.filter(pk__in=[item.pk for item in among])  # type: ignore[attr-defined]
        if not among:
            del self.fields["items"]


class PlacesFollowForm(forms.Form):
    """Themes and quarters, in whatever session they come up."""

    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quarters = forms.ModelMultipleChoiceField(
        Quarter.objects.all(), label=_("Quarters"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, user):
        followed = set(Follow.objects.filter(user=user).of_places().values_list("theme", "quarter"))
        initial = {
            "themes": {theme for theme, _quarter in followed if theme},
            "quarters": {quarter for _theme, quarter in followed if quarter},
        }
        super().__init__(data, initial=initial)
