"""Waking hubs must hold nobody up, and what is lost on the way must not keep a door open."""

import asyncio
import socket
from contextlib import closing
from threading import Thread

import pytest
from django.db import connection

from civic.realtime import hub, wakeups
from civic.realtime.door import Answer
from civic.realtime.members import Member
from civic.realtime.models import Page
from tests.realtime.servers import PATIENCE


@pytest.fixture
def stuck(settings, monkeypatch):
    """A Redis that takes connections and never says a word; how often it was turned to."""
    turned_to = []
    hand_over = wakeups._hand_over

    async def noted(text):
        turned_to.append(text)
        await hand_over(text)

    monkeypatch.setattr(wakeups, "_away_until", 0.0)
    monkeypatch.setattr(wakeups, "_hand_over", noted)
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings.REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [settings.REDIS_URL]}}
        settings.CHANNEL_LAYERS = {"default": layer}
        yield turned_to


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_never_answers_holds_no_publisher_up(stuck, stream, say):
    def speak():
        for number in range(20):
            say(stream, number)
        connection.close()

    speaker = Thread(target=speak, daemon=True)
    speaker.start()
    speaker.join(PATIENCE)
    assert not speaker.is_alive()
    stream.refresh_from_db()
    assert (stream.seq, stuck) == (20, [f"event {stream.pk} 1"])


@pytest.mark.parametrize(("luck", "delays"), [(0.0, [0.1, 0.2, 0.4]), (1.0, [0.3, 0.6, 1.2])])
async def test_processes_listen_again_spread_out_and_ever_slower(monkeypatch, luck, delays):
    slept = []

    async def lost():
        raise OSError
        yield

    async def sleep(seconds):
        slept.append(round(seconds, 3))
        if len(slept) == len(delays):
            raise asyncio.CancelledError

    monkeypatch.setattr(wakeups, "_from_postgres", lost)
    monkeypatch.setattr(wakeups.asyncio, "sleep", sleep)
    monkeypatch.setattr(wakeups.random, "uniform", lambda low, high: low + luck * (high - low))
    with pytest.raises(asyncio.CancelledError):
        await anext(wakeups.listen())
    assert slept == delays


async def test_a_right_that_ran_out_closes_its_socket_though_nothing_wakes_the_hub(monkeypatch):
    async def silence():
        await asyncio.Event().wait()
        yield

    async def nothing(*args):
        return Page(head=0, events=[], is_reset=False)

    async def heads(ids):
        return {}

    async def refusal(stream_id, key):
        return Answer(None, 7)

    monkeypatch.setattr(wakeups, "listen", silence)
    monkeypatch.setattr(hub, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(hub, "_read", nothing)
    monkeypatch.setattr(hub, "_heads", heads)
    said = []

    async def send(message):
        said.append(message)

    here = hub.Hub.here()
    monkeypatch.setattr(here.door, "ask", refusal)
    here.join(1, Member(send, language="fr", session_key="moderator", user_pk=7), seq=0)
    async with asyncio.timeout(PATIENCE):
        while not said or said[-1]["type"] != "websocket.close":
            await asyncio.sleep(0.001)
    assert said[-1]["code"] == 1008
    await hub.Hub.stop_here()
