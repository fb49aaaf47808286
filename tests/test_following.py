"""What is told of a check before its last tool has ended."""

from __future__ import annotations

import asyncio

from doctrine.following import Settled, Words, meanwhile
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.plan import Step
from doctrine.tools.pyright import TOOL
from tests.builders import a_finding, a_run
from tests.tools.asking import a_layout, a_request


def followed(*seconds: float) -> list[tuple[dict[str, ToolStatus], frozenset[str]]]:
    """What is told while tools take some time each."""
    said: list[tuple[dict[str, ToolStatus], frozenset[str]]] = []

    async def tool(name: str, pause: float) -> ToolRun:
        await asyncio.sleep(pause)
        return a_run(name)

    async def say(runs: tuple[ToolRun, ...], waiting: frozenset[str], _: Settled) -> None:
        said.append(({run.name: run.status for run in runs}, waiting))

    async def main() -> None:
        tasks = {
            asyncio.create_task(tool(f"t{number}", pause)): a_run(
                f"t{number}", status=ToolStatus.SKIPPED, message="still at work"
            )
            for number, pause in enumerate(seconds)
        }
        await meanwhile(tasks, Words(), say)

    asyncio.run(main())
    return said


def test_tools_that_end_together_are_told_once_and_the_last_not_at_all() -> None:
    assert followed(0.0, 0.01, 0.3) == [
        ({"t0": ToolStatus.OK, "t1": ToolStatus.OK, "t2": ToolStatus.SKIPPED}, frozenset({"t2"}))
    ]


def test_nothing_is_told_where_all_end_at_once() -> None:
    assert followed(0.0, 0.0) == []


def test_what_a_tool_has_found_is_told_before_it_has_ended_and_proves_no_more() -> None:
    said: list[tuple[ToolRun, frozenset[str], Settled]] = []
    finding = a_finding("pyright")
    words = Words()

    async def tool() -> ToolRun:
        await asyncio.sleep(0.05)
        words.say("pyright", (finding,), {"src/a.py"})
        await asyncio.sleep(0.5)
        return a_run("pyright")

    async def say(runs: tuple[ToolRun, ...], waiting: frozenset[str], settled: Settled) -> None:
        said.append((runs[0], waiting, settled))

    async def main() -> None:
        step = Step(tool=TOOL, request=a_request(a_layout()), invocations=())
        await meanwhile({asyncio.create_task(tool()): step}, words, say)

    asyncio.run(main())
    ((run, waiting, settled),) = [one for one in said if one[0].reading.findings]
    assert settled == {"pyright": {"src/a.py"}}
    assert (run.status, waiting) == (ToolStatus.SKIPPED, frozenset({"pyright"}))
    assert run.reading.findings == (finding,)
    assert run.reading.analysed == frozenset()
