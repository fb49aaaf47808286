"""Texts that are remembered in a store under a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from doctrine.cache.store import Key, Store
from doctrine.model.decoders import json_decoder

_KIND = "environment"
_DECODER = json_decoder(dict[str, str])


class Memo(Protocol):
    """Remembers texts between runs; it may forget any of them."""

    def read(self, name: str) -> bytes | None:
        """Return what was written under a name."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Remember something."""


def recalled(memo: Memo, name: str, make: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Return what is remembered under a name, or make and remember it.

    Args:
        memo: What remembers.
        name: Says all that it depends on.
        make: Makes it, where nothing is remembered that can be read.
    """
    known = memo.read(name)
    if known is not None:
        try:
            return _DECODER.decode(known)
        except msgspec.DecodeError:
            pass
    made = make()
    memo.write(name, msgspec.json.encode(made))
    return made


class StoreMemo:
    """Remembers what the same sizes and times meant, until the store forgets it."""

    def __init__(self, store: Store) -> None:
        """Remember in a store."""
        self._store = store

    def read(self, name: str) -> bytes | None:
        """Return what was written under a name."""
        return self._store.read(Key.of(_KIND, name))

    def write(self, name: str, content: bytes) -> None:
        """Remember something."""
        self._store.write(Key.of(_KIND, name), content)
