"""A clerk who goes on whatever fails: `python -m tests.faults.council_scene` has a session go to its next item.

Prints the session, then for each line of its input the number of the item that it has gone to, once it is recorded.
"""

import json
import sys
import time

import django

django.setup()

from django.db import OperationalError, connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from livestream.models import Follow, Item, Sitting  # noqa: E402
from tests.stage import User, person  # noqa: E402

ITEMS = 8


def begin() -> tuple[User, Sitting]:
    """A session that is live, with items that Amina follows; each takes too long for the next to be soon."""
    clerk, follower = (
        User.objects.get(pk=person(f"{name}@example.org", name.title(), *roles)["pk"])
        for name, roles in (("colette", ["clerk"]), ("amina", []))
    )
    now = timezone.now()
    sitting = Sitting.draft(clerk, title="Conseil de décembre", starts_at=now, place="Salle du conseil", kind="meeting")
    for rank in range(1, ITEMS + 1):
        item = Item.objects.create(
            sitting=sitting, rank=rank, number=str(rank), title=f"Point {rank}", planned_minutes=60
        )
        Follow.objects.create(user=follower, item=item)
    sitting.convene(clerk, at=now)
    sitting.open(clerk, at=now)
    return clerk, sitting


def go_on(clerk: User, sitting: Sitting) -> Item:
    """The next item, once it is there; tried again while the database is away, as a person would."""
    target = None
    while True:
        try:
            sitting.refresh_from_db()
            seen = sitting.open_passage
            target = target or sitting.items.get(rank=seen.item.rank + 1 if seen else 1)
            # The answer may have been lost, and the act recorded.
            if seen is None or seen.item_id != target.pk:
                sitting.go_to(target, clerk, seen=seen and seen.pk, at=timezone.now())
        except OperationalError:
            connection.close()
            time.sleep(0.2)
        else:
            return target


def main() -> None:
    clerk, sitting = begin()
    said = {"pk": sitting.pk, "address": sitting.get_absolute_url(), "follower": "amina@example.org"}
    say(json.dumps(said))
    for _line in sys.stdin:
        say(go_on(clerk, sitting).number)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
