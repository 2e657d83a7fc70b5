"""A product on a PostgreSQL that belongs to these tests, and may be killed: each leaves both running."""

import os
import shutil
from pathlib import Path

import pytest

from devtools.places import Place
from tests.databases import migrate
from tests.product import ROOT, running


@pytest.fixture(scope="package")
def postgres():
    """A server of these tests' own, to be killed; Debian's 15 where CIVIC_TEST_POSTGRES_15 names its programs."""
    server = Place(ROOT).server(f"faults-{os.getpid()}")
    if programs := os.environ.get("CIVIC_TEST_POSTGRES_15"):
        server.binaries, server.major, server.locale = Path(programs), "15", ("--locale=C.UTF-8",)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="package")
def product(postgres, tmp_path_factory):
    migrate(postgres.url)
    with running(postgres.url, tmp_path_factory.mktemp("product")) as product:
        yield product
