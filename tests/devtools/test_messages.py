"""Catalogues are extracted, kept, compiled and checked without gettext's programs."""

import gettext as stdlib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from devtools import messages
from devtools.messages import faults_of_message, messages_of

TEMPLATE = """{% load i18n %}
  <p title="{% translate 'Close' %}">{% trans "May" context "month" %} it's {{ _("In a variable")|upper }}</p>
{% blocktranslate trimmed count counter=days %}
    {{ counter }} day, 100 %
{% plural %}
    {{ counter }} days, 100 %
{% endblocktranslate %}
    {% include "other.html" with title=_("In an argument") %}
  {# not a message: _("nothing") #}
{% comment %}{% translate "Not this one" %}{% endcomment %}
{% blocktranslate context "letter" %}Dear
{{ name }}{% endblocktranslate %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("A title")
def sentence(n):
    '''Docstrings are no messages: _("no").'''
    return ngettext("%(n)d vote", "%(n)d votes", n) + pgettext("verb", "Open") + _(
        "Two lines "
        "are one message"
    )
"""


@pytest.fixture
def checkout(tmp_path):
    """A small product in two languages."""
    (tmp_path / "petitions").mkdir()
    (tmp_path / "petitions" / "models.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    messages.update(tmp_path)
    return tmp_path


def translate(checkout: Path, text: str, *forms: str) -> None:
    path = messages.catalogue("fr", checkout)
    catalog = messages.read(path, "fr")
    message = next(found for found in catalog if text in (found.id, *found.id))
    message.string = forms if len(forms) > 1 else forms[0]
    messages.write(path, catalog, "fr")


def said_of(checkout: Path) -> set[str]:
    return {str(fault) for fault in messages.faults(checkout)}


def test_a_template_gives_its_messages_with_plural_and_context():
    assert set(messages_of(TEMPLATE, is_template=True)) == {
        ("Close", None),
        ("May", "month"),
        ("In a variable", None),
        (("%(counter)s day, 100 %%", "%(counter)s days, 100 %%"), None),
        ("In an argument", None),
        ("Dear\n%(name)s", "letter"),
    }


def test_python_gives_its_messages_with_plural_and_context():
    assert set(messages_of(CODE, is_template=False)) == {
        ("A title", None),
        (("%(n)d vote", "%(n)d votes"), None),
        ("Open", "verb"),
        ("Two lines are one message", None),
    }


def test_english_is_complete_as_it_is_extracted(checkout):
    assert {fault.language for fault in messages.faults(checkout)} == {"fr"}


def test_a_missing_translation_is_a_fault(checkout):
    assert "fr: 'A title': is not translated" in said_of(checkout)
    translate(checkout, "A title", "Un titre")
    assert not any("A title" in fault for fault in said_of(checkout))


def test_a_message_that_was_not_extracted_is_a_fault_in_both_languages(checkout):
    (checkout / "petitions" / "forms.py").write_text('LABEL = _("A new one")')
    missing = "'A new one': is missing: ./run messages update"
    assert {f"fr: {missing}", f"en: {missing}"} <= said_of(checkout)


def test_a_message_that_is_gone_is_a_fault_until_the_next_update(checkout):
    translate(checkout, "A title", "Un titre")
    (checkout / "petitions" / "models.py").unlink()
    assert "fr: 'A title': is no longer in the sources: ./run messages update" in said_of(checkout)
    messages.update(checkout)
    assert not any("no longer" in fault for fault in said_of(checkout))


def test_an_update_keeps_translations_and_names_no_place(checkout):
    translate(checkout, "A title", "Un titre")
    before = messages.catalogue("fr", checkout).read_text()
    (checkout / "petitions" / "models.py").write_text("\n\n\n" + CODE)
    messages.update(checkout)
    assert messages.catalogue("fr", checkout).read_text() == before
    assert 'msgid "A title"\nmsgstr "Un titre"\n' in before
    assert "models.py" not in before


def test_a_text_that_got_a_plural_asks_for_its_translation_again(checkout):
    translate(checkout, "A title", "Un titre")
    (checkout / "petitions" / "models.py").write_text('ngettext("A title", "%(n)s titles", n)')
    messages.update(checkout)
    assert "fr: 'A title': is not translated" in said_of(checkout)


def test_what_is_compiled_is_read_by_the_standard_library(checkout):
    translate(checkout, "A title", "Un titre")
    translate(checkout, "%(n)d vote", "%(n)d voix", "%(n)d voix en tout")
    assert {path.parent.parent.name for path in messages.compile_all(checkout)} == {"fr", "en"}
    with messages.catalogue("fr", checkout).with_suffix(".mo").open("rb") as file:
        found = stdlib.GNUTranslations(file)
    assert found.gettext("A title") == "Un titre"
    assert found.ngettext("%(n)d vote", "%(n)d votes", 0) == "%(n)d voix"
    assert found.ngettext("%(n)d vote", "%(n)d votes", 2) == "%(n)d voix en tout"


def test_only_edited_catalogues_are_compiled_again(checkout):
    messages.compile_all(checkout)
    assert messages.compile_all(checkout) == []


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("%(n)s left", "Il en reste", "has other placeholders"),
        ("%(n)s left", "Il reste %(m)s", "has other placeholders"),
        ("<b>Sign</b>", "<i>Signer</i>", "has other HTML elements"),
        ("Why?", "Pourquoi ?", "wants a no-break space before : ; ? ! » or after «"),
        ("Why?", "Pourquoi?", "wants a no-break space before : ; ? ! » or after «"),
        ("“Yes”", "« Oui »", "wants a no-break space before : ; ? ! » or after «"),
        ("The end", "Fin de l'histoire", "wants typographic apostrophes (’)"),
        ("More…", "Suite...", "wants an ellipsis (…)"),
        ("Sign", "", "is not translated"),
    ],
)
def test_a_wrong_translation_is_a_fault(text, translation, fault):
    assert list(faults_of_message(Message(text, translation), "fr")) == [fault]


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Why?", "Pourquoi\u00a0?"),
        ("“Yes”", "«\u00a0Oui\u00a0»"),
        ('See <a href="%(url)s">this</a>: it is', 'Voyez <a href="%(url)s">ceci</a>\u00a0: c’est'),
        ("at 12:30, https://example.org/?a", "à 12:30, https://example.org/?a"),
        (("%(n)s day", "%(n)s days"), ("un jour", "%(n)s jours")),
    ],
)
def test_a_good_translation_is_none(text, translation):
    assert list(faults_of_message(Message(text, translation), "fr")) == []


def test_a_fuzzy_translation_is_a_fault():
    catalog = Catalog(locale="fr")
    message = catalog.add("Sign", "Signer", flags=["fuzzy"])
    assert list(faults_of_message(message, "fr")) == ["is fuzzy"]
