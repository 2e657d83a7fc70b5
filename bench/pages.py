"""`./run bench pages`: public pages from the cache in front of Django against the same page rendered, on each server.

`requests_per_cpu_s` counts answers per second of CPU of the server (its children and PostgreSQL
included where the page is rendered). An address that was never asked before (`?x=…`) is a miss
of the cache, so both sides run in the same server, alternately. The page and the list are then
rendered on a small and a large database: `flat` is what one costs in CPU over the other.
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import urllib.request

from bench.stand import client, report
from bench.stand.databases import Cluster
from bench.stand.servers import CHECKOUT, LAYOUTS, LOAD_CORE, pin, serving

CONNECTIONS = 16
# Signatures of the petition, petitions in the list.
SMALL, LARGE = (1_000, 100), (1_000_000, 10_000)

LISTS = {"list": "/petitions/", "most_signed": "/petitions/?tri=signatures"}

fresh = itertools.count(1)


def main() -> None:
    options = arguments()
    cluster = Cluster(os.environ["DATABASE_URL"])
    pin(0, LOAD_CORE)
    print("filling both databases", file=sys.stderr, flush=True)
    small, large = (filled(cluster, name, *size) for name, size in (("small", SMALL), ("large", LARGE)))
    per_cpu = {}
    for layout in LAYOUTS:
        per_cpu |= cached_against_rendered(cluster, small, layout, options)

    def times_uncached(case: str) -> dict[str, float]:
        return {name: round(per_cpu[f"{name}_{case}"] / per_cpu[f"{name}_uncached"], 1) for name in LAYOUTS}

    figures = {
        "requests_per_cpu_s": per_cpu,
        "times_uncached": times_uncached("cached"),
        "times_uncached_304": times_uncached("304"),
        "flat": flatness(cluster, small, large, options),
    }
    report.finish("pages", **figures)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rendered", type=int, default=300, help="pages rendered per round")
    parser.add_argument("--cached", type=int, default=6000, help="answers from the cache per round")
    return parser.parse_args()


def filled(cluster: Cluster, name: str, signatures: int, petitions: int) -> tuple[str, str]:
    """A database of that size; its URL and the address of its signed petition."""
    url = cluster.create(f"bench_pages_{name}")
    command = [sys.executable, "-m", "bench.stand.fill", str(signatures), "0", str(petitions)]
    answer = subprocess.run(
        command, cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
    )
    return url, f"/petitions/{answer.stdout.split()[-2]}-une-petition-tres-signee/"


def cached_against_rendered(cluster: Cluster, stand: tuple[str, str], layout: str, options) -> dict[str, float]:
    url, page = stand
    cases: dict[str, list[float]] = {f"{layout}_uncached": [], f"{layout}_cached": [], f"{layout}_304": []}
    with serving(layout, database_url=url) as server:
        tag = etag(server.port, page)
        measure(server, misses(page, 100))
        for _round in range(options.rounds):
            cases[f"{layout}_uncached"].append(measure(server, misses(page, options.rendered)))
            cases[f"{layout}_cached"].append(measure(server, hits(page, options.cached)))
            cases[f"{layout}_304"].append(measure(server, hits(page, options.cached, tag)))
    print(f"{layout}: {cases}", file=sys.stderr, flush=True)
    return {case: round(statistics.median(values), 1) for case, values in cases.items()}


def flatness(cluster: Cluster, small, large, options) -> dict[str, float]:
    """CPU (server and PostgreSQL) of one rendering on the large database over the small one; 1 is flat."""
    costs: dict[str, list[float]] = {}
    for _round in range(options.rounds):
        for size, (url, page) in (("small", small), ("large", large)):
            with serving("threads", database_url=url) as server:
                measure(server, misses(page, 50))
                for name, address in {"page": page, **LISTS}.items():
                    before = server.cpu() + cluster.cpu()
                    client.run(server.port, misses(address, options.rendered), connections=CONNECTIONS)
                    costs.setdefault(f"{name}_{size}", []).append(server.cpu() + cluster.cpu() - before)
    return {name: report.ratio(costs[f"{name}_large"], costs[f"{name}_small"]) for name in ("page", *LISTS)}


def measure(server, requests) -> float:
    """Answers per CPU second of the server."""
    before = server.cpu()
    result = client.run(server.port, requests, connections=CONNECTIONS)
    if not set(result.statuses) <= {200, 304}:
        raise SystemExit(f"answers other than 200 and 304: {result.statuses}")
    return len(result.latencies) / max(0.01, server.cpu() - before)


def misses(address: str, number: int):
    joint = "&" if "?" in address else "?"
    return ((n, request(f"{address}{joint}x={next(fresh)}")) for n in range(number))


def hits(address: str, number: int, tag: str = ""):
    message = request(address, f"If-None-Match: {tag}\r\n" if tag else "")
    return ((n, message) for n in range(number))


def request(address: str, more: str = "") -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{more}\r\n".encode()


def etag(port: int, address: str) -> str:
    ask = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(ask, timeout=10) as answer:
        return answer.headers["ETag"]


if __name__ == "__main__":
    main()
