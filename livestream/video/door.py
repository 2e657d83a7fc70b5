"""The door by which an encoder comes in: it asks the house who may, and again each second whether it may go on.

One publisher at a time for each recording: a second one is refused, and the first notices nothing. One that drops may
come back, and what it then sends is the next take of the same recording.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import structlog

from livestream.video import rtmp
from livestream.video.encoding import Source, Take, is_header, is_key_frame, is_usable, picture_size
from livestream.video.playlists import Span
from livestream.video.rtmp import BrokenProtocol, Connection, Kind, Message

log = structlog.get_logger(__name__)

# Seconds. An encoder whose line broke says nothing: its place must be free when it comes back.
SILENCE = 5.0
INTRODUCTION = 10.0
ASK_EVERY = 1.0
# Connections that have not shown a key yet; further ones wait outside.
MOST_STRANGERS = 16
STREAM = 1


@dataclass(frozen=True)
class Feed:
    """What a key opens: the number of a recording, and the folder for its takes."""

    number: int
    folder: Path


@dataclass(frozen=True)
class Word:
    """What the house says of a feed: whether it may still come in, whether it is kept, and what is hidden of it."""

    is_welcome: bool = True
    is_kept: bool = True
    hidden: Sequence[Span] = ()


class House(Protocol):
    """Who owns the door. It answers for what it cannot look up (its database may be away)."""

    async def admit(self, key: str) -> Feed | None:
        """The feed that this key opens at this moment."""

    async def word(self, feed: Feed) -> Word: ...

    async def gone(self, feed: Feed) -> None:
        """Its encoder has gone, and what it sent is finished."""


class Refused(Exception):
    """Why a publisher must go, in a sentence for the encoder's window."""


class Door:
    def __init__(self, house: House):
        self.house = house
        self.visits: dict[int, Visit] = {}
        self.leaving: set[Visit] = set()
        self.strangers = asyncio.Semaphore(MOST_STRANGERS)

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncIterator[asyncio.Server]:
        """Let encoders in, until the end of the block, where each take is finished."""
        server = await rtmp.listen(self.receive, host, port)
        try:
            yield server
        finally:
            server.close()
            await asyncio.gather(*(visit.end() for visit in {*self.visits.values(), *self.leaving}))

    async def receive(self, connection: Connection) -> None:
        """One connection, from the handshake to its end."""
        with suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            try:
                async with self.strangers, asyncio.timeout(INTRODUCTION):
                    key = await self._introduced(connection)
                    feed = await self._admitted(connection, key)
            except (BrokenProtocol, Refused) as reason:
                log.warning("encoder refused", reason=str(reason))
                return
            # Nothing is waited for between the look at who is inside and this: of two that come at once, one stays.
            visit = self.visits[feed.number] = Visit(self.house, feed, connection)
            try:
                await _say(connection, "status", "NetStream.Publish.Start", "Publishing.")
                await visit.run()
            finally:
                # Its place is free at once, while the last segment is still being finished.
                del self.visits[feed.number]
                self.leaving.add(visit)
                await visit.end()
                self.leaving.remove(visit)
                await self.house.gone(feed)

    async def _introduced(self, connection: Connection) -> object:
        """What a publisher says before it sends, up to its key. Raises Refused or BrokenProtocol."""
        await connection.shake_hands()
        while True:
            message = await connection.read()
            if message.kind not in (Kind.COMMAND, Kind.COMMAND_AMF3):
                continue
            values: list[Any] = [*message.values(), None, None, None, None]
            name, number, key = values[0], values[1], values[3]
            if name == "connect":
                await connection.welcome()
                said = {"level": "status", "code": "NetConnection.Connect.Success", "description": "Welcome."}
                await connection.answer("_result", number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}, said)
            elif name == "createStream":
                await connection.answer("_result", number, None, STREAM)
            elif name == "publish":
                return key
            elif name in ("play", "play2"):
                raise Refused("It wants to play, not to publish.")

    async def _admitted(self, connection: Connection, key: object) -> Feed:
        feed = await self.house.admit(key) if isinstance(key, str) else None
        is_taken = feed is not None and feed.number in self.visits
        if feed is None or is_taken:
            # The same words for both: a stranger learns nothing of who is inside.
            await _say(connection, "error", "NetStream.Publish.BadName", "This stream key is not valid now.")
            raise Refused("another encoder is already there" if is_taken else "no valid key")
        return feed


