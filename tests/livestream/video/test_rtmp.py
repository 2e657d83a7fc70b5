"""What an encoder may say, and what is no RTMP."""

import asyncio

import pytest

from livestream.video import amf, rtmp
from livestream.video.rtmp import BrokenProtocol, Kind


class Deaf:
    """The other side, which hears nothing."""

    def write(self, content):
        self.heard = content

    async def drain(self):
        pass


def read(*content: bytes, times: int = 1):
    """What a connection makes of these bytes."""

    async def reading():
        reader = asyncio.StreamReader()
        reader.feed_data(b"".join(content))
        reader.feed_eof()
        connection = rtmp.Connection(reader, Deaf())
        return [await connection.read() for _ in range(times)]

    return asyncio.run(reading())


def header(length: int, kind: Kind, *, time: int = 0, channel: int = 4) -> bytes:
    return bytes([channel]) + time.to_bytes(3, "big") + length.to_bytes(3, "big") + bytes([kind]) + bytes(4)


def test_values_are_read_as_they_are_written():
    said = ["connect", 1, {"app": "live", "width": 1280.0, "is": True}, None, "é"]
    assert amf.read(amf.write(*said)) == said


@pytest.mark.parametrize(
    "content", [b"\x02\x00\x05ab", b"\x07", b"\x03" * 2000, b"\x00\x01", b"\x0a\xff\xff\xff\xff" + b"\x05" * 3000]
)
def test_what_is_no_amf_is_refused(content):
    with pytest.raises(amf.NotAmf):
        amf.read(content)


def test_a_message_comes_together_from_its_chunks():
    whole = bytes(range(200))
    [message] = read(header(200, Kind.VIDEO, time=40), whole[:128], b"\xc4", whole[128:])
    assert (message.kind, message.time, message.payload) == (Kind.VIDEO, 40, whole)


def test_times_are_told_as_steps_and_may_be_far():
    far = (0x1000000).to_bytes(4, "big")
    step = b"\x44" + (25).to_bytes(3, "big") + (1).to_bytes(3, "big") + bytes([Kind.AUDIO]) + b"b"
    messages = read(header(1, Kind.AUDIO, time=rtmp.FAR), far, b"a", step, b"\xc4c", times=3)
    assert [message.time - 0x1000000 for message in messages] == [0, 25, 50]


def test_the_size_of_chunks_changes_when_the_encoder_says_so():
    size = header(4, Kind.CHUNK_SIZE, channel=2) + (4096).to_bytes(4, "big")
    [message] = read(size, header(1000, Kind.VIDEO), bytes(1000))
    assert len(message.payload) == 1000


@pytest.mark.parametrize(
    "content",
    [
        b"\xc4",
        header(rtmp.LONGEST + 1, Kind.VIDEO),
        header(200, Kind.VIDEO) + bytes(128) + header(5, Kind.VIDEO),
        b"".join(header(0, Kind.AUDIO, channel=number) for number in range(3, 64)) * 1
        + b"".join(bytes([0, number]) + header(0, Kind.AUDIO)[1:] for number in range(5)),
    ],
    ids=["a step before anything", "too long", "one within another", "too many channels"],
)
def test_what_is_no_rtmp_is_refused(content):
    with pytest.raises(BrokenProtocol):
        read(content, times=100)
