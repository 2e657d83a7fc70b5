"""The hub: in each process, one listener for all streams, and for each stream the sockets that follow it."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from weakref import WeakKeyDictionary

import structlog
from channels.db import database_sync_to_async
from django.db import Error as DatabaseError

from civic.realtime import wakeups
from civic.realtime.door import Door
from civic.realtime.members import LEFT_BEHIND, Member, Message
from civic.realtime.models import HEARTBEAT, RESET, Page, Stream

# Seconds. A wake-up that was lost is found by the next look; the browser's own guard is the heartbeat.
LOOK_EVERY = 5
LOOKS_PER_HEARTBEAT = 4
# Each minute everybody is asked for again: a right that ends by date wakes nobody, and a wake-up may be lost.
LOOKS_PER_QUESTION = 12
# An event goes out at once, unless the last ones went less than this ago: then those that come meanwhile are
# read together, and go out in one message as far as it holds this many characters.
PAUSE = 0.1
MERGED = 48 * 1024
MEMBERS_PER_TURN = 500

log = structlog.get_logger(__name__)


@database_sync_to_async
def _read(stream_id: int, cursor: int) -> Page:
    return Stream(pk=stream_id).since(cursor)


@database_sync_to_async
def _heads(stream_ids: list[int]) -> dict[int, int]:
    return dict(Stream.objects.filter(pk__in=stream_ids).values_list("pk", "seq"))


def text_message(frame: dict) -> Message:
    """A frame as the ASGI message that all members share: serialised once."""
    return {"type": "websocket.send", "text": _serialised(frame)}


def _serialised(frame: dict) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


class Room:
    """The members that follow one stream, by language, and how far the stream was read for them."""

    def __init__(self, stream_id: int, cursor: int):
        self.stream_id = stream_id
        self.cursor = cursor
        self.members: defaultdict[str, set[Member]] = defaultdict(set)
        self._is_behind = False
        self._reading: asyncio.Task | None = None

    def everyone(self) -> list[Member]:
        return [member for members in self.members.values() for member in members]

    def wake(self, seq: int | None = None) -> None:
        """Read on from the cursor, unless it stands at `seq` already."""
        if seq is not None and seq <= self.cursor:
            return
        self._is_behind = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read_on())

    def greet(self, member: Member) -> None:
        """Tell a newcomer the head: a browser that stands elsewhere asks HTTP for the rest."""
        member.push(text_message(self._signal(HEARTBEAT)))

    def beat(self) -> None:
        message = text_message(self._signal(HEARTBEAT))
        for member in self.everyone():
            member.push(message)

    def _signal(self, kind: str) -> dict:
        return {"stream": self.stream_id, "seq": self.cursor, "kind": kind}

    async def _read_on(self) -> None:
        while self._is_behind:
            self._is_behind = False
            try:
                page = await _read(self.stream_id, self.cursor)
            except (DatabaseError, Stream.DoesNotExist) as error:
                log.warning("realtime_read_failed", stream=self.stream_id, error=type(error).__name__)
                return  # the next look finds what is missing
            # Moved on before anybody is told: who comes in meanwhile is greeted with the new head.
            before, self.cursor = self.cursor, page.events[-1].seq if page.events else page.head
            self._is_behind = self._is_behind or self.cursor < page.head
            await self._tell(page, before)
            await asyncio.sleep(PAUSE)

    async def _tell(self, page: Page, before: int) -> None:
        for language, members in self.members.items():
            signals = [_serialised(self._signal(RESET))]
            messages = _messages(signals if page.is_reset else _frames(page, before, language))
            for turn, member in enumerate(list(members), start=1):
                for message in messages:
                    member.push(message)
                if turn % MEMBERS_PER_TURN == 0:
                    await asyncio.sleep(0)


def _messages(frames: Iterable[str]) -> list[Message]:
    """A frame alone as it is, those of a burst as {"frames": […]}: what a send costs counts more than its length."""
    parts: list[list[str]] = []
    room = 0
    for frame in frames:
        room -= len(frame)
        if room < 0:
            parts.append([])
            room = MERGED - len(frame)
        parts[-1].append(frame)
    texts = [part[0] if len(part) == 1 else f'{{"frames":[{",".join(part)}]}}' for part in parts]
    return [{"type": "websocket.send", "text": text} for text in texts]


def _frames(page: Page, before: int, language: str) -> list[str]:
    frames = []
    for event in page.events:
        frame = event.frame(language)
        if before != event.seq - 1:
            # Events in between were replaced by newer ones of their slot: nothing was lost.
            frame["prev"] = before
        frames.append(_serialised(frame))
        before = event.seq
    return frames


class Hub:
    """All rooms of this process; lives in the event loop of the server."""

    _of_loop: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()

    def __init__(self):
        self.rooms: dict[int, Room] = {}
        self.door = Door()
        # Counts what may have changed a right: who asked the door before that asks again.
        self.changes = 0
        self._catching_up: asyncio.Task | None = None
        self._asking: asyncio.Task | None = None
        self._tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._look())]

    @classmethod
    def here(cls) -> "Hub":
        """The hub of the running loop; the first socket makes it."""
        loop = asyncio.get_running_loop()
        if loop not in cls._of_loop:
            cls._of_loop[loop] = cls()
        return cls._of_loop[loop]

    @classmethod
    async def stop_here(cls) -> None:
        """End the listening with the server, where anybody listened."""
        hub = cls._of_loop.pop(asyncio.get_running_loop(), None)
        for task in hub._tasks if hub else []:
            task.cancel()
        await asyncio.gather(*(hub._tasks if hub else []), return_exceptions=True)

    def join(self, stream_id: int, member: Member, *, seq: int) -> None:
        room = self.rooms.get(stream_id)
        if room is None:
            room = self.rooms[stream_id] = Room(stream_id, seq)
            # What was published between the door's look and this line woke nobody.
            room.wake()
        room.members[member.language].add(member)
        room.greet(member)

    def leave(self, stream_id: int, member: Member) -> None:
        room = self.rooms.get(stream_id)
        if room is not None:
            room.members[member.language].discard(member)
            if not any(room.members.values()):
                del self.rooms[stream_id]

    async def _listen(self) -> None:
        async for wakeup in wakeups.listen():
            if wakeup.topic == "event":
                if room := self.rooms.get(wakeup.ident):
                    room.wake(wakeup.seq)
            else:
                self.changes += 1
                self.door.forget()
                self._enforce(wakeup)

    def _enforce(self, wakeup: wakeups.Wakeup) -> None:
        if wakeup.topic == "close":
            if room := self.rooms.get(wakeup.ident):
                _close(room.everyone())
        elif wakeup.topic == "user":
            everyone = (member for room in self.rooms.values() for member in room.everyone())
            _close(member for member in everyone if member.user_pk == wakeup.ident)
        else:
            # In a task of its own: it may have thousands to ask for, and wake-ups go on meanwhile.
            self._catching_up = asyncio.ensure_future(self._catch_up())

    async def _catch_up(self) -> None:
        """After an interruption: read on everywhere, and ask again for everybody who came in before it."""
        for room in self.rooms.values():
            room.wake()
        await self._ask_again()

    async def _ask_again(self) -> None:
        """Close the sockets of who may no longer read."""
        for room in list(self.rooms.values()):
            for member in room.everyone():
                try:
                    answer = await self.door.ask(room.stream_id, member.session_key)
                except DatabaseError:
                    return  # away again; the listener notices too, and says `all` when it is back
                if answer.seq is None or answer.user_pk != member.user_pk:
                    member.close(LEFT_BEHIND)

    async def _look(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(LOOK_EVERY * random.uniform(0.9, 1.1))  # noqa: S311 # nosec B311
            looks += 1
            if self.rooms:
                await self._wake_those_behind()
            if looks % LOOKS_PER_HEARTBEAT == 0:
                for room in list(self.rooms.values()):
                    room.beat()
                    await asyncio.sleep(0)
            if looks % LOOKS_PER_QUESTION == 0 and (self._asking is None or self._asking.done()):
                self._asking = asyncio.ensure_future(self._ask_again())

    async def _wake_those_behind(self) -> None:
        try:
            heads = await _heads(list(self.rooms))
        except DatabaseError as error:
            log.warning("realtime_look_failed", error=type(error).__name__)
            return
        for stream_id, seq in heads.items():
            if room := self.rooms.get(stream_id):
                room.wake(seq)


def _close(members: Iterable[Member]) -> None:
    for member in list(members):
        member.close(LEFT_BEHIND)
