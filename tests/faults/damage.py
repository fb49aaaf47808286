"""Ways to damage what a tool left behind; each yields many damaged runs of one recorded run.

Nothing here knows a tool: streams are bytes, and whatever decodes as JSON, whole or line by line,
is damaged as JSON as well.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import EllipsisType
from typing import TypeAlias

from doctrine.model.process import Completed, Ending
from doctrine.model.replacing import replace

Runs = tuple[Completed, ...]
Damaged = Iterator[tuple[str, Runs]]
"""What was done, in words for a failing test, and what the tool left behind then."""

_CUTS = 14
"""Places a stream is damaged at, besides every end of a line; spread over its whole length."""
_NODES = 24
"""Nodes of a JSON document that are damaged one by one; spread over the whole document."""
ELSEWHERE = "/elsewhere/other"
_WORD = re.compile(r"(?<![\w/.@-])[A-Za-z]{4,}(?![\w/.@-])")


class Stream:
    """One thing that a process left behind: what it printed, or a file that it wrote."""

    def __init__(self, runs: Runs, index: int, kept: str, stream: str) -> None:
        self._runs, self._index, self._kept, self._stream = runs, index, kept, stream
        self.label = f"{runs[index].invocation.name}.{kept or stream}"
        done = runs[index]
        self.content = done.kept[kept] if kept else _printed(done, stream)

    @property
    def is_log(self) -> bool:
        """Whether it is where a tool tells what it does."""
        return self._stream == "stderr"

    def holding(self, content: bytes) -> Runs:
        """Return the runs with another content of this stream."""
        done = self._runs[self._index]
        if self._kept:
            changed = replace(done, kept={**done.kept, self._kept: content})
        elif self._stream == "stdout":
            changed = replace(done, stdout=content)
        else:
            changed = replace(done, stderr=content)
        return (*self._runs[: self._index], changed, *self._runs[self._index + 1 :])


def _printed(done: Completed, stream: str) -> bytes:
    return done.stdout if stream == "stdout" else done.stderr


def streams(runs: Runs) -> Iterator[Stream]:
    """Yield everything that holds something."""
    for index, done in enumerate(runs):
        places = [("", "stdout"), ("", "stderr"), *((kept, "") for kept in done.kept)]
        for kept, stream in places:
            found = Stream(runs, index, kept, stream)
            if found.content.strip():
                yield found


def spread(length: int, most: int) -> list[int]:
    """Return at most so many indices, spread over a length, the first and the last among them."""
    if length <= most:
        return list(range(length))
    return sorted({round(step * (length - 1) / (most - 1)) for step in range(most)})


def _places(content: bytes) -> list[int]:
    ends = [found.end() for found in re.finditer(rb"\n", content)]
    some = [ends[index] for index in spread(len(ends), _CUTS)]
    return sorted({*spread(len(content), _CUTS), *some} - {len(content)})


def silent(runs: Runs) -> Damaged:
    """It exits at once, with every code there is, and leaves nothing behind."""
    for code in range(256):
        yield f"exit {code}", _emptied(runs, code)


def _emptied(runs: Runs, code: int) -> Runs:
    return tuple(replace(done, exit_code=code, stdout=b"", stderr=b"", kept={}) for done in runs)


def killed(runs: Runs) -> Damaged:
    """A signal ends it, once all is printed and before anything is."""
    for number in range(1, 65):
        for index, done in enumerate(runs):
            changed = replace(done, exit_code=-number)
            yield f"signal {number}", (*runs[:index], changed, *runs[index + 1 :])
        yield f"signal {number} at once", _emptied(runs, -number)


def ended(runs: Runs) -> Damaged:
    """It does not end by itself, or never begins."""
    for ending in Ending:
        if ending is not Ending.EXITED:
            code = None if ending in {Ending.MISSING, Ending.REFUSED} else -9
            last = replace(runs[-1], ending=ending, exit_code=code, detail="it would not")
            yield ending.value, (*runs[:-1], last)
            # After one that did not exit by itself the rest are not started.
            yield f"{ending.value} first", (replace(last, invocation=runs[0].invocation),)


def other_codes(runs: Runs) -> Damaged:
    """All is printed as it should be, and the exit code is another one.

    The low codes mean something to some tool, others to shells; the rest is alike.
    """
    for code in (*range(10), *range(10, 256, 41), 127, 128, 137, 143, 255):
        for index, done in enumerate(runs):
            if code != done.exit_code:
                changed = replace(done, exit_code=code)
                yield f"exit {code}", (*runs[:index], changed, *runs[index + 1 :])


def truncated(runs: Runs) -> Damaged:
    """It stops in the middle of what it writes, and says that all is well."""
    for stream in streams(runs):
        for place in _places(stream.content):
            yield f"{stream.label} cut at {place}", stream.holding(stream.content[:place])


def headless(runs: Runs) -> Damaged:
    """The beginning of what it wrote is lost."""
    for stream in streams(runs):
        for place in _places(stream.content)[1:]:
            yield f"{stream.label} from {place}", stream.holding(stream.content[place:])


def _dotted(runs: Runs, spot: bytes) -> Damaged:
    for stream in streams(runs):
        for place in _places(stream.content):
            content = stream.content[:place] + spot + stream.content[place:]
            yield f"{stream.label} with {spot!r} at {place}", stream.holding(content)
        hole = len(stream.content) // 2
        content = stream.content[:hole] + b"\0" * 512 + stream.content[hole + 512 :]
        yield f"{stream.label} with a hole at {hole}", stream.holding(content)


def nul_bytes(runs: Runs) -> Damaged:
    """NUL bytes among what it wrote, as in a file after a crash of the system."""
    return _dotted(runs, b"\0")


def broken_utf8(runs: Runs) -> Damaged:
    """Bytes that are no UTF-8 among what it wrote."""
    return _dotted(runs, b"\xff\xfe")


def lines_lost(runs: Runs) -> Damaged:
    """A single line of a log is missing."""
    for stream in streams(runs):
        if document(stream.content) is not None:
            continue
        lines = stream.content.splitlines(keepends=True)
        for index in spread(len(lines), 2 * _NODES):
            content = b"".join((*lines[:index], *lines[index + 1 :]))
            yield f"{stream.label} without {lines[index][:120]!r}", stream.holding(content)


Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | None"
Path = tuple[str | int, ...]


def document(content: bytes) -> Json:
    """Return what a stream holds as JSON, None where it is none or only a number."""
    try:
        found: Json = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None


def nodes(value: Json, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every node of a document."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from nodes(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from nodes(inner, (*path, index))


def at(value: Json, path: Path) -> Json:
    """Return the node at a path."""
    for step in path:
        if isinstance(value, dict):
            value = value[str(step)]
        else:
            assert isinstance(value, list)
            value = value[int(step)]
    return value


def with_node(value: Json, path: Path, node: Json) -> Json:
    """Return a document in which one node is another one."""
    if not path:
        return node
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: with_node(value[step], rest, node)}
    assert isinstance(value, list)
    assert isinstance(step, int)
    return [*value[:step], with_node(value[step], rest, node), *value[step + 1 :]]


def without_node(value: Json, path: Path) -> Json:
    """Return a document without one node."""
    *parents, last = path
    holder = at(value, tuple(parents))
    if isinstance(holder, dict):
        rest: Json = {key: inner for key, inner in holder.items() if key != last}
    else:
        assert isinstance(holder, list)
        rest = [inner for index, inner in enumerate(holder) if index != last]
    return with_node(value, tuple(parents), rest)


OTHER_TYPES: Mapping[str, Json] = {
    "null": None,
    "a number": -1,
    "a text": "other",
    "a list": [],
    "an object": {},
    "true": True,
}


def _documents(runs: Runs) -> Iterator[tuple[Stream, Json, list[Path]]]:
    for stream in streams(runs):
        value = document(stream.content)
        if value is not None:
            yield stream, value, list(nodes(value))


def _some(paths: list[Path]) -> Iterator[Path]:
    return (paths[index] for index in spread(len(paths), _NODES))


def other_types(runs: Runs) -> Damaged:
    """Valid JSON in which a value has another type."""
    for stream, value, paths in _documents(runs):
        for path in _some(paths):
            for kind, other in OTHER_TYPES.items():
                if type(other) is not type(at(value, path)):
                    content = _encoded(with_node(value, path, other))
                    yield f"{stream.label}: {kind} at {path}", stream.holding(content)


def keys_lost(runs: Runs) -> Damaged:
    """Valid JSON that lacks a key."""
    for stream, value, paths in _documents(runs):
        for path in _some([path for path in paths if path and isinstance(path[-1], str)]):
            content = _encoded(without_node(value, path))
            yield f"{stream.label}: nothing at {path}", stream.holding(content)


def entries_lost(runs: Runs) -> Damaged:
    """Valid JSON that lacks an entry of a list, or all of them, or those of an object."""
    for stream, value, paths in _documents(runs):
        for path in _some([path for path in paths if path and isinstance(path[-1], int)]):
            content = _encoded(without_node(value, path))
            yield f"{stream.label}: nothing at {path}", stream.holding(content)
        for path in _some([path for path in paths if path and _is_full(at(value, path))]):
            content = _encoded(
                with_node(value, path, [] if isinstance(at(value, path), list) else {})
            )
            yield f"{stream.label}: empty at {path}", stream.holding(content)


def _is_full(value: Json) -> bool:
    return isinstance(value, dict | list) and bool(value)


def reshaped(value: Json, changes: Iterable[tuple[int, Json | EllipsisType]]) -> bytes:
    """Return a document with some nodes exchanged, one after another; ``...`` removes one.

    Args:
        value: The document.
        changes: Which node, counted anew each time and round and round, and what it becomes.
    """
    for number, other in changes:
        every = [path for path in nodes(value) if path]
        if not every:
            break
        path = every[number % len(every)]
        if isinstance(other, EllipsisType):
            value = without_node(value, path) if isinstance(path[-1], str) else value
        elif type(other) is not type(at(value, path)):
            value = with_node(value, path, other)
    return _encoded(value)


def _encoded(value: Json) -> bytes:
    return json.dumps(value).encode()


def elsewhere(runs: Runs, root: str, files: Sequence[str]) -> Damaged:
    """What it found lies in files outside of the project."""
    for stream in streams(runs):
        if stream.is_log:
            continue
        content = stream.content.replace(root.encode(), ELSEWHERE.encode())
        for path in sorted(files, key=len, reverse=True):
            quoted = json.dumps(path)[1:-1]
            for spelled in {path, quoted}:
                content = content.replace(
                    f'"{spelled}"'.encode(), f'"{ELSEWHERE}/{spelled}"'.encode()
                )
        if content != stream.content:
            yield f"{stream.label} is about {ELSEWHERE}", stream.holding(content)


def translated(runs: Runs) -> Damaged:
    """Its words are those of another language; names, paths and numbers are not."""
    for stream in streams(runs):
        value = document(stream.content)
        if value is None:
            text = stream.content.decode("utf-8", "surrogateescape")
            content = _foreign(text).encode("utf-8", "surrogateescape")
            yield f"{stream.label} translated", stream.holding(content)
            continue
        for key in ("message", "details", "detail", "reason", "summary"):
            changed = _translate(value, key)
            if changed != value:
                yield f"{stream.label}: {key} translated", stream.holding(_encoded(changed))


def _translate(value: Json, key: str) -> Json:
    if isinstance(value, dict):
        return {
            name: _foreign(inner)
            if name == key and isinstance(inner, str)
            else _translate(inner, key)
            for name, inner in value.items()
        }
    return [_translate(one, key) for one in value] if isinstance(value, list) else value


def _foreign(text: str) -> str:
    return _WORD.sub(lambda found: codecs.encode(found[0], "rot13") + "ß", text)


HARD: Mapping[str, Callable[[Runs], Damaged]] = {
    "silent": silent,
    "killed": killed,
    "ended": ended,
}
"""After these a tool can never be believed."""
NOTICED: Mapping[str, Callable[[Runs], Damaged]] = {
    "other-codes": other_codes,
    "truncated": truncated,
    "nul-bytes": nul_bytes,
    "broken-utf8": broken_utf8,
    "other-types": other_types,
    "keys-lost": keys_lost,
    "translated": translated,
}
"""These may leave whole what was said; nothing may look better for them."""
FEWER: Mapping[str, Callable[[Runs], Damaged]] = {
    "headless": headless,
    "lines-lost": lines_lost,
    "entries-lost": entries_lost,
}
"""What is left may be what a tool prints that found less: nobody can tell, except that what it is
said to have read is less as well."""
