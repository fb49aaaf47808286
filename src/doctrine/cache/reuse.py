"""Which tools need not run again, and which need to look at a few files only.

A run is kept under the digest of all that it depends on; that of a tool which looks at each file by
itself under the digest of everything but the files, which carry their own. Nothing is kept that was
changed while the tool ran.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct, field

from doctrine.cache.carry import Carried, Left, Seen, seen
from doctrine.cache.runs import (
    Kept,
    Part,
    Parts,
    decode_parts,
    decode_run,
    encoded,
    is_sound,
    merged,
    split,
    unfit,
)
from doctrine.cache.secrets import settle_without
from doctrine.cache.store import Key, Store
from doctrine.cache.surveyed import Surveyed
from doctrine.cache.tickets import Ticket, Tickets
from doctrine.cache.told import Told, last_key, last_parts, read_told, remember_told, why_it_ran
from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.run import Reading, ToolRun, ToolStatus
from doctrine.model.tool import Skip
from doctrine.plan import Step
from doctrine.readings import located_run

_RUN, _PARTS, _RAN = "run", "parts", "ran"
_SURPRISES = (
    ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What a bug in here raises: then the tool runs as if nothing were kept."""
_FEW = 0.5
"""Share of its files up to which a tool looks at them by name; beyond it looks at the project."""
_HANDFUL = 20
"""Files up to which looking at them is done in a moment."""

_UNKNOWN = "it depends on more than can be looked at"
_QUOTING = "its last result quotes a secret that stands in the project, and is not kept"
_NO_RESULT = "its last run had no result"
_INCOMPLETE = "its last result was not complete, or something was changed meanwhile"
_Holds = Callable[[], bool]
"""Whether nothing that a run depends on was changed while it ran."""


class Found(Struct, frozen=True, kw_only=True):
    """What there is of a planned run.

    Attributes:
        step: What has to run: the whole plan, or the part of it that looks at some files.
        whole: The whole plan.
        ticket: What it depends on; None where the result cannot be kept.
        run: The run, where nothing has to run.
        settled: The run of the step, where nothing has to run for that, and its result is not kept.
        kept: What is known of the files that need not be looked at again; None where all run.
        beside: What is known of files that this check leaves out.
        left: What the tool goes on from; None where it begins anew.
        states: The project's files as they were before the tool went on.
    """

    step: Step
    whole: Step
    ticket: Ticket | None = None
    run: ToolRun | None = None
    settled: ToolRun | None = None
    kept: Parts | None = None
    beside: Mapping[str, Part] = field(default_factory=dict[str, Part])
    left: Left | None = None
    states: Mapping[str, Seen] = field(default_factory=dict[str, Seen])


