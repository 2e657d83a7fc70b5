"""Both catalogues are complete, and what templates say is in them."""

import pytest
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

from devtools import messages
from tests.gates.sources import CHECKOUT, under

TEMPLATES = sorted(
    str(path.relative_to(CHECKOUT / "templates"))
    for suffix in (".html", ".txt")
    for path in under("templates", suffix=suffix)
)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_is_complete(language):
    wrong = [str(fault) for fault in messages.faults() if fault.language == language]
    assert wrong == [], "\n".join(wrong)


def test_every_message_that_django_finds_in_a_template_is_extracted():
    """Compiled templates are asked, so that a construct that extraction overlooks is noticed."""
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in messages.extracted()}
    lost = {
        (name, text)
        for name in TEMPLATES
        for text in _said_in(engines["django"].get_template(name).template)
        if text not in known
    }
    assert lost == set()


def _said_in(template):
    nodelist = template.nodelist
    for node in nodelist.get_nodes_by_type(TranslateNode):
        text = node.filter_expression.var.literal
        if isinstance(text, str):
            yield text.replace("%", "%%")  # as Django does before it asks the catalogue
    for node in nodelist.get_nodes_by_type(BlockTranslateNode):
        text, _names = node.render_token_list(node.singular)
        yield trim_whitespace(text) if node.trimmed else text
