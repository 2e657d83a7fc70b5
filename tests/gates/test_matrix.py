"""Every route for every method and every role: what `matrix.toml` says, and nothing that it does not say."""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.gates import routes
from tests.gates.world import ROLES, rolled_back

# Without the mark, pytest-django would not make the test database.
pytestmark = pytest.mark.django_db
ENTRIES = routes.entries()
PAGES = [entry for entry in ENTRIES if entry.seen_by]
UNKNOWN_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
# Where a GET may write: sessions, and the cache in the database.
KEPT_APART = {"django_session", "kernel_cache"}
MOST_QUERIES_SIGNED_IN = 12
# A moderator's queue asks each kind of thing and each kind of place where people comment for its own.
MOST_QUERIES = {"anonymous": 6, "asking": 6, "thanked": 6, "moderator": 13}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One city for all of this file; each request is taken back."""
    with django_db_blocker.unblock(), rolled_back() as world:
        yield world


@pytest.fixture
def client_of(world):
    """A client with the session of a role, or without one."""

    def client_of(role: str, **options) -> Client:
        client = Client(raise_request_exception=False, **options)
        if role in world.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        return client

    return client_of


def ids(entry: routes.Entry) -> str:
    return f"{entry.name}-{','.join(entry.at)}" if entry.at != ("",) else entry.name


def answered(client: Client, method: str, address: str) -> int:
    """The status of one request, whose effects are taken back. A POST holds what an untouched form would send least."""
    content = "csrfmiddlewaretoken=none" if method == "POST" else ""
    with transaction.atomic():
        status = client.generic(method, address, content, "application/x-www-form-urlencoded").status_code
        transaction.set_rollback(True)
    return status


def test_every_route_is_in_the_matrix():
    assert {entry.name for entry in ENTRIES} == set(routes.found())


def test_the_demo_is_looked_at_too():
    assert settings.DEMO, "run the suite with CIVIC_DEMO=1, as ./run test does"


@pytest.mark.parametrize("entry", ENTRIES, ids=ids)
def test_a_get_answers_each_role_as_the_matrix_says_and_changes_nothing(entry, world, client_of):
    wrong = []
    for role in ROLES:
        for address in entry.addresses(world):
            before = rows_written()
            status = client_of(role).get(address).status_code
            written = {table for table, number in rows_written().items() if number != before.get(table, 0)}
            if status != entry.expected["GET"][role] or not written <= entry.writes:
                wrong.append(
                    f"{address} as {role}: {status}, not {entry.expected['GET'][role]}; wrote {written or '-'}"
                )
    assert wrong == [], "\n".join(wrong)


def rows_written() -> dict[str, int]:
    """Rows inserted, changed or deleted in this transaction so far, what was rolled back included, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {table: written for table, written in cursor.fetchall() if table not in KEPT_APART}


@pytest.mark.parametrize("entry", ENTRIES, ids=ids)
def test_a_post_answers_each_role_as_the_matrix_says(entry, world, client_of):
    wrong = [
        f"{address} as {role}: {status}, not {entry.expected['POST'][role]}"
        for role in ROLES
        for address in entry.addresses(world)
        if (status := answered(client_of(role), "POST", address)) != entry.expected["POST"][role]
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("entry", ENTRIES, ids=ids)
def test_a_head_answers_as_a_get_does(entry, world, client_of):
    address = next(entry.addresses(world))
    assert answered(client_of("moderator"), "HEAD", address) == entry.expected["GET"]["moderator"]


@pytest.mark.parametrize("entry", ENTRIES, ids=ids)
def test_no_other_method_reaches_a_view(entry, world, client_of):
    address = next(entry.addresses(world))
    asked = {(method, answered(client_of("moderator"), method, address)) for method in UNKNOWN_METHODS}
    assert asked == {(method, 405) for method in UNKNOWN_METHODS}


@pytest.mark.parametrize("entry", ENTRIES, ids=ids)
def test_a_post_without_a_token_is_refused(entry, world, client_of):
    """But for routes that the matrix names, which are authorised by a secret of their own, or keep nothing."""
    is_exempt = entry.name in routes.matrix()["without_token"]
    view = routes.found()[entry.name][0]
    assert getattr(view, "csrf_exempt", False) is is_exempt
    address = next(entry.addresses(world))
    asking = [client_of(role, enforce_csrf_checks=True) for role in ("anonymous", "resident", "moderator")]
    statuses = {answered(client, "POST", address) for client in asking}
    assert is_exempt or statuses == {403}


@pytest.mark.parametrize("entry", PAGES, ids=ids)
def test_a_page_takes_few_queries(entry, world, client_of):
    many = {}
    for role in entry.seen_by:
        for address in entry.addresses(world):
            client = client_of(role)
            client.get(address)  # what a process asks once in its life is not counted
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address)
            if len(queries) > MOST_QUERIES.get(role, MOST_QUERIES_SIGNED_IN):
                many[f"{address} as {role}"] = [str(query["sql"])[:300] for query in queries]
    assert many == {}, "\n".join(f"{address}: {len(sql)}\n  " + "\n  ".join(sql) for address, sql in many.items())