class Reuse:
    """The results that one check can find again, and leaves for the next."""

    def __init__(self, store: Store, tickets: Tickets, root: str) -> None:
        """Know where results are.

        Args:
            store: Keeps them.
            tickets: Says what they depend on.
            root: Absolute folder of the project.
        """
        self._store = store
        self._tickets = tickets
        self._root = root
        self._carried = Carried(store)
        self._told: dict[str, Told] = {}
        self._results: dict[Key, str] = {}

    def close(self) -> None:
        """Remember what the files held, for the next check, and what became of each tool."""
        self._tickets.close()
        with suppress(OSError, ValueError):
            remember_told(self._store, self._root, self._told)

    def abandon(self) -> None:
        """Keep nothing more: the check was ended, and nobody waits for its threads."""
        self._store.abandon()

    def settle(self, secrets: Iterable[str]) -> None:
        """Keep the results, but none that quotes a secret; such a one is made anew each time.

        Args:
            secrets: Those that were found in the project, as they stand there.
        """
        for key in settle_without(self._store, secrets):
            name = self._results.get(key)
            if name in self._told:
                self._told[name] = replace(self._told[name], unfit=_QUOTING)

    def surveyed(self, around: Layout, watched: frozenset[str]) -> Surveyed:
        """Return what earlier checks saw in each source file.

        Args:
            around: What is shown to those who look at one.
            watched: Names of declared operations.
        """
        return Surveyed(self._store, around, self._tickets.itself, watched)

    def is_known(self, step: Step) -> bool:
        """Return whether there may be something to find: else a tool need not wait for the search.

        Args:
            step: The planned run.
        """
        return self._store.read(self._ran(step)) is not None

    def describe(self, step: Step) -> Found:
        """Return what a run depends on, without looking for it.

        Args:
            step: The planned run.
        """
        try:
            return Found(step=step, whole=step, ticket=self._tickets.of(step))
        except _SURPRISES:
            return Found(step=step, whole=step)

    def find(self, step: Step) -> Found:
        """Look for a run.

        Args:
            step: The planned run.
        """
        found = self.describe(step)
        if found.ticket is None:
            return found
        try:
            look = self._find_whole if step.tool.narrow is None else self._find_parts
            found = look(found, found.ticket)
        except _SURPRISES:
            return found
        if found.run is not None:
            self._told[step.tool.name] = Told(reused=True, seconds=self._seconds(step.tool.name))
        return found

    def _find_whole(self, found: Found, ticket: Ticket) -> Found:
        content = self._store.read(Key(kind=_RUN, digest=ticket.whole))
        kept = decode_run(content, ticket.bound)
        if kept is None:
            return found
        run = _as_of(found.step, kept.run.reading, kept.run.exit_code, second=kept.second)
        return replace(found, run=replace(run, message=kept.run.message, cached=True))

    def _find_parts(self, found: Found, ticket: Ticket) -> Found:
        content = self._store.read(Key(kind=_PARTS, digest=ticket.base))
        parts = decode_parts(content, ticket.bound)
        if parts is None:
            return found
        kept = _unchanged(parts, ticket)
        if found.whole.request.layout.restricted:
            others = parts.files.keys() - ticket.files.keys()
            found = replace(found, beside={path: parts.files[path] for path in others})
        stale = ticket.files.keys() - kept.keys()
        if not stale:
            reading = _merged(kept, found.whole)
            code = parts.exit_code if kept == parts.files else _told(parts, reading)
            run = _as_of(found.whole, reading, code, second=parts.second)
            return replace(found, run=replace(run, cached=True))
        if len(stale) > _FEW * len(ticket.files):
            return found
        step = _narrowed(found.whole, frozenset(stale))
        if step is None:
            return found
        settled = _settled(step, second=parts.second) if kept else None
        return replace(found, step=step, settled=settled, kept=replace(parts, files=kept))

    def restore(self, found: Found, folder: Path) -> Found:
        """Give a tool back what its last run has left.

        Args:
            found: What was looked for.
            folder: Where the tool looks for it.
        """
        ticket = found.ticket
        if ticket is None:
            return found
        try:
            states = seen(self._root, ticket)
            left = self._carried.restore(found.whole.tool.name, ticket, states, folder)
        except _SURPRISES:
            shutil.rmtree(folder, ignore_errors=True)
            return found
        few = found.whole.tool.brief_again and left is not None and _is_few(left, states)
        step = replace(found.step, few=True) if few else found.step
        return replace(found, step=step, left=left, states=states)

    def needs_all(self, found: Found, run: ToolRun) -> bool:
        """Return whether a run on some files does not tell what they are, so that all have to run.

        Args:
            found: What was looked for.
            run: What became of its step.
        """
        if found.kept is None or found.ticket is None:
            return False
        asked = frozenset(found.ticket.files.keys() - found.kept.files.keys())
        parts = split(run, dict.fromkeys(asked, ""), unfit(found.whole))
        return parts is None or not self._is_sound(found, run, asked)

    def keep(self, found: Found, run: ToolRun, folder: Path | None = None) -> ToolRun:
        """Keep a run for the next check, and return it with what was known already.

        Args:
            found: What was looked for.
            run: What became of its step.
            folder: What the tool has left for its next run; nothing is there where it had to begin
                anew. None for a tool that always does.
        """
        ticket = found.ticket
        if found.run is not None:
            return run
        if ticket is None:
            self._told[found.whole.tool.name] = Told(
                reused=False, reason=_UNKNOWN, unfit=_UNKNOWN, seconds=run.cpu
            )
            return run
        holds = cache(lambda: self._tickets.holds(found.whole, ticket))
        try:
            self._tell(found, ticket, run)
            if folder is not None:
                self._keep_left(found, ticket, run, folder, holds)
            if found.whole.tool.narrow is None:
                self._keep_whole(found, ticket, run, holds)
                return run
            return self._keep_parts(found, ticket, run, holds)
        except _SURPRISES:
            if found.kept is not None:
                raise  # a part of the files is no result
            return run

    def durations(self) -> Mapping[str, float]:
        """Return the CPU seconds that tools took when they last looked at everything, by name."""
        return {name: told.seconds for name, told in self._told_before.items() if told.seconds}

    def _seconds(self, name: str) -> float:
        earlier = self._told_before.get(name)
        return earlier.seconds if earlier else 0.0

    @cached_property
    def _told_before(self) -> Mapping[str, Told]:
        return read_told(self._store, self._root)

    def _tell(self, found: Found, ticket: Ticket, run: ToolRun) -> None:
        """Note why a tool ran; that its result is kept is noted when it is."""
        name = found.whole.tool.name
        earlier = self._told_before.get(name)
        before = last_parts(self._store, self._root, name)
        why, reason = why_it_ran(before, ticket.parts, earlier.unfit if earlier else "")
        known = found.kept.files if found.kept else dict[str, Part]()
        part = bool(known) or found.left is not None
        self._told[name] = Told(
            reused=False,
            went_on=found.left is not None,
            looked=len(ticket.files) - len(known),
            files=len(ticket.files),
            changes=why,
            reason=reason,
            unfit=_INCOMPLETE if run.status is ToolStatus.OK else _NO_RESULT,
            seconds=self._seconds(name) if part else run.cpu,
        )

    def _keep_left(
        self, found: Found, ticket: Ticket, run: ToolRun, folder: Path, holds: _Holds
    ) -> None:
        name = found.whole.tool.name
        if not folder.is_dir():
            self._carried.forget(name, ticket)
            return
        states = seen(self._root, ticket)
        steady = found.left is None or states == found.states
        if steady and run.status is ToolStatus.OK and run.reading.analysed and holds():
            self._carried.keep(name, ticket, states, folder, found.left)
            self._store.write(self._ran(found.whole), b"")

    def _keep_whole(self, found: Found, ticket: Ticket, run: ToolRun, holds: _Holds) -> None:
        asked = frozenset(ticket.files)
        if not self._is_sound(found, run, asked) or not holds():
            return
        second = run.argv != found.whole.invocations[0].argv
        kept = Kept(run=replace(run, argv=()), second=second)
        self._write(Key(kind=_RUN, digest=ticket.whole), kept, found, ticket)

    def _keep_parts(self, found: Found, ticket: Ticket, run: ToolRun, holds: _Holds) -> ToolRun:
        known = found.kept.files if found.kept else dict[str, Part]()
        contents = {path: held for path, held in ticket.files.items() if path not in known}
        second = run.argv != found.step.invocations[0].argv
        result = _joined(found.whole, found.kept, run, second=second) if found.kept else run
        fresh = split(run, contents, unfit(found.whole))
        if fresh is None or not self._is_sound(found, run, frozenset(contents)):
            return result
        if holds():
            files = {**found.beside, **known, **fresh.files}
            parts = Parts(files=files, second=second, exit_code=result.exit_code)
            if contents.keys() - fresh.files.keys():
                # What is left out may be all that it had to say something of.
                parts = replace(parts, exit_code=_told(parts, _merged(files, found.whole)))
            self._write(Key(kind=_PARTS, digest=ticket.base), parts, found, ticket)
        return result

    def _is_sound(self, found: Found, run: ToolRun, asked: frozenset[str]) -> bool:
        inputs = found.whole.tool.inputs(found.whole.request)
        python = frozenset(file.path for file in found.whole.request.layout.files)
        return is_sound(
            run,
            asked & python,
            broken=unfit(found.whole),
            silent_only=inputs is not None and inputs.silent_only,
            apart=found.whole.tool.narrow is not None,
        )

    def _write(self, key: Key, kept: Kept | Parts, found: Found, ticket: Ticket) -> None:
        self._store.write_pieces(key, encoded(kept, ticket.bound, ticket.places))
        self._store.write(self._ran(found.whole), b"")
        name = found.whole.tool.name
        self._store.write(last_key(self._root, name), msgspec.msgpack.encode(ticket.parts))
        self._told[name] = replace(self._told[name], unfit="")
        self._results[key] = name

    def _ran(self, step: Step) -> Key:
        """Return the mark that a tool has left something, in whatever folder the project lay."""
        return Key.of(_RAN, step.request.layout.name, step.tool.name)


