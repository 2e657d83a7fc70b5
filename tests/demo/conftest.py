"""The demo's city, invented once for each file of tests that reads it."""

import pytest
from django.db import connection, transaction
from django.utils import timezone


@pytest.fixture(scope="module")
def now():
    return timezone.now()


@pytest.fixture(scope="module")
def city(now, django_db_setup, django_db_blocker):
    """What `fill` said of a filled database, which is empty again after the file's last test.

    The file's tests are marked `django_db`: without a test that is, pytest-django makes no test database.
    """
    from civic.demo.filling import fill

    with django_db_blocker.unblock(), transaction.atomic():
        assert connection.settings_dict["NAME"].startswith("test_")
        yield fill(now=now)
        transaction.set_rollback(True)
