"""A load generator: keep-alive connections, one request at a time on each, every answer kept."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

ANSWER_WITHIN = 30  # seconds: a bench that waits for ever measures nothing


@dataclass
class Result:
    """What a run saw: answers by status, latencies in seconds, and how long it took in seconds."""

    statuses: Counter = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, part: float) -> float:
        """Latency in milliseconds below which `part` of the answers stayed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def run(port: int, requests: Iterator[tuple[int, bytes]], *, connections: int, seconds: float = 600.0) -> Result:
    """Send numbered requests (whole HTTP/1.1 messages) until they are used up or `seconds` have passed."""
    return asyncio.run(_run(port, requests, connections, seconds))


async def _run(port, requests, connections, seconds) -> Result:
    result = Result()
    began = time.perf_counter()
    deadline = began + seconds
    await asyncio.gather(*[_one(port, requests, result, deadline) for _ in range(connections)])
    result.seconds = time.perf_counter() - began
    return result


async def _one(port, requests, result, deadline) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number, message in requests:
        sent = time.perf_counter()
        writer.write(message)
        status, closes = await asyncio.wait_for(_answer(reader), ANSWER_WITHIN)
        result.latencies.append(time.perf_counter() - sent)
        result.statuses[status] += 1
        if status < 400:
            result.acknowledged.append(number)
        if closes:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if time.perf_counter() > deadline:
            break
    writer.close()


async def _answer(reader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if head[9:12] == b"304":
        pass  # its Content-Length, if any, is that of the answer that it stands for (RFC 9110, 8.6)
    elif (at := head.find(b"content-length:")) >= 0:
        await reader.readexactly(int(head[at + 15 : head.index(b"\r\n", at)]))
    elif b"transfer-encoding: chunked" in head:
        while (size := int(await reader.readline(), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head[9:12]), b"connection: close" in head
