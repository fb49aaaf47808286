"""Names what a run of a tool depends on, so that the same name means the same result.

Each part is looked up by content. A run that nobody can describe completely has no ticket, and is
never reused.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct
from packaging.utils import canonicalize_name

import doctrine
from doctrine.cache.changes import Parts
from doctrine.cache.digests import Digests
from doctrine.cache.identity import (
    Identity,
    combined,
    environment_identity,
    own_identity,
    program_identity,
)
from doctrine.cache.importable import importable
from doctrine.cache.memo import StoreMemo
from doctrine.cache.setback import Setback
from doctrine.cache.store import Store
from doctrine.model.inputs import Inputs
from doctrine.model.process import Invocation
from doctrine.model.project import Environment, Layout
from doctrine.model.run import Origin
from doctrine.model.settings import OF_THE_RUN, Settings
from doctrine.plan import Step
from doctrine.project.environment import read_environment
from doctrine.project.reading import CannotReadError, read_regular

_FILES, _IMPORTABLE = "files", "importable"
_LIMIT = 16 << 20
_FOLLOWED = 20
"""Configuration files that may build on one another."""
APART = OF_THE_RUN | {
    "baseline", "declarations", "entries", "exclude", "facts", "fail_on", "gate", "no_baseline",
    "paths", "python", "timeout",
}  # fmt: skip
"""Settings that no tool knows of, or that show in its files, its command and its environment."""
_VOLATILE = frozenset({"_", "OLDPWD", "PWD", "SHLVL", "TMPDIR", "WINDOWID"})
"""Variables that differ from one shell to the next, and mean nothing to a tool."""

_SECOND = 1_000_000_000
_COARSE = 2 * _SECOND
"""Nanoseconds between two times that a file system of whole seconds can tell apart."""
_TICK = 20_000_000
"""Nanoseconds by which a file's times may be late: systems stamp with the time of the last tick."""
_CHANGING = "changed during the check"


class Ticket(Struct, frozen=True, kw_only=True):
    """What a run depends on.

    Attributes:
        parts: Digests by name, in named groups (``program``, ``configuration``, ``files`` …).
        base: Digest of everything but the contents of the tool's files.
        whole: Digest of everything.
        around: Digest of everything but what the project's files hold.
        bound: Digest of the folders in which it happens: a result that names one of them is not
            that of another place.
        places: These folders.
    """

    parts: Parts
    base: str
    whole: str
    around: str
    bound: str
    places: tuple[str, ...]

    @property
    def files(self) -> Mapping[str, str]:
        """The content of each of the tool's files, by path."""
        return self.parts[_FILES]

    @property
    def importable(self) -> Mapping[str, str]:
        """The content of all that can be imported from the project, where that counts."""
        return self.parts.get(_IMPORTABLE, {})


