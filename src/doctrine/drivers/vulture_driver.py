"""Prints the code that vulture takes for dead, file by file and over the whole program."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, suppress
from functools import lru_cache, partial
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
    reason,
    run,
    strings,
    use_sites,
)
from doctrine.drivers._scans import Excuse, Item, Program, Scans, define, digest_of, seen, use
from doctrine.drivers._signatures import dictated

sys.path.pop()

_NAME = re.compile(r"[^\W\d]\w*")
_PLACE = re.compile(r":(\d+): ")
_WHITELISTS, _WHITELIST = "whitelists", "_whitelist.py"
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
    for known in (_parsed, _dictated):
        known.cache_clear()  # of files as they were
    core = cast("Vulture", import_module("vulture.core"))
    names, decorators = strings(job, "ignore_names"), strings(job, "ignore_decorators")
    program = core.Vulture(ignore_names=names, ignore_decorators=decorators)
    version = cast("Version", import_module("vulture.version")).__version__
    scans = Scans(str(job["left"]), [version, sys.version, names, decorators])
    used: set[str] = set()
    failed: dict[str, str] = {}
    for path in strings(job, "files"):
        trouble = _scan(program, f"{job['root']}/{path}", scans, used)
        if trouble:
            failed[path] = trouble
    program.used_names.update(used)
    _whitelist(program, use(program, scans), core.Item, strings(job, "exclude"))
    define(program, scans, core.Item)
    items = _items(program, scans, job)
    scans.write()
    read = [path for path in strings(job, "files") if path not in failed]
    return {"items": items, "read": read, "failed": failed}


def _scan(program: Program, path: str, scans: Scans, used: set[str]) -> str:
    """Show a file to vulture, unless it is known; return why it could not be understood, or nothing.

    What such a file may use is added to the used names.
    """
    try:
        trouble = _noted(program, path, scans)
    except TROUBLE as error:
        trouble = reason(error)
    if trouble:
        program.reachability.reset()
        used.update(seen(program).used, _names(path))
    return trouble


def _noted(program: Program, path: str, scans: Scans) -> str:
    raw = Path(path).read_bytes()
    digest = digest_of(raw, path)
    scan = scans.known(path, digest)
    trouble = ""
    if scan is None:
        trouble = _shown(program, decoded(raw), path)
        scan = None if trouble else seen(program)
    if scan is not None:
        scans.note(path, digest, scan)
    return trouble


def _whitelist(program: Program, imported: set[str], item: type, exclude: list[str]) -> None:
    """Let vulture use its own whitelists: names that ast, argparse and others call."""
    brought = import_module("vulture").__path__
    with suppress(OSError):  # where they are no files, vulture itself looks for each
        files = (one for folder in brought for one in Path(folder, _WHITELISTS).iterdir())
        imported &= {one.name.removesuffix(_WHITELIST) for one in files}
    for name in sorted(imported):
        program.defined_imports.append(item(name, "import", Path(), 1, 1))
    program.scavenge([], exclude=exclude)
    del program.defined_imports[: len(imported)]


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


def _items(program: Program, scans: Scans, job: Job) -> list[Mapping[str, object]]:
    """Return what is unused, with what excuses it."""
    least = job.get("min_confidence")
    found = program.get_unused_code(min_confidence=least if isinstance(least, int) else 0)
    excuses = [_excuse(item, scans) for item in found]
    handed = _handed_on(scans, frozenset(one.handed_on for one in excuses if one.handed_on))
    return [
        _described(
            str(item.filename).removeprefix(f"{job['root']}/"),
            item,
            excuse.holds or excuse.handed_on in handed,
        )
        for item, excuse in zip(found, excuses, strict=True)
    ]


def _may_be_argument(item: Item) -> bool:
    return item.typ == "variable" and item.confidence == _CERTAIN


def _excuse(item: Item, scans: Scans) -> Excuse:
    """Return what excuses an item; only of these kinds of items anything can."""
    asked = item.typ in {"import", "unreachable_code"} or _may_be_argument(item)
    return scans.excuse(item, lambda: _found_excuse(item)) if asked else Excuse(holds=False)


def _found_excuse(item: Item) -> tuple[Excuse, str]:
    """Return what a file says to excuse an item, and the digest of the file."""
    parsed = _parsed(str(item.filename))
    if parsed is None:
        return Excuse(holds=False), ""
    return _told_excuse(item, parsed.tree), parsed.digest


def _told_excuse(item: Item, tree: ast.Module) -> Excuse:
    line = item.first_lineno
    if item.typ == "import":
        return Excuse(holds=is_tried(tree, line))
    if item.typ == "unreachable_code":
        return Excuse(holds=makes_generator(tree, line))
    if (item.name, line) in _dictated(str(item.filename)):
        return Excuse(holds=True)
    function = owner(tree, item.name, line)
    if function is None:
        return Excuse(holds=False)
    return Excuse(holds=demanded(function, item.name), handed_on=function.name)


def _handed_on(scans: Scans, names: frozenset[str]) -> set[str]:
    """Return which of some functions stand for a value anywhere, instead of being called."""
    found: set[str] = set()
    if names:
        for path in [path for path, _ in scans.every()]:
            found.update(names.intersection(scans.handed_on(path, partial(_values, path, names))))
    return found


def _values(path: str, names: frozenset[str]) -> tuple[set[str] | None, str]:
    """Return the names that stand for a value in a file, if one of some may, and the file's digest."""
    try:
        raw = Path(path).read_bytes()
        source = decoded(raw)
        if may_hand_on(source, names):
            return handed_on([ast.parse(source)]), digest_of(raw, path)
    except TROUBLE:
        pass
    return None, ""


class _Parsed(NamedTuple):
    source: str
    tree: ast.Module
    digest: str


@lru_cache(maxsize=1)
def _parsed(path: str) -> _Parsed | None:
    """Parse a file; what vulture finds comes file by file."""
    try:
        raw = Path(path).read_bytes()
        source = decoded(raw)
        return _Parsed(source, ast.parse(source), digest_of(raw, path))
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
