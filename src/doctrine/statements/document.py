"""Entries written into a TOML document without touching anything else in it. Pure.

A new entry is put in as text, which leaves every other byte as it was; one that is there already
is edited in place, with its comments. Either way the result is read back: where it does not hold
exactly what was wanted, nothing is written.
"""

from __future__ import annotations

import copy
import datetime
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import TYPE_CHECKING, cast

from doctrine.errors import UsageError
from doctrine.model.stated import Entry

if TYPE_CHECKING:
    from tomlkit.items import Comment, Whitespace
    from tomlkit.toml_document import TOMLDocument

Fields = Mapping[str, str | datetime.date | Sequence[str]]
_Tables = dict[str, object]

_HEADER = re.compile(r"^[ \t]*\[")
_OURS = re.compile(
    r"""^[ \t]*\[{1,2}[ \t]*["']?tool["']?[ \t]*\.[ \t]*["']?doctrine["']?[ \t]*[.\]]"""
)
_IDLE = re.compile(r"^[ \t]*(#.*)?\r?\n?$")
_PATH = ("tool", "doctrine")


def fields(entry: Entry) -> Fields:
    """Return an entry as it is written: only what it has."""
    written: dict[str, str | datetime.date | Sequence[str] | None] = {
        "clause": entry.clause,
        entry.kind.words: entry.words,
        "owner": entry.owner,
        "date": entry.date,
        "expires": entry.expires,
        "paths": list(entry.paths),
        "evidence": list(entry.evidence),
        "clause-digest": entry.digest,
    }
    return {key: value for key, value in written.items() if value}


def recorded(text: str, entry: Entry, replaced: Sequence[int] = ()) -> str:
    """Return a document with an entry in it.

    Args:
        text: The document, without a byte order mark.
        entry: What is to be recorded.
        replaced: Positions of the entries of that kind that it takes the place of.

    Raises:
        UsageError: The document cannot be edited so that it holds the entry and is otherwise
            what it was.
    """
    unix = text.replace("\r\n", "\n")
    wanted = _wanted(tomllib.loads(unix), entry, replaced)
    for candidate in _candidates(unix, entry, replaced):
        if _reads_as(candidate, wanted):
            # A file with both kinds of line ends keeps each of them only where nothing is edited.
            windows = "\r\n" in text and text.count("\n") == text.count("\r\n")
            return candidate.replace("\n", "\r\n") if windows else candidate
    raise UsageError(
        f"the {entry.kind} cannot be written into this document without changing the rest of it",
        hint=f"write it yourself:\n{block(entry)}",
    )


def block(entry: Entry) -> str:
    """Return an entry as the lines of a table."""
    import tomlkit

    document = tomlkit.document()
    for key, value in fields(entry).items():
        document.add(key, tomlkit.item(value))
    return f"[[tool.doctrine.{entry.kind.table}]]\n{tomlkit.dumps(document)}"


def _wanted(data: _Tables, entry: Entry, replaced: Sequence[int]) -> _Tables:
    wanted = copy.deepcopy(data)
    ours = wanted
    for key in _PATH:
        ours = cast("_Tables", ours.setdefault(key, {}))
    items = cast("list[object]", ours.setdefault(entry.kind.table, []))
    _put(items, dict(fields(entry)), replaced)
    return wanted


def _put(items: list[object], new: object, replaced: Sequence[int]) -> None:
    if not replaced:
        items.append(new)
        return
    items[replaced[0]] = new
    for index in sorted(replaced[1:], reverse=True):
        del items[index]


def _reads_as(text: str, wanted: _Tables) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except (ValueError, RecursionError):
        return False


def _candidates(text: str, entry: Entry, replaced: Sequence[int]) -> Iterator[str]:
    if not replaced:
        yield _inserted(text, block(entry))
        yield _appended(text, block(entry))
    edited = _edited(text, lambda document: _edit(document, entry, replaced))
    if edited is not None:
        yield edited


def _inserted(text: str, added: str) -> str:
    """Return the text with a block behind the last table of doctrine's; at the end without one."""
    lines = text.splitlines(keepends=True)
    ours = max((number for number, line in enumerate(lines) if _OURS.match(line)), default=-1)
    if ours < 0:
        return _appended(text, added)
    later = range(ours + 1, len(lines))
    following = next((one for one in later if _HEADER.match(lines[one])), len(lines))
    # What stands right above the next header speaks of it, not of what is before.
    end = next((one for one in range(following, ours, -1) if not _IDLE.match(lines[one - 1])), ours)
    if following == len(lines):
        return _appended(text, added)
    rest = "".join(dropwhile(lambda line: not line.strip(), lines[end:]))
    return f"{''.join(lines[:end])}\n{added}\n{rest}"


def _appended(text: str, added: str) -> str:
    body = text.rstrip("\n")
    return f"{body}\n\n{added}" if body else added


def _edited(text: str, edit: Callable[[TOMLDocument], None]) -> str | None:
    """Return the text after an edit; None where the document is built in a way that defies it."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        edit(document)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, KeyError, TypeError, ValueError):
        return None


def _edit(document: TOMLDocument, entry: Entry, replaced: Sequence[int]) -> None:
    import tomlkit

    ours = cast("dict[str, dict[str, dict[str, list[dict[str, object]]]]]", document)
    items = ours["tool"]["doctrine"][entry.kind.table]
    new = fields(entry)
    if not replaced:
        table = tomlkit.inline_table()
        for key, value in new.items():
            table.append(key, value)
        items.append(cast("dict[str, object]", table))
        return
    _rewrite(items[replaced[0]], new)
    for index in sorted(replaced[1:], reverse=True):
        del items[index]


def _rewrite(old: dict[str, object], new: Mapping[str, object]) -> None:
    """Give a table new content, and leave what stays the same as it is written."""
    from tomlkit.items import Table

    below = _taken_from_below(old)
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        if old.get(key) != value:
            old[key] = value
    if isinstance(old, Table):
        for item in below:
            old.add(item)


def _taken_from_below(table: Mapping[str, object]) -> list[Comment | Whitespace]:
    """Take what stands below a table's last key: comments there speak of what follows."""
    from tomlkit.items import Comment, Table, Whitespace

    taken: list[Comment | Whitespace] = []
    if isinstance(table, Table):
        body = table.value.body
        while body and isinstance(body[-1][1], Comment | Whitespace):
            taken.append(cast("Comment | Whitespace", body.pop()[1]))
    return taken[::-1]
