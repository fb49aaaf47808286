"""Mypy's server as a child that stays: started, asked what a change did, ended.

It ends by itself once nobody can ask it any more.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from doctrine.model.decoders import from_json
from doctrine.tools._mypy_server import Answer, Standing
from doctrine.watch.residents.child import Child, ended
from doctrine.watch.residents.wire import BrokenError


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
        self._child = Child()

    @property
    def pid(self) -> int | None:
        """The process; None where there is none."""
        return self._child.pid

    def size(self) -> int:
        """Return the bytes of memory that it takes; 0 where nobody knows."""
        return self._child.size()

    async def start(self) -> Answer:
        """Start it, and return what it says of everything.

        Raises:
            BrokenError: It ended, or said what no such server says.
            OSError: It could not be started.
        """
        standing, folder = self.standing, self._folder
        files = {f"{folder}/{name}": content for name, content in standing.files.items()}
        await self._child.start(
            standing.argv, cwd=standing.root, env=standing.env, scratch=folder, files=files
        )
        return await self.ask(())

    async def ask(self, changed: Iterable[str]) -> Answer:
        """Tell of changed files, and return what it says of them; one question at a time.

        Args:
            changed: Absolute paths.

        Raises:
            BrokenError: It ended, or said what no such server says.
        """
        self._child.say(msgspec.json.encode(list(changed)) + b"\n")
        while (messages := await self._child.hear()) is not None:
            for message in messages:
                return _answer(message.params)
        raise ended()

    async def close(self) -> None:
        """End it."""
        await self._child.end()


def _answer(raw: msgspec.Raw) -> Answer:
    try:
        return from_json(raw, Answer)
    except (msgspec.DecodeError, UnicodeError) as error:
        text = f"an answer of an unknown shape: {error}"
        raise BrokenError(text) from error
