"""Changes applied to the text of a TOML document without touching the rest of it.

What is new is put in as text, which leaves every other byte as it was; what is there already is
edited in place, with its comments. Every way is read back and taken only where the document then
holds exactly what was wanted, so a document built in a way that defies it is left as it is.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from doctrine.adopt._literals import WIDTH, dotted, literal
from doctrine.adopt.changes import Change, Keys, Op, Value

_HEADER = re.compile(r"^[ \t]*(\[{1,2})([^\[\]]+)\]{1,2}[ \t]*(?:#.*)?$")
_IDLE = re.compile(r"^[ \t]*(#.*)?\r?$")
_BOM = "\ufeff"

Tables = dict[str, object]


def changed(text: str, change: Change) -> str | None:
    """Return a document with one change made.

    Args:
        text: The document; a byte order mark and Windows' line ends stay.
        change: The change.

    Returns:
        The new text, the same one where nothing has to be done; None where the document cannot be
        edited so that it holds what is wanted and is otherwise what it was.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    windows = "\r\n" in body and body.count("\n") == body.count("\r\n")
    unix = body.replace("\r\n", "\n")
    data = tomllib.loads(unix)
    wanted = _wanted(data, change)
    if wanted is None:
        return None
    if wanted == data:
        return text
    for candidate in _candidates(unix, data, change):
        if _reads_as(candidate, wanted) and _keeps_comments(unix, candidate):
            return mark + (candidate.replace("\n", "\r\n") if windows else candidate)
    return None


def _reads_as(text: str, wanted: Tables) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except (ValueError, RecursionError):
        return False


def _keeps_comments(old: str, new: str) -> bool:
    """Return whether the lines that are comments are still there, in their order."""
    kept = iter([line.strip() for line in new.split("\n")])
    comments = [line.strip() for line in old.split("\n") if line.lstrip().startswith("#")]
    return all(comment in kept for comment in comments)


def _wanted(data: Tables, change: Change) -> Tables | None:
    """Return the data after a change; None where the document has something else at its place."""
    wanted = copy.deepcopy(data)
    holder: object = wanted
    for here, below in zip(change.keys[:-1], change.keys[1:], strict=True):
        holder = _below(holder, here, make=isinstance(below, str) and change.op is Op.SET)
    last = change.keys[-1]
    if not isinstance(holder, dict) or not isinstance(last, str):
        return None
    return wanted if _do(change.op, cast("Tables", holder), last, change.value) else None


def _below(holder: object, key: str | int, *, make: bool) -> object:
    if isinstance(holder, dict) and isinstance(key, str):
        tables = cast("Tables", holder)
        return tables.setdefault(key, {}) if make else tables.get(key)
    if isinstance(holder, list) and isinstance(key, int):
        items = cast("list[object]", holder)
        return items[key] if key < len(items) else None
    return None


def _do(op: Op, holder: Tables, key: str, value: Value) -> bool:
    """Make a change in parsed tables; return whether that is possible."""
    match op:
        case Op.SET:
            if isinstance(holder.get(key), dict) and not isinstance(value, Mapping):
                return False  # a whole table would be lost
            holder[key] = _plain(value)
        case Op.REMOVE:
            holder.pop(key, None)
        case Op.ADD | Op.DROP:
            items = holder.get(key)
            if not isinstance(items, list) or not isinstance(value, Sequence):
                return False
            holder[key] = _relisted(op, cast("list[object]", items), value)
    return True


def _relisted(op: Op, items: Sequence[object], given: Sequence[object]) -> list[object]:
    """Return the items of a list with what is given added at its end, or dropped from it."""
    if op is Op.ADD:
        return [*items, *(one for one in dict.fromkeys(given) if one not in items)]
    return [one for one in items if one not in given]


def _plain(value: Value) -> object:
    """Return a value as the TOML parser would."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _candidates(text: str, data: Tables, change: Change) -> Iterator[str]:
    if change.op is Op.SET:
        keys = tuple(one for one in change.keys if isinstance(one, str))
        if len(keys) == len(change.keys):
            yield from _inserted(text, data, keys, change.value)
    edited = _edited(text, change)
    if edited is not None:
        yield edited


def _inserted(text: str, data: Tables, keys: tuple[str, ...], value: Value) -> Iterator[str]:
    """Yield the text with a new key: below its table's header, with a new header, dotted."""
    lines = text.split("\n")
    headers = headers_of(lines)
    above = {path for path, _, _ in headers}
    table = keys[:-1]
    if table in above:
        yield _under(lines, headers, table, keys[-1:], value)
    elif table:
        yield _new_table(lines, headers, table, keys[-1], value)
    for depth in range(len(table) - 1, -1, -1):
        if table[:depth] in above or depth == 0:
            yield _under(lines, headers, table[:depth], keys[depth:], value)


