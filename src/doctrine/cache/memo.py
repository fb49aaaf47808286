"""Texts that are remembered in a store under a name."""

from __future__ import annotations

from doctrine.cache.store import Key, Store

_KIND = "environment"


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
