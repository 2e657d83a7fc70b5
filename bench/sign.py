"""`./run bench sign`: signing one hot petition, against pgbench doing the same SQL on the same PostgreSQL.

Both layouts (threads for HTTP as in production; one daphne as by default), at 10,000 and at
1,000,000 rows, in alternating rounds. A signature that was acknowledged and is not in the
database counts as lost.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager

from bench.stand import client, report
from bench.stand.databases import Cluster
from bench.stand.servers import CHECKOUT, LOAD_CORE, SERVER_CORE, pin, serving
from devtools.places import Place

SIZES = {"10k": 10_000, "1m": 1_000_000}
CONNECTIONS = 64

# Session, account, one INSERT with its look at the petition: what a signature with an account asks of the database.
FULL = """
\\set n random(1, {signers})
\\set a random(1, 1000000000)
\\set b random(1, 1000000000)
SELECT session_key, session_data, expire_date FROM django_session
    WHERE session_key = 'bench' || lpad(:n::text, 27, '0') AND expire_date > now();
SELECT * FROM accounts_user WHERE id = {first} + :n;
INSERT INTO petitions_signature (petition_id, mailbox_key, place, user_id, email, name, folded_name, postal_code,
    shows_name, wants_news, consent_version, channel, signed_at, counted)
    SELECT id, md5(:a::text) || md5(:b::text), 1, {first} + :n, 'p@bench.example', 'Personne', 'personne',
    '38130', FALSE, FALSE, 'pgbench', 'online', now(), FALSE FROM petitions_petition WHERE id = {petition}
    AND opens_at <= now() AND closes_at > now()
    AND hidden_at IS NULL AND removed_at IS NULL AND withdrawn_at IS NULL AND archived_at IS NULL
    ON CONFLICT DO NOTHING RETURNING id;
