"""TOML documents by line: where every key is written, with the comments that speak of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from msgspec import Struct, field

_HEADER = re.compile(r"^\s*(?P<open>\[{1,2})(?P<name>[^\[\]]+)\]{1,2}\s*(?P<comment>#.*)?$")
_MOST = 2000
"""Lines of a value beyond which nobody looks for its end."""

Path = tuple[str, ...]


class Remark(Struct, frozen=True, kw_only=True):
    """A comment.

    Attributes:
        text: The comment with its mark.
        line: 1-based line.
    """

    text: str
    line: int


class Entry(Struct, kw_only=True):
    """A key with its value, or the header of a table.

    Attributes:
        path: The dotted key from the top of the document.
        first: 1-based first line.
        last: 1-based last line.
        header: Whether it is a header.
        item: Whether it lies in an item of an array of tables, or heads one.
        above: Comments right above it.
        within: Comments on its own lines.
    """

    path: Path
    first: int
    last: int
    header: bool = False
    item: bool = False
    above: tuple[Remark, ...] = ()
    within: tuple[Remark, ...] = ()


def entries(text: str) -> tuple[Entry, ...] | None:
    """Return the keys and headers of a valid document in order; None where one has no end.

    Args:
        text: The document, with line feeds alone.
    """
    found: list[Entry] = []
    scan = _Scan(lines=text.split("\n"))
    while scan.at < len(scan.lines):
        one = scan.next()
        if one is None:
            return None
        if one.path:
            found.append(one)
    return tuple(found)


def value_of(lines: Sequence[str], one: Entry) -> str:
    """Return what a key is given, as it is written, with the comments on its lines.

    Args:
        lines: The document, from its first line.
        one: A key of it.
    """
    first, *more = lines[one.first - 1 : one.last]
    _, _, value = first[len(_key(first)) :].partition("=")
    return "\n".join((value.strip(), *more)).rstrip()


class _Scan(Struct, kw_only=True):
    lines: list[str]
    at: int = 0
    table: Path = ()
    item: bool = False
    pending: list[Remark] = field(default_factory=list[Remark])

    def next(self) -> Entry | None:
        """Return what begins at a line; an entry without path for a line that says nothing."""
        number, line = self.at + 1, self.lines[self.at]
        bare = line.strip()
        if not bare or bare.startswith("#"):
            self.at += 1
            if bare:
                self.pending.append(Remark(text=bare, line=number))
            else:
                self.pending.clear()
            return Entry(path=(), first=number, last=number)
        above = tuple(self.pending)
        self.pending.clear()
        if header := _HEADER.match(line):
            self.at += 1
            path = _path(f"[{header['name']}]")
            self.item = header["open"] == "[[" or (
                self.item and path[: len(self.table)] == self.table
            )
            self.table = path
            said = header["comment"]
            within = (Remark(text=said, line=number),) if said else ()
            return Entry(
                path=path, first=number, last=number, header=True, item=self.item, above=above,
                within=within,
            )  # fmt: skip
        return self._statement(number, above)

    def _statement(self, number: int, above: tuple[Remark, ...]) -> Entry | None:
        for end in range(self.at + 1, min(len(self.lines), self.at + _MOST) + 1):
            chunk = self.lines[self.at : end]
            if (data := _parsed("\n".join(chunk))) is not None:
                self.at = end
                return Entry(
                    path=(*self.table, *_path(f"{_key(chunk[0])} = 0")),
                    first=number,
                    last=end,
                    item=self.item,
                    above=above,
                    within=tuple(_within(chunk, number, data)),
                )
        return None


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _key(line: str) -> str:
    """Return what stands before the equals sign, which a quoted key may have in it too."""
    ends = (at for at, mark in enumerate(line) if mark == "=")
    return next((line[:at] for at in ends if _parsed(f"{line[:at]} = 0") is not None), line)


def _path(written: str) -> Path:
    holder = _parsed(written) or {}
    path: list[str] = []
    while holder:
        name, below = next(iter(holder.items()))
        path.append(name)
        holder = cast("dict[str, object]", below) if isinstance(below, dict) else {}
    return tuple(path)


def _within(chunk: list[str], first: int, data: dict[str, object]) -> Iterator[Remark]:
    """Yield the comments on the lines of a value."""
    for index, line in enumerate(chunk):
        for at, mark in enumerate(line):
            if mark != "#":
                continue
            shorter = "\n".join((*chunk[:index], line[:at].rstrip(), *chunk[index + 1 :]))
            if _parsed(shorter) == data:
                yield Remark(text=line[at:].rstrip(), line=first + index)
                break


def without_entries(text: str, gone: Callable[[Entry], bool]) -> str | None:
    """Return a document without some of its keys, and without headers of which nothing is left.

    Comments go with what they speak of.

    Args:
        text: The document, with line feeds alone.
        gone: Says which keys go; it is asked for keys, and for headers that have none.
    """
    every = entries(text)
    if every is None:
        return None
    dropped = _dropped(every, gone)
    kept: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        loose = not line.strip() and number - 1 in dropped and not _after(kept)
        if number not in dropped and not loose:
            kept.append(line)
    while kept and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept)


def _dropped(every: tuple[Entry, ...], gone: Callable[[Entry], bool]) -> frozenset[int]:
    """Return the lines of what goes, comments included."""
    dropped: set[int] = set()
    for index, one in enumerate(every):
        inner = _inner(every, index) if one.header else []
        if all(map(gone, inner)) if inner else gone(one):
            dropped.update(remark.line for remark in one.above)
            dropped.update(range(one.first, one.last + 1))
    return frozenset(dropped)


def _after(kept: list[str]) -> bool:
    """Return whether a blank line has something above it to be apart from."""
    return bool(kept) and bool(kept[-1].strip())


def _inner(every: tuple[Entry, ...], index: int) -> list[Entry]:
    inner: list[Entry] = []
    for one in every[index + 1 :]:
        if one.header:
            break
        inner.append(one)
    return inner
