"""The demo's city, invented once for all the files here, which only read it."""

import pytest
from django.db import connection, transaction
from django.utils import timezone


@pytest.fixture(scope="package")
def now():
    return timezone.now()


@pytest.fixture(scope="package")
def city(now, django_db_setup, django_db_blocker):
    """What `fill` said of a filled database, which is empty again after the last test of this folder.

    The tests are marked `django_db`: without a test that is, pytest-django makes no test database. They bear one
    `xdist_group`, so that a single worker invents the city.
    """
    from civic.demo.filling import fill

    with django_db_blocker.unblock(), transaction.atomic():
        assert connection.settings_dict["NAME"].startswith("test_")
        yield fill(now=now)
        transaction.set_rollback(True)