"""


def main() -> None:
    options = arguments()
    cluster = Cluster(os.environ["DATABASE_URL"])
    pin(0, LOAD_CORE)
    stands = {size: Stand(cluster, size, SIZES[size], options) for size in options.sizes}
    for number in range(options.rounds):
        for stand in stands.values():
            for layout in ("threads", "daphne"):
                stand.pgbench(layout)
                stand.sign(layout)
                print(f"round {number + 1} {stand.name} {layout}: {stand.last}", file=sys.stderr, flush=True)
    figures = summary(stands)
    report.finish("sign", redis=bool(os.environ.get("REDIS_URL")), **figures)
    sys.exit(1 if figures["lost"] else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench sign")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--signatures", type=int, default=1500, help="signatures per layout and round")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    return parser.parse_args()


class Stand:
    """One database of a size, both layouts on it, and what was measured."""

    def __init__(self, cluster: Cluster, name: str, rows: int, options: argparse.Namespace):
        self.cluster, self.name, self.options = cluster, name, options
        self.url = cluster.create(f"bench_{name}")
        self.signers = options.rounds * options.signatures * 2 + options.signatures
        self.rival, self.petition, self.first = fill(self.url, rows, self.signers)
        self.used = 0
        self.rates: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.limits: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.cpu: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.p99: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.lost = 0
        self.last = ""

    def sign(self, layout: str) -> None:
        numbers = range(self.used + 1, self.used + 1 + self.options.signatures)
        self.used += self.options.signatures
        with serving(layout, database_url=self.url) as server, counting_worker(self.url):
            client.run(server.port, self._requests(self._warm()), connections=CONNECTIONS)
            before = server.cpu() + self.cluster.cpu()
            result = client.run(server.port, self._requests(numbers), connections=CONNECTIONS)
            cpu = server.cpu() + self.cluster.cpu() - before
        if set(result.statuses) != {302}:
            raise SystemExit(f"answers other than 302: {result.statuses}")
        self.lost += len(result.acknowledged) - self._rows(numbers)
        self.rates[layout].append(result.rate)
        self.cpu[layout].append(1000 * cpu / len(result.acknowledged))
        self.p99[layout].append(result.percentile(0.99))
        self.last = f"{result.rate:.0f}/s against {self.limits[layout][-1]:.0f}/s of pgbench"

    def pgbench(self, layout: str) -> None:
        with self.cluster.connect(f"bench_{self.name}") as connection:
            connection.execute("DELETE FROM petitions_signature WHERE petition_id = %s", [self.rival])
        # A petition of its own in the same table: who signed for pgbench may still sign for us.
        text = FULL.format(signers=self.signers, first=self.first, petition=self.rival)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(text)
            script.flush()
            command = [
                *(pgbench_program(), "-n", "-h", self.cluster.socket, "-U", self.cluster.user, "-f", script.name),
                *("-c", str(CONNECTIONS), "-j", "2", "-t", str(max(1, self.options.signatures * 2 // CONNECTIONS))),
                f"bench_{self.name}",
            ]
            answer = subprocess.run(
                command, capture_output=True, text=True, check=True, preexec_fn=lambda: pin(0, SERVER_CORE)
            )
        line = next(line for line in answer.stdout.splitlines() if line.startswith("tps"))
        self.limits[layout].append(float(line.split()[2]))

    def _warm(self) -> range:
        """Signers kept for it (who have signed, from the second time on): all code and connections are warm."""
        return range(self.signers - self.options.signatures + 1, self.signers - self.options.signatures + 129)

    def _requests(self, numbers):
        return ((number, signing_request(self.petition, number)) for number in numbers)

    def _rows(self, numbers) -> int:
        with self.cluster.connect(f"bench_{self.name}") as connection:
            return connection.execute(
                "SELECT count(*) FROM petitions_signature WHERE petition_id = %s AND email = ANY(%s)",
                [self.petition, [f"p{n}@bench.example" for n in numbers]],
            ).fetchone()[0]


def signing_request(petition: int, number: int) -> bytes:
    """The POST of signer `number` as the form sends it, CSRF token included."""
    token = "b" * 32
    body = f"csrfmiddlewaretoken={token}&consent=on".encode()
    head = (
        f"POST /petitions/{petition}/signature/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: session={session_key(number)}; csrf={token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def session_key(number: int) -> str:
    """As `bench.stand.content` makes them."""
    return f"bench{number:027d}"


def fill(url: str, rows: int, people: int) -> list[int]:
    """Fill a database in a process of its own (settings are read once a process); what it prints."""
    command = [sys.executable, "-m", "bench.stand.fill", str(rows), str(people)]
    answer = subprocess.run(
        command, cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
    )
    return [int(word) for word in answer.stdout.split()[-3:]]


@contextmanager
def counting_worker(url: str):
    """The worker runs beside, as it does in the product: the count is followed while people sign."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": url},
        preexec_fn=lambda: pin(0, LOAD_CORE),
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def pgbench_program() -> str:
    """The private PostgreSQL's own pgbench."""
    return str(Place(CHECKOUT).server("bench").binaries / "pgbench")


def summary(stands: dict[str, Stand]) -> dict:
    def best(kind, layout):
        return [value for stand in stands.values() for value in getattr(stand, kind)[layout]]

    figures = {
        "ratio_pgbench_full": report.ratio(best("rates", "threads"), best("limits", "threads")),
        "ratio_pgbench_full_default": report.ratio(best("rates", "daphne"), best("limits", "daphne")),
        "cpu_ms_per_write": round(statistics.median(best("cpu", "threads")), 3),
        "cpu_ms_per_write_default": round(statistics.median(best("cpu", "daphne")), 3),
        "p99_ms": round(statistics.median(best("p99", "threads")), 1),
        "per_second": round(statistics.median(best("rates", "threads"))),
        "per_second_default": round(statistics.median(best("rates", "daphne"))),
        "lost": sum(stand.lost for stand in stands.values()),
    }
    if set(stands) == set(SIZES):
        figures["growth"] = report.ratio(stands["1m"].rates["threads"], stands["10k"].rates["threads"])
    return figures


if __name__ == "__main__":
    main()
