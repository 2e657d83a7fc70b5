"""Databases beside the tests' own. The first is migrated, the others are copies of it, made in a moment."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from urllib.parse import urlsplit

import psycopg

from tests.gates.sources import CHECKOUT

Making = Callable[[str], AbstractContextManager[str]]


@contextmanager
def making_databases() -> Iterator[Making]:
    """What makes a database with the product's tables and yields its address; one word says what it is for."""
    name = f"pristine_{os.getpid()}"
    with _made(name, of="template0") as address:
        migrate(address)
        yield partial(_copied, name)


@contextmanager
def _copied(name: str, what: str) -> Iterator[str]:
    with _made(f"{what}_{os.getpid()}", of=name) as address:
        yield address


def migrate(address: str) -> None:
    """Make the tables of an empty database."""
    environment = os.environ | {"CIVIC_MODE": "local", "DATABASE_URL": address, "REDIS_URL": ""}
    for command in (["migrate", "--verbosity=0"], ["createcachetable"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=CHECKOUT, env=environment, check=True)


@contextmanager
def _made(name: str, *, of: str) -> Iterator[str]:
    ours = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(ours._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {of}")
        try:
            yield ours._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
