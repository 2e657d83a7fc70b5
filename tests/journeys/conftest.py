"""The product on a database of its own, beside the tests' one, and people at their browsers."""

import pytest

from tests.browser import Visitor, chromium
from tests.product import running


@pytest.fixture(scope="module")
def product(new_database, tmp_path_factory):
    with new_database("journeys") as address, running(address, tmp_path_factory.mktemp("product")) as product:
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
