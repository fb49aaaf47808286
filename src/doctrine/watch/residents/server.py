"""Pyright's language server as a child that stays: started, told of changes, asked, ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import Collection, Coroutine, Iterable, Iterator, Sequence

from doctrine.project.reading import CannotReadError, read_regular
from doctrine.runner import YIELD, in_thread
from doctrine.tools._pyright_server import Workspace
from doctrine.watch.residents.child import Child, ended
from doctrine.watch.residents.dialogue import Dialogue
from doctrine.watch.residents.wire import BrokenError, framed

_BREATH = 0.05
"""Seconds between two questions: a round of checking that is due begins in them."""

_FEW = 4
"""Changed files up to which they are looked at before all others."""
_LARGE = 1 << 20
"""Bytes of a file that is not shown for that."""
_BREATHS = 20
"""Breaths after which it is not waited any more for the word on them."""
_SILENCE = 5.0
"""Seconds without a word: checking one file seldom takes so long."""
_SILENCES = 6
"""Silences after which it is believed to hang."""


MOST = 900 << 20
"""Bytes of memory up to which a server may grow in any project."""
_GROWTH = 1.5
"""How often its memory at the start one may grow to that needs more from the start."""

Output = tuple[bytes, int]
"""What the command would print, and its exit code."""


class Server:
    """A server that knows a project."""

    def __init__(self, workspace: Workspace) -> None:
        """Know what to start, and start nothing yet.

        Args:
            workspace: What it is started with.
        """
        self.workspace = workspace
        self._dialogue = Dialogue(workspace.folder, workspace.python)
        self._child = Child()
        self._reader: asyncio.Task[None] | None = None
        self._answers: dict[int, asyncio.Future[None]] = {}
        self._numbers = itertools.count(1)
        self._heard = asyncio.Event()
        self._first = 0

    async def start(self) -> None:
        """Start it, and wait until it has checked everything.

        Raises:
            BrokenError: It ended, or said what no such server says.
            OSError: It could not be started.
        """
        space = self.workspace
        files = {f"{space.folder}/{name}": content for name, content in space.files.items()}
        await self._child.start(
            space.argv,
            cwd=space.folder,
            env=space.env,
            scratch=space.scratch,
            files=files,
            way=YIELD,  # it checks for seconds what others could tell of in a moment
        )
        self._reader = asyncio.create_task(self._read())
        await self._ask(self._dialogue.greeting(os.getpid()), 0)
        self._say(*self._dialogue.opening())
        await self._settle()

    async def change(self, paths: Sequence[str]) -> frozenset[str]:
        """Tell of changed files, and wait for what there is to say of these themselves.

        A file that an editor shows is looked at before all others.

        Args:
            paths: Absolute paths.

        Returns:
            Those of which everything is said; none where there are many.

        Raises:
            BrokenError: It ended, or said what no such server says.
        """
        texts = await in_thread(lambda: dict(_texts(paths))) if len(paths) <= _FEW else {}
        # Something may still be shown, where nobody waited for the end of the change before.
        self._say(*self._dialogue.hiding(), *self._dialogue.changing(paths, texts))
        await self._be_heard()
        breaths = 0
        while not self._dialogue.has_answered and breaths < _BREATHS:
            await self._question()
            await asyncio.sleep(_BREATH)
            breaths += 1
        return self._dialogue.answered

    async def settle(self, paths: Iterable[str]) -> None:
        """Wait until everything is checked that changed files change.

        Args:
            paths: Their absolute paths.

        Raises:
            BrokenError: It ended, or said what no such server says.
        """
        # Again, since what was shown is read from its file from now on.
        self._say(*self._dialogue.hiding(), *self._dialogue.changing(paths))
        await self._settle()

    @property
    def pid(self) -> int | None:
        """The process; None where there is none."""
        return self._child.pid

    def has_grown(self) -> bool:
        """Return whether it takes so much memory that another one should take its place."""
        size = self._child.size()
        self._first = self._first or size
        return size > max(MOST, _GROWTH * self._first)

    def keep(self) -> None:
        """Let it take what it takes: it has grown only once it takes half as much again."""
        self._first = self._child.size()

    def output(self, only: Collection[str] | None = None) -> Output:
        """Return what the command would print, and its exit code.

        Args:
            only: Absolute paths of the files whose findings are of interest; None for all.
        """
        return self._dialogue.output(self.workspace.root, only)

    async def close(self) -> None:
        """End it."""
        if self._reader is not None:
            self._reader.cancel()
        await self._child.end()

    async def _settle(self) -> None:
        await self._be_heard()
        quiet = False
        while not quiet:
            before = self._dialogue.spoken
            await self._question()
            await asyncio.sleep(_BREATH)
            await self._question()
            quiet = self._dialogue.spoken == before

    async def _be_heard(self) -> None:
        """Wait until the server has heard of everything; say it again where it stays silent."""
        silences = 0
        while not self._dialogue.is_heard:
            before = self._dialogue.spoken
            self._heard.clear()
            try:
                async with asyncio.timeout(_SILENCE):
                    await self._or_broken(self._heard.wait())
            except TimeoutError:
                silences += self._dialogue.spoken == before
                if silences > _SILENCES:
                    text = "it says nothing any more"
                    raise BrokenError(text) from None
                self._say(*self._dialogue.changing(()))

    async def _question(self) -> None:
        number = next(self._numbers)
        await self._ask(self._dialogue.question(number), number)

    async def _ask(self, request: object, number: int) -> None:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        self._say(request)
        await self._or_broken(answer)

    async def _or_broken(
        self, waited: asyncio.Future[None] | Coroutine[object, object, bool]
    ) -> None:
        """Wait for something, as long as the server lives."""
        waiting = asyncio.ensure_future(waited)
        reader = self._reader
        try:
            await asyncio.wait(
                {waiting, *([reader] if reader else [])}, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            done = waiting.done()
            waiting.cancel()
        if done:
            return
        if reader is not None and not reader.cancelled() and (error := reader.exception()):
            raise error
        raise ended()

    def _say(self, *messages: object) -> None:
        self._child.say(b"".join(map(framed, messages)))

    async def _read(self) -> None:
        """Hear what the server says until it ends."""
        while (messages := await self._child.hear()) is not None:
            for message in messages:
                if not message.method and isinstance(message.id, int):
                    answer = self._answers.pop(message.id, None)
                    if answer is not None and not answer.done():
                        answer.set_result(None)
                replies = self._dialogue.hear(message)
                if replies:
                    self._say(*replies)
            self._heard.set()


def _texts(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what files hold; not of those that are no plain text for an editor."""
    for path in paths:
        with contextlib.suppress(CannotReadError, UnicodeError):
            yield path, read_regular(path, _LARGE).decode("utf-8")
