"""Three processes on one database: who follows hears the same, once and in order, whichever of them serves."""

from contextlib import ExitStack

import pytest
from django.db import connection

from civic.realtime.models import Stream
from tests.concurrency import together
from tests.realtime.servers import database_url, receive, redis_server, serving

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ("daphne", "uvicorn", "daphne")


@pytest.mark.parametrize("way", ["notify", pytest.param("redis", marks=pytest.mark.redis)])
def test_what_three_speakers_say_at_once_is_heard_alike_in_three_processes(settings, open_kind, say, way):
    stream = Stream.objects.create(kind=open_kind)
    with ExitStack() as stack:
        redis_url = stack.enter_context(redis_server()).url if way == "redis" else ""
        settings.REDIS_URL = redis_url
        layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis_url]}}
        settings.CHANNEL_LAYERS = {"default": layer} if redis_url else {}
        url = database_url(connection)
        servers = [stack.enter_context(serving(kind, database=url, redis_url=redis_url)) for kind in KINDS]
        sockets = [stack.enter_context(server.follow(stream)) for server in servers for _ in range(2)]

        def speaker(name):
            return lambda: [say(Stream.objects.get(pk=stream.pk), f"{name} {n}") for n in range(20)]

        together(*map(speaker, ("amina", "bruno", "camille")))
        heard = [events(socket, 60) for socket in sockets]
        assert [frame["seq"] for frame in heard[0]] == list(range(1, 61))
        assert all(each == heard[0] for each in heard)
        # One that was stopped misses nothing: whoever it served comes back elsewhere, from where they stood.
        servers[0].process.terminate()
        servers[0].process.wait()
        say(stream, "meanwhile")
        assert [frame["seq"] for frame in servers[1].catch_up(stream, 60)["frames"]] == [61]
        assert [events(socket, 1)[0]["seq"] for socket in sockets[2:]] == [61] * 4


def events(socket, number):
    """The next events; heartbeats come in between whenever it is their time."""
    found = []
    while len(found) < number:
        if (frame := receive(socket))["kind"] != "heartbeat":
            found.append(frame)
    return found
