"""What a visitor without an account is doing here, kept in the session for a short time.

The next person at a library's computer must find neither the name nor the address of the one
before, and a session that signs everything it sees must not grow without end.
"""

import time
from typing import Any

KEPT = 3600  # seconds; the link in the mail works longer
MOST = 20

# Session keys: the requests that wait for their mail, and the signatures just confirmed.
ASKED, SIGNED = "petitions.asked", "petitions.signed"


def remember(request, key: str, petition_pk: int, what: str | int) -> None:
    """Keep a request's nonce or a signature's id as this visitor's under that petition."""
    now = time.time()
    fresh = {petition: kept for petition, kept in request.session.get(key, {}).items() if now - kept[1] < KEPT}
    fresh.pop(str(petition_pk), None)
    fresh[str(petition_pk)] = [what, int(now)]
    request.session[key] = dict(list(fresh.items())[-MOST:])


def recall(request, key: str, petition_pk: int) -> Any:
    """What was remembered less than an hour ago; None where there is nothing."""
    what, at = request.session.get(key, {}).get(str(petition_pk), (None, 0))
    return what if time.time() - at < KEPT else None


def forget(request, key: str, petition_pk: int) -> None:
    if str(petition_pk) in request.session.get(key, {}):
        del request.session[key][str(petition_pk)]
        request.session.modified = True
