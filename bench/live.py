"""`./run bench live`: what it costs to tell a crowd, against node's `ws` and a stock Channels group, alternating.

Our streams are measured on daphne and uvicorn as the product uses them: another process publishes a stream event for
each message, and the servers learn of it from PostgreSQL (from Redis with REDIS_URL). The others pass on what one of
their sockets sends, on both sides of about as many bytes. A message is said when the one before has reached everybody
and a moment has passed; then a burst is said at once. `floor` is one send() for each viewer, in C. What reached a
viewer twice counts as `doubled`, what did not as `lost`.
"""

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict

from bench.stand import report
from bench.stand.databases import Cluster
from bench.stand.live.broadcasters import OURS, PEERS, Broadcaster, broadcasting, without_node
from bench.stand.live.crowd import Crowd, allow_sockets, crowd
from bench.stand.servers import LOAD_CORE, pin

WARMING = 3
# Seconds between two messages, longer than the hub's pause; and for which messages are waited for before they are lost.
PAUSE, HEARD_WITHIN = 0.2, 60
STEP = 500


def main() -> None:
    options = arguments()
    allow_sockets(max(*options.viewers, options.most))
    cluster = Cluster(os.environ["DATABASE_URL"])
    pin(0, LOAD_CORE)
    if "node" in options.against and (why := without_node()):
        print(why, file=sys.stderr, flush=True)
        options.against.remove("node")
    stand = Stand(cluster.create("bench_live"), options)
    for number in range(options.rounds):
        for viewers in options.viewers:
            for name in stand.names:
                stand.run(name, viewers)
                print(f"round {number + 1} {name}: {stand.last}", file=sys.stderr, flush=True)
    stand.seek_largest()
    figures = stand.figures()
    report.finish("live", redis=bool(os.environ.get("REDIS_URL")), **figures)
    sys.exit(1 if figures["lost"] or figures["doubled"] else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench live")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--viewers", type=int, nargs="+", default=[500, 2000])
    parser.add_argument(
        "--most", type=int, default=5000, help="try so many, then fewer, until nothing is lost; 0: don't"
    )
    parser.add_argument("--messages", type=int, default=40, help="at most, per run")
    parser.add_argument("--seconds", type=float, default=15, help="at most, for the messages of a run")
    parser.add_argument("--burst", type=int, default=100, help="messages said at once")
    parser.add_argument("--servers", nargs="+", choices=OURS, default=list(OURS))
    parser.add_argument("--against", nargs="*", choices=PEERS, default=list(PEERS))
    return parser.parse_args()


