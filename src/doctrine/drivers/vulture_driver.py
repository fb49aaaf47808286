"""Prints the code that vulture takes for dead, file by file and over the whole program."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr
from functools import cache, lru_cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Protocol, cast

# Whoever runs this has no doctrine installed; the folder must not serve any other import.
sys.path.append(str(Path(__file__).resolve().parents[2]))
from doctrine.drivers._demands import demanded, handed_on, is_tried, makes_generator
from doctrine.drivers._files import TROUBLE, Job, read_source, reason, run, strings, use_sites
from doctrine.drivers._signatures import dictated

sys.path.pop()

_NAME = re.compile(r"[^\W\d]\w*")
_PLACE = re.compile(r":(\d+): ")
_CERTAIN = 100
"""Vulture's confidence in an argument that its function does not use."""


class Item(Protocol):
    """A piece of dead code, as vulture describes it."""

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


class Vulture(Protocol):
    """The module ``vulture.core``."""

    def Vulture(self, *, ignore_names: list[str], ignore_decorators: list[str]) -> Program:  # noqa: N802 - its name
        """Return an empty program."""
        ...


def search(job: Job) -> Mapping[str, object]:
    """Return unused items, the files that were read, and those that were not."""
    use_sites(job)
    program = cast("Vulture", import_module("vulture.core")).Vulture(
        ignore_names=strings(job, "ignore_names"),
        ignore_decorators=strings(job, "ignore_decorators"),
    )
    read: list[str] = []
    failed: dict[str, str] = {}
    for path in strings(job, "files"):
        trouble = _scan(program, f"{job['root']}/{path}")
        if trouble:
            failed[path] = trouble
        else:
            read.append(path)
    # Vulture's own whitelists (names that ast, argparse and others call) come in here.
    program.scavenge([], exclude=strings(job, "exclude"))
    return {"items": _items(program, job, frozenset(failed)), "read": read, "failed": failed}


def _scan(program: Program, path: str) -> str:
    """Show a file to vulture; return why it could not be understood, or an empty string."""
    program.exit_code = 0
    said = StringIO()
    try:
        with redirect_stderr(said):
            program.scan(read_source(path), filename=path)
        # Vulture prints a parse error and goes on as if the file were empty.
        trouble = _words(said.getvalue()) if program.exit_code else ""
    except TROUBLE as error:
        trouble = reason(error)
    if trouble:
        program.reachability.reset()
        program.used_names.update(_names(path))
    return trouble


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


def _items(program: Program, job: Job, failed: frozenset[str]) -> list[Mapping[str, object]]:
    root = f"{job['root']}/"
    kept = _kept(program, job, failed)
    given = _dictations(kept)
    paths = [f"{root}{path}" for path in strings(job, "files") if path not in failed]
    handed = cache(lambda: handed_on(_trees(paths)))  # looks at the whole program: only if asked
    excused = (
        (item.name, item.first_lineno) in given.get(item.filename, ()) or _is_demanded(item, handed)
        for _, item in kept
    )
    return [
        _described(path, item, demanded)
        for (path, item), demanded in zip(kept, excused, strict=True)
    ]


def _kept(program: Program, job: Job, failed: frozenset[str]) -> list[tuple[str, Item]]:
    """Return what is unused in the files that could be read, with their relative paths."""
    least = job.get("min_confidence")
    found = program.get_unused_code(min_confidence=least if isinstance(least, int) else 0)
    placed = ((str(item.filename).removeprefix(f"{job['root']}/"), item) for item in found)
    return [(path, item) for path, item in placed if path not in failed]


def _may_be_argument(item: Item) -> bool:
    return item.typ == "variable" and item.confidence == _CERTAIN


def _dictations(kept: list[tuple[str, Item]]) -> Mapping[Path, frozenset[tuple[str, int]]]:
    """Return what signatures dictate in each file with an unused argument; each is parsed once."""
    files = {item.filename for _, item in kept if _may_be_argument(item)}
    return {file: _dictated(file) for file in files}


def _dictated(file: Path) -> frozenset[tuple[str, int]]:
    try:
        return dictated(read_source(str(file)))
    except TROUBLE:
        return frozenset()


def _is_demanded(item: Item, handed: Callable[[], set[str]]) -> bool:
    asked = item.typ in {"import", "unreachable_code"} or _may_be_argument(item)
    tree = _tree(str(item.filename)) if asked else None
    if tree is None:
        return False
    if item.typ == "import":
        return is_tried(tree, item.first_lineno)
    if item.typ == "unreachable_code":
        return makes_generator(tree, item.first_lineno)
    return demanded(tree, item.name, item.first_lineno, handed)


def _trees(paths: list[str]) -> Iterator[ast.Module]:
    trees = map(_tree, paths)
    return (tree for tree in trees if tree is not None)


@lru_cache(maxsize=1)
def _tree(path: str) -> ast.Module | None:
    """Parse a file; what vulture finds comes file by file."""
    try:
        return ast.parse(read_source(path))
    except TROUBLE:
        return None


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
