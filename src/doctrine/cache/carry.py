"""What a tool leaves in a folder of its own, so that its next run goes on from there.

Such a tool believes the size and the time of a file, in whole seconds, where doctrine believes
contents only; and it may take one file for another that held the same. So all that files were since
the folder was empty is kept beside it, and where one of them could be mistaken the tool begins anew.
The files of the folder are kept by content, each with the checksum of the store: what is damaged is
not given back. A run works on a copy that nobody else sees.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct

from doctrine.cache.decoding import decoded
from doctrine.cache.store import Key, Store, digest_of
from doctrine.cache.tickets import Ticket
from doctrine.model.decoders import msgpack_decoder

_LEFT, _PIECE = "carried", "piece"
_NAME = re.compile(r"(?!.*\.\.)[\w.+-]+(?:/[\w.+-]+)*")
_MOST = 20_000
"""States of files beyond one for each that are remembered; with more, the tool begins anew."""


class Seen(Struct, frozen=True, array_like=True):
    """A file as it was once.

    Attributes:
        size: Bytes.
        second: When it was modified, in whole seconds since the epoch.
        content: Digest of what it held.
    """

    size: int
    second: int
    content: str


States = Mapping[str, frozenset[Seen]]


class Left(Struct, frozen=True, kw_only=True):
    """What the last run has left.

    Attributes:
        pieces: Content digest of each file in the folder, by relative name.
        states: All that the project's files were since the folder was empty, by path.
        steady: Paths that were there in every run since.
    """

    pieces: Mapping[str, str]
    states: States
    steady: frozenset[str]


_DECODER = msgpack_decoder(Left)


def seen(root: str, ticket: Ticket) -> Mapping[str, Seen]:
    """Return the project's files as they are, with the contents that a ticket knows.

    Args:
        root: Absolute folder of the project.
        ticket: Names the files.
    """
    contents = dict(_contents(ticket))
    return {path: _seen(f"{root}/{path}", content) for path, content in contents.items()}


def _contents(ticket: Ticket) -> Iterator[tuple[str, str]]:
    noted = ((path, text.partition(" ")[0]) for path, text in ticket.files.items())
    for path, content in chain(noted, ticket.importable.items()):
        if not path.endswith("/"):
            yield path, content


def _seen(path: str, content: str) -> Seen:
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of times
    except (OSError, ValueError):
        return Seen(-1, -1, content)
    return Seen(status.st_size, int(status.st_mtime), content)


def misleads(left: Left, now: Mapping[str, Seen]) -> bool:
    """Return whether a tool that believes times could take what it knows for something else.

    Args:
        left: What the last run has left.
        now: The files as they are.
    """
    return any(
        _is_mistaken(one, known)
        for path, one in now.items()
        for known in left.states.get(path, frozenset())
    ) or _is_moved(left, now)


def _is_mistaken(one: Seen, known: Seen) -> bool:
    same = (one.size, one.second) == (known.size, known.second)
    return not one.content or (same and one.content != known.content)


def _is_moved(left: Left, now: Mapping[str, Seen]) -> bool:
    """Return whether a module may be another file of the same content now, or have been once."""
    gone_or_new = (left.states.keys() | now.keys()) - (left.steady & now.keys())
    if not gone_or_new:
        return False
    holders: dict[tuple[str, str], set[str]] = {}
    for path, one in _all_of(left.states, now):
        holders.setdefault((_module(path), one.content), set()).add(path)
    return any(len(paths) > 1 and not paths.isdisjoint(gone_or_new) for paths in holders.values())


def _all_of(states: States, now: Mapping[str, Seen]) -> Iterator[tuple[str, Seen]]:
    yield from now.items()
    for path, known in states.items():
        for one in known:
            yield path, one


def _module(path: str) -> str:
    """Return the last part of the name by which a file is imported, wherever imports begin."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return folder.rpartition("/")[2] if stem == "__init__" else stem


def _followed(left: Left | None, now: Mapping[str, Seen]) -> tuple[States, frozenset[str]]:
    """Return all that files were, and which were there all the time, with one more run."""
    fresh = {path: frozenset({one}) for path, one in now.items()}
    if left is None:
        return fresh, frozenset(now)
    paths = left.states.keys() | fresh.keys()
    nothing = frozenset[Seen]()
    states = {
        path: left.states.get(path, nothing) | fresh.get(path, nothing) for path in sorted(paths)
    }
    return states, left.steady & now.keys()


class Carried:
    """The folders that tools have left, in a store."""

    def __init__(self, store: Store) -> None:
        """Look at nothing yet."""
        self._store = store

    def restore(
        self, name: str, ticket: Ticket, now: Mapping[str, Seen], folder: Path
    ) -> Left | None:
        """Give a tool back what its last run has left, if nothing in it can mislead.

        Args:
            name: The tool.
            ticket: What its run depends on.
            now: The files as they are.
            folder: Where it is put; empty afterwards where nothing is given back.

        Returns:
            What was given back; None where the tool begins anew.
        """
        left = decoded(self._store.read(_key(name, ticket)), _DECODER)
        if left is None or misleads(left, now):
            return None
        contents = {one: self._store.read(_piece(held)) for one, held in left.pieces.items()}
        if not contents or not all(map(_NAME.fullmatch, contents)):
            return None
        if any(content is None for content in contents.values()):
            return None
        for relative, content in contents.items():
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content or b"")
        return left

    def keep(
        self,
        name: str,
        ticket: Ticket,
        now: Mapping[str, Seen],
        folder: Path,
        left: Left | None,
    ) -> None:
        """Keep what a run has left, if it can be.

        Args:
            name: The tool.
            ticket: What the run depended on.
            now: The files as they were before the run and after it.
            folder: What it has left.
            left: What it went on from.
        """
        states, steady = _followed(left, now)
        if sum(map(len, states.values())) > len(states) + _MOST:
            self.forget(name, ticket)
            return
        old = frozenset(left.pieces.values()) if left else frozenset[str]()
        pieces: dict[str, str] = {}
        for path in _files(folder):
            content = path.read_bytes()
            held = digest_of(content)
            pieces[path.relative_to(folder).as_posix()] = held
            if held not in old and not self._store.write(_piece(held), content):
                return
        kept = msgspec.msgpack.encode(Left(pieces=pieces, states=states, steady=steady))
        if self._store.write(_key(name, ticket), kept):
            self._drop(old - frozenset(pieces.values()))

    def forget(self, name: str, ticket: Ticket) -> None:
        """Forget what the last run of a tool has left: the next one begins anew."""
        key = _key(name, ticket)
        left = decoded(self._store.read(key), _DECODER)
        if left is not None:
            self._store.forget(key)
            self._drop(left.pieces.values())

    def _drop(self, contents: Iterable[str]) -> None:
        # Another run that reads them in this moment finds one missing, and begins anew.
        for held in contents:
            self._store.forget(_piece(held))


def _key(name: str, ticket: Ticket) -> Key:
    return Key.of(_LEFT, name, ticket.around, ticket.bound)


def _piece(held: str) -> Key:
    return Key(kind=_PIECE, digest=held)


def _files(folder: Path) -> list[Path]:
    return sorted(
        Path(inner, name)
        for inner, _, names in os.walk(folder)
        for name in names
        if not Path(inner, name).is_symlink()
    )
