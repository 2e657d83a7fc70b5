"""Ties a child's life to its parent's, so that nothing is left behind."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded before any fork: a child may not load libraries safely


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """Return what `preexec_fn` needs so that the kernel sends `how` when the parent ends.

    Linux only (prctl(2)). The parent is the thread that starts the child: use the main one.
    """
    parent = os.getpid()

    def tie() -> None:
        # The supervisor reads its signals while they are blocked; children must not inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        _libc.prctl(PR_SET_PDEATHSIG, how, 0, 0, 0)
        if os.getppid() != parent:  # it ended between fork and prctl
            os._exit(1)

    return tie
