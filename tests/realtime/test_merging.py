"""What a room sends of a burst: one message for what was read together, which waits only while others come."""

import asyncio
import json

import pytest

from civic.realtime import hub
from civic.realtime.hub import MERGED, Room
from civic.realtime.members import Member
from civic.realtime.models import Page, StreamEvent


def page_of(*texts, slots=()):
    events = [
        StreamEvent(stream_id=7, seq=seq, kind="line", html={"fr": text, "en": f"{text} (en)"})
        for seq, text in enumerate(texts, start=1)
        if seq not in slots
    ]
    return Page(len(texts), events, is_reset=False)


@pytest.fixture
def sent():
    """What one viewer of each language is sent of a page."""

    async def sent(page, language="fr"):
        messages = []

        async def send(message):
            messages.append(json.loads(message["text"]))

        room = Room(7, 0)
        for each in ("fr", "en"):
            room.members[each].add(Member(send if each == language else nothing, language=each))
        await room._tell(page, 0)
        return messages

    return sent


async def nothing(message):
    """Another viewer's socket."""


async def test_an_event_alone_is_a_frame(sent):
    assert await sent(page_of("Un")) == [{"stream": 7, "seq": 1, "kind": "line", "html": "Un"}]


async def test_a_burst_is_one_message_in_order_in_the_viewer_s_language(sent):
    [message] = await sent(page_of("Un", "Deux", "Trois"), "en")
    assert [(frame["seq"], frame["html"]) for frame in message["frames"]] == [
        (1, "Un (en)"),
        (2, "Deux (en)"),
        (3, "Trois (en)"),
    ]


async def test_what_was_replaced_in_between_is_said_within_a_burst_too(sent):
    [message] = await sent(page_of("Un", "Deux", "Trois", slots={2}))
    assert [(frame["seq"], frame.get("prev")) for frame in message["frames"]] == [(1, None), (3, 1)]


async def test_a_long_burst_is_cut_into_messages_and_loses_nothing(sent):
    messages = await sent(page_of(*["x" * 1000] * 120, "y" * 2 * MERGED, "z"))
    assert len(messages) == 5
    frames = [frame for message in messages for frame in message.get("frames", [message])]
    assert [frame["seq"] for frame in frames] == list(range(1, 123))


async def test_a_reset_goes_alone(sent):
    assert await sent(Page(9, [], is_reset=True)) == [{"stream": 7, "seq": 0, "kind": "reset"}]


@pytest.fixture
def published(monkeypatch):
    """The numbers published so far; how often they were read, and what opens the pause after a message."""
    pause = asyncio.Event()
    numbers, reads = [], []

    async def read(stream_id, cursor):
        reads.append(cursor)
        events = [StreamEvent(stream_id=7, seq=n, kind="line", html={"fr": str(n)}) for n in numbers if n > cursor]
        return Page(max(numbers), events, is_reset=False)

    async def paused(seconds):
        if seconds == hub.PAUSE:
            await pause.wait()

    monkeypatch.setattr(hub, "_read", read)
    monkeypatch.setattr(hub.asyncio, "sleep", paused)
    return numbers, reads, pause


REAL_SLEEP = asyncio.sleep


async def settled(room):
    """Wait until the room is in its pause, or done."""
    for _turn in range(20):
        await REAL_SLEEP(0)
    return room.cursor


async def test_an_event_goes_out_at_once_and_those_in_the_pause_after_it_together(published):
    numbers, reads, pause = published
    messages = []

    async def send(message):
        messages.append(json.loads(message["text"]))

    room = Room(7, 0)
    room.members["fr"].add(Member(send, language="fr"))
    for number in range(1, 6):
        numbers.append(number)
        room.wake(number)
        assert await settled(room) == 1
    assert [frame["seq"] for frame in messages] == [1]
    pause.set()
    assert await settled(room) == 5
    assert [frame["seq"] for frame in messages[1]["frames"]] == [2, 3, 4, 5]
    assert (len(messages), reads) == (2, [0, 1])


def test_the_pause_is_as_long_as_a_burst_may_wait():
    assert 0.1 <= hub.PAUSE <= 0.25
