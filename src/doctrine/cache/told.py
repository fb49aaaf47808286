"""What became of each tool in the last run that judged a project, and why: for those who ask."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from doctrine.cache.changes import MOST_CHANGES, PARTS, Change, Parts, changes
from doctrine.cache.decoding import decoded
from doctrine.cache.store import Key, Store
from doctrine.model.decoders import msgpack_decoder

_KIND, _LAST = "told", "last"
_NEW = "nothing was kept of it for this command"
_LOST = "what was kept of it is gone, or is that of another folder"
_OF_FILES = ("configuration", "files", "importable")
_TWICE = frozenset({"importable"})
"""Groups whose files are in another one as well."""


class Told(Struct, frozen=True, kw_only=True):
    """What became of a tool.

    Attributes:
        reused: Whether its result was reused, so that it did not start.
        went_on: Whether it went on from what its run before had left.
        looked: How many files it was to look at, of ``files``.
        files: How many files it looks at in all.
        changes: Why it ran: what had changed since its last result that was kept.
        reason: Why it ran, in words, where nothing had changed.
        unfit: Why its result is not kept, in words; empty where it is.
        seconds: CPU seconds of the last run that looked at everything; 0 where nobody knows.
    """

    reused: bool
    went_on: bool = False
    looked: int = 0
    files: int = 0
    changes: tuple[Change, ...] = ()
    reason: str = ""
    unfit: str = ""
    seconds: float = 0.0


_DECODER = msgpack_decoder(dict[str, Told])


def read_told(store: Store, root: str) -> Mapping[str, Told]:
    """Return what became of each tool, by name; nothing where nobody knows any more.

    Args:
        store: Where it is remembered.
        root: Absolute folder of the project.
    """
    return decoded(store.read(Key.of(_KIND, root)), _DECODER) or {}


def remember_told(store: Store, root: str, told: Mapping[str, Told]) -> None:
    """Remember what became of some tools, and what is known of the others.

    Args:
        store: Where it is remembered.
        root: Absolute folder of the project.
        told: By name of the tool.
    """
    if told:
        known = {**read_told(store, root), **told}
        store.write(Key.of(_KIND, root), msgspec.msgpack.encode(known))


def last_key(root: str, name: str) -> Key:
    """Return where it is kept what the last result of a tool that is kept depended on."""
    return Key.of(_LAST, root, name)


def last_parts(store: Store, root: str, name: str) -> Parts | None:
    """Return what the last result of a tool that is kept depended on; None if nobody knows."""
    return decoded(store.read(last_key(root, name)), PARTS)


def dependent(store: Store, root: str, path: str) -> tuple[str, ...]:
    """Return the tools whose kept results depend on a file, sorted.

    Args:
        store: Where it is remembered.
        root: Absolute folder of the project.
        path: The file, relative to it.
    """
    known = {name: last_parts(store, root, name) for name in read_told(store, root)}
    return tuple(
        sorted(
            name
            for name, parts in known.items()
            if parts is not None and any(path in parts.get(group, {}) for group in _OF_FILES)
        )
    )


def why_it_ran(before: Parts | None, now: Parts, unfit: str) -> tuple[tuple[Change, ...], str]:
    """Return what had changed for a tool; or in words why it ran although nothing had.

    Args:
        before: What its last result that was kept depended on; None without one.
        now: What it depends on.
        unfit: Why the result of the run before was not kept; empty where it was.
    """
    if before is None:
        return (), unfit or _NEW
    found = [one for one in changes(before, now) if not _is_twice(one, before, now)]
    if found:
        return tuple(found[:MOST_CHANGES]), ""
    return (), unfit or _LOST


def _is_twice(change: Change, before: Parts, now: Parts) -> bool:
    files = (before.get("files", {}), now.get("files", {}))
    return change.group in _TWICE and any(change.name in group for group in files)
