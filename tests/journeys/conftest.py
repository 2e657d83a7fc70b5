"""The product on a database of its own, beside the tests' one, and people at their browsers."""

import os
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.browser import Visitor, chromium
from tests.product import running


@pytest.fixture(scope="module")
def fresh_database():
    """The address of a new database on the server that the tests were given."""
    beside = urlsplit(os.environ["DATABASE_URL"])
    name = f"journeys_{os.getpid()}"
    admin = beside._replace(path="/postgres").geturl()
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    yield beside._replace(path=f"/{name}").geturl()
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def product(fresh_database, tmp_path_factory):
    with running(fresh_database, tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture(scope="module")
def cast(product):
    return product.stage("cast")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(product, browser, cast):
    """Have somebody of the cast, or a visitor without an account, sit down at a browser."""
    visitors = []

    def visit(name="", **options) -> Visitor:
        session = cast[name]["session"] if name else ""
        visitors.append(Visitor(browser, product.origin, session=session, **options))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.leave()
