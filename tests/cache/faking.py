"""Tools that take no time: what they say is a function of what is on the disk when they run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from doctrine.cli.check import Silence
from doctrine.model.inputs import Inputs
from doctrine.model.observation import Finding, Location, Measurement
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool, UnreadableError
from doctrine.tools._inputs import narrowed, noted

T = TypeVar("T")
CONFIG = "lint.cfg"


class Said(msgspec.Struct):
    """What a fake prints of one file."""

    path: str
    message: str
    state: str


def _prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    files = tuple(file.path for file in request.layout.files)
    if not files:
        return Skip(reason="there is nothing to look at")
    program = request.located.command[0]
    return (Invocation(name="run", argv=(program, *files), cwd=request.layout.root),)


def _read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    said = msgspec.json.decode(completed[0].stdout, type=list[Said])
    if any(one.state == "garbled" for one in said):
        raise UnreadableError("it makes no sense")
    return _reading(said)


def _reading(said: list[Said]) -> Reading:
    spoken = [one for one in said if one.state not in {"excluded", "unread"}]
    return Reading(
        findings=tuple(
            Finding(tool="x", rule="R", message=one.message, location=Location(path=one.path))
            for one in spoken
            if one.state == "found"
        ),
        measurements=tuple(
            Measurement(
                tool="x", metric="m", subject="s", value=1.0, location=Location(path=one.path)
            )
            for one in spoken
        ),
        analysed=frozenset(one.path for one in spoken),
        unread={one.path: one.message for one in said if one.state == "unread"},
        excluded=sum(one.state == "excluded" for one in said),
    )


def _inputs_of_each(request: Request) -> Inputs:
    return Inputs(files=noted(request.layout.files), configuration=(CONFIG,), command=("lint",))


def _inputs_of_all(request: Request) -> Inputs:
    return Inputs(files=noted(request.layout.files), configuration=(CONFIG,))


def by_file() -> Tool:
    """Return a tool that looks at each file by itself."""
    return Tool(
        name="by-file",
        distribution="ruff",
        program="ruff",
        prepare=_prepare,
        read=_read,
        cost=1.0,
        inputs=_inputs_of_each,
        narrow=narrowed,
        covers=Covers.CONFIGURED,
    )


def foreseen() -> Tool:
    """Return such a tool, of which it is known what it says of clean files."""
    return replace(by_file(), name="foreseen", settled=_settled)


def _settled(request: Request) -> Reading | None:
    root = Path(request.layout.root)
    said = [_said(file.path, _text(root / file.path), "") for file in request.layout.files]
    if any(one.state != "clean" for one in said):
        return None
    return _reading(said)


def as_a_whole() -> Tool:
    """Return a tool whose word on one file depends on all others."""
    return Tool(
        name="as-a-whole",
        distribution="mypy",
        program="mypy",
        prepare=_prepare,
        read=_read,
        cost=1.0,
        inputs=_inputs_of_all,
        covers=Covers.CONFIGURED,
    )


class FakeRunner:
    """Runs the fakes, and remembers which files each was asked to look at."""

    def __init__(self, tool: Tool, *, cpu: float = 0.0) -> None:
        """Run one tool."""
        self.listener = Silence()
        self._tool = tool
        self.asked: list[tuple[str, ...]] = []
        self.costs: list[float] = []
        self.cpu = cpu

    async def read(self, function: Callable[[], T]) -> T:
        """Read what the tool has said."""
        return function()

    async def run(
        self, name: str, invocations: tuple[Invocation, ...], *, cost: float
    ) -> tuple[Completed, ...]:
        """Return what the tool says of the files as they are now."""
        del name
        self.costs.append(cost)
        (invocation,) = invocations
        files = invocation.argv[1:]
        self.asked.append(files)
        root = Path(invocation.cwd)
        # The first line of a script names the place of its interpreter.
        program = _text(Path(invocation.argv[0])).partition("\n")[2]
        shared = _text(root / CONFIG) + program
        if self._tool.narrow is None:
            shared += "".join(_text(root / path) for path in files)
        said = [_said(path, _text(root / path), shared) for path in files]
        code = int(any(one.state in {"found", "unread"} for one in said))
        return (
            Completed(
                invocation=invocation,
                ending=Ending.EXITED,
                exit_code=code,
                stdout=msgspec.json.encode(said),
                cpu=self.cpu,
            ),
        )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return "missing"


def _said(path: str, text: str, shared: str) -> Said:
    states = {"found", "excluded", "unread", "garbled"}
    # Whether a file is excluded is told by its name, as configurations do.
    state = "excluded" if "excluded" in path else text.partition(" ")[0]
    return Said(
        path=path,
        message=f"{text} under {shared}",
        state=state if state in states else "clean",
    )
