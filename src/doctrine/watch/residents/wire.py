"""Messages of the language server protocol as bytes, both ways. Pure."""

from __future__ import annotations

import msgspec

from doctrine.model.decoders import json_decoder

_END = b"\r\n\r\n"
_LENGTH = b"content-length"
LARGEST = 1 << 28
"""Bytes of a message; one that claims more is none."""


class BrokenError(Exception):
    """What came is no message, or none that was expected."""


class Message(msgspec.Struct):
    """A request, a notification, or a response."""

    id: int | str | None = None
    method: str = ""
    params: msgspec.Raw = msgspec.Raw(b"null")


_DECODER = json_decoder(Message)


def framed(message: object) -> bytes:
    """Return a message as it is sent."""
    body = msgspec.json.encode(message)
    return b"Content-Length: %d%s%s" % (len(body), _END, body)


class Frames:
    """Takes bytes as they come, and gives whole messages."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that are complete now.

        Args:
            data: What came.

        Raises:
            BrokenError: It is no message.
        """
        self._rest += data
        found: list[Message] = []
        while (head := self._rest.find(_END)) >= 0:
            start = head + len(_END)
            length = _length(bytes(self._rest[:head]))
            if len(self._rest) < start + length:
                break
            found.append(_decoded(bytes(self._rest[start : start + length])))
            del self._rest[: start + length]
        return found


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == _LENGTH and value.strip().isdigit():
            length = int(value)
            if length <= LARGEST:
                return length
    message = f"a message without a length: {head[:80]!r}"
    raise BrokenError(message)


def _decoded(body: bytes) -> Message:
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        message = f"a message of an unknown shape: {error}"
        raise BrokenError(message) from error
