"""What the tools say of the first copy, said of every copy: a stand-in for hours of their work.

The tools run once, on the first copy. What they printed is then multiplied: each element of a list
and each line of a log that names the copy is repeated for all others, and what counts is added up.
So doctrine reads as much as the tools would print, of the same shape, and nothing but their work is
left out.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeGuard, TypeVar

from msgspec import Struct

from benchmarks.scale.copies import FIRST, mark
from doctrine.app import planned_steps
from doctrine.cli.check import Silence
from doctrine.config import load_settings
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.project.pyproject import read_pyproject
from doctrine.runner import Listener, Runner

_COUNTED = re.compile(rb"(?<=Checked )\d+(?= files)|(?<=Formatted )\d+(?= files)")
_MARK = FIRST.encode()
_FILE = re.compile(rb"(?<=/src/)\w+_n000/[\w/]+\.py\b")
_ANY = re.compile(r"_n\d{3}\b")
_JOBS = 2
"""How many tools run at a time on two cores."""
T = TypeVar("T")
_CODE, _OUT, _ERR = "exit-code", "stdout", "stderr"


class Said(Struct, frozen=True, kw_only=True):
    """What a tool left behind on the first copy."""

    tool: str
    invocation: str
    exit_code: int | None
    stdout: bytes
    stderr: bytes
    kept: dict[str, bytes]


def record(root: Path) -> tuple[Said, ...]:
    """Run the tools on the first copy.

    Args:
        root: A project that consists of it.
    """
    pyproject = read_pyproject(str(root))
    _, steps = planned_steps(load_settings(str(root), pyproject, {}), pyproject)

    async def run() -> tuple[Said, ...]:
        async with Runner(jobs=1, listener=Silence()) as runner:
            return tuple(
                [
                    Said(
                        tool=step.tool.name,
                        invocation=done.invocation.name,
                        exit_code=done.exit_code,
                        stdout=done.stdout,
                        stderr=done.stderr,
                        kept=dict(done.kept),
                    )
                    for step in steps
                    for done in await runner.run(step.tool.name, step.invocations, cost=0)
                ]
            )

    return asyncio.run(run())


def prepare(folder: Path, said: tuple[Said, ...], copies: int) -> int:
    """Write what the tools would say of so many copies, and return its size in bytes.

    Args:
        folder: Where to.
        said: What they said of the first.
        copies: How many there are.
    """
    size = 0
    for one in said:
        place = folder / one.tool / one.invocation
        place.mkdir(parents=True, exist_ok=True)
        (place / _CODE).write_text(str(one.exit_code))
        streams = {_OUT: one.stdout, _ERR: one.stderr, **one.kept}
        for name, content in streams.items():
            size += (place / name).write_bytes(multiplied(content, copies))
    return size


def multiplied(output: bytes, copies: int) -> bytes:
    """Return an output about one copy as one about many.

    Args:
        output: JSON, or lines of which each is about one file or about everything.
        copies: How many copies.
    """
    try:
        document: object = json.loads(output)
    except ValueError:
        return b"".join(_lines(output, copies))
    text = output.decode()
    whole: object = document
    for number in range(1, copies):
        whole = merged(whole, json.loads(text.replace(FIRST, mark(number))))
    return json.dumps(whole).encode()


def merged(left: object, right: object) -> object:
    """Return two documents as one: lists go on, tables hold both, what counts is added up.

    What says nothing of any copy (a version, the rules) is said once. Lists of the left document
    are extended in place: it is used no more.
    """
    if _is_table(left) and _is_table(right):
        both = left | right
        return {
            key: merged(left[key], right[key]) if key in left and key in right else held
            for key, held in both.items()
        }
    if _is_list(left) and _is_list(right):
        left.extend(one for one in right if _ANY.search(json.dumps(one)))
        return left
    if isinstance(left, int) and isinstance(right, int) and not isinstance(left, bool):
        return left + right
    return left


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _lines(output: bytes, copies: int) -> Iterator[bytes]:
    """Yield the lines before the first about a copy, those of all copies, and those after them."""
    said = output.splitlines(keepends=True)
    about = [number for number, line in enumerate(said) if _MARK in line]
    first, last = (about[0], about[-1] + 1) if about else (len(said), len(said))
    yield from said[:first]
    body = [line for line in said[first:last] if line.strip()]
    yield b"".join(body)
    own = b"".join(line for line in body if _MARK in line)
    for number in range(1, copies):
        yield own.replace(_MARK, mark(number).encode())
    more = (copies - 1) * len(set(_FILE.findall(own)))
    for line in said[last:]:
        yield _COUNTED.sub(lambda found: b"%d" % (int(found[0]) + more), line)


class Replaying(Runner):
    """A runner that starts nothing, and hands out what was prepared."""

    folder: Path

    def __init__(self, *, jobs: int, listener: Listener) -> None:
        """Let no more outputs be in memory than tools run at a time."""
        super().__init__(jobs=jobs, listener=listener)
        self._room = asyncio.Semaphore(_JOBS)

    async def run(
        self, name: str, invocations: tuple[Invocation, ...], *, cost: float
    ) -> tuple[Completed, ...]:
        """Return what a tool would have left behind."""
        del cost
        await self._room.acquire()
        return tuple(self._completed(name, one) for one in invocations)

    async def read(self, function: Callable[[], T]) -> T:
        """Read an output, and make room for the next one."""
        try:
            return await super().read(function)
        finally:
            self._room.release()

    def _completed(self, name: str, invocation: Invocation) -> Completed:
        place = self.folder / name / invocation.name
        if not place.exists():
            message = f"{name} {invocation.name} was not run on the first copy"
            raise SystemExit(message)
        return Completed(
            invocation=invocation,
            ending=Ending.EXITED,
            exit_code=int((place / _CODE).read_text()),
            stdout=(place / _OUT).read_bytes(),
            stderr=(place / _ERR).read_bytes(),
            kept={kept: (place / kept).read_bytes() for kept in invocation.keep},
        )
