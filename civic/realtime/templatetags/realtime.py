"""What a page's live part is marked with; `static/js/live.js` reads it."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def stream(stream):
    """The attributes of an element that follows a stream: `<main {% stream petition.stream %}>`.

    Load the stream's row no later than what the page shows (`select_related` in the same query):
    an event in between is then fetched twice, never missed.
    """
    return format_html('data-stream="{}" data-seq="{}" data-lang="{}"', stream.pk, stream.seq, get_language())