class Visit:
    """One encoder while it is inside."""

    def __init__(self, house: House, feed: Feed, connection: Connection):
        self.house, self.feed, self.connection = house, feed, connection
        self.word = Word()
        self.source = Source()
        self.take: Take | None = None
        self.changing = asyncio.Lock()
        self.is_over = False

    async def run(self) -> None:
        """Until the encoder goes, falls silent, or is not welcome any more."""
        log.info("encoder came", recording=self.feed.number)
        await self._ask()
        asking = asyncio.create_task(self._ask_on())
        try:
            while not self.is_over:
                async with asyncio.timeout(SILENCE):
                    message = await self.connection.read()
                if self._is_goodbye(message):
                    return
                await self._receive(message)
        except (BrokenProtocol, Refused) as reason:
            log.warning("encoder sent away", recording=self.feed.number, reason=str(reason))
        finally:
            asking.cancel()
            log.info("encoder gone", recording=self.feed.number)

    async def end(self) -> None:
        """Finish the take, if there is one; what was received and not looked at yet is left."""
        self.is_over = True
        self.connection.close()
        async with self.changing:
            take, self.take = self.take, None
            if take and (code := await take.end()):
                log.error("ffmpeg ended badly", recording=self.feed.number, code=code, log=str(take.log))

    def _is_goodbye(self, message: Message) -> bool:
        commands = ("FCUnpublish", "deleteStream", "closeStream")
        return message.kind == Kind.COMMAND and message.values()[:1] in [[command] for command in commands]

    async def _receive(self, message: Message) -> None:
        if message.kind == Kind.DATA:
            self.source = replace(self.source, size=picture_size(message.values()) or self.source.size)
        elif message.kind in (Kind.AUDIO, Kind.VIDEO) and message.payload:
            if not is_usable(message):
                raise Refused("The encoder must send H.264 and AAC.")
            await (self._describe(message) if is_header(message) else self._pass_on(message))

    async def _describe(self, message: Message) -> None:
        is_sound = message.kind == Kind.AUDIO
        described = (
            replace(self.source, audio=message.payload) if is_sound else replace(self.source, video=message.payload)
        )
        if described != self.source and self.take:
            # A picture of another kind can't go on in the same files.
            async with self.changing:
                await self.take.end()
                self.take = None
        self.source = described

    async def _pass_on(self, message: Message) -> None:
        async with self.changing:
            if self.is_over or not self.word.is_kept:
                return
            if self.take is None:
                if not (self.source.is_complete and is_key_frame(message)):
                    return
                self.take = await Take.begin(self.feed.folder, self.source)
            try:
                await self.take.write(message)
            except ConnectionError:
                if self.word.is_kept:
                    raise

    async def _ask_on(self) -> None:
        try:
            while True:
                await asyncio.sleep(ASK_EVERY)
                await self._ask()
        finally:
            # However it ends, nobody stays inside unasked.
            self.is_over = True
            self.connection.close()

    async def _ask(self) -> None:
        """What the house says now. Doors that closed end the take at once, and the encoder may stay."""
        self.word = word = await self.house.word(self.feed)
        if not word.is_welcome:
            self.is_over = True
            self.connection.close()
        if not word.is_kept and self.take:
            # Before the lock: who has it may be waiting for a slow ffmpeg.
            self.take.kill()
            async with self.changing:
                take, self.take = self.take, None
                if take:
                    await take.cut_off(word.hidden)


async def _say(connection: Connection, level: str, code: str, description: str) -> None:
    said = {"level": level, "code": code, "description": description}
    await connection.answer("onStatus", 0, None, said, stream=STREAM)
