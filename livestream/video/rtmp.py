"""The server's half of RTMP, as far as publishing needs it (Adobe, *RTMP Specification* 1.0, 2012).

ffmpeg can listen for RTMP by itself, but takes any stream key, and writes the one it got into its log. What asks for a
key must therefore stand before it; once inside, sound and picture go on to ffmpeg as they came.
"""

import asyncio
import os
import struct
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from livestream.video import amf

VERSION = 3
HANDSHAKE = 1536
CHUNK = 4096
WINDOW = 2_500_000
FAR = 0xFFFFFF  # a time that doesn't fit in its three bytes stands after the header
# A picture of 720p is a tenth of it; what is longer is no message.
LONGEST = 4_000_000
MOST_CHANNELS = 64


class Kind(IntEnum):
    CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, CONTROL, WINDOW_SIZE, BANDWIDTH = 1, 2, 3, 4, 5, 6
    AUDIO, VIDEO = 8, 9
    COMMAND_AMF3 = 17
    DATA, COMMAND = 18, 20


class BrokenProtocol(Exception):
    """What came is not RTMP, or not as a publisher speaks it."""


@dataclass(frozen=True)
class Message:
    """Its time is in milliseconds, on the encoder's own clock."""

    kind: int
    time: int
    payload: bytes

    def values(self) -> list[Any]:
        """What a command or a description says. Raises BrokenProtocol."""
        try:
            return amf.read(self.payload[1:] if self.kind == Kind.COMMAND_AMF3 else self.payload)
        except amf.NotAmf as error:
            raise BrokenProtocol("a command that is no AMF0") from error


@dataclass
class _Channel:
    """What a chunk says only where it differs from the one before it on the same channel."""

    time: int = 0
    step: int = 0
    length: int = 0
    kind: int = 0
    is_far: bool = False
    parts: bytearray = field(default_factory=bytearray)


class Connection:
    """One encoder's connection; messages that concern the connection alone are dealt with here."""

    def __init__(self, reader: StreamReader, writer: StreamWriter):
        self.reader, self.writer = reader, writer
        self.channels: dict[int, _Channel] = {}
        self.chunk = 128
        self.received = self.acknowledged = 0

    async def shake_hands(self) -> None:
        """Raises BrokenProtocol, or IncompleteReadError where the other side goes."""
        if (await self._take(1))[0] != VERSION:
            raise BrokenProtocol("another version, or no RTMP")
        first = await self._take(HANDSHAKE)
        self.writer.write(bytes([VERSION]) + bytes(8) + os.urandom(HANDSHAKE - 8) + first)
        await self.writer.drain()
        await self._take(HANDSHAKE)

    async def read(self) -> Message:
        """The next message that concerns us. Raises BrokenProtocol, or IncompleteReadError at the end."""
        while True:
            message = await self._read_chunk()
            if message is None:
                continue
            if message.kind > Kind.BANDWIDTH:
                return message
            if message.kind == Kind.CHUNK_SIZE and len(message.payload) == 4:
                self.chunk = max(1, min(int.from_bytes(message.payload, "big"), LONGEST))

    async def welcome(self) -> None:
        self._send(Kind.WINDOW_SIZE, struct.pack(">I", WINDOW))
        self._send(Kind.BANDWIDTH, struct.pack(">IB", WINDOW, 2))
        self._send(Kind.CHUNK_SIZE, struct.pack(">I", CHUNK))
        await self.writer.drain()

    async def answer(self, *values: Any, stream: int = 0) -> None:
        self._send(Kind.COMMAND, amf.write(*values), stream=stream)
        await self.writer.drain()

    def close(self) -> None:
        self.writer.close()

    async def _take(self, length: int) -> bytes:
        content = await self.reader.readexactly(length)
        self.received += length
        if self.received - self.acknowledged >= WINDOW // 2:
            self.acknowledged = self.received
            self._send(Kind.ACKNOWLEDGEMENT, struct.pack(">I", self.received & 0xFFFFFFFF))
        return content

    async def _read_chunk(self) -> Message | None:
        """One chunk; the message that it completes, if it does (5.3.1)."""
        head = (await self._take(1))[0]
        shape, number = head >> 6, head & 63
        if number < 2:
            number = 64 + int.from_bytes(await self._take(number + 1), "little")
        if number not in self.channels and (shape or len(self.channels) >= MOST_CHANNELS):
            raise BrokenProtocol("a channel that never began, or too many of them")
        channel = self.channels.setdefault(number, _Channel())
        await self._read_header(channel, shape)
        left = channel.length - len(channel.parts)
        channel.parts += await self._take(min(left, self.chunk))
        if len(channel.parts) < channel.length:
            return None
        payload, channel.parts = bytes(channel.parts), bytearray()
        return Message(channel.kind, channel.time, payload)

    async def _read_header(self, channel: _Channel, shape: int) -> None:
        is_new = not channel.parts
        header = await self._take((11, 7, 3, 0)[shape])
        if header:
            channel.step = int.from_bytes(header[:3], "big")
            channel.is_far = channel.step == FAR
        if len(header) >= 7:
            channel.length, channel.kind = int.from_bytes(header[3:6], "big"), header[6]
            if channel.length > LONGEST or not is_new:
                raise BrokenProtocol("a message too long, or one that began within another")
        if channel.is_far:
            far = int.from_bytes(await self._take(4), "big")
            channel.step = far if header else channel.step
        if not is_new:
            return
        if shape == 0:
            channel.time, channel.step = channel.step, 0
        else:
            channel.time = (channel.time + channel.step) & 0xFFFFFFFF

    def _send(self, kind: Kind, payload: bytes, *, stream: int = 0) -> None:
        """In chunks on one channel: commands on the third, the connection's own on the second."""
        channel = 3 if kind == Kind.COMMAND else 2
        size = CHUNK if kind == Kind.COMMAND else 128
        header = bytes([channel, 0, 0, 0]) + len(payload).to_bytes(3, "big") + bytes([kind]) + struct.pack("<I", stream)
        parts = [payload[start : start + size] for start in range(0, len(payload), size)]
        self.writer.write(header + bytes([0xC0 | channel]).join(parts))


async def listen(handle: Any, host: str, port: int) -> asyncio.Server:
    """Serve each connection with `handle(connection)`."""

    async def accept(reader: StreamReader, writer: StreamWriter) -> None:
        connection = Connection(reader, writer)
        try:
            await handle(connection)
        finally:
            connection.close()

    return await asyncio.start_server(accept, host, port)
