"""Decoders of struct types, made by one thread at a time.

msgspec works out the fields of a struct type when a decoder of it is first made, and shows other threads
what it has got so far: whoever decodes with that crashes the process. Decoders that exist are safe.
"""

from __future__ import annotations

import _thread
from typing import TypeVar

import msgspec

T = TypeVar("T")

_MAKING = _thread.RLock()


def json_decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """Return a decoder of JSON.

    Args:
        shape: What the JSON is known to be.
    """
    with _MAKING:
        return msgspec.json.Decoder(shape)


def msgpack_decoder(shape: type[T]) -> msgspec.msgpack.Decoder[T]:
    """Return a decoder of MessagePack.

    Args:
        shape: What the MessagePack is known to be.
    """
    with _MAKING:
        return msgspec.msgpack.Decoder(shape)


def from_json(raw: bytes | msgspec.Raw, shape: type[T]) -> T:
    """Return the value that JSON stands for.

    Args:
        raw: JSON.
        shape: What it is known to be.

    Raises:
        msgspec.DecodeError: It is something else.
        UnicodeDecodeError: It is no UTF-8.
        RecursionError: It is nested too deeply.
    """
    return json_decoder(shape).decode(raw)


def converted(value: object, shape: type[T]) -> T:
    """Return a value of lists, tables and texts as what it is known to be.

    Args:
        value: What a parser returned.
        shape: What it is known to be.

    Raises:
        msgspec.ValidationError: It is something else.
    """
    with _MAKING:
        return msgspec.convert(value, shape)
