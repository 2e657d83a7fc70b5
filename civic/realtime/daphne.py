"""What daphne's plain ASGI `send` can't do, through the protocol behind it; elsewhere these do nothing."""

from typing import Any


def _protocol(send: Any) -> Any:
    # daphne's `send` is `partial(server.handle_reply, protocol)`.
    return next((each for each in getattr(send, "args", ()) if hasattr(each, "sendCloseFrame")), None)


def unsent_bytes(send: Any) -> int:
    """Bytes that the transport still holds for a viewer: daphne's `send` never waits, so nothing else bounds them."""
    transport = getattr(_protocol(send), "transport", None)
    return 0 if transport is None else len(transport.dataBuffer) + transport._tempDataLen


def close(send: Any, code: int) -> bool:
    """Close with any code of RFC 6455; autobahn's public way allows applications only 1000 and 3000 to 4999."""
    protocol = _protocol(send)
    if protocol is None:
        return False
    protocol.sendCloseFrame(code=code)
    return True