class Tickets:
    """Makes tickets for the tools of one check; what several tools share is looked up once."""

    def __init__(
        self,
        layout: Layout,
        own: Environment,
        *,
        store: Store,
        digests: Digests,
        environ: Mapping[str, str],
        itself: Identity | None = None,
        since: int | None = None,
        setback: Setback | None = None,
    ) -> None:
        """Know the project, and look at nothing yet.

        Args:
            layout: The project.
            own: The environment that doctrine runs in.
            store: Remembers what environments are.
            digests: Reads files.
            environ: The variables that every child process gets.
            itself: What doctrine is, where that is known.
            since: When the check began, in nanoseconds since the epoch; now if None. What was
                changed later has no ticket: some tools may have seen it, and others not.
            setback: Whether the clock was set back since; looked at from now on if None.
        """
        self._layout = layout
        self._own = own
        self._digests = digests
        self._environ = environ
        self._store = store
        self._memo = StoreMemo(store)
        self._itself = itself
        self._setback = setback or Setback(time.time_ns)
        self._since = time.time_ns() if since is None else since
        self._lock = threading.Lock()

    def of(self, step: Step) -> Ticket | None:
        """Return what a run depends on; None where nobody can say it."""
        with self._lock:
            inputs = step.tool.inputs(step.request)
            return None if inputs is None else self._ticket(step, inputs)

    def close(self) -> None:
        """Remember what the files held."""
        with suppress(OSError, ValueError):
            self._digests.keep()

    def holds(self, step: Step, ticket: Ticket) -> bool:
        """Return whether nothing that a run depends on was changed since its ticket was made."""
        again = Tickets(
            self._layout,
            self._own,
            store=self._store,
            digests=self._digests,
            environ=self._environ,
            itself=self.itself,
            since=self._since,
            setback=self._setback,
        )
        return again.of(step) == ticket

    def _ticket(self, step: Step, inputs: Inputs) -> Ticket | None:
        files = dict(self._files(inputs))
        if _CHANGING in files.values():
            return None
        program = self._program(step, inputs)
        configuration = dict(self._configuration(inputs))
        command = self._command(step, inputs)
        facts = _encoded(inputs.facts)
        if program is None or facts is None or command is None:
            return None
        parts: dict[str, Mapping[str, str]] = {
            "doctrine": self.itself.parts,
            "program": program,
            "command": command,
            "facts": facts,
            "settings": _settings(step.request.settings),
            "configuration": configuration,
            "variables": dict(self._variables(inputs)),
            _FILES: files,
        }
        if inputs.importable:
            parts[_IMPORTABLE] = self._importable
        if inputs.environment:
            parts["environment"] = self._environment.parts
        groups = {name: combined(group) for name, group in parts.items()}
        return Ticket(
            parts=parts,
            base=combined(_without(groups, _FILES)),
            whole=combined(groups),
            around=combined(_without(groups, _FILES, _IMPORTABLE)),
            bound=combined(self._places),
            places=tuple(self._places.values()),
        )

    def _files(self, inputs: Inputs) -> Iterator[tuple[str, str]]:
        """Yield the content of each of a tool's files, and what is noted of it."""
        since = self._since - self._setback.span()
        for path, note in inputs.files.items():
            absolute = f"{self._layout.root}/{path}"
            try:
                status = os.stat(absolute)  # noqa: PTH116 - thousands of times
            except (OSError, ValueError):
                yield path, note
                continue
            late = _changed(status) >= since
            content = self._digests.of(absolute, status)
            yield path, _CHANGING if late else f"{content} {note}"

    @cached_property
    def itself(self) -> Identity:
        """What doctrine is."""
        return self._itself or own_identity(self._digests.of, self._own.site)

    @cached_property
    def _environment(self) -> Identity:
        environment = self._layout.environment
        if environment is None:
            return Identity()
        return environment_identity(environment, self._digests.of, self._layout.root, self._memo)

    @cached_property
    def _importable(self) -> Mapping[str, str]:
        return importable(self._layout.root, self._digests.of)

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """Absolute folders that differ between checkouts and machines, the innermost first."""
        environment = self._layout.environment
        found = {
            "own": str(Path(self._own.python).parent.parent),
            "environment": str(Path(environment.python).parent.parent) if environment else "",
            "doctrine": str(Path(doctrine.__file__).parent),
            "root": self._layout.root,
        }
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))

    def _program(self, step: Step, inputs: Inputs) -> Mapping[str, str] | None:
        """Return what the program is, and what it consists of beside that."""
        found = program_identity(
            step.invocations[0].argv[0],
            (canonicalize_name(step.tool.distribution),),
            self._sites(step),
            self._digests.of,
        )
        if found is None:
            return None
        more = inputs.distributions
        if not more:
            return found.parts
        others = program_identity(self._own.python, more, self._own.site, self._digests.of)
        return None if others is None else {**others.parts, **found.parts}

    def _sites(self, step: Step) -> tuple[str, ...]:
        located = step.request.located
        if located.origin is Origin.DOCTRINE:
            return self._own.site
        environment = self._layout.environment
        if located.origin is Origin.PROJECT:
            return environment.site if environment else ()
        folder = str(Path(os.path.realpath(located.command[0])).parent.parent)
        around = read_environment(folder, label=folder, any_prefix=True)
        return around.site if around else ()

    def _command(self, step: Step, inputs: Inputs) -> Mapping[str, str] | None:
        """Return the command lines without the folders in which they happen."""
        if inputs.command is not None:
            return dict(enumerate_names(inputs.command))
        texts: list[str] = []
        for one in (*step.invocations, *step.second_way()):
            if one.copy_tree:
                return None
            texts.append(self._portable(_described(one)))
        return dict(enumerate_names(texts))

    def _portable(self, text: str) -> str:
        for name, place in self._places.items():
            text = text.replace(place, f"{{{name}}}") if place else text
        return text

    def _variables(self, inputs: Inputs) -> Iterator[tuple[str, str]]:
        for name, value in sorted(self._environ.items()):
            if name not in _VOLATILE and any(_is_meant(name, one) for one in inputs.variables):
                yield name, combined({"": value})

    def _configuration(self, inputs: Inputs) -> Iterator[tuple[str, str]]:
        """Yield every configuration file that exists with its content, by name."""
        patterns = [re.compile(one) for one in inputs.references]
        waiting = [*self._named(inputs)]
        seen: set[str] = set()
        while waiting:
            name, path = waiting.pop()
            content = "" if path in seen else self._digests.of(path)
            seen.add(path)
            if content:
                yield name, content
                waiting.extend(_referred(name, path, patterns))

    def _named(self, inputs: Inputs) -> Iterator[tuple[str, str]]:
        """Yield the names and absolute paths where a configuration may be."""
        root = self._layout.root
        for name in inputs.configuration:
            yield name, os.path.join(root, os.path.expanduser(name))  # noqa: PTH111, PTH118
        if inputs.nested:
            folders = {path.rpartition("/")[0] for path in inputs.files}
            for folder in sorted({*_above(folders), ""}):
                for one in inputs.nested:
                    name = f"{folder}/{one}" if folder else one
                    yield name, f"{root}/{name}"
            for depth, outer in enumerate(Path(root).parents, start=1):
                for one in inputs.nested:
                    yield f"{'../' * depth}{one}", f"{outer}/{one}"


