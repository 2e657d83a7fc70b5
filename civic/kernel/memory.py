"""What lives as long as the process."""

import gc


def settle() -> None:
    """Have collections pass over what was imported, and come more rarely; called once all is loaded.

    Objects of requests are freed as they end; with thousands of sockets, or some hundred requests
    a second, collections at Python's default thresholds are a tenth of the work.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
