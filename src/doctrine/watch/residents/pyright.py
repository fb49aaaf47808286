"""Pyright by its server: the same findings as by its command, as far as the server can be used.

The server is believed only for the state that it was told of. One that died, hung, or could not be
understood is ended, and the command runs instead: for good where it never answered to a change.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from doctrine.following import Words
from doctrine.model.process import Completed, Ending
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.plan import Step
from doctrine.readings import finished_run
from doctrine.runner import in_thread
from doctrine.tools._pyright_server import Workspace, workspace
from doctrine.watch.residents.keeping import BROKEN, Keeping, sources
from doctrine.watch.residents.server import Output, Server

NAME = "pyright"
_FOR_ALL = ("pyproject.toml", "pyrightconfig.json", "py.typed", "setup.cfg", "setup.py")
"""Names of files that may change what the server makes of any other one."""
_INSTALLED = "/site-packages/"

_Heard = Callable[[Output, frozenset[str]], Awaitable[None]]
"""Told what the server says of some files, and which these are: that is its last word on them."""


class ResidentPyright:
    """The server of one project, which is started when it is first asked."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._kept = Keeping[Server](NAME)
        self._changed: set[str] = set()
        self._forgotten = False
        self._refused: Workspace | None = None
        self._useful = False
        """Whether the server has answered to a change."""
        self._starting: asyncio.Task[object] | None = None
        self._missed: set[str] | None = None
        """What was changed since the start of a server that is to take the place of a grown one."""

    def touch(self, paths: Iterable[str]) -> None:
        """Note what was changed since.

        Args:
            paths: Relative to the root.
        """
        changed = tuple(paths)
        self._changed.update(changed)
        if self._missed is not None:
            self._missed.update(changed)

    async def run(self, step: Step, words: Words) -> ToolRun | None:
        """Return what pyright says of the project as it is now.

        Args:
            step: The planned run of the command.
            words: Told what it says of the changed files, long before it has looked at the others.

        Returns:
            None where the command has to run.
        """
        wanted = self._fit(step)
        if wanted is None:
            return None
        start = time.perf_counter()

        async def heard(output: Output, paths: frozenset[str]) -> None:
            run = await in_thread(lambda: _run(step, output, start))
            said = (one.removeprefix(f"{wanted.root}/") for one in paths)
            settled = said if run.status is ToolStatus.OK else ()
            words.say(step.tool.name, run.reading.findings, settled)

        task = self._kept.begin(self._asked(wanted, step, heard))
        try:
            done = await asyncio.shield(task)
        except asyncio.CancelledError:
            # What is being started is of use to the next one; what it was told is told it again.
            if task is not self._starting:
                task.cancel()
            raise
        return None if done is None else await in_thread(lambda: _run(step, done, start))

    def warm(self, step: Step | None) -> None:
        """Let the server get to know the project while nobody waits for it, or end one of no use.

        Args:
            step: The planned run of the command; None where it is not to run, so that nobody will ask.
        """
        wanted = None if step is None else self._fit(step)
        if step is None or wanted is None:
            if self._kept.server is not None:
                self._kept.begin(self._kept.leave())
            return
        if self._kept.server is None:
            self._kept.begin(self._asked(wanted, step, None))
            return
        fits = self._missed is None and self._kept.server.workspace == wanted
        if fits and self._kept.server.has_grown():
            self._missed = set()
            self._kept.begin(self._succeeded(self._kept.server, step.request.settings.timeout))

    def _fit(self, step: Step) -> Workspace | None:
        """Return what the server is started with; None where the command has to run."""
        wanted = workspace(step.request, step.invocations[0], self._kept.scratch)
        return None if wanted == self._refused else wanted

    async def _succeeded(self, grown: Server, patience: float) -> None:
        """Let another server get to know the project while the grown one goes on to answer."""
        other = Server(grown.workspace)
        try:
            async with asyncio.timeout(patience or None):
                await other.start()
            async with self._kept.turn:
                # One that was started meanwhile, equal as it may be, knows what this one may not.
                if self._kept.server is grown:
                    self._kept.server, other = other, grown
                    self._changed |= self._missed or set()
        except BROKEN:
            grown.keep()
        finally:
            self._missed = None
            await other.close()

    async def close(self) -> None:
        """End the server, and remove what it was given."""
        await self._kept.close()

    async def _asked(self, wanted: Workspace, step: Step, heard: _Heard | None) -> Output | None:
        async with self._kept.turn:
            try:
                async with asyncio.timeout(step.request.settings.timeout or None):
                    return await self._told(wanted, heard)
            except BROKEN:
                await self._kept.end()
                # What answered before was ended by something else, as the system does for memory.
                self._refused = None if self._useful else wanted
                self._useful = False
                return None

    async def _told(self, wanted: Workspace, heard: _Heard | None) -> Output:
        changed, self._changed = frozenset(self._changed), set()
        forgotten, self._forgotten = self._forgotten, False
        server = self._kept.server
        anew = forgotten or any(map(_is_for_all, changed))
        if server is None or server.workspace != wanted or anew:
            return (await self._started(wanted)).output()
        paths = sources(changed, wanted.root)
        try:
            if paths:
                await _changed(server, paths, heard)
                self._useful = True
        except asyncio.CancelledError:
            self._changed |= changed
            raise
        return server.output()

    async def _started(self, wanted: Workspace) -> Server:
        self._starting = asyncio.current_task()
        try:
            await self._kept.end()
            self._useful = False
            server = self._kept.server = Server(wanted)
            await server.start()
        finally:
            self._starting = None
        return server

    def forget(self) -> None:
        """Trust nothing that the server knows: it is started anew."""
        self._refused = None
        self._forgotten = True


async def _changed(server: Server, paths: list[str], heard: _Heard | None) -> None:
    """Tell of changed files, bring on what is said of these first, and wait for the rest."""
    said = await server.change(paths)
    if said and heard is not None:
        await heard(server.output(said), said)
    await server.settle(paths)


def _run(step: Step, output: Output, start: float) -> ToolRun:
    stdout, code = output
    completed = Completed(
        invocation=step.invocations[0],
        ending=Ending.EXITED,
        exit_code=code,
        stdout=stdout,
        seconds=time.perf_counter() - start,
    )
    return finished_run(step.tool, step.request, (completed,))


def _is_for_all(path: str) -> bool:
    return path.rpartition("/")[2] in _FOR_ALL or _INSTALLED in f"/{path}"
