import asyncio
from functools import partial

import pytest

from civic.realtime.members import MOST_BYTES, MOST_FRAMES, SLOW, Member


class Socket:
    """A server's `send`: takes messages at once, waits while it is `full`, or is gone."""

    def __init__(self):
        self.taken = []
        self.room = asyncio.Event()
        self.room.set()
        self.is_gone = False

    async def send(self, message):
        await self.room.wait()
        if self.is_gone:
            raise ConnectionError
        self.taken.append(message.get("code") or message["text"])


@pytest.fixture
def socket():
    return Socket()


def text(number):
    return {"type": "websocket.send", "text": number}


async def test_a_socket_that_has_room_takes_frames_without_a_task(socket):
    member = Member(socket.send, language="fr")
    for number in (1, 2, 3):
        member.push(text(number))
    assert socket.taken == [1, 2, 3]


async def test_frames_wait_in_order_for_a_socket_that_is_full(socket):
    member = Member(socket.send, language="fr")
    socket.room.clear()
    for number in range(10):
        member.push(text(number))
    assert socket.taken == []
    socket.room.set()
    await asyncio.sleep(0.01)
    member.push(text(10))
    assert socket.taken == list(range(11))


async def test_who_can_t_keep_up_is_dropped_and_the_consumer_ends(socket):
    reached = asyncio.Event()

    async def consume():
        member = Member(socket.send, language="fr")
        socket.room.clear()
        reached.member = member
        reached.set()
        await asyncio.sleep(60)

    consumer = asyncio.ensure_future(consume())
    await reached.wait()
    for number in range(MOST_FRAMES + 2):
        reached.member.push(text(number))
    with pytest.raises(asyncio.CancelledError):
        await consumer
    assert not reached.member.is_open
    socket.room.set()
    await asyncio.sleep(0.01)
    assert socket.taken == []


async def test_a_socket_that_is_gone_is_told_nothing_more(socket):
    member = Member(socket.send, language="fr")
    socket.is_gone = True
    member.push(text(1))
    assert not member.is_open
    socket.is_gone = False
    member.push(text(2))
    assert socket.taken == []


async def test_a_socket_that_goes_while_frames_wait_is_told_nothing_more(socket):
    member = Member(socket.send, language="fr")
    socket.room.clear()
    member.push(text(1))
    socket.is_gone = True
    socket.room.set()
    await asyncio.sleep(0.01)
    assert not member.is_open


async def test_closing_is_the_last_thing_said(socket):
    member = Member(socket.send, language="fr")
    member.push(text(1))
    member.close(1008)
    member.close(1000)
    member.push(text(2))
    assert socket.taken == [1, 1008]


class DaphneProtocol:
    """What daphne keeps behind `send`, which never waits: the transport's buffer grows instead."""

    def __init__(self, unsent):
        self.transport = self
        self.dataBuffer = b""
        self._tempDataLen = unsent
        self.closed_with = None

    def sendCloseFrame(self, code):  # noqa: N802 - autobahn's name
        self.closed_with = code


async def daphne_send(protocol, message):
    """daphne's `handle_reply`."""


@pytest.mark.parametrize(("unsent", "closed_with"), [(MOST_BYTES, None), (MOST_BYTES + 1, SLOW)])
async def test_under_daphne_unsent_bytes_are_bounded(unsent, closed_with):
    protocol = DaphneProtocol(unsent)
    member = Member(partial(daphne_send, protocol), language="fr")
    member.push(text(1))
    assert protocol.closed_with == closed_with
    assert member.is_open is (closed_with is None)
