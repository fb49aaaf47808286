"""What was kept, read back: whatever cannot be read was never there."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decoded(raw: bytes | None, decoder: msgspec.msgpack.Decoder[T]) -> T | None:
    """Return what was kept; None where nothing was, or it cannot be read any more.

    Args:
        raw: What the store has; None for nothing.
        decoder: Of what was kept there.
    """
    try:
        return None if raw is None else decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
