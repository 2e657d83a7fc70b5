"""The last line of a bench: one JSON object, so that figures can be compared over time."""

import json
import platform
import statistics
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.stand.servers import CHECKOUT


def finish(name: str, **figures) -> None:
    """Print the figures with commit, date and machine; the reader of numbers takes the last line."""
    facts = {"bench": name, "commit": commit(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
    print(json.dumps(facts | figures), flush=True)


def commit() -> str:
    answer = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=CHECKOUT, capture_output=True, check=False)
    return answer.stdout.decode().strip() or "unknown"


def machine() -> str:
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{len(models)} x {models[0].partition(':')[2].strip() if models else platform.machine()}"


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Median of ours over median of theirs; both sides were measured alternately in this run."""
    if len(ours) != len(theirs) or not ours:
        raise SystemExit("a ratio needs as many rounds on both sides")
    return round(statistics.median(ours) / statistics.median(theirs), 3)
