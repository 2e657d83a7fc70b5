"""What people write, as HTML."""

from django import template

from civic.kernel.text import clean_text

register = template.Library()


@register.filter
def prose(source: str):
    """Markdown's small part, cleaned: paragraphs, emphasis, lists, links."""
    return clean_text(source)
