"""Pyright by its server: the same findings as by its command, as far as the server can be used.

The server is believed only for the state that it was told of. One that died, hung, or could not be
understood is ended, and the command runs instead.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterable

from doctrine.model.process import Completed, Ending
from doctrine.model.run import ToolRun
from doctrine.plan import Step
from doctrine.readings import finished_run
from doctrine.runner import in_thread
from doctrine.tools._pyright_server import Workspace, workspace
from doctrine.watch.residents.server import Server
from doctrine.watch.residents.wire import BrokenError

NAME = "pyright"
_SOURCES = (".py", ".pyi")
_FOR_ALL = ("pyproject.toml", "pyrightconfig.json", "py.typed", "setup.cfg", "setup.py")
"""Names of files that may change what the server makes of any other one."""
_INSTALLED = "/site-packages/"


class ResidentPyright:
    """The server of one project, which is started when it is first asked."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._scratch = tempfile.mkdtemp(prefix="doctrine-pyright-")
        self._server: Server | None = None
        self._changed: set[str] = set()
        self._refused: Workspace | None = None
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[tuple[bytes, int] | None]] = set()

    def touch(self, paths: Iterable[str]) -> None:
        """Note what was changed since.

        Args:
            paths: Relative to the root.
        """
        self._changed.update(paths)

    async def run(self, step: Step) -> ToolRun | None:
        """Return what pyright says of the project as it is now.

        Args:
            step: The planned run of the command.

        Returns:
            None where the command has to run.
        """
        wanted = workspace(step.request, step.invocations[0], self._scratch)
        if wanted is None or wanted == self._refused:
            return None
        start = time.perf_counter()
        # A judgement that is ended must not leave the server in the middle of a change.
        done = await asyncio.shield(self._begin(wanted, step))
        if done is None:
            return None
        stdout, code = done
        completed = Completed(
            invocation=step.invocations[0],
            ending=Ending.EXITED,
            exit_code=code,
            stdout=stdout,
            seconds=time.perf_counter() - start,
        )
        return await in_thread(lambda: finished_run(step.tool, step.request, (completed,)))

    def warm(self, step: Step) -> None:
        """Let the server get to know the project while nobody waits for it.

        Args:
            step: The planned run of the command.
        """
        wanted = workspace(step.request, step.invocations[0], self._scratch)
        if wanted is not None and wanted != self._refused and self._server is None:
            self._begin(wanted, step)

    async def close(self) -> None:
        """End the server, and remove what it was given."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._end()
        await in_thread(lambda: shutil.rmtree(self._scratch, ignore_errors=True))

    def _begin(self, wanted: Workspace, step: Step) -> asyncio.Task[tuple[bytes, int] | None]:
        task = asyncio.create_task(self._asked(wanted, step))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _asked(self, wanted: Workspace, step: Step) -> tuple[bytes, int] | None:
        async with self._turn:
            try:
                async with asyncio.timeout(step.request.settings.timeout or None):
                    return await self._told(wanted)
            except (BrokenError, OSError, TimeoutError):
                await self._end()
                self._refused = wanted
                return None

    async def _told(self, wanted: Workspace) -> tuple[bytes, int]:
        changed, self._changed = self._changed, set()
        server = self._server
        if server is None or server.workspace != wanted or any(map(_is_for_all, changed)):
            await self._end()
            server = self._server = Server(wanted)
            await server.start()
            return server.output()
        sources = [f"{wanted.root}/{path}" for path in changed if path.endswith(_SOURCES)]
        if sources:
            await server.change(sorted(sources))
        return server.output()

    async def _end(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            await server.close()

    def forget(self) -> None:
        """Trust nothing that the server knows: it is started anew."""
        self._refused = None
        self._changed.add(_FOR_ALL[0])


def _is_for_all(path: str) -> bool:
    return path.rpartition("/")[2] in _FOR_ALL or _INSTALLED in f"/{path}"
