from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def shown(source: str, language: str, **context) -> str:
    with time_machine.travel(NOW, tick=False), translation.override(language):
        return Template("{% load typography %}" + source).render(Context(context))


def test_a_day_is_said_without_its_year_when_it_is_this_one():
    moment = datetime(2026, 10, 3, 9, tzinfo=UTC)
    assert shown("{% day at %}", "fr", at=moment) == '<time datetime="2026-10-03">3 octobre</time>'


def test_the_first_of_a_month_is_said_premier_in_french_only():
    moment = datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert ">1er janvier 2027<" in shown("{% day at %}", "fr", at=moment)
    assert ">January 1, 2027<" in shown("{% day at %}", "en", at=moment)


def test_a_day_is_the_one_of_the_city_not_of_the_server():
    late = datetime(2026, 10, 3, 22, 30, tzinfo=UTC)
    assert 'datetime="2026-10-04"' in shown("{% day at %}", "fr", at=late)


def test_an_hour_is_written_the_french_way():
    moment = datetime(2026, 10, 3, 12, 5, tzinfo=UTC)
    assert "14\u00a0h\u00a005" in shown("{% hour at %}", "fr", at=moment)


def test_an_age_keeps_its_largest_unit():
    moment = datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert shown("{% age at %}", "fr", at=moment).endswith(">3\u00a0jours</time>")


@pytest.mark.parametrize("number", ["04 76 20 63 00"])
def test_a_telephone_number_is_not_cut(number):
    assert " " not in shown("{{ number|tel }}", "fr", number=number)


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [("fr", "Échirolles", "d’Échirolles"), ("fr", "Grenoble", "de Grenoble"), ("en", "Échirolles", "of Échirolles")],
)
def test_a_city_is_named_after_its_preposition(language, name, said):
    assert shown("{{ name|of }}", language, name=name) == said


@pytest.mark.parametrize(
    ("language", "amount", "currency", "said"),
    [
        ("fr", 12500, "EUR", "12\u00a0500\u00a0€"),
        ("fr", Decimal("12500.50"), "EUR", "12\u00a0500,50\u00a0€"),
        ("fr", Fraction(1000, 3), "XPF", "333,33\u00a0XPF"),
        ("fr", 40, "", "40"),
        ("en", 12500, "EUR", "€12,500"),
        ("en", 12500, "PLN", "12,500\u00a0zł"),
    ],
)
def test_an_amount_is_written_with_its_sign(language, amount, currency, said):
    assert shown("{{ amount|money:currency }}", language, amount=amount, currency=currency) == said


@pytest.mark.parametrize(
    ("label", "said"), [("Résumé", "Résumé\u00a0: "), ("Qui vote\u202f?", "Qui vote\u202f? "), ("Fin :", "Fin : ")]
)
def test_a_label_brings_one_sign_before_what_is_said_of_it(label, said):
    assert shown("{{ label|introducing }}", "fr", label=label) == said