def headers_of(lines: Sequence[str]) -> list[tuple[tuple[str, ...], int, bool]]:
    """Return the headers of tables: path, line, and whether it is an item of an array.

    A line of a string that looks like a header is among them: what comes of it is not read as
    wanted, and so not taken.
    """
    found: list[tuple[tuple[str, ...], int, bool]] = []
    for number, line in enumerate(lines):
        match = _HEADER.match(line)
        path = _path(match[2]) if match else ()
        if match and path:
            found.append((path, number, match[1] == "[["))
    return found


def _path(written: str) -> tuple[str, ...]:
    try:
        holder: object = tomllib.loads(f"[{written}]")
    except ValueError:
        return ()
    path: list[str] = []
    while isinstance(holder, dict) and holder:
        name, holder = next(iter(cast("Tables", holder).items()))
        path.append(name)
    return tuple(path)


def _assignment(keys: Sequence[str], value: Value) -> list[str]:
    start = f"{dotted(keys)} = "
    return (start + literal(value, len(start))).split("\n")


def _under(
    lines: list[str],
    headers: list[tuple[tuple[str, ...], int, bool]],
    table: tuple[str, ...],
    keys: Sequence[str],
    value: Value,
) -> str:
    """Return the text with a key behind the last one of a table; no table is the document's top."""
    start = next((number for path, number, _ in headers if path == table), -1)
    end = next((number for _, number, _ in headers if number > start), len(lines))
    place = _after_last(lines, start, end)
    added = _assignment(keys, value)
    if start < 0 and place == 0 and end < len(lines):
        added.append("")
    return "\n".join((*lines[:place], *added, *lines[place:]))


def _after_last(lines: Sequence[str], start: int, end: int) -> int:
    """Return the line behind the last that is neither blank nor a comment.

    What stands right above the next header speaks of it, not of what is before.
    """
    used = (number for number in range(end, start + 1, -1) if not _IDLE.match(lines[number - 1]))
    return next(used, start + 1)


def _new_table(
    lines: list[str],
    headers: list[tuple[tuple[str, ...], int, bool]],
    table: tuple[str, ...],
    key: str,
    value: Value,
) -> str:
    block = [f"[{dotted(table)}]", *_assignment((key,), value)]
    place = place_of(lines, headers, table)
    before, after = lines[:place], lines[place:]
    while before and not before[-1].strip():
        before.pop()
    while after and not after[0].strip():
        after.pop(0)
    pieces = [*before, *([""] if before else []), *block, "", *after]
    return "\n".join(pieces)


def place_of(
    lines: Sequence[str], headers: list[tuple[tuple[str, ...], int, bool]], table: tuple[str, ...]
) -> int:
    """Return the line that a new table begins at: behind its nearest relatives, else at the end.

    The description of the project comes first, and what it depends on right behind it.
    """
    if table[0] == "project" and not any(path[0] == "project" for path, _, _ in headers):
        return _above_comments(lines, headers[0][1]) if headers else len(lines)
    family = ("project",) if table[0] == "dependency-groups" else table[:2]
    last = max((index for index, one in enumerate(headers) if one[0][: len(family)] == family),
               default=-1)  # fmt: skip
    if last < 0:
        return len(lines)
    end = headers[last + 1][1] if last + 1 < len(headers) else len(lines)
    return _after_last(lines, headers[last][1], end)


def _above_comments(lines: Sequence[str], header: int) -> int:
    """Return the line of the first of the comments right above a header: they speak of it."""
    while header and lines[header - 1].lstrip().startswith("#"):
        header -= 1
    return header


def _edited(text: str, change: Change) -> str | None:
    """Return the text after an edit in place; None where the document defies it."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        _edit(document, change)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return None


def _edit(document: object, change: Change) -> None:
    holder = _holder(document, change.keys[:-1], make=change.op is Op.SET)
    last = str(change.keys[-1])
    match change.op:
        case Op.SET:
            holder[last] = _plain(change.value)
        case Op.REMOVE:
            del holder[last]
        case Op.ADD:
            items = cast("list[object]", holder[last])
            for one in cast("Sequence[str]", change.value):
                if one not in items:
                    items.append(one)
            _unfold(items)
        case Op.DROP:
            items = cast("list[object]", holder[last])
            for index in range(len(items) - 1, -1, -1):
                if items[index] in cast("Sequence[str]", change.value):
                    del items[index]


def _unfold(items: object) -> None:
    """Let an array stand on several lines once it is too long for one."""
    from tomlkit.items import Array

    if isinstance(items, Array) and "\n" not in (shown := items.as_string()):
        items.multiline(len(shown) > WIDTH)


def _holder(document: object, keys: Keys, *, make: bool) -> Tables:
    holder = document
    for key in keys:
        if isinstance(key, int):
            holder = cast("list[object]", holder)[key]
        elif make and key not in cast("Tables", holder):
            holder = cast("Tables", holder).setdefault(key, {})
        else:
            holder = cast("Tables", holder)[key]
    return cast("Tables", holder)
