"""What residents are asked during a session."""

from django import forms
from django.utils.translation import gettext_lazy as _

from livestream.models import HandChoice


class HandForm(forms.Form):
    choice = forms.ChoiceField(label=_("Your answer"), choices=HandChoice.choices, widget=forms.RadioSelect)
