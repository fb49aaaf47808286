"""Mypy by its server: what a change brings about is known in a moment, and the command has the last word.

The server follows a change where the command begins again with all modules that import each other.
But it loses what it does not look at again, so that its silence means nothing: it tells of errors,
and nobody is told by it that something holds. What the command denied once is not told again, and the
server starts anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from msgspec import Struct

from doctrine.following import Words
from doctrine.model.observation import Finding
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.plan import Step
from doctrine.readings import finished_run
from doctrine.runner import in_thread
from doctrine.tools._drivers import flawed
from doctrine.tools._mypy_server import Answer, Standing, as_completed, missing, standing
from doctrine.watch.residents.daemon import Daemon
from doctrine.watch.residents.keeping import BROKEN, Keeping, sources

NAME = "mypy"
MOST = 1 << 30
"""Bytes of memory beyond which a server starts anew; one that needs as much at once is not kept."""
_PATIENCE = 10.0
"""Seconds after which an answer is of no use: the command has said it by then."""
_MOST_DENIED = 10
"""Errors that the command may know nothing of; with more, there is no server any more."""


class _Heard(Struct, frozen=True, kw_only=True):
    """What a server said of changes."""

    standing: Standing
    answer: Answer
    seconds: float


class ResidentMypy:
    """The server of one project, which is started when nobody waits for it."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._kept = Keeping[Daemon](NAME)
        self._stale = False
        self._refused: Standing | None = None
        self._lacking: tuple[str, ...] = ()
        self._said: tuple[Finding, ...] = ()
        self._unheard: set[str] = set()
        self._open: dict[str, int] = {}
        """Files of which the command has not told yet, with the number of their last change."""
        self._changes = 0
        self._denied: set[tuple[str, str, str]] = set()
        self._starting: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[_Heard | None] | None = None

    def touch(self, paths: Iterable[str]) -> None:
        """Note what was changed since.

        Args:
            paths: Relative to the root.
        """
        for path in paths:
            self._changes += 1
            self._unheard.add(path)
            self._open[path] = self._changes

    @property
    def changes(self) -> int:
        """How many changes were noted."""
        return self._changes

    def hasten(self) -> None:
        """Ask about all that was changed, before it is known what the command would be."""
        self._asking, self._said = None, ()
        daemon = self._kept.server
        if daemon is not None and not self._stale and (self._unheard or self._open):
            self._asking = self._kept.begin(self._asked(daemon))

    async def _asked(self, daemon: Daemon) -> _Heard | None:
        async with self._kept.turn:
            if daemon is not self._kept.server:
                return None  # another one took its place before it was asked
            start = time.perf_counter()
            changed = frozenset(self._unheard | self._open.keys())
            self._unheard.clear()
            root = daemon.standing.root
            try:
                async with asyncio.timeout(_PATIENCE):
                    answer = await daemon.ask(sources(changed, root))
            except BROKEN:
                await self._kept.end()
                return None
            self._stale = self._stale or daemon.size() > MOST
            self._lacking = missing(self._lacking, answer.out, changed, root)
        seconds = time.perf_counter() - start
        return _Heard(standing=daemon.standing, answer=answer, seconds=seconds)

    async def tell(self, step: Step, words: Words) -> None:
        """Say what the server finds in what was changed, if it was asked.

        Args:
            step: The planned run of the command.
            words: Told what it finds.
        """
        # Whoever is cancelled leaves the question to its end: the next one comes after it.
        heard = await asyncio.shield(self._asking) if self._asking is not None else None
        if heard is None or heard.answer.blocked or not heard.answer.out:
            return
        if heard.standing != self._wanted(step):
            return
        planned = step.invocations[0]
        completed = as_completed(planned, heard.answer, self._lacking, heard.seconds)
        run = await in_thread(lambda: finished_run(step.tool, step.request, (completed,)))
        if run.status is ToolStatus.OK:
            found = run.reading.findings
            self._said = tuple(one for one in found if _as_denied(one) not in self._denied)
            words.say(step.tool.name, self._said)

    def confirmed(self, run: ToolRun, changes: int) -> None:
        """Take the command's last word.

        Args:
            run: What it said.
            changes: How many changes it knew of.
        """
        if run.status is not ToolStatus.OK:
            return
        self._open = {path: number for path, number in self._open.items() if number > changes}
        denied = {*map(_as_denied, self._said)} - {*map(_as_denied, run.reading.findings)}
        if denied:
            self._denied |= denied
            self._stale = True

    def warm(self, step: Step | None) -> None:
        """Let the server get to know the project while nobody waits for it, or end one of no use.

        Args:
            step: The planned run of the command; None where it is not to run, so that nobody will ask.
        """
        if self._starting is not None or (step is not None and flawed(step.request)):
            return  # what is known counts again as soon as every file can be parsed
        wanted = None if step is None else self._fit(step)
        known = None if self._kept.server is None else self._kept.server.standing
        if known != wanted or (known is not None and self._stale):
            patience = 0.0 if step is None else step.request.settings.timeout
            self._starting = self._kept.begin(self._started(wanted, patience))

    def _fit(self, step: Step) -> Standing | None:
        """Return what the server is started with; None where it is to be left alone."""
        wanted = self._wanted(step)
        return None if wanted == self._refused or len(self._denied) > _MOST_DENIED else wanted

    async def _started(self, wanted: Standing | None, patience: float) -> None:
        try:
            async with self._kept.turn:
                await self._kept.end()
                self._unheard.clear()
                if wanted is not None:
                    await self._start(Daemon(wanted, self._kept.scratch), patience)
        finally:
            self._starting = None

    async def _start(self, daemon: Daemon, patience: float) -> None:
        fit = False
        try:
            async with asyncio.timeout(patience or None):
                answer = await daemon.start()
            fit = not answer.blocked and daemon.size() <= MOST
            if fit:
                self._lacking = missing((), answer.out, (), daemon.standing.root)
                self._kept.server, self._stale = daemon, False
        except BROKEN:
            pass
        finally:
            if not fit:
                self._refused = daemon.standing
                await daemon.close()

    def forget(self) -> None:
        """Trust nothing that the server knows: it is started anew."""
        self._refused = None
        self._denied.clear()
        self._stale = True

    async def close(self) -> None:
        """End the server, and remove what it was given."""
        await self._kept.close()

    def _wanted(self, step: Step) -> Standing | None:
        return standing(step.request, step.invocations, self._kept.scratch)


def _as_denied(finding: Finding) -> tuple[str, str, str]:
    """Return what is denied of a finding: it moves with the lines around it."""
    return finding.location.path, finding.rule, finding.message
