"""All that stays, and who is asked what: pyright's server in place of its command, mypy's beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from doctrine.following import Words
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.plan import Step
from doctrine.runner import YIELD, Runner, in_thread
from doctrine.running import run_tool
from doctrine.watch.residents.mypy import NAME as MYPY
from doctrine.watch.residents.mypy import ResidentMypy
from doctrine.watch.residents.pyright import NAME as PYRIGHT
from doctrine.watch.residents.pyright import ResidentPyright

if TYPE_CHECKING:
    from doctrine.cache.reuse import Reuse

NAMES = frozenset({MYPY, PYRIGHT})
"""Tools of which a process may stay."""


class Residents:
    """The processes that stay for one project."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._pyright = ResidentPyright()
        self._mypy = ResidentMypy()

    def touch(self, paths: Iterable[str]) -> None:
        """Note what was changed since.

        Args:
            paths: Relative to the root.
        """
        changed = tuple(paths)
        self._pyright.touch(changed)
        self._mypy.touch(changed)

    def hasten(self) -> None:
        """Ask about what was changed, before it is known what will run."""
        self._mypy.hasten()

    def forget(self) -> None:
        """Trust nothing that they know: they are started anew."""
        self._pyright.forget()
        self._mypy.forget()

    def warm(self, steps: Mapping[str, Step]) -> None:
        """Let them get to know the project while nobody waits for it.

        Args:
            steps: The planned runs of the commands, by name; whose command is not to run, ends.
        """
        self._pyright.warm(steps.get(PYRIGHT))
        self._mypy.warm(steps.get(MYPY))

    async def close(self) -> None:
        """End them, and remove what they were given."""
        await asyncio.gather(self._pyright.close(), self._mypy.close())

    async def run(
        self, runner: Runner, step: Step, reuse: Reuse | None, words: Words
    ) -> tuple[ToolRun, bool]:
        """Run a planned tool; return what it says, and whether that is the word of one of them.

        Args:
            runner: Starts processes.
            step: The planned run.
            reuse: What earlier checks have left.
            words: Told what is found before all is.
        """
        if step.tool.name == MYPY:
            return await self._beside(runner, step, reuse, words), False
        known = await self._known(step, reuse)
        if known is not None:
            return known, False
        said = await self._in_place(runner, step, words)
        if said is not None:
            return said, True
        return await run_tool(runner, step, reuse), False

    @staticmethod
    async def _known(step: Step, reuse: Reuse | None) -> ToolRun | None:
        if reuse is None or not reuse.is_known(step):
            return None
        return (await in_thread(lambda: reuse.find(step))).run

    async def _in_place(self, runner: Runner, step: Step, words: Words) -> ToolRun | None:
        """Return what pyright's server says in place of the command; None where that has to run."""
        start = time.perf_counter()
        runner.listener.started(step.tool.name)
        try:
            run = await self._pyright.run(step, words)
        finally:
            runner.listener.finished(step.tool.name, time.perf_counter() - start)
        return None if run is None or run.status is not ToolStatus.OK else run

    async def _beside(
        self, runner: Runner, step: Step, reuse: Reuse | None, words: Words
    ) -> ToolRun:
        """Run mypy, and bring on what its server says of the change in the meantime."""
        changes = self._mypy.changes
        telling = asyncio.create_task(self._mypy.tell(step, words))
        try:
            run = await run_tool(runner, _yielding(step), reuse)
        finally:
            telling.cancel()
        self._mypy.confirmed(run, changes)
        return run


def _yielding(step: Step) -> Step:
    """Return a plan by which others go first: they are done in a moment, and somebody waits."""
    return replace(step, invocations=tuple(replace(one, way=YIELD) for one in step.invocations))
