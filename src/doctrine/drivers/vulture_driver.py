"""Prints the code that vulture takes for dead, file by file and over the whole program."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
from functools import lru_cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import NamedTuple, Protocol, cast

# Whoever runs this has no doctrine installed; the folder must not serve any other import.
sys.path.append(str(Path(__file__).resolve().parents[2]))
from doctrine.drivers._demands import (
    demanded,
    handed_on,
    is_tried,
    makes_generator,
    may_hand_on,
    owner,
)
from doctrine.drivers._files import (
    TROUBLE,
    Job,
    decoded,
    read_source,
    reason,
    run,
    strings,
    use_sites,
)
from doctrine.drivers._scans import Item, Program, Scans, add, counts, digest_of, seen
from doctrine.drivers._signatures import dictated

sys.path.pop()

_NAME = re.compile(r"[^\W\d]\w*")
_PLACE = re.compile(r":(\d+): ")
_CERTAIN = 100
"""Vulture's confidence in an argument that its function does not use."""


class Vulture(Protocol):
    """The module ``vulture.core``."""

    Item: type

    def Vulture(self, *, ignore_names: list[str], ignore_decorators: list[str]) -> Program:  # noqa: N802 - its name
        """Return an empty program."""
        ...


class Version(Protocol):
    """The module ``vulture.version``."""

    __version__: str


def search(job: Job) -> Mapping[str, object]:
    """Return unused items, the files that were read, and those that were not."""
    use_sites(job)
    core = cast("Vulture", import_module("vulture.core"))
    names, decorators = strings(job, "ignore_names"), strings(job, "ignore_decorators")
    program = core.Vulture(ignore_names=names, ignore_decorators=decorators)
    version = cast("Version", import_module("vulture.version")).__version__
    scans = Scans(str(job["left"]), [version, sys.version, names, decorators])
    read: list[str] = []
    failed: dict[str, str] = {}
    for path in strings(job, "files"):
        trouble = _scan(program, f"{job['root']}/{path}", scans, core.Item)
        if trouble:
            failed[path] = trouble
        else:
            read.append(path)
    scans.write()
    # Vulture's own whitelists (names that ast, argparse and others call) come in here.
    program.scavenge([], exclude=strings(job, "exclude"))
    return {"items": _items(program, job, frozenset(failed)), "read": read, "failed": failed}


def _scan(program: Program, path: str, scans: Scans, item: type) -> str:
    """Show a file to vulture, unless it is known; return why it could not be understood, or nothing."""
    try:
        trouble = _noted(program, path, scans, item)
    except TROUBLE as error:
        trouble = reason(error)
    if trouble:
        program.reachability.reset()
        program.used_names.update(_names(path))
    return trouble


def _noted(program: Program, path: str, scans: Scans, item: type) -> str:
    raw = Path(path).read_bytes()
    digest = digest_of(raw, path)
    known = scans.known(path, digest)
    if known is not None:
        add(program, path, known, item)
        scans.note(path, digest, known)
        return ""
    start, others = counts(program), program.used_names
    program.used_names = set()
    try:
        trouble = _shown(program, decoded(raw), path)
        if not trouble:
            scans.note(path, digest, seen(program, start))
        return trouble
    finally:
        program.used_names |= others


def _shown(program: Program, code: str, path: str) -> str:
    """Show a file to vulture; return why it could not be parsed, or an empty string."""
    program.exit_code = 0
    said = StringIO()
    with redirect_stderr(said):
        program.scan(code, filename=path)
    # Vulture prints a parse error and goes on as if the file were empty.
    return _words(said.getvalue()) if program.exit_code else ""


def _words(message: str) -> str:
    """Return a parse error without the path in front, as all other reasons are worded."""
    found = _PLACE.search(message)
    told = f"line {found[1]}: {message[found.end() :]}" if found else message
    return told.strip() or "vulture could not parse it"


def _names(path: str) -> set[str]:
    """Return every word of a file: what it may use must not be called dead elsewhere."""
    try:
        return set(_NAME.findall(Path(path).read_bytes().decode("utf-8", "replace")))
    except OSError:
        return set()


class _Excuse(NamedTuple):
    """Why an item may be needed although nothing uses it.

    Attributes:
        holds: Whether its own file shows that.
        handed_on: The function whose being handed on would show it as well.
    """

    holds: bool
    handed_on: str = ""


def _items(program: Program, job: Job, failed: frozenset[str]) -> list[Mapping[str, object]]:
    kept = _kept(program, job, failed)
    excuses = [_excuse(item) for _, item in kept]
    paths = [f"{job['root']}/{path}" for path in strings(job, "files") if path not in failed]
    asked = frozenset(one.handed_on for one in excuses if one.handed_on)
    handed = handed_on(_trees(paths, asked)) if asked else frozenset[str]()
    return [
        _described(path, item, excuse.holds or excuse.handed_on in handed)
        for (path, item), excuse in zip(kept, excuses, strict=True)
    ]


def _kept(program: Program, job: Job, failed: frozenset[str]) -> list[tuple[str, Item]]:
    """Return what is unused in the files that could be read, with their relative paths."""
    least = job.get("min_confidence")
    found = program.get_unused_code(min_confidence=least if isinstance(least, int) else 0)
    placed = ((str(item.filename).removeprefix(f"{job['root']}/"), item) for item in found)
    return [(path, item) for path, item in placed if path not in failed]


def _may_be_argument(item: Item) -> bool:
    return item.typ == "variable" and item.confidence == _CERTAIN


def _excuse(item: Item) -> _Excuse:
    """Return what excuses an item; only of these kinds of items anything can."""
    asked = item.typ in {"import", "unreachable_code"} or _may_be_argument(item)
    parsed = _parsed(str(item.filename)) if asked else None
    if parsed is None:
        return _Excuse(holds=False)
    tree, line = parsed.tree, item.first_lineno
    if item.typ == "import":
        return _Excuse(holds=is_tried(tree, line))
    if item.typ == "unreachable_code":
        return _Excuse(holds=makes_generator(tree, line))
    if (item.name, line) in _dictated(str(item.filename)):
        return _Excuse(holds=True)
    function = owner(tree, item.name, line)
    if function is None:
        return _Excuse(holds=False)
    return _Excuse(holds=demanded(function, item.name), handed_on=function.name)


class _Parsed(NamedTuple):
    source: str
    tree: ast.Module


def _trees(paths: list[str], names: frozenset[str]) -> Iterator[ast.Module]:
    """Yield the files in which one of some functions may be handed on."""
    for path in paths:
        try:
            source = read_source(path)
            if may_hand_on(source, names):
                yield ast.parse(source)
        except TROUBLE:
            continue


@lru_cache(maxsize=1)
def _parsed(path: str) -> _Parsed | None:
    """Parse a file; what vulture finds comes file by file."""
    try:
        source = read_source(path)
        return _Parsed(source, ast.parse(source))
    except TROUBLE:
        return None


@lru_cache(maxsize=1)
def _dictated(path: str) -> frozenset[tuple[str, int]]:
    """Return the arguments of a file that signatures of others dictate."""
    parsed = _parsed(path)
    return dictated(parsed.tree, parsed.source) if parsed is not None else frozenset()


def _described(path: str, item: Item, is_dictated: bool) -> Mapping[str, object]:
    return {
        "path": path,
        "line": item.first_lineno,
        "end_line": item.last_lineno,
        "confidence": item.confidence,
        "kind": item.typ,
        "name": item.name,
        "message": item.message,
        "dictated": is_dictated,
    }


if __name__ == "__main__":
    run(search)
