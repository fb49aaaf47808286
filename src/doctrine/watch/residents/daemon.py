"""Mypy's server as a child that stays: started, asked what a change did, ended.

It ends by itself once nobody can ask it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import msgspec

from doctrine.model.decoders import from_json
from doctrine.runner import end_staying, in_thread, start_staying
from doctrine.stalling import memory_of
from doctrine.tools._mypy_server import Answer, Standing
from doctrine.watch.residents.wire import BrokenError, Frames

_PIECE = 1 << 16


class Daemon:
    """A server that knows a project."""

    def __init__(self, standing: Standing, folder: str) -> None:
        """Know what to start, and start nothing yet.

        Args:
            standing: What it is started with.
            folder: Absolute folder for the files that it is given.
        """
        self.standing = standing
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._frames = Frames()

    @property
    def pid(self) -> int | None:
        """The process; None where there is none."""
        return self._process.pid if self._process else None

    def size(self) -> int:
        """Return the bytes of memory that it takes; 0 where nobody knows."""
        pid = self.pid
        return 0 if pid is None else memory_of(pid)

    async def start(self) -> Answer:
        """Start it, and return what it says of everything.

        Raises:
            BrokenError: It ended, or said what no such server says.
            OSError: It could not be started.
        """
        await in_thread(self._write)
        standing = self.standing
        self._process = await start_staying(
            standing.argv, cwd=standing.root, env=standing.env, scratch=self._folder
        )
        return await self.ask(())

    def _write(self) -> None:
        for name, content in self.standing.files.items():
            Path(self._folder, name).write_bytes(content)

    async def ask(self, changed: Iterable[str]) -> Answer:
        """Tell of changed files, and return what it says of them; one question at a time.

        Args:
            changed: Absolute paths.

        Raises:
            BrokenError: It ended, or said what no such server says.
        """
        process = self._process
        if process is None or process.stdin is None:
            text = "it has ended"
            raise BrokenError(text)
        process.stdin.write(msgspec.json.encode(list(changed)) + b"\n")
        while process.stdout is not None and (data := await process.stdout.read(_PIECE)):
            for message in self._frames.feed(data):
                return _answer(message.params)
        text = "it has ended"
        raise BrokenError(text)

    async def close(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            await end_staying(process)


def _answer(raw: msgspec.Raw) -> Answer:
    try:
        return from_json(raw, Answer)
    except (msgspec.DecodeError, UnicodeError) as error:
        text = f"an answer of an unknown shape: {error}"
        raise BrokenError(text) from error