def _changed(status: os.stat_result) -> int:
    """Return when a file was changed at the latest, in nanoseconds since the epoch."""
    # Nobody can set the time of the last change of the entry, except on Windows, which has none.
    time_of = status.st_mtime_ns if sys.platform == "win32" else status.st_ctime_ns
    coarse = time_of % _SECOND == 0
    return time_of + (_COARSE if coarse else _TICK)


def enumerate_names(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield texts under the numbers of their places, for a group of parts."""
    return ((str(number), text) for number, text in enumerate(texts))


def _above(folders: Iterable[str]) -> Iterator[str]:
    """Yield folders, and those above them."""
    for inner in folders:
        folder = inner
        while folder:
            yield folder
            folder = folder.rpartition("/")[0]


def _is_meant(name: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern


def _referred(name: str, path: str, patterns: list[re.Pattern[str]]) -> Iterator[tuple[str, str]]:
    """Yield the files that a configuration file builds on."""
    if not patterns or name.count(" > ") > _FOLLOWED:
        return
    try:
        text = read_regular(path, _LIMIT).decode("utf-8", "surrogateescape")
    except CannotReadError:
        return
    for pattern in patterns:
        for found in pattern.finditer(text):
            other = os.path.expandvars(os.path.expanduser(found[1]))  # noqa: PTH111
            target = os.path.join(os.path.dirname(path), other)  # noqa: PTH118, PTH120
            yield f"{name} > {found[1]}", os.path.normpath(target)


def _described(one: Invocation) -> str:
    files = {
        name: content.decode("utf-8", "surrogateescape") for name, content in one.files.items()
    }
    # Which program it is counts by itself, and not by its path.
    shown = (
        one.name,
        one.argv[1:],
        one.cwd,
        sorted(one.env.items()),
        sorted(files.items()),
        one.keep,
    )
    return repr(shown)


def _settings(settings: Settings) -> Mapping[str, str]:
    """Return what the user asked for, as far as a tool or its reader may look at it."""
    values = msgspec.structs.asdict(settings)
    return {name: repr(value) for name, value in values.items() if name not in APART}


def _encoded(facts: Mapping[str, object]) -> Mapping[str, str] | None:
    """Return the digests of facts; None where one cannot be written down."""
    try:
        return {
            name: combined({"": msgspec.json.encode(value, order="deterministic").decode()})
            for name, value in facts.items()
        }
    except (TypeError, ValueError, msgspec.MsgspecError):
        return None


def _without(groups: Mapping[str, str], *left_out: str) -> Mapping[str, str]:
    return {name: one for name, one in groups.items() if name not in left_out}
