"""What vulture saw in each file, kept for the next run: a file that holds the same is not parsed again.

Vulture looks at one file after another, and what it notes of one depends on that file alone: what it
defines, and which names it uses. Which definitions nobody uses is asked at the end, of all together.
What was found out about a file for that, it keeps as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, cast

_FORMAT = 2
_FILE = "scans.json"
COLLECTIONS = (
    "defined_attrs", "defined_classes", "defined_funcs", "defined_imports", "defined_methods",
    "defined_props", "defined_vars", "unreachable_code",
)  # fmt: skip
"""Where vulture notes what a file defines."""
_IMPORTS = COLLECTIONS.index("defined_imports")
_NEVER_USED = COLLECTIONS.index("unreachable_code")
"""What is dead whatever is used."""
_WIDTH = 4
"""Numbers that are noted of a definition."""


class Item(Protocol):
    """Something that a file defines, as vulture notes it."""

    filename: Path
    first_lineno: int
    last_lineno: int
    confidence: int
    typ: str
    name: str
    message: str


class Collection(Protocol):
    """A list of what files define."""

    typ: str

    def append(self, item: Item, /) -> None:
        """Add something."""

    def clear(self) -> None:
        """Forget everything."""

    def __iter__(self) -> Iterator[Item]:
        """Return an iterator over it."""
        ...

    def __delitem__(self, place: slice, /) -> None:
        """Forget a part."""


class Reachability(Protocol):
    """The part of vulture that follows control flow."""

    def reset(self) -> None:
        """Forget the file."""


class Program(Protocol):
    """What vulture knows of all files together."""

    exit_code: int
    used_names: set[str]
    defined_imports: Collection
    reachability: Reachability

    def scan(self, code: str, filename: str) -> None:
        """Look at a file."""

    def scavenge(self, paths: list[str], exclude: list[str]) -> None:
        """Look at the files below paths, and at the whitelists that vulture brings."""

    def get_unused_code(self, min_confidence: int) -> list[Item]:
        """Return what nothing uses."""
        ...


class Excuse(NamedTuple):
    """Why an item may be needed although nothing uses it.

    Attributes:
        holds: Whether its own file shows that.
        handed_on: The function whose being handed on would show it as well.
    """

    holds: bool
    handed_on: str = ""


class Scan(NamedTuple):
    """What vulture saw in a file.

    Columns, of which most is never looked at: what is used needs no more than its name.

    Attributes:
        names: What it defines.
        numbers: Of each of these its collection, its first line, its last one, and the confidence.
        messages: What is said of it where that is not what vulture says of most, by its place.
        used: The names that it uses.
        excuses: What was found out about what nobody uses, by kind, name and line.
        handed_on: The names that stand for a value; None as long as nobody asked.
    """

    names: list[str]
    numbers: list[int]
    messages: dict[str, str]
    used: list[str]
    excuses: dict[str, Excuse]
    handed_on: list[str] | None = None


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

    def every(self) -> Iterator[tuple[str, Scan]]:
        """Yield every file of this run with what was seen in it."""
        return ((path, scan) for path, (_, scan) in self._now.items())

    def excuse(self, item: Item, find: Callable[[], tuple[Excuse, str]]) -> Excuse:
        """Return what excuses an item, which is looked for once.

        Args:
            item: The item.
            find: Looks for it; returns the digest of the file with it.
        """
        digest, scan = self._now[str(item.filename)]
        word = f"{item.typ} {item.name} {item.first_lineno}"
        known = scan.excuses.get(word)
        if known is not None:
            return known
        found, of = find()
        if of == digest:  # else it holds something else by now
            scan.excuses[word] = found
        return found

    def handed_on(
        self, path: str, find: Callable[[], tuple[Iterable[str] | None, str]]
    ) -> Iterable[str]:
        """Return the names that stand for a value in a file, which is looked for once.

        Args:
            path: Absolute path of the file.
            find: Looks for them; returns the digest of the file with them, or None for them if they
                are none of those that are asked for.
        """
        digest, scan = self._now[path]
        if scan.handed_on is not None:
            return scan.handed_on
        found, of = find()
        if found is not None and of == digest:
            self._now[path] = (digest, scan._replace(handed_on=sorted(found)))
        return found or ()

    def write(self) -> None:
        """Leave it for the next run; nothing is lost where that does not work."""
        if self._file is None:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"terms": self._terms, "files": self._now}, separators=(",", ":"))
            self._file.write_text(text, encoding="utf-8")


def _scan(kept: object) -> Scan:
    """Return what was kept of a file; raises where it has another shape."""
    names, numbers, messages, used, excuses, handed_on = cast(
        "tuple[list[str], list[int], dict[str, str], list[str], dict[str, object], list[str] | None]",
        kept,
    )
    _require(names, str)
    _require(numbers, int)
    _require(used, str)
    _require([*messages.values()], str)
    if handed_on is not None:
        _require(handed_on, str)
    places = frozenset(numbers[::_WIDTH])
    if len(numbers) != len(names) * _WIDTH or not places <= {*range(len(COLLECTIONS))}:
        raise ValueError
    told = {word: _excuse(one) for word, one in excuses.items()}
    return Scan(names, numbers, messages, used, told, handed_on)


def _require(values: object, kind: type) -> None:
    if not isinstance(values, list) or not {*map(type, cast("list[object]", values))} <= {kind}:
        raise TypeError


def _excuse(kept: object) -> Excuse:
    holds, handed_on = cast("tuple[bool, str]", kept)
    _require([holds], bool)
    _require([handed_on], str)
    return Excuse(holds, handed_on)


def digest_of(raw: bytes, path: str) -> str:
    """Return a digest of what a file holds, and of where it lies: tests may define what they like."""
    place = _real(path).encode("utf-8", "surrogateescape")
    return hashlib.sha256(place + b"\0" + raw).hexdigest()


def _real(path: str) -> str:
    folder, name = os.path.split(path)
    if os.path.islink(path):  # noqa: PTH114 - thousands of times
        return os.path.realpath(path)
    return f"{_real_folder(folder)}/{name}"


@cache
def _real_folder(path: str) -> str:
    return os.path.realpath(path)


def seen(program: Program) -> Scan:
    """Return what a program knows of a file, and let it forget that.

    Args:
        program: It has looked at nothing else.
    """
    names: list[str] = []
    numbers: list[int] = []
    messages: dict[str, str] = {}
    for place, collection in enumerate(_collections(program)):
        for one in collection:
            if one.message != _usual(one.typ, one.name):
                messages[str(len(names))] = one.message
            names.append(one.name)
            numbers += (place, one.first_lineno, one.last_lineno, one.confidence)
        collection.clear()
    used = sorted(program.used_names)
    program.used_names.clear()
    return Scan(names, numbers, messages, used, {})


def _usual(typ: str, name: str) -> str:
    return f"unused {typ} '{name}'"


def use(program: Program, scans: Scans) -> set[str]:
    """Let a program know the names that files use, and return those that they import.

    Args:
        program: The program.
        scans: What was seen in the files.
    """
    imported: set[str] = set()
    for _, scan in scans.every():
        program.used_names.update(scan.used)
        places = scan.numbers[::_WIDTH]
        imported.update(
            name for name, place in zip(scan.names, places, strict=True) if place == _IMPORTS
        )
    return imported


def define(program: Program, scans: Scans, item: type) -> None:
    """Let a program know what files define, as far as it knows no use of it.

    Args:
        program: The program.
        scans: What was seen in the files.
        item: What vulture notes a definition as.
    """
    collections = [*_collections(program)]
    for path, scan in scans.every():
        where = Path(path)
        for number in _unused(scan, program.used_names):
            place, first, last, confidence = scan.numbers[number * _WIDTH : (number + 1) * _WIDTH]
            name, typ = scan.names[number], collections[place].typ
            message = scan.messages.get(str(number)) or _usual(typ, name)
            noted = item(name, typ, where, first, last, message=message, confidence=confidence)
            collections[place].append(cast("Item", noted))


def _unused(scan: Scan, used: set[str]) -> list[int]:
    """Return the places of what a file defines and nobody uses."""
    places = scan.numbers[::_WIDTH]
    return [
        number
        for number, (name, place) in enumerate(zip(scan.names, places, strict=True))
        if name not in used or place == _NEVER_USED
    ]


def _collections(program: Program) -> Iterator[Collection]:
    for name in COLLECTIONS:
        yield cast("Collection", getattr(program, name))
