"""A program that misbehaves in the place of every tool: its end is bounded, and told apart."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest
from msgspec import Struct

from doctrine import runner
from doctrine.cli.check import Silence
from doctrine.model.outcome import Outcome
from doctrine.model.process import Completed, Invocation
from doctrine.model.replacing import replace
from doctrine.model.run import ToolStatus
from doctrine.readings import finished_run
from doctrine.runner import Runner
from tests.faults.matrix import TOOLS, judged_run, recorded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")

_SHORT = 0.5
_LONGEST = 60.0
"""Seconds for all tools together on a busy machine; without a bound it would be ten minutes."""


class Fault(Struct, frozen=True):
    """A program, whether it may be executed, and the statuses that it comes to."""

    script: str
    statuses: frozenset[ToolStatus]
    mode: int = 0o755


_BROKEN = frozenset({ToolStatus.CRASHED, ToolStatus.UNREADABLE})
FAULTS: Mapping[str, Fault] = {
    "hangs": Fault("#!/bin/sh\nexec sleep 600 {mark}\n", frozenset({ToolStatus.TIMEOUT})),
    "hangs and ignores SIGTERM": Fault(
        "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 600 {mark}; done\n",
        frozenset({ToolStatus.TIMEOUT}),
    ),
    "leaves a child that holds the output": Fault(
        "#!/bin/sh\nsleep 600 {mark} &\nexit 0\n", _BROKEN
    ),
    "leaves a child that ignores SIGTERM": Fault(
        "#!/bin/sh\n(trap '' TERM; exec sleep 600 {mark}) &\nexit 1\n", _BROKEN
    ),
    "floods": Fault("#!/bin/sh\nexec yes {mark}\n", frozenset({ToolStatus.UNREADABLE})),
    "floods the other stream": Fault(
        "#!/bin/sh\nexec yes {mark} >&2\n", frozenset({ToolStatus.UNREADABLE})
    ),
    "is killed": Fault("#!/bin/sh\nkill -KILL $$\n", frozenset({ToolStatus.CRASHED})),
    "aborts": Fault("#!/bin/sh\nkill -ABRT $$\n", frozenset({ToolStatus.CRASHED})),
    "exits at once": Fault("#!/bin/sh\nexit 77\n", _BROKEN),
    "says nothing": Fault("#!/bin/sh\nexit 0\n", _BROKEN),
    "is not executable": Fault("#!/bin/sh\n", frozenset({ToolStatus.CRASHED}), mode=0o644),
    "is no program": Fault("\0\1\2\3", frozenset({ToolStatus.CRASHED})),
    "has no interpreter": Fault("#!/nonexistent/python\n", frozenset({ToolStatus.MISSING})),
}


def run_everywhere(program: Path, patience: float) -> Mapping[str, tuple[Completed, ...]]:
    """Start a program in the place of every tool, all at once."""

    def faked(invocation: Invocation) -> Invocation:
        return replace(
            invocation,
            argv=(str(program), *invocation.argv[1:]),
            cwd=str(program.parent),
            env={},
            timeout=patience,
            copy_tree="",
        )

    async def main() -> Mapping[str, tuple[Completed, ...]]:
        async with Runner(jobs=len(TOOLS), listener=Silence()) as running:
            ran = await asyncio.gather(
                *(
                    running.run(
                        name, tuple(faked(one.invocation) for one in whole.completed), cost=1.0
                    )
                    for name in TOOLS
                    for whole in recorded(name)[:1]
                )
            )
        return dict(zip(TOOLS, ran, strict=True))

    return asyncio.run(main())


def survivors(mark: str) -> list[int]:
    """Return the living processes with a word on their command line."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if mark in (process.info["cmdline"] or [])
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_program_that_misbehaves_is_ended_and_never_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    fault = FAULTS[kind]
    monkeypatch.setattr(runner, "OUTPUT_CAP", 300_000)
    monkeypatch.setattr(runner, "GRACE", 0.2)
    # A number of seconds of its own for each run, which sleep and yes both take.
    mark = f"6{os.getpid()}{time.monotonic_ns() % 1_000_000}"
    program = tmp_path / "program"
    program.write_text(fault.script.replace("{mark}", mark))
    program.chmod(fault.mode)
    for name in TOOLS:
        recorded(name)  # not while the time is taken
    start = time.monotonic()
    hangs = ToolStatus.TIMEOUT in fault.statuses
    ran = run_everywhere(program, _SHORT if hangs else _LONGEST)
    assert time.monotonic() - start < _LONGEST
    for name, completed in ran.items():
        whole = recorded(name)[0]
        run = finished_run(whole.tool, whole.request, completed)
        assert run.status in fault.statuses, (name, run.status, run.message)
        judged = judged_run(whole.tool, whole.request, run)
        assert set(judged.outcomes.values()) == {Outcome.ERROR}, name
        assert judged.report.exit_code == 3, name
        assert judged.neighbour is Outcome.PASS, name
        assert 0 < len(run.message) < 1_000, name
        assert sum(len(one.stdout) + len(one.stderr) for one in completed) < 1_000_000, name
    deadline = time.monotonic() + 20
    while survivors(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert survivors(mark) == []
