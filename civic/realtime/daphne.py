"""What daphne's plain ASGI `send` can't do, through the protocol behind it; other servers have none."""

from typing import Any


def protocol_behind(send: Any) -> Any:
    """daphne's WebSocket protocol, or None: its `send` is `partial(server.handle_reply, protocol)`."""
    return next((each for each in getattr(send, "args", ()) if hasattr(each, "sendCloseFrame")), None)


def unsent_bytes(protocol: Any) -> int:
    """Bytes that the transport still holds for a viewer: daphne's `send` never waits, so nothing else bounds them."""
    # A transport that encrypts has no such buffer, one that is lost is None.
    transport = protocol.transport
    return len(getattr(transport, "dataBuffer", b"")) + getattr(transport, "_tempDataLen", 0)


def close(protocol: Any, code: int) -> None:
    """Close with any code of RFC 6455; autobahn's public way allows applications only 1000 and 3000 to 4999."""
    protocol.sendCloseFrame(code=code)
