"""Long, any characters, and not one that everybody tries first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from civic.accounts.models import User
from civic.accounts.passwords import LONGEST


@pytest.mark.parametrize(
    "password",
    [
        "q1w2e3r4t5y6",  # in the list as it is
        "passwordpassword",
        "Password2026!",
        "azertyuiop12",
        "MotDePasse2026",
        "Échirolles2026",
        "fabriquecitoyenne",
        "123456789012",
        "azertyuiopqsdfgh",
        "mlkjhgfdsqpoiuyt",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "onze lettre",  # eleven
        "malika.benali@example.org",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(email="malika.benali@example.org"))


@pytest.mark.parametrize(
    "password",
    [
        "quatre mots bien rangés",
        "correct horse battery",
        "tramway jaune 1987",
        "数字だけではない長い言葉だよ",
        "x7#kQ9!mZ2@p",
        "é" * 5 + "une phrase longue " * 20,
    ],
)
def test_any_other_long_password_will_do(password):
    validate_password(password, User(email="malika.benali@example.org"))


@pytest.mark.parametrize("bomb", ["a" * 200_000 + "bcde", "phrase" + "1" * 200_000 + "x", "ab" * 100_000 + "cdef"])
def test_a_password_longer_than_anyone_types_is_not_looked_at(bomb):
    with pytest.raises(ValidationError) as refused:
        validate_password(bomb, User(email="malika.benali@example.org"))
    assert "password_too_long" in {error.code for error in refused.value.error_list}


def test_a_passphrase_has_all_the_room_it_needs():
    phrase = "une phrase longue, et encore " * 10
    validate_password(phrase[:LONGEST], User(email="malika.benali@example.org"))
