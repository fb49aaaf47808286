"""Prints the cyclomatic complexity of every function and method, as radon counts it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

# Whoever runs this has no doctrine installed; the folder must not serve any other import.
sys.path.append(str(Path(__file__).resolve().parents[2]))
from doctrine.drivers._files import TROUBLE, Job, read_source, reason, run, strings, use_sites

sys.path.pop()

_CLASS = "C"


class Block(Protocol):
    """A function, method or class, as radon describes it."""

    letter: str
    fullname: str
    lineno: int
    endline: int
    complexity: int


class Visitor(Protocol):
    """What radon has counted in a file."""

    blocks: list[Block]


class Visitors(Protocol):
    """The class whose instances count."""

    def from_code(self, code: str) -> Visitor:
        """Return what there is in a source text."""
        ...


class Radon(Protocol):
    """The module ``radon.visitors``."""

    ComplexityVisitor: Visitors


def measure(job: Job) -> Mapping[str, object]:
    """Return blocks, the files that were read, and those that were not."""
    use_sites(job)
    visitors = cast("Radon", import_module("radon.visitors")).ComplexityVisitor
    blocks: list[Mapping[str, object]] = []
    read: list[str] = []
    failed: dict[str, str] = {}
    for path in strings(job, "files"):
        try:
            found = visitors.from_code(read_source(f"{job['root']}/{path}")).blocks
        except TROUBLE as error:
            failed[path] = reason(error)
            continue
        read.append(path)
        blocks.extend(_described(path, block) for block in found if block.letter != _CLASS)
    return {"blocks": blocks, "read": read, "failed": failed}


def _described(path: str, block: Block) -> Mapping[str, object]:
    return {
        "path": path,
        "name": block.fullname,
        "line": block.lineno,
        "end_line": block.endline,
        "complexity": block.complexity,
    }


if __name__ == "__main__":
    run(measure)