def _unchanged(parts: Parts, ticket: Ticket) -> Mapping[str, Part]:
    """Return what is known of the files that hold what they held, or that no tool looks at."""
    return {
        path: replace(known, content=held)
        for path, held in ticket.files.items()
        if (known := parts.files.get(path)) and (known.content == held or known.excluded)
    }


def _narrowed(step: Step, paths: frozenset[str]) -> Step | None:
    """Return the plan for some files; None where there is none."""
    if step.tool.narrow is None:
        return None
    request = step.tool.narrow(step.request, paths)
    prepared = step.tool.prepare(request)
    if isinstance(prepared, Skip):
        return None
    few = len(paths) <= _HANDFUL
    return Step(tool=step.tool, request=request, invocations=prepared, few=few)


def _is_few(left: Left, now: Mapping[str, Seen]) -> bool:
    """Return whether a handful of files at most were never what they are now."""
    changed = (path for path, one in now.items() if one not in left.states.get(path, ()))
    return next(islice(changed, _HANDFUL, None), None) is None


def _settled(step: Step, *, second: bool) -> ToolRun | None:
    """Return what a plan for some files would tell, where that is known without running it."""
    reading = step.tool.settled(step.request) if step.tool.settled else None
    return None if reading is None else _as_of(step, reading, 0, second=second)


