"""Real races: the same act by several threads, each on a connection of its own, let go together."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment; give what each returned, or the exception it raised."""
    results: list[Any] = [None] * len(acts)
    barrier = Barrier(len(acts))

    def run(index, act):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            results[index] = act()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
