"""AMF0, the notation of RTMP's commands (Adobe, *Action Message Format – AMF 0*, 2007): what encoders use of it."""

import struct
from typing import Any

NUMBER, BOOLEAN, STRING, OBJECT, NULL, UNDEFINED = 0, 1, 2, 3, 5, 6
ARRAY, END, LIST, DATE, LONG_STRING = 8, 9, 10, 11, 12
SHAPES = {NUMBER: ">d", BOOLEAN: ">B", DATE: ">dh"}
DEEPEST = 8
MOST_VALUES = 1000


class NotAmf(ValueError):
    """These bytes are no AMF0, or more of it than any encoder sends."""


def read(content: bytes) -> list[Any]:
    """The values written one after the other. Raises NotAmf."""
    reader = _Reader(content)
    values = []
    try:
        while reader.at < len(content):
            values.append(reader.value(0))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise NotAmf from error
    return values


def write(*values: Any) -> bytes:
    return b"".join(_written(value) for value in values)


def _written(value: Any) -> bytes:
    match value:
        case None:
            return bytes([NULL])
        case bool():
            return bytes([BOOLEAN, value])
        case int() | float():
            return struct.pack(">Bd", NUMBER, value)
        case str():
            return bytes([STRING]) + _name(value)
        case dict():
            fields = b"".join(_name(key) + _written(each) for key, each in value.items())
            return bytes([OBJECT]) + fields + bytes([0, 0, END])
    raise TypeError(value)


def _name(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack(">H", len(encoded)) + encoded


class _Reader:
    def __init__(self, content: bytes):
        self.content, self.at, self.read = content, 0, 0

    def value(self, depth: int) -> Any:
        self.read += 1
        if depth > DEEPEST or self.read > MOST_VALUES:
            raise NotAmf
        (kind,) = self._take(">B")
        if kind in (STRING, LONG_STRING):
            return self._text(">H" if kind == STRING else ">I")
        if kind in (OBJECT, ARRAY):
            # An array says how many it has; the mark of its end says it again.
            self.at += 4 if kind == ARRAY else 0
            return self._fields(depth)
        if kind == LIST:
            return [self.value(depth + 1) for _ in range(self._take(">I")[0])]
        if kind in (NULL, UNDEFINED):
            return None
        if kind in SHAPES:
            value = self._take(SHAPES[kind])[0]
            return bool(value) if kind == BOOLEAN else value
        raise NotAmf

    def _take(self, shape: str) -> tuple:
        values = struct.unpack_from(shape, self.content, self.at)
        self.at += struct.calcsize(shape)
        return values

    def _text(self, shape: str) -> str:
        (length,) = self._take(shape)
        found = self.content[self.at : self.at + length]
        if len(found) < length:
            raise NotAmf
        self.at += length
        return found.decode()

    def _fields(self, depth: int) -> dict[str, Any]:
        fields = {}
        while name := self._text(">H"):
            fields[name] = self.value(depth + 1)
        if self._take(">B")[0] != END:
            raise NotAmf
        return fields