class Stand:
    """What was measured, by broadcaster and number of viewers."""

    def __init__(self, database_url: str, options: argparse.Namespace):
        self.database_url, self.options = database_url, options
        self.names = [*options.against, *options.servers]
        self.runs: defaultdict[tuple[str, int], list[dict]] = defaultdict(list)
        self.largest: dict[str, int] = {}
        self.last = ""

    def run(self, name: str, viewers: int) -> dict:
        """One server, one crowd: messages at a pace, then a burst, which the slow are spared."""
        with broadcasting(name, self.database_url) as broadcaster:
            before = broadcaster.server.memory()
            with crowd(broadcaster.server.port, broadcaster.path, viewers) as here:
                found = {"kb": (broadcaster.server.memory() - before) / viewers}
                number = self._pace(broadcaster, here, 0, WARMING)
                here.report(number)
                cpu = broadcaster.server.cpu()
                after = self._pace(broadcaster, here, number, self.options.messages)
                found |= here.report(after)
                found["cpu_us"] = 1e6 * (broadcaster.server.cpu() - cpu) / max(1, found["received"])
                if name != "stock":
                    found["burst"] = self._burst(broadcaster, here, after)
        self.runs[name, viewers].append(found)
        self.last = (
            f"{viewers} viewers, {found['cpu_us']:.1f} µs a delivery, 99th percentile {found['p99_ms']:.0f} ms, "
            f"{found['kb']:.1f} KB a connection, {found['lost']} lost, {found['doubled']} doubled"
        )
        return found

    def _pace(self, broadcaster: Broadcaster, here: Crowd, number: int, messages: int) -> int:
        """Say so many messages, or as many as there is time for; returns the last one's number."""
        ends = time.monotonic() + self.options.seconds
        for _message in range(messages):
            number += 1
            broadcaster.say(here, number, number)
            here.heard(number, within=HEARD_WITHIN)
            if time.monotonic() > ends:
                break
            time.sleep(PAUSE)
        return number

    def _burst(self, broadcaster: Broadcaster, here: Crowd, number: int) -> dict:
        cpu = broadcaster.server.cpu()
        broadcaster.say(here, number + 1, number + self.options.burst)
        here.heard(number + self.options.burst, within=HEARD_WITHIN)
        found = here.report(number + self.options.burst)
        return found | {"cpu_us": 1e6 * (broadcaster.server.cpu() - cpu) / max(1, found["received"])}

    def seek_largest(self) -> None:
        """The largest crowd, up to the one asked for, that nothing is lost for and nothing told twice."""
        known = max(self.options.viewers)
        for name in [each for each in self.names if each in {*OURS, "node"}]:
            self.largest[name] = known
            for viewers in range(self.options.most, known, -STEP):
                found = self.run(name, viewers)
                print(f"largest {name}: {self.last}", file=sys.stderr, flush=True)
                if is_whole(found):
                    self.largest[name] = viewers
                    break
                del self.runs[name, viewers][-1]

    # --- Figures

    def figures(self) -> dict:
        viewers = max(self.options.viewers)
        found = {
            "viewers": viewers,
            "ratio_node_ws": self.ratio("uvicorn", "node", viewers),
            "ratio_node_ws_daphne": self.ratio("daphne", "node", viewers),
            "ratio_stock_group": self.ratio("daphne", "stock", viewers),
            "ratio_c_floor": self.ratio("uvicorn", "floor", viewers),
            "lost": self.total("lost", "closed"),
            "doubled": self.total("doubled"),
            "p99_ms": self.median("uvicorn", viewers, "p99_ms"),
            "p99_ms_node_ws": self.median("node", viewers, "p99_ms"),
            "kb_per_connection": self.median("uvicorn", viewers, "kb"),
            "largest": self.largest,
        }
        return found | {"by_viewers": {n: self.table(n) for n in sorted({n for _name, n in self.runs})}}

    def ratio(self, ours: str, theirs: str, viewers: int) -> float | None:
        """Deliveries per second of CPU over theirs; None unless both were measured in this run."""
        if not {ours, theirs} <= set(self.names):
            return None
        # What costs less delivers more: the sides change places.
        return report.ratio(self.values(theirs, viewers, "cpu_us"), self.values(ours, viewers, "cpu_us"))

    def median(self, name: str, viewers: int, key: str) -> float | None:
        values = self.values(name, viewers, key)
        return round(statistics.median(values), 1) if values else None

    def values(self, name: str, viewers: int, key: str) -> list[float]:
        return [run[key] for run in self.runs[name, viewers]]

    def total(self, *keys: str) -> int:
        runs = [run for (name, _viewers), found in self.runs.items() if name in OURS for run in found]
        return sum(part[key] for run in runs for part in (run, run["burst"]) for key in keys)

    def table(self, viewers: int) -> dict:
        return {name: summary(runs) for (name, number), runs in self.runs.items() if number == viewers and runs}


def is_whole(run: dict) -> bool:
    return not any(part[key] for part in (run, run.get("burst", {})) for key in ("lost", "doubled", "closed") if part)


def summary(runs: list[dict]) -> dict:
    """Medians over the rounds."""

    def median(key: str, part: str = "") -> float:
        return statistics.median((run[part] if part else run)[key] for run in runs)

    found = {
        "deliveries_per_cpu_s": round(1e6 / median("cpu_us")),
        "p50_ms": median("p50_ms"),
        "p99_ms": median("p99_ms"),
        "kb_per_connection": round(median("kb"), 1),
        "lost": sum(run["lost"] for run in runs),
    }
    if "burst" in runs[0]:
        found["burst_deliveries_per_cpu_s"] = round(1e6 / median("cpu_us", "burst"))
        found["burst_p99_ms"] = median("p99_ms", "burst")
        found["merged"] = round(median("received", "burst") / max(1, median("frames", "burst")), 1)
    return found


if __name__ == "__main__":
    main()
