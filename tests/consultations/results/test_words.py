from fractions import Fraction

import pytest
from django.utils import translation

from consultations.results.words import exact, letter, percent, permille


def test_shares_have_one_decimal_and_nothing_has_none():
    with translation.override("fr"):
        assert percent(1, 3) == "33,3\u202f%"
        assert percent(0, 0) == "–"


def test_thousandths_are_rounded_half_up():
    assert [permille(1, 3), permille(1, 2000), permille(5, 0)] == [333, 1, 0]


def test_amounts_are_read_as_the_tally_writes_them():
    assert exact("669.344043") == Fraction(669344043, 1000000)
    assert exact(12) == 12
    assert exact(None) == 0


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB")])
def test_columns_are_lettered(place, name):
    assert letter(place) == name
