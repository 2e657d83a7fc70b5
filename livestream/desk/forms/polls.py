"""A question of the chair's to those who watch."""

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line
from livestream.models.hand_poll import QUESTION_LENGTH


class AskForm(forms.Form):
    question = Line(
        label=_("Question"),
        max_length=QUESTION_LENGTH,
        help_text=_("Answered by “for”, “against” or “no opinion”. It decides nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
