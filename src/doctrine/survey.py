"""The slow part of discovery: parse every source, read CI, inspect, and observe facts.

Runs in a thread while the first tools are already at work. Each syntax tree lives only as long
as its file is looked at, so memory does not grow with the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct, field

from doctrine import __version__
from doctrine.cache.surveyed import Looked, Surveyed, shown
from doctrine.inspect._inspector import (
    FileInspector,
    Gathering,
    GatheringInspector,
    ProjectInspector,
)
from doctrine.inspect.discovery import inspectors
from doctrine.model.observation import Finding, Support
from doctrine.model.project import Automation, Flaw, Layout, Module, Project, Role, SourceFile
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Reading, ToolRun
from doctrine.model.settings import Settings
from doctrine.project.assemble import assemble
from doctrine.project.automation import read_automation
from doctrine.project.dependencies import read_dependencies
from doctrine.project.facts import observe
from doctrine.project.lockfile import read_lock
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.project.secret_texts import read_secret_texts
from doctrine.project.texts import read_texts, reader
from doctrine.readings import inspector_run
from doctrine.sights import sights
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from doctrine.tools._semgrep_rules import load_rules
from doctrine.tools._semgrep_screen import suspects

_SURPRISES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a bug in an inspector raises: its clauses become errors, everything else is kept."""
MAX_SOURCE = 64 << 20
"""Bytes of the largest source file that is parsed; generated files of 50 MB exist."""


class _Notes(Struct):
    """What one file inspector has seen so far."""

    inspector: FileInspector
    findings: list[Finding] = field(default_factory=list[Finding])
    supports: list[Support] = field(default_factory=list[Support])
    analysed: set[str] = field(default_factory=set[str])
    unread: dict[str, str] = field(default_factory=dict[str, str])

    def look(self, parsed: ParsedFile, layout: Layout) -> tuple[Finding | Support, ...] | None:
        """Inspect a file; a surprise loses this file for this inspector, and says so."""
        path = parsed.module.path
        try:
            seen = tuple(self.inspector.inspect(parsed, layout))
        except _SURPRISES as error:
            self.unread[path] = f"inspector failed: {type(error).__name__}: {error}"
            return None
        self.take(path, seen)
        return seen

    def take(self, path: str, seen: tuple[Finding | Support, ...]) -> None:
        """Take note of what was seen in a file, now or earlier."""
        self.analysed.add(path)
        for one in seen:
            if isinstance(one, Finding):
                self.findings.append(one)
            else:
                self.supports.append(one)

    def run(self) -> ToolRun:
        """Return the inspector's run."""
        reading = Reading(
            findings=tuple(self.findings),
            supports=tuple(self.supports),
            analysed=frozenset(self.analysed),
            unread=self.unread,
        )
        return inspector_run(self.inspector.name, __version__, reading, covers=Covers.ALL)


class _Gathered(Struct):
    """What one gathering inspector has noted so far."""

    inspector: GatheringInspector
    gathering: Gathering
    unread: dict[str, str] = field(default_factory=dict[str, str])

    def look(self, parsed: ParsedFile, layout: Layout) -> bool:
        """Let it take notes of a file; a surprise loses this file, and its run says so."""
        try:
            self.gathering.look(parsed, layout)
        except _SURPRISES as error:
            failed = f"inspector failed: {type(error).__name__}: {error}"
            self.unread[parsed.module.path] = failed
            return False
        return True

    def run(self, project: Project) -> ToolRun:
        """Return the inspector's run."""
        run = _concluded(self.inspector.name, self.gathering.conclude, project)
        unread = {**_flawed(project), **run.reading.unread, **self.unread}
        return replace(run, reading=replace(run.reading, unread=unread))


def _flawed(project: Project) -> Mapping[str, str]:
    """Return why files were shown to nobody: no inspector can prove to have read them."""
    return {
        module.path: module.flaw_detail or module.flaw.value
        for module in project.modules
        if module.flaw is not None
    }


class Survey(Struct, frozen=True, kw_only=True):
    """A surveyed project.

    Attributes:
        project: Everything known before any tool has spoken.
        file_runs: What the inspectors that look at one file at a time saw.
        gathered: What those that judge at the end have noted.
    """

    project: Project
    file_runs: tuple[ToolRun, ...]
    gathered: tuple[_Gathered, ...] = ()

    def inspect_project(self) -> tuple[ToolRun, ...]:
        """Return the runs of all inspectors, those that need the whole project included."""
        chosen = [one for one in inspectors() if isinstance(one, ProjectInspector)]
        return (
            *self.file_runs,
            *(one.run(self.project) for one in self.gathered),
            *(_concluded(one.name, one.inspect, self.project) for one in chosen),
        )


class Written(Struct, frozen=True, kw_only=True):
    """What files say that are no sources: known in a moment, long before the sources are.

    Attributes:
        texts: Those that configure, automate or document, by path.
        unread: Why one could not be read, by path.
        automation: What CI and hooks run.
    """

    texts: Mapping[str, str]
    unread: Mapping[str, str]
    automation: Automation


def read_written(layout: Layout) -> Written:
    """Read what is no source.

    Args:
        layout: What is known already.
    """
    texts, unread = read_texts(layout)
    sources = tuple(file.path for file in layout.files if file.role is Role.SOURCE)
    automation = read_automation(texts, reader(layout), layout.pyproject, unread, sources)
    return Written(texts=texts, unread=unread, automation=automation)