def _merged(parts: Mapping[str, Part], whole: Step) -> Reading:
    python = frozenset(file.path for file in whole.request.layout.files)
    return merged(sorted(parts.items()), python)


def _joined(whole: Step, kept: Parts, run: ToolRun, *, second: bool) -> ToolRun:
    """Return a run on some files together with what was known of the others."""
    known, fresh = _merged(kept.files, whole), run.reading
    reading = replace(
        fresh,
        findings=(*known.findings, *fresh.findings),
        measurements=(*known.measurements, *fresh.measurements),
        analysed=known.analysed | fresh.analysed,
        unread={**known.unread, **fresh.unread},
        excluded=known.excluded + fresh.excluded,
    )
    code = max(run.exit_code or 0, _told(kept, known))
    joined = _as_of(whole, reading, code, second=second)
    return replace(joined, seconds=run.seconds)


def _told(parts: Parts, reading: Reading) -> int:
    """Return the exit code by which a tool tells that it has something to say of some files."""
    return (parts.exit_code or 0) if reading.findings or reading.unread else 0


def _as_of(step: Step, reading: Reading, exit_code: int | None, *, second: bool) -> ToolRun:
    """Return a run that is known as if the planned one had just ended."""
    invocations = (step.second_way() if second else ()) or step.invocations
    return replace(
        located_run(step.tool, step.request.located),
        status=ToolStatus.OK,
        argv=invocations[0].argv,
        exit_code=exit_code,
        reading=reading,
    )
