"""Dates and ages as people say them, with the exact one in the element."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext

from civic.kernel.text import fold

register = template.Library()

# Of this year, and of another.
DAYS = {"fr": ("j F", "j F Y"), "en": ("F j", "F j, Y")}
# Others are named by their code (ISO 4217).
SIGNS = {"EUR": "€", "PLN": "zł", "CZK": "Kč", "HUF": "Ft", "USD": "$", "GBP": "£", "CHF": "CHF"}


@register.filter
def tel(number: str) -> str:
    """A telephone number that no line end cuts."""
    return number.replace(" ", "\u00a0")


@register.filter
def of(city: str) -> str:
    """« d’Échirolles », « de Grenoble », "of Échirolles": the name after *ville* or *city*."""
    if get_language() != "fr":
        return f"of {city}"
    return f"d’{city}" if fold(city)[:1] in "aeiouyh" else f"de {city}"


@register.filter
def money(amount: Decimal | Fraction | int, currency: str = "EUR") -> str:
    """« 12 500 € », « 12 500,50 € », "€12,500": cents only where there are some, and nothing that a line end cuts."""
    cents = round(Fraction(amount) * 100)
    figure = number_format(Decimal(cents) / 100, 2 if cents % 100 else 0, use_l10n=True, force_grouping=True)
    sign = SIGNS.get(currency, currency)
    # As browsers write it, whose scripts count baskets.
    said = f"{sign}{figure}" if get_language() == "en" and len(sign) == 1 else f"{figure} {sign}"
    return said.strip().replace(" ", "\u00a0")


@register.filter
def introducing(label: object) -> str:
    """« Résumé : », before what is said of it; what ends with a sign of its own (« Qui vote ? ») gets no other."""
    said = str(label)
    return f"{said} " if said.endswith(("?", "!", ":", ".", "…")) else said + gettext(": ")


@register.simple_tag
def day(moment: datetime):
    """« 1er décembre » of this year, « 1er décembre 2027 » of another, inside `<time>`."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.date().isoformat(), spoken_day(local))


@register.simple_tag
def hour(moment: datetime):
    """« 3 octobre à 14 h 05 », inside `<time>`."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), spoken_hour(local))


@register.simple_tag
def age(moment: datetime):
    """« 3 jours », how long ago, inside `<time>`; one unit is enough."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), timesince(moment, depth=1))


def spoken_hour(local: datetime) -> str:
    clock = local.strftime("%-H\u00a0h\u00a0%M") if get_language() == "fr" else local.strftime("%H:%M")
    return gettext("%(day)s at %(clock)s") % {"day": spoken_day(local), "clock": clock}


def spoken_day(local: datetime) -> str:
    language = get_language()
    this_year, other_years = DAYS.get(language, DAYS["fr"])
    said = date_format(local, this_year if local.year == timezone.localtime().year else other_years)
    # French says « premier » for the first of a month, and for no other day.
    return said.replace("1 ", "1er ", 1) if language == "fr" and local.day == 1 else said
