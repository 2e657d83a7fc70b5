"""A product on a PostgreSQL that belongs to the test, and may be killed."""

import os
import shutil

import pytest

from devtools.places import Place
from tests.product import ROOT, running


@pytest.fixture(scope="module")
def postgres():
    """A private server of this module's own, whatever server the other tests use."""
    server = Place(ROOT).server(f"faults-{os.getpid()}")
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def product(postgres, tmp_path_factory):
    with running(postgres.url, tmp_path_factory.mktemp("product")) as product:
        yield product
