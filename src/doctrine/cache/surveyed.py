"""What was seen in each source file, so that a file that holds the same is not parsed again.

The key of all of them is everything else that is shown to whoever looks at a file: doctrine itself,
and the layout without what differs between checkouts and moments. The files count by content.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from doctrine.cache.decoding import decoded
from doctrine.cache.identity import Identity
from doctrine.cache.store import Key, Store, digest_of
from doctrine.cache.streaming import pieces
from doctrine.model.decoders import msgpack_decoder
from doctrine.model.observation import Finding, Support
from doctrine.model.project import Layout, Module
from doctrine.model.replacing import replace

_KIND = "survey"


class Looked(Struct, frozen=True, kw_only=True):
    """What was seen in a file.

    Attributes:
        module: What parsing it told.
        seen: What the inspectors that look at one file at a time saw, by their names.
        notes: What those that judge at the end noted, by their names.
    """

    module: Module
    seen: dict[str, tuple[Finding | Support, ...]] = msgspec.field(
        default_factory=dict[str, tuple[Finding | Support, ...]]
    )
    notes: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict[str, msgspec.Raw])


_ALL = msgpack_decoder(dict[str, tuple[str, bytes]])
_ONE = msgpack_decoder(Looked)


def shown(layout: Layout) -> Layout:
    """Return what those who look at one file may know of the project around it.

    Args:
        layout: All that is known.

    Returns:
        The layout without its place, its environment, and what every touch of a file changes.
    """
    files = tuple(replace(one, size=0, modified=0) for one in layout.files)
    return replace(
        layout,
        root="",
        files=files,
        environment=None,
        coverage_data=None,
        configuration=dict[str, tuple[int, int]](),
        planned=dict[str, str | None](),
    )


class Surveyed:
    """What earlier checks saw in the files of a project."""

    def __init__(
        self, store: Store, around: Layout, itself: Identity, watched: frozenset[str]
    ) -> None:
        """Recall what is known.

        Args:
            store: Where it is remembered.
            around: From ``shown``.
            itself: What doctrine is.
            watched: Names of declared operations.
        """
        self._store = store
        self._key = _key(around, itself, watched)
        self._old = (decoded(store.read(self._key), _ALL) or {}) if self._key else {}
        self._new: dict[str, tuple[str, bytes]] = {}
        self._changed = False

    def find(self, path: str, data: bytes) -> Looked | None:
        """Return what was seen in a file when it held the same; None if nobody looked.

        Args:
            path: The file, relative to the root.
            data: What it holds.
        """
        known = self._old.get(path)
        if known is None or known[0] != digest_of(data):
            return None
        looked = decoded(known[1], _ONE)
        if looked is not None:
            self._new[path] = known
        return looked

    def keep(self, path: str, data: bytes, looked: Looked) -> None:
        """Remember what was seen in a file.

        Args:
            path: The file, relative to the root.
            data: What it held.
            looked: What was seen.
        """
        try:
            self._new[path] = (digest_of(data), msgspec.msgpack.encode(looked))
        except (TypeError, ValueError, RecursionError):
            return  # a text that is no UTF-8: it is looked at every time
        self._changed = True

    def close(self) -> None:
        """Write what is new."""
        if self._key is None or not self._changed:
            return
        try:
            self._store.write_pieces(self._key, pieces(self._new))
        except (TypeError, ValueError):
            return


def _key(around: Layout, itself: Identity, watched: frozenset[str]) -> Key | None:
    try:
        shape = msgspec.json.encode(around, order="deterministic")
    except (TypeError, ValueError, RecursionError):
        return None  # a name that is no UTF-8
    return Key.of(_KIND, itself.digest, shape, *sorted(watched))
