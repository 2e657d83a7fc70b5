"""`./run bench moderation`: eight moderators on a thousand cases, and a page of a long debate against a short one.

The moderators are threads that press *next* and decide until nothing waits: `doubled` counts cases that two
were given or that were decided twice. `decisions_per_cpu_s` is for the CPU of Python and PostgreSQL together.
The debate's page is then rendered with 100 and with 10,000 comments: `flat` is what one costs over the other.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys

from bench.stand import client, report
from bench.stand.databases import Cluster
from bench.stand.servers import CHECKOUT, LOAD_CORE, SERVER_CORE, pin, serving

CONNECTIONS = 8
SMALL = 100

fresh = itertools.count(1)


def main() -> None:
    options = arguments()
    cluster = Cluster(os.environ["DATABASE_URL"])
    pin(0, LOAD_CORE)
    print("filling the database", file=sys.stderr, flush=True)
    url = cluster.create("bench_moderation")
    debates = ask(url, "fill", SMALL, max(options.comments, options.cases), options.cases)
    before = cluster.cpu()
    desk = ask(url, "decide", options.workers)
    cpu = desk["cpu"] + cluster.cpu() - before
    print(f"desk: {desk}", file=sys.stderr, flush=True)
    figures = {
        "doubled": desk["doubled"],
        "lost": options.cases - desk["taken"] + desk["left"] + desk["faults"],
        "cases": options.cases,
        "workers": options.workers,
        "decisions_per_cpu_s": round(desk["taken"] / cpu, 1),
        "decisions_per_s": round(desk["taken"] / desk["seconds"], 1),
        "flat": flatness(cluster, url, debates, options),
    }
    report.finish("moderation", **figures)
    sys.exit(1 if figures["doubled"] or figures["lost"] else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench moderation")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--comments", type=int, default=10_000, help="in the long debate; the short one has 100")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rendered", type=int, default=200, help="pages rendered per round and debate")
    return parser.parse_args()


def ask(url: str, *words: object):
    command = [sys.executable, "-m", "bench.stand.desk", *map(str, words)]
    answer = subprocess.run(
        command, cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: pin(0, SERVER_CORE),
    )  # fmt: skip
    return json.loads(answer.stdout.splitlines()[-1])


def flatness(cluster: Cluster, url: str, debates: list[int], options) -> float:
    """CPU (server and PostgreSQL) of a page of the long debate over one of the short one; 1 is flat."""
    costs: dict[int, list[float]] = {debate: [] for debate in debates}
    with serving("threads", database_url=url) as server:
        for debate in debates:
            client.run(server.port, pages(debate, 30), connections=CONNECTIONS)
        for _round in range(options.rounds):
            for debate in debates:
                before = server.cpu() + cluster.cpu()
                result = client.run(server.port, pages(debate, options.rendered), connections=CONNECTIONS)
                costs[debate].append(server.cpu() + cluster.cpu() - before)
                if set(result.statuses) != {200}:
                    raise SystemExit(f"answers other than 200: {result.statuses}")
    short, long = debates
    return report.ratio(costs[long], costs[short])


def pages(debate: int, number: int):
    """Addresses that were never asked: the cache in front of Django knows none of them."""
    return ((turn, request(f"/commentaires/debat/{debate}/?x={next(fresh)}")) for turn in range(number))


def request(address: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()


if __name__ == "__main__":
    main()
