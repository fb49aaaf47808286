"""A tool that goes on from its last run, and believes the size and the time of a file, as mypy does.

What it says of a file depends on that file and its name alone, so that whatever it takes for
something else shows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from doctrine.cli.check import Silence
from doctrine.model.inputs import Inputs
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.replacing import replace
from doctrine.model.tool import Request, Tool
from doctrine.tools._inputs import noted
from tests.cache.faking import Said, as_a_whole

T = TypeVar("T")
FOLDER, _STATE = "known", "3.12/state.json"


class _Known(msgspec.Struct):
    """What is remembered of a module."""

    path: str
    size: int
    second: int
    text: str
    message: str


def _carrying(request: Request, planned: tuple[Invocation, ...]) -> tuple[Invocation, ...]:
    del request
    return tuple(replace(one, argv=(*one.argv, "--go-on"), carry=FOLDER) for one in planned)


def believing(*, brief_again: bool = False) -> Tool:
    """Return the tool."""
    return replace(
        as_a_whole(),
        name="believing",
        inputs=_inputs,
        carrying=_carrying,
        brief_again=brief_again,
    )


def _inputs(request: Request) -> Inputs:
    return Inputs(files=noted(request.layout.files), command=("believe",))


class BelievingRunner:
    """Runs the tool, and remembers how many files it looked into each time."""

    def __init__(self, scratch: Path) -> None:
        """Run it in a private folder."""
        self.listener = Silence()
        self.scratch = str(scratch)
        self.looked: list[int] = []
        self.costs: list[float] = []
        self.broken = False
        self.meanwhile: Callable[[], object] = int

    async def read(self, function: Callable[[], T]) -> T:
        """Read what the tool has said."""
        return function()

    async def run(
        self, name: str, invocations: tuple[Invocation, ...], *, cost: float
    ) -> tuple[Completed, ...]:
        """Return what the tool says of the files, as they are or as it believes them to be."""
        self.costs.append(cost)
        (invocation,) = invocations
        goes_on = "--go-on" in invocation.argv
        files = [one for one in invocation.argv[1:] if one != "--go-on"]
        state = Path(self.scratch, name, FOLDER, _STATE)
        known = _read(state) if goes_on else {}
        after, looked = _looked_at(Path(invocation.cwd), files, known)
        self.looked.append(looked)
        self.meanwhile()
        said = [Said(path=one.path, message=one.message, state="found") for one in after.values()]
        if goes_on:
            _write(state, {**known, **after})
            if self.broken:
                return (_done(invocation, b"no JSON", 1),)
        return (_done(invocation, msgspec.json.encode(said), int(bool(said))),)


def _done(invocation: Invocation, stdout: bytes, code: int) -> Completed:
    return Completed(invocation=invocation, ending=Ending.EXITED, exit_code=code, stdout=stdout)


def _read(state: Path) -> dict[str, _Known]:
    if not state.is_file():
        return {}
    return msgspec.json.decode(state.read_bytes(), type=dict[str, _Known])


def _write(state: Path, known: dict[str, _Known]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_bytes(msgspec.json.encode(known))


def _looked_at(
    root: Path, files: list[str], known: dict[str, _Known]
) -> tuple[dict[str, _Known], int]:
    after: dict[str, _Known] = {}
    looked = 0
    for path in files:
        module = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        status, one = (root / path).stat(), known.get(module)
        stamp = (path, status.st_size, int(status.st_mtime))
        if one is None or stamp != (one.path, one.size, one.second):
            looked += 1
            text = (root / path).read_text("utf-8")
            same = one is not None and one.text == text
            message = one.message if one is not None and same else f"{path} holds {text}"
            one = _Known(path, stamp[1], stamp[2], text, message)
        after[module] = msgspec.structs.replace(one, path=path)
    return after, looked
