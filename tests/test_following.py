"""What is told of a check before its last tool has ended."""

from __future__ import annotations

import asyncio

from doctrine.following import meanwhile
from doctrine.model.run import ToolRun, ToolStatus
from tests.builders import a_run


def followed(*seconds: float) -> list[tuple[dict[str, ToolStatus], frozenset[str]]]:
    """What is told while tools take some time each."""
    said: list[tuple[dict[str, ToolStatus], frozenset[str]]] = []

    async def tool(name: str, pause: float) -> ToolRun:
        await asyncio.sleep(pause)
        return a_run(name)

    async def say(runs: tuple[ToolRun, ...], waiting: frozenset[str]) -> None:
        said.append(({run.name: run.status for run in runs}, waiting))

    async def main() -> None:
        tasks = {
            asyncio.create_task(tool(f"t{number}", pause)): a_run(
                f"t{number}", status=ToolStatus.SKIPPED, message="still at work"
            )
            for number, pause in enumerate(seconds)
        }
        await meanwhile(tasks, say)

    asyncio.run(main())
    return said


def test_tools_that_end_together_are_told_once_and_the_last_not_at_all() -> None:
    assert followed(0.0, 0.01, 0.3) == [
        ({"t0": ToolStatus.OK, "t1": ToolStatus.OK, "t2": ToolStatus.SKIPPED}, frozenset({"t2"}))
    ]


def test_nothing_is_told_where_all_end_at_once() -> None:
    assert followed(0.0, 0.0) == []