def survey(
    layout: Layout,
    settings: Settings,
    known: Knowing | None = None,
    written: Written | None = None,
) -> Survey:
    """Parse and read a project.

    Args:
        layout: What is known already.
        settings: The facts and operations that the user states.
        known: Recalls what earlier checks saw in files; None where nothing is kept.
        written: What is no source, where it is read already.
    """
    watched = frozenset(one.qualname.rpartition(".")[2] for one in settings.declarations)
    around = shown(layout)
    looking = _Looking(
        root=layout.root,
        around=around,
        watched=watched,
        notes=tuple(_Notes(one) for one in inspectors() if isinstance(one, FileInspector)),
        gathered=tuple(
            _Gathered(one, one.begin())
            for one in inspectors()
            if isinstance(one, GatheringInspector)
        ),
        known=None if known is None else known(around, watched),
    )
    modules = tuple(map(looking.module, layout.files))
    if looking.known is not None:
        looking.known.close()
    written = written or read_written(layout)
    texts, unread, automation = written.texts, written.unread, written.automation
    secret_texts, secrets_unread = read_secret_texts(layout)
    dependencies = read_dependencies(layout, texts)
    facts = observe(
        layout,
        modules,
        dependencies,
        automation,
        texts,
        stated=settings.facts,
        declarations=settings.declarations,
    )
    project = assemble(
        layout,
        modules=modules,
        dependencies=dependencies,
        lock=read_lock(layout),
        automation=automation,
        facts=facts,
        texts=texts,
        declarations=settings.declarations,
        unread={**unread, **secrets_unread},
        secret_texts=secret_texts,
    )
    file_runs = tuple(note.run() for note in looking.notes)
    return Survey(project=project, file_runs=file_runs, gathered=looking.gathered)


Knowing = Callable[[Layout, frozenset[str]], Surveyed]
"""Recalls what was seen in files, by all else that is shown to those who look at one."""


class _Looking(Struct, frozen=True, kw_only=True):
    """Looks at one file after the other.

    Attributes:
        root: Absolute folder of the project.
        around: What those who look at a file may know of the project.
        watched: Names of declared operations.
        notes: The inspectors that look at one file at a time.
        gathered: Those that judge at the end.
        known: What earlier checks saw; None where nothing is kept.
    """

    root: str
    around: Layout
    watched: frozenset[str]
    notes: tuple[_Notes, ...]
    gathered: tuple[_Gathered, ...]
    known: Surveyed | None

    def module(self, file: SourceFile) -> Module:
        """Parse a file and show its tree to every file inspector, or recall what they saw."""
        bare = Module(path=file.path, role=file.role, flaw=file.flaw, flaw_detail="not readable")
        if file.flaw is not None:
            return bare
        try:
            data = read_regular(f"{self.root}/{file.path}", MAX_SOURCE)
        except CannotReadError as error:
            return replace(bare, flaw=Flaw.UNREADABLE, flaw_detail=str(error))
        earlier = self.known.find(file.path, data) if self.known else None
        if earlier is not None and self._recalled(file.path, earlier):
            return earlier.module
        looked = self._look(parse(file.path, file.role, data))
        if isinstance(looked, Module):
            return looked
        if self.known is not None:
            self.known.keep(file.path, data, looked)
        return looked.module

    def _recalled(self, path: str, earlier: Looked) -> bool:
        """Take note of what was seen earlier; return whether all of it could be read."""
        if earlier.module.flaw is not None:
            return True  # no inspector was shown it
        try:
            for one in self.gathered:
                content = earlier.notes.get(one.inspector.name)
                if content is not None:
                    one.gathering.recall(path, bytes(content))
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return False
        for note in self.notes:
            note.take(path, earlier.seen.get(note.inspector.name, ()))
        return True

    def _look(self, parsed: ParsedFile | Module) -> Looked | Module:
        """Return what is seen in a file; the module alone where an inspector failed."""
        if isinstance(parsed, Module):
            return Looked(module=parsed)
        seen = {note.inspector.name: note.look(parsed, self.around) for note in self.notes}
        noted = [one.look(parsed, self.around) for one in self.gathered]
        screens = ((rule.id, rule.screen) for rule in load_rules())
        module = replace(
            parsed.module, sights=sights(parsed, self.watched), suspects=suspects(parsed, screens)
        )
        if not all(noted) or None in seen.values():
            return module
        return Looked(
            module=module,
            seen={name: one for name, one in seen.items() if one},
            notes=dict(self._encoded(parsed.module.path)),
        )

    def _encoded(self, path: str) -> Iterator[tuple[str, msgspec.Raw]]:
        """Yield what those that judge at the end noted of a file, by their names."""
        for one in self.gathered:
            content = one.gathering.encoded(path)
            if content is not None:
                yield one.inspector.name, msgspec.Raw(content)


def _concluded(name: str, inspect: Callable[[Project], Reading], project: Project) -> ToolRun:
    try:
        reading = inspect(project)
    except _SURPRISES as error:
        trouble = f"{name}: {type(error).__name__}: {error}; please report this"
        return inspector_run(name, __version__, None, covers=Covers.PROJECT, trouble=trouble)
    return inspector_run(name, __version__, reading, covers=Covers.PROJECT)


def line_reader(layout: Layout) -> Callable[[str], Sequence[str]]:
    """Return a function that gives the lines of a file of the project.

    It remembers one file, because findings come sorted by path.
    """
    last: tuple[str, Sequence[str]] = ("", ())

    def lines(path: str) -> Sequence[str]:
        nonlocal last
        if path != last[0]:
            last = (path, _lines(layout, path))
        return last[1]

    return lines


def _lines(layout: Layout, path: str) -> Sequence[str]:
    try:
        data = read_regular(f"{layout.root}/{path}", MAX_SOURCE)
    except CannotReadError:
        return ()
    return data.decode("utf-8", "replace").splitlines()
