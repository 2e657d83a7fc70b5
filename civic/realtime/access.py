"""Rights that change while a page is open."""

from civic.realtime import wakeups


def access_changed(*, user) -> None:
    """Close, at the commit, every socket that this account has open; browsers come back by the door.

    Call it when somebody logs out, is banned, changes a password, or is given or loses a right.
    """
    wakeups.send(wakeups.Wakeup("user", user.pk))
