"""Lines 1-based; paths as given, here relative to the root; no columns.

Cyclomatic complexity of functions and methods as ``radon cc`` lists them without options:
functions inside functions and the methods of inner classes are not listed, class averages are
left out. No configuration of radon counts, and no limit: limits belong to clauses.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

import msgspec

from doctrine.model.inputs import Inputs
from doctrine.model.observation import Location, Measurement
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Role
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool, UnreadableError
from doctrine.tools._drivers import (
    Job,
    decode_driver,
    driver,
    flawed,
    interpreter,
    require_all,
)
from doctrine.tools._inputs import narrowed, noted

_NAME = "radon"
METRIC = "complexity"


class Block(msgspec.Struct):
    """A function or method; there is at least one way through each."""

    path: str
    name: str
    line: int
    end_line: int
    complexity: Annotated[int, msgspec.Meta(ge=1)]


class Output(msgspec.Struct):
    """What the driver prints."""

    blocks: tuple[Block, ...]
    read: tuple[str, ...]
    failed: dict[str, str]


def _files(request: Request) -> tuple[str, ...]:
    return tuple(
        module.path
        for module in request.modules
        if module.role is Role.SOURCE and module.flaw is None
    )


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the driver's invocation on every source file that can be parsed."""
    files = _files(request)
    if not files:
        return Skip(reason="there is no source file that can be parsed")
    return (driver(request, "radon_driver.py", Job(root=request.layout.root, files=files)),)


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the complexities.

    Raises:
        CrashedError: The driver did not finish.
        UnreadableError: The output is not the driver's.
    """
    output = decode_driver(completed[0], Output, tool=_NAME)
    require_all(_files(request), output.read, output.failed)
    measured = frozenset(output.read)
    if any(block.path not in measured for block in output.blocks):
        message = "it measured a file that it did not read"
        raise UnreadableError(message)
    sources = {module.path for module in request.modules if module.role is Role.SOURCE}
    kept_away = {path: why for path, why in flawed(request).items() if path in sources}
    return Reading(
        measurements=tuple(_measurement(block) for block in output.blocks),
        analysed=measured,
        unread={**kept_away, **output.failed},
    )


def _measurement(block: Block) -> Measurement:
    line = max(block.line, 1)
    return Measurement(
        tool=_NAME,
        metric=METRIC,
        subject=block.name,
        value=float(block.complexity),
        location=Location(
            path=block.path,
            line=line,
            end_line=max(block.end_line, line),
        ),
    )


def inputs(request: Request) -> Inputs:
    """Return what complexities depend on: each file by itself, and whose parser reads it."""
    sources = tuple(file for file in request.layout.files if file.role is Role.SOURCE)
    return Inputs(files=noted(sources), command=())


def narrow(request: Request, paths: Collection[str]) -> Request:
    """Return the request to measure some files, with the interpreter that all of them need."""
    python = interpreter(request.modules, request.pythons, request.located)
    same = tuple(pair for pair in request.pythons if pair[1] == python)
    return replace(narrowed(request, paths), pythons=same)


TOOL = Tool(
    per_file=True,
    own_parser=False,
    name=_NAME,
    distribution="radon",
    program="radon",
    prepare=prepare,
    read=read,
    cost=2.5,
    supported=">=6,<7",
    covers=Covers.ALL,
    inputs=inputs,
    narrow=narrow,
)
