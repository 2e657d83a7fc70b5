"""What the tests of accounts share."""

import re

import pytest
from django.core.cache import cache

PASSWORD = "quatre mots bien rangés"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    """Limits count in the cache, which outlives a test's transaction where threads wrote to it."""
    cache.clear()


@pytest.fixture
def with_password():
    def with_password(user, password=PASSWORD):
        user.set_password(password)
        user.save()
        return user

    return with_password


@pytest.fixture
def code_of():
    """The code in a mail, as a person would read it."""

    def code_of(mail):
        return re.search(r"^\s*(\d{4}-\d{4})\s*$", mail.body, re.MULTILINE)[1]

    return code_of
