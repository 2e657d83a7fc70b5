"""Opening the box from a page: at once where it is small, in a thread of this very process where that takes longer.

The worker can't do it. A job is a row, and so is what a job is given; the scrutineers' private keys must be in no row,
no file, no cache and no log. They stay in the memory of the process to which they were brought, until the count ends.

Nothing of an unfinished count is kept either. Ballots written in portions would tell from which part of the box they
came, and a portion is a partial result. A count that breaks off (the server is stopped, the machine fails) is undone by
PostgreSQL as a whole; it is taken up again by bringing the keys again, and finds the same.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from threading import Event, Thread
from typing import Any

from django.db import connection
from django.views.decorators.debug import sensitive_variables

from civic.kernel.errors import DomainError
from consultations import counting
from consultations.models import Consultation

log = logging.getLogger(__name__)

# A second's work: who presses the button waits for it.
AT_ONCE = 2_000


@sensitive_variables("private_keys", "thread")
def begin(consultation: Consultation, *, by: Any, private_keys: Sequence[bytes] = (), at: datetime) -> bool:
    """Count, or see that a count has begun; returns whether it is finished. Raises what `counting.count` raises."""
    if counting.papers_in(consultation).count() <= AT_ONCE:
        counting.count(consultation, by=by, private_keys=private_keys, at=at)
        return True
    # What can be refused is refused here, where somebody reads it.
    counting.check(consultation, private_keys=private_keys)
    begun = Event()
    # Not a daemon: a server that is stopped in good order ends the count first.
    thread = Thread(target=_count, args=(consultation, by, private_keys, at, begun), name=f"count-{consultation.pk}")
    thread.start()
    begun.wait()
    return not thread.is_alive()


@sensitive_variables("private_keys")
def _count(consultation: Consultation, by: Any, private_keys: Sequence[bytes], at: datetime, begun: Event) -> None:
    try:
        counting.count(consultation, by=by, private_keys=private_keys, at=at, begun=begun)
    except DomainError as fact:
        # Somebody else was quicker by a moment; the page shows their count.
        log.info("count of consultation %s: %s", consultation.pk, type(fact).__name__)
    except Exception:
        log.exception("the count of consultation %s broke off; nothing has changed", consultation.pk)
    finally:
        begun.set()
        connection.close()
