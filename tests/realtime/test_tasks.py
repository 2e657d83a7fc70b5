from datetime import timedelta

from django.utils import timezone

from civic.realtime.tasks import prune


def test_events_of_more_than_a_week_ago_go_at_night(stream, say):
    for text in ("old", "new"):
        say(stream, text)
    stream.events.filter(seq=1).update(created_at=timezone.now() - timedelta(days=8))
    assert prune(timestamp=0) == 1
    assert [event.seq for event in stream.events.all()] == [2]
