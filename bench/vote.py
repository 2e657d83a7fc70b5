"""`./run bench vote`: a secret vote, against pgbench doing the same SQL on the same PostgreSQL; then the count.

Both layouts (threads for HTTP as in production; one daphne as by default) in alternating rounds. A vote that was
acknowledged and is not on the roll, or has no envelope, counts as lost. Counting by each rule is `bench tally`; here a
whole count is measured, from sealed envelopes to the stored result, and the page of the result after it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection

from bench.sign import counting_worker, pgbench_program, session_key
from bench.stand import client, report
from bench.stand.databases import Cluster
from bench.stand.servers import CHECKOUT, LOAD_CORE, SERVER_CORE, pin, serving

CONNECTIONS = 64
SMALL = 1_000

# What a vote with an account asks of the database, read as plainly as can be: session, account, confirmed address, and
# the one statement that writes both rows. What the ballot paper says is read once for many votes.
FULL = """
\\set n random(1, {people})
\\set a random(1, 1000000000)
\\set b random(1, 1000000000)
SELECT session_key, session_data, expire_date FROM django_session
    WHERE session_key = 'bench' || lpad(:n::text, 27, '0') AND expire_date > now();
SELECT * FROM accounts_user WHERE id = {first} + :n;
SELECT 1 FROM account_emailaddress WHERE user_id = {first} + :n AND verified LIMIT 1;
WITH entry AS (
    INSERT INTO consultations_rollentry (consultation_id, key, channel, counted)
    SELECT {pk}, md5(:a::text) || md5(:b::text), 'online', FALSE WHERE consultations_takes_votes({pk}, 1)
    ON CONFLICT DO NOTHING RETURNING consultation_id
)
INSERT INTO consultations_envelope (id, consultation_id, content)
SELECT gen_random_uuid(), consultation_id, decode(repeat(md5(:b::text), {blocks}), 'hex') FROM entry RETURNING TRUE;
"""


def main() -> None:
    options = arguments()
    cluster = Cluster(os.environ["DATABASE_URL"])
    pin(0, LOAD_CORE)
    stand = Stand(cluster, options)
    for number in range(options.rounds):
        for layout in ("threads", "daphne"):
            stand.pgbench(layout)
            stand.vote(layout)
            print(f"round {number + 1} {layout}: {stand.last}", file=sys.stderr, flush=True)
    figures = stand.figures() | counted(cluster, options.ballots)
    report.finish("vote", redis=bool(os.environ.get("REDIS_URL")), **figures)
    sys.exit(1 if figures["lost"] else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench vote")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--votes", type=int, default=1500, help="votes per layout and round")
    parser.add_argument("--ballots", type=int, default=100_000, help="envelopes of the count; 0 leaves it out")
    return parser.parse_args()


class Stand:
    """One database with a vote of ours and one of pgbench's, and what was measured."""

    def __init__(self, cluster: Cluster, options: argparse.Namespace):
        self.cluster, self.options = cluster, options
        self.url = cluster.create("bench_vote")
        # The last ones are kept for warming up: they have voted from the first time on.
        self.people = options.rounds * options.votes * 2 + 128
        self.filled = fill(self.url, "vote", self.people)
        self.used = self.lost = 0
        self.rates: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.limits: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.cpu: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.p99: dict[str, list[float]] = {"threads": [], "daphne": []}
        self.last = ""

    def vote(self, layout: str) -> None:
        numbers = range(self.used + 1, self.used + 1 + self.options.votes)
        self.used += self.options.votes
        with serving(layout, database_url=self.url) as server, counting_worker(self.url):
            client.run(server.port, self._requests(range(self.people - 127, self.people + 1)), connections=CONNECTIONS)
            before = server.cpu() + self.cluster.cpu()
            stored = self._rows()
            result = client.run(server.port, self._requests(numbers), connections=CONNECTIONS)
            cpu = server.cpu() + self.cluster.cpu() - before
        if set(result.statuses) != {200}:
            raise SystemExit(f"answers other than 200: {result.statuses}")
        self.lost += len(result.acknowledged) - (self._rows() - stored)
        self.rates[layout].append(result.rate)
        self.cpu[layout].append(1000 * cpu / len(result.acknowledged))
        self.p99[layout].append(result.percentile(0.99))
        self.last = f"{result.rate:.0f}/s against {self.limits[layout][-1]:.0f}/s of pgbench"

    def pgbench(self, layout: str) -> None:
        text = FULL.format(
            people=self.people, first=self.filled["first"], pk=self.filled["rival"], blocks=self.filled["size"] // 16
        )
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(text)
            script.flush()
            command = [
                *(pgbench_program(), "-n", "-h", self.cluster.socket, "-U", self.cluster.user, "-f", script.name),
                *("-c", str(CONNECTIONS), "-j", "2", "-t", str(max(1, self.options.votes * 2 // CONNECTIONS))),
                "bench_vote",
            ]
            answer = subprocess.run(
                command, capture_output=True, text=True, check=True, preexec_fn=lambda: pin(0, SERVER_CORE)
            )
        line = next(line for line in answer.stdout.splitlines() if line.startswith("tps"))
        self.limits[layout].append(float(line.split()[2]))

    def figures(self) -> dict:
        return {
            "ratio_pgbench_full": report.ratio(self.rates["threads"], self.limits["threads"]),
            "ratio_pgbench_full_default": report.ratio(self.rates["daphne"], self.limits["daphne"]),
            "cpu_ms_per_write": round(statistics.median(self.cpu["threads"]), 3),
            "cpu_ms_per_write_default": round(statistics.median(self.cpu["daphne"]), 3),
            "p99_ms": round(statistics.median(self.p99["threads"]), 1),
            "per_second": round(statistics.median(self.rates["threads"])),
            "per_second_default": round(statistics.median(self.rates["daphne"])),
            "lost": self.lost,
        }

    def _requests(self, numbers):
        return ((number, voting_request(self.filled["ours"], number)) for number in numbers)

    def _rows(self) -> int:
        """Votes that are whole: the fewer of the entries in the roll and the envelopes."""
        with self.cluster.connect("bench_vote") as connection:
            return connection.execute(
                "SELECT least((SELECT count(*) FROM consultations_rollentry WHERE consultation_id = %(pk)s),"
                " (SELECT count(*) FROM consultations_envelope WHERE consultation_id = %(pk)s))",
                {"pk": self.filled["ours"]},
            ).fetchone()[0]


def voting_request(pk: int, number: int) -> bytes:
    """The POST that sends the ballot of voter `number`, from the page where it was read again."""
    token = "b" * 32
    body = f"csrfmiddlewaretoken={token}&page=review&of_age=on&q1=o{number % 10 + 1}&randomness={'0a' * 32}&go=send"
    head = (
        f"POST /consultations/{pk}/participer/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: session={session_key(number)}; csrf={token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


# --- The count ------------------------------------------------------------------------------


def counted(cluster: Cluster, ballots: int) -> dict:
    """The whole count of so many envelopes, in seconds; the result's page after it over that of a small vote."""
    if not ballots:
        return {}
    url = cluster.create("bench_count")
    small, large = fill(url, "count", SMALL), fill(url, "count", ballots)
    pages = [page_cost(url, vote) for vote in (small, large)]
    return {
        "count_ballots": ballots,
        "count_seconds": round(large["seconds"], 1),
        "count_cpu_seconds": round(large["cpu"], 1),
        "count_lost": small["lost"] + large["lost"],
        "flat": round(pages[1] / pages[0], 2) if all(pages) else None,
    }


def page_cost(url: str, vote: dict, requests: int = 60) -> float:
    """Milliseconds (median) of the result's page with a session, which no cache answers; 0 where there is none."""
    path = f"/consultations/{vote['pk']}-{vote['slug']}/"
    with serving("threads", database_url=url) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        for address in (f"/consultations/{vote['pk']}/resultats/", path):
            times = [asked(connection, address) for _ in range(requests)]
            if all(times):
                return statistics.median(times)
    return 0.0


def asked(connection: HTTPConnection, address: str) -> float:
    began = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": "session=bench"})
    answer = connection.getresponse()
    answer.read()
    return 1000 * (time.perf_counter() - began) if answer.status == 200 else 0.0


def fill(url: str, *arguments: object) -> dict:
    """Fill a database in a process of its own (settings are read once a process); what it prints."""
    command = [sys.executable, "-m", "bench.stand.ballots", *map(str, arguments)]
    answer = subprocess.run(
        command, cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
