"""What is kept for one project: a folder, at most one server, and the tasks around it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from doctrine.private import private_folder, remove_folder
from doctrine.runner import in_thread
from doctrine.watch.residents.wire import BrokenError

BROKEN = (BrokenError, OSError, TimeoutError)
"""What is raised where a server is of no use any more."""
_SOURCES = (".py", ".pyi")

T = TypeVar("T")


class Closable(Protocol):
    """A server."""

    async def close(self) -> None:
        """End it."""


S = TypeVar("S", bound=Closable)


class Keeping(Generic[S]):
    """Keeps a server until it is closed."""

    def __init__(self, purpose: str) -> None:
        """Keep no server yet, and make no folder.

        Args:
            purpose: A word for the folder's name.
        """
        self._purpose = purpose
        self._folder: Path | None = None
        self.turn = asyncio.Lock()
        """Held by whoever talks to the server, or puts another one into its place."""
        self.server: S | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def scratch(self) -> str:
        """Absolute folder for what a server is given, and for what it leaves; made when first asked.

        Raises:
            UsageError: There is no place for it.
        """
        if self._folder is None:
            self._folder = private_folder(self._purpose)
        return str(self._folder)

    def begin(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Let something be done while others go on; it is over before ``close`` is."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def end(self) -> None:
        """End the server, if there is one."""
        server, self.server = self.server, None
        if server is not None:
            await server.close()

    async def leave(self) -> None:
        """End the server once nobody talks to it."""
        async with self.turn:
            await self.end()

    async def close(self) -> None:
        """End everything, and remove the folder."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.end()
        folder, self._folder = self._folder, None
        if folder is not None:
            await in_thread(lambda: remove_folder(folder))


def sources(paths: Iterable[str], root: str) -> list[str]:
    """Return the absolute paths of Python files among changed ones, sorted.

    Args:
        paths: Relative to the root.
        root: Absolute root of the project.
    """
    return sorted(f"{root}/{path}" for path in paths if path.endswith(_SOURCES))
