"""Databases of a bench: migrated once, copied, filled to a size."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from bench.stand.servers import CHECKOUT, LOAD_CORE, cpu_of, family, pin


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


class Cluster:
    """The PostgreSQL server behind DATABASE_URL, on its core, with its CPU account."""

    def __init__(self, url: str):
        self.url = url
        self.socket = parse_qs(urlsplit(url).query)["host"][0]
        self.user = urlsplit(url).username or "postgres"
        with self.connect("postgres") as connection:
            self.pid = parent_of(connection.info.backend_pid)
        # Backends take over the affinity of the process that forks them.
        pin(self.pid, LOAD_CORE)

    def url_of(self, database: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=self.socket, user=self.user, dbname=database, autocommit=True)

    def cpu(self) -> float:
        return sum(cpu_of(pid) for pid in family(self.pid))

    def create(self, database: str, *, template: str = "template0") -> str:
        """A fresh database, migrated or copied; returns its URL."""
        with self.connect("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        url = self.url_of(database)
        if template == "template0":
            for command in (["migrate", "-v", "0"], ["createcachetable"]):
                subprocess.run(
                    [sys.executable, "manage.py", *command],
                    cwd=CHECKOUT,
                    env=os.environ | {"DATABASE_URL": url},
                    check=True,
                )
        return url
