"""A child that stays and is talked to in messages: started, told, heard, ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from doctrine.runner import end_staying, in_thread, start_staying
from doctrine.stalling import memory_of
from doctrine.watch.residents.wire import BrokenError, Frames, Message

_PIECE = 1 << 16


class Child:
    """One process, which is started at most once."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: asyncio.subprocess.Process | None = None
        self._frames = Frames()

    @property
    def pid(self) -> int | None:
        """The process; None where there is none."""
        return self._process.pid if self._process else None

    async def start(
        self,
        argv: tuple[str, ...],
        *,
        cwd: str,
        env: Mapping[str, str],
        scratch: str,
        files: Mapping[str, bytes],
        way: int = 0,
    ) -> None:
        """Start it.

        Args:
            argv: Program and arguments.
            cwd: Absolute working directory.
            env: Variables on top of those that every child gets.
            scratch: Absolute folder for all that it leaves.
            files: What files are to hold before the start, by absolute path.
            way: How much nicer it is than doctrine: others go first.

        Raises:
            OSError: A file could not be written, or the child not be started.
        """
        await in_thread(lambda: _write(files))
        self._process = await start_staying(argv, cwd=cwd, env=env, scratch=scratch, way=way)

    def size(self) -> int:
        """Return the bytes of memory that it takes; 0 where nobody knows."""
        pid = self.pid
        return 0 if pid is None else memory_of(pid)

    def say(self, data: bytes) -> None:
        """Send it something.

        Args:
            data: What is sent.

        Raises:
            BrokenError: It has ended.
        """
        if self._process is None or self._process.stdin is None:
            raise ended()
        self._process.stdin.write(data)

    async def hear(self) -> list[Message] | None:
        """Wait until it says something, and return the messages that are whole now, if any.

        Returns:
            None once it has ended.

        Raises:
            BrokenError: It said what is no message.
        """
        out = None if self._process is None else self._process.stdout
        data = b"" if out is None else await out.read(_PIECE)
        return self._frames.feed(data) if data else None

    async def end(self) -> None:
        """End it, and whatever it started."""
        process, self._process = self._process, None
        if process is not None:
            await end_staying(process)


def ended() -> BrokenError:
    """Return what is raised where nobody answers any more."""
    return BrokenError("it has ended")


def _write(files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        Path(path).write_bytes(content)
