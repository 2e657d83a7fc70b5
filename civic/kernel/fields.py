"""Fields for what people write: cleaned as it is kept."""

from django import forms

from civic.kernel.text import plain_line, without_control


class Line(forms.CharField):
    """Text of one line, cleaned before it is measured: what passes is what is kept."""

    def to_python(self, value):
        return plain_line(super().to_python(value) or "")


class Paragraphs(forms.CharField):
    """Text of several lines; a line break counts as one character, as in the browser, which sends two."""

    widget = forms.Textarea

    def to_python(self, value):
        return without_control(super().to_python(value) or "")
