"""What vulture saw in each file, kept for the next run: a file that holds the same is not parsed again.

Vulture looks at one file after another, and what it notes of one depends on that file alone: what it
defines, and which names it uses. Which definitions nobody uses is asked at the end, of all together.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol, cast

_FORMAT = 1
_FILE = "scans.json"
COLLECTIONS = (
    "defined_attrs", "defined_classes", "defined_funcs", "defined_imports", "defined_methods",
    "defined_props", "defined_vars", "unreachable_code",
)  # fmt: skip
"""Where vulture notes what a file defines."""


class Item(Protocol):
    """Something that a file defines, as vulture notes it."""

    filename: Path
    first_lineno: int
    last_lineno: int
    confidence: int
    typ: str
    name: str
    message: str


class Reachability(Protocol):
    """The part of vulture that follows control flow."""

    def reset(self) -> None:
        """Forget the file."""


class Program(Protocol):
    """What vulture knows of all files together."""

    exit_code: int
    used_names: set[str]
    reachability: Reachability

    def scan(self, code: str, filename: str) -> None:
        """Look at a file."""

    def scavenge(self, paths: list[str], exclude: list[str]) -> None:
        """Look at the files below paths, and at the whitelists that vulture brings."""

    def get_unused_code(self, min_confidence: int) -> list[Item]:
        """Return what nothing uses."""
        ...


class Definition(NamedTuple):
    """Something that a file defines: the collection by its place, and what vulture notes of it."""

    collection: int
    name: str
    typ: str
    first: int
    last: int
    message: str
    confidence: int


class Scan(NamedTuple):
    """What vulture saw in a file."""

    definitions: list[Definition]
    used: list[str]


class Scans:
    """What was seen in all files, by path and content."""

    def __init__(self, folder: str, terms: object) -> None:
        """Read what the last run has left.

        Args:
            folder: Where that is, and where this one leaves the same; empty for nowhere.
            terms: What else decides about what is seen; must be the same as in the last run.
        """
        self._file = Path(folder, _FILE) if folder else None
        self._terms = json.loads(json.dumps([_FORMAT, terms]))
        self._before = self._read()
        self._now: dict[str, tuple[str, Scan]] = {}

    def _read(self) -> Mapping[str, object]:
        if self._file is None:
            return {}
        with suppress(OSError, ValueError, RecursionError):
            data = cast("object", json.loads(self._file.read_text(encoding="utf-8")))
            if isinstance(data, dict):
                known = cast("dict[str, object]", data)
                files = known.get("files")
                if known.get("terms") == self._terms and isinstance(files, dict):
                    return cast("dict[str, object]", files)
        return {}

    def known(self, path: str, digest: str) -> Scan | None:
        """Return what was seen in a file; None where it held something else, or nobody looked."""
        try:
            held, kept = cast("tuple[str, object]", self._before[path])
            return _scan(kept) if held == digest else None
        except (LookupError, TypeError, ValueError):
            return None

    def note(self, path: str, digest: str, scan: Scan) -> None:
        """Take what was seen in a file."""
        self._now[path] = (digest, scan)

    def write(self) -> None:
        """Leave it for the next run; nothing is lost where that does not work."""
        if self._file is None:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"terms": self._terms, "files": self._now}, separators=(",", ":"))
            self._file.write_text(text, encoding="utf-8")


def _scan(kept: object) -> Scan:
    definitions, used = cast("tuple[list[list[object]], list[object]]", kept)
    return Scan([_definition(one) for one in definitions], [str(name) for name in used])


def _definition(values: list[object]) -> Definition:
    collection, name, typ, first, last, message, confidence = values
    numbers = (collection, first, last, confidence)
    if not all(isinstance(one, int) for one in numbers):
        raise TypeError
    place, begin, end, sure = cast("tuple[int, int, int, int]", numbers)
    if not 0 <= place < len(COLLECTIONS):
        raise ValueError
    return Definition(place, str(name), str(typ), begin, end, str(message), sure)


def digest_of(raw: bytes, path: str) -> str:
    """Return a digest of what a file holds, and of where it lies: tests may define what they like."""
    place = os.path.realpath(path).encode("utf-8", "surrogateescape")
    return hashlib.sha256(place + b"\0" + raw).hexdigest()


def counts(program: Program) -> list[int]:
    """Return how much is in each collection."""
    return [len(one) for one in _collections(program)]


def seen(program: Program, before: list[int]) -> Scan:
    """Return what a file added to collections, and the names that it uses.

    Args:
        program: With the names of this file alone.
        before: How much was in each collection.
    """
    added = (
        Definition(
            place, one.name, one.typ, one.first_lineno, one.last_lineno, one.message, one.confidence
        )
        for place, (items, start) in enumerate(zip(_collections(program), before, strict=True))
        for one in items[start:]
    )
    return Scan([*added], sorted(program.used_names))


def add(program: Program, path: str, scan: Scan, item: type) -> None:
    """Let a program know what was seen in a file, as if it had looked at it.

    Args:
        program: The program.
        path: Absolute path of the file.
        scan: What was seen in it.
        item: What vulture notes a definition as.
    """
    collections = [*_collections(program)]
    where = Path(path)
    for place, name, typ, first, last, message, confidence in scan.definitions:
        noted = item(name, typ, where, first, last, message=message, confidence=confidence)
        collections[place].append(cast("Item", noted))
    program.used_names.update(scan.used)


def _collections(program: Program) -> Iterator[list[Item]]:
    for name in COLLECTIONS:
        yield cast("list[Item]", getattr(program, name))
