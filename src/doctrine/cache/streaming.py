"""A value as MessagePack in pieces, so that a large one never exists as one text beside itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TypeGuard

import msgspec

_ENCODER = msgspec.msgpack.Encoder()
_BATCH = 256
"""Items of a list or a table that are encoded at once."""
_SMALL, _MIDDLE = 1 << 4, 1 << 16
"""From so many items on, MessagePack writes their number in two bytes more, and in four more."""


def pieces(value: object) -> Iterator[bytes]:
    """Yield what ``msgspec.msgpack.encode`` returns of a value, a piece at a time.

    No text is ever cut in two: what occurs in the value occurs in one of the pieces.

    Args:
        value: Anything that can be encoded. Structs are taken apart, and the lists and tables that
            are their fields; what is in these is encoded as it is.

    Raises:
        UnicodeEncodeError: It holds text that cannot be written; pieces may have come before.
    """
    if isinstance(value, msgspec.Struct) and _is_plain(value):
        yield _map_head(len(value.__struct_fields__))
        for field, name in zip(
            value.__struct_fields__, value.__struct_encode_fields__, strict=True
        ):
            yield _ENCODER.encode(name)
            held: object = getattr(value, field)
            yield from pieces(held)
    elif _is_list(value):
        yield _array_head(len(value))
        for start in range(0, len(value), _BATCH):
            batch = value[start : start + _BATCH]
            yield _ENCODER.encode(batch)[len(_array_head(len(batch))) :]
    elif _is_table(value):
        yield _map_head(len(value))
        rest = iter(value.items())
        while some := dict(islice(rest, _BATCH)):
            yield _ENCODER.encode(some)[len(_map_head(len(some))) :]
    else:
        yield _ENCODER.encode(value)


def _is_plain(value: msgspec.Struct) -> bool:
    """Return whether a struct is a table of all its fields, and of nothing else."""
    config = value.__struct_config__
    return config.tag is None and not config.array_like and not config.omit_defaults


def _is_list(value: object) -> TypeGuard[tuple[object, ...] | list[object]]:
    return isinstance(value, tuple | list)


def _is_table(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, dict)


def _array_head(count: int) -> bytes:
    return _head(count, 0x90, 0xDC)


def _map_head(count: int) -> bytes:
    return _head(count, 0x80, 0xDE)


def _head(count: int, small: int, large: int) -> bytes:
    if count < _SMALL:
        return bytes((small | count,))
    if count < _MIDDLE:
        return bytes((large,)) + count.to_bytes(2, "big")
    return bytes((large + 1,)) + count.to_bytes(4, "big")
