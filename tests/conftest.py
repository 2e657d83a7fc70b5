"""The cast and what every test may use."""

import os

import pytest
from django.core.cache import caches
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as properties

from tests.databases import making_databases

os.environ.setdefault("CIVIC_MODE", "local")

# A busy machine makes no test red.
properties.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("patient")


def is_transactional(item):
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Transactional tests empty the tables: what migrations put there (reasons, thresholds) is given back to each.

    pytest-django runs them after all others, which need those rows too.
    """
    for item in items:
        if is_transactional(item):
            # The nearest mark counts: before it, pytest-django reads neither fixtures nor `usefixtures`.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(autouse=True)
def plain_static(settings):
    """Pages name their files without a hash: no collectstatic is needed to render one.

    Nor does each test client read the whole folder of collected files: one is looked for when it is asked for.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def fresh_limits():
    """A brake that one test wore out is not felt by the next."""
    caches["limits"].clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Tests close connections when they end; a pool would keep them open and the database undroppable."""
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    # Nothing of ours asks Django's own permissions: 350 rows less to give back to each transactional test.
    settings.TEST_NON_SERIALIZED_APPS = ["auth", "contenttypes"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from django.core.management import call_command

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        call_command("createcachetable")
        patched.setattr(type(connection.ops), "sql_flush", emptying)
        yield


@pytest.fixture(scope="session")
def new_database():
    """Makes a database for what runs beside the tests, which commits."""
    with making_databases() as new_database:
        yield new_database


def emptying(operations, _style, tables, **_options) -> list[str]:
    """Empty the tables that hold something after a transactional test, procrastinate's too.

    Django's TRUNCATE of them all takes half a second for a hundred empty ones; and the journal refuses it.
    """
    tables = [*tables, "procrastinate_jobs", "procrastinate_workers"]
    names = [operations.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names))
        filled = [name for (name,) in cursor.fetchall()]
    # As a replica applies rows: no foreign key and no trigger, of the journal or of a published text, is asked.
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]


@pytest.fixture
def make_person(django_user_model, db):
    """A resident with a confirmed address and, where asked, roles."""
    from allauth.account.models import EmailAddress

    from civic.accounts.models import Right

    def make(name, *roles, **fields):
        email = f"{name.split()[0].lower()}@example.org"
        user = django_user_model.objects.create_user(email, name=name, postal_code="38130", **fields)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        Right.objects.bulk_create(Right(user=user, role=role) for role in roles)
        return user

    return make


@pytest.fixture
def amina(make_person):
    return make_person("Amina Belkacem")


@pytest.fixture
def bruno(make_person):
    return make_person("Bruno Ferrero")


@pytest.fixture
def camille(make_person):
    return make_person("Camille Roux")


@pytest.fixture
def mireille(make_person):
    return make_person("Mireille Aubert", "moderator")


@pytest.fixture
def malik(make_person):
    return make_person("Malik Saïdi", "moderator")


@pytest.fixture
def colette(make_person):
    return make_person("Colette Jourdan", "clerk")


@pytest.fixture
def sign_in():
    """Sign a person in without typing; staff have enrolled and shown a second factor, unless `factor=False`."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client

    def sign_in(user, client=None, *, factor=True):
        client = client or Client()
        client.force_login(user)
        if factor and user.is_staff_member():
            if not user.authenticator_set.exists():
                TOTP.activate(user, generate_totp_secret())
                user.tell_change()
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return sign_in
