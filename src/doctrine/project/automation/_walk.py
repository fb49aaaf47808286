"""The way from what CI and hooks say to the programs they run, several levels deep."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from doctrine.model.observation import Evidence
from doctrine.model.project import Command, CommandKind, TomlFile
from doctrine.model.replacing import replace
from doctrine.project.automation._checkouts import Checkout, identity, located, mentions
from doctrine.project.automation._grammar import GrammarError
from doctrine.project.automation._grounds import READERS, Grounds
from doctrine.project.automation._launchers import Argv, Launched, program_name, unwrap
from doctrine.project.automation._shell import Shell, shell_runs
from doctrine.project.automation._targets import sourceless

_LAYERS = 12
_MOST_COMMANDS = 5_000
_MOST_STEPS = 50_000
_DEEPEST = 12
_SHOWN = 160
_TEST_PROGRAMS = frozenset(
    {
        "pytest", "unittest", "nose2", "nosetests", "trial", "twisted.trial", "stestr", "green", "ward",
        "zope-testrunner",
    }
)  # fmt: skip
_DJANGO = frozenset({"django", "django-admin"})
_TEST_SCRIPT = re.compile(r"(?:^|/)(?:manage|setup)\.py$")
_TEST_RUNNER = re.compile(r"(?:^|/)(?:run_?tests?|test_?runner|test)\.py$")


class Frame(Struct, frozen=True, kw_only=True):
    """Where a command is written, and what holds for everything that it starts.

    Attributes:
        kind: Who runs it.
        path: File it is written in.
        line: 1-based line in that file.
        via: What led to that file, outermost first.
        why_not: Why a failure does not fail the run; empty if it does.
        blind: Why no source file gets there; empty if one may.
        late: Why no change of the code starts it, or not each of them; empty if it does.
        perhaps: Why only a run can tell whether it starts it, or minds its failure; empty if it does.
        excused: What can keep it from running for a change; empty if nothing is seen to.
        unresolved: The matrix around it that only a run resolves, if there is one.
        cwd: Folder it runs in, relative to the root.
        active: What is being followed already, so that circles end.
        provides: Distributions that whoever runs it has installed.
        brings: Whether the program itself is installed by whoever runs it.
        rewrites_fail: Whether changed files count as a failure (pre-commit).
        excludes: Patterns of files that are not passed on (pre-commit).
        env: Variables whose values are known.
        pythons: Python versions that it runs on.
        systems: Operating-system families that it runs on.
        checkouts: Repositories around it, as long as its folder is one of the workspace.
    """

    kind: CommandKind
    path: str
    line: int = 0
    via: tuple[str, ...] = ()
    why_not: str = ""
    blind: str = ""
    late: str = ""
    perhaps: str = ""
    excused: str = ""
    unresolved: Evidence | None = None
    cwd: str = ""
    active: frozenset[str] = frozenset()
    provides: frozenset[str] = frozenset()
    brings: bool = False
    rewrites_fail: bool = False
    excludes: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    pythons: tuple[Evidence, ...] = ()
    systems: tuple[Evidence, ...] = ()
    checkouts: tuple[Checkout, ...] = ()

    def into(self, path: str, label: str) -> Frame:
        """Return the frame of a file that this command leads to."""
        return replace(self, path=path, via=(*(self.via or (self.path,)), label))

    def on(self, version: str) -> Frame:
        """Return the frame with one Python version, noted at this place."""
        if not version:
            return self
        return replace(self, pythons=(Evidence(path=self.path, line=self.line, detail=version),))


class Walk:
    """Collects commands while following what leads to them.

    Attributes:
        pyproject: The project's ``pyproject.toml``.
        texts: Known configuration files by path.
        unread: What could not be read or followed, with the reason.
        computed: Why tests may run on more versions and systems than are known, by file.
        files: Files that were read.
        commands: Commands found so far; the values repeat the keys, a dictionary keeps order.
        pythons: Python versions of test jobs by version.
        systems: System families of test jobs by name.
        tolerated: Versions and systems of test jobs whose failure fails nothing, by name.
        identity: What tells the project's own repository from others.
        sources: The project's source files; empty where nobody asks what reaches them.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        read: Callable[[str], str | None],
        pyproject: TomlFile | None,
        handlers: Mapping[str, Handler],
        sources: tuple[str, ...] = (),
    ) -> None:
        """Take the sources and what knows how to follow which program."""
        self.pyproject = pyproject
        self.texts = texts
        self.unread: dict[str, str] = {}
        self.computed: dict[str, str] = {}
        self.files: dict[str, None] = {}
        self.commands: dict[Command, None] = {}
        self.pythons: dict[str, Evidence] = {}
        self.systems: dict[str, Evidence] = {}
        self.tolerated: dict[str, Evidence] = {}
        self.identity = identity(pyproject, texts)
        self.sources = sources
        self._grounds = Grounds(sources)
        self._read = read
        self._handlers = handlers
        self._cache: dict[str, str | None] = {}
        self._steps = 0

    def step(self, path: str) -> bool:
        """Count a step of the way; False when there have been more than anybody means."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            self.note(path, f"what it leads to has more than {_MOST_STEPS:,} steps")
        return self._steps <= _MOST_STEPS

    def note(self, path: str, reason: str) -> None:
        """Record that something could not be read or followed; the first reason stays."""
        self.unread.setdefault(path, reason)

    def text(self, path: str) -> str | None:
        """Return a file's text, or None when there is none inside the project."""
        path = posixpath.normpath(path)
        if path.startswith(("../", "/")) or path in {"..", "."} or "$" in path or "\0" in path:
            return None
        if path not in self._cache:
            known = self.texts.get(path)
            self._cache[path] = known if known is not None else self._read(path)
        return self._cache[path]

    def first_text(self, folder: str, *names: str) -> tuple[str, str] | None:
        """Return path and text of the first of some files that a folder has."""
        for name in names:
            path = posixpath.normpath(posixpath.join(folder, name))
            found = self.text(path)
            if found is not None:
                return path, found
        return None

    def is_there(self, path: str) -> bool:
        """Return whether a file or a folder is known to be there."""
        inside = f"{posixpath.normpath(path)}/"
        known = (*self.texts, *self.sources)
        return any(one.startswith(inside) for one in known) or self.text(path) is not None

    def script(
        self, source: str, shell: Shell, frame: Frame, line_of: Callable[[int, Argv], int]
    ) -> None:
        """Follow every program of a shell script.

        Args:
            source: The script.
            shell: How it is run.
            frame: What holds for it.
            line_of: Line in the file for a line of the script and a command on it.
        """
        try:
            runs = shell_runs(source, replace(shell, env={**frame.env, **shell.env}))
        except GrammarError as error:
            line = line_of(1, ())
            self.note(frame.path, f"line {line}: a shell script cannot be understood: {error}")
            return
        for run in runs:
            inner = replace(
                frame,
                line=line_of(run.line, run.argv),
                why_not=frame.why_not or run.why_not,
                cwd=joined(frame.cwd, run.cwd),
                env=run.env,
            )
            self.run(run.argv, inner)

    def run(self, argv: Argv, frame: Frame) -> None:
        """Follow one program as far as it can be known, and note what it comes to."""
        placed = _placed(argv, frame)
        if placed is None or not self.step(frame.path):
            return
        frame = placed
        for _ in range(_LAYERS):
            if not argv:
                return
            argv = (program_name(argv[0]), *argv[1:])
            if self._handled(argv, frame):
                return
            launched = unwrap(argv)
            if launched is None or not launched.argv:
                break
            if launched.keep:
                self._add(argv, frame)
            argv, frame = launched.argv, _inside(frame, launched)
        self._add(argv, frame)

    def _handled(self, argv: Argv, frame: Frame) -> bool:
        handler = self._handlers.get(argv[0]) or self._handlers[""]
        if len(frame.active) >= _DEEPEST:
            self.note(frame.path, f"line {frame.line}: followed more than {_DEEPEST} levels deep")
            return False
        return handler(self, argv, frame)

    def _add(self, argv: Argv, frame: Frame) -> None:
        if len(self.commands) >= _MOST_COMMANDS:
            self.note(frame.path, f"more than {_MOST_COMMANDS:,} commands")
            return
        addopts = frame.env.get("PYTEST_ADDOPTS", "") if argv[0] == "pytest" else ""
        argv = (argv[0], *addopts.split(), *argv[1:])
        shown = " ".join(shlex.quote(word) if " " in word else word for word in argv)
        detail = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        aside = self._grounds.aside(argv, frame.cwd)
        why_not = frame.why_not or self._blind(argv, frame) or aside
        command = Command(
            argv=argv,
            kind=frame.kind,
            place=Evidence(path=frame.path, line=frame.line, detail=detail),
            via=frame.via,
            can_fail=not why_not,
            why_not=why_not,
            rewrites_fail=frame.rewrites_fail,
            brings_tool=frame.brings,
            provides=tuple(sorted(frame.provides)),
            excludes=frame.excludes,
            late=frame.late,
            perhaps=frame.perhaps,
            excused=frame.excused,
        )
        self.commands.setdefault(command)
        if not aside:
            self._note_surroundings(argv, frame)

    def _blind(self, argv: Argv, frame: Frame) -> str:
        """Return why a program that is of no use without source files gets to see none."""
        if argv[0] not in READERS:
            return ""
        # A hook is handed files beside those that its arguments name.
        handed = frame.rewrites_fail
        return frame.blind or ("" if handed else sourceless(argv, frame.cwd, self.sources))

    def _note_surroundings(self, argv: Argv, frame: Frame) -> None:
        """Note on which versions and systems CI runs tests, and where it does not mind failures."""
        if frame.kind is not CommandKind.CI or not _tests(argv):
            return
        if frame.perhaps:
            self.computed.setdefault(frame.path, frame.perhaps)
            return
        for place in (*frame.pythons, *frame.systems) if frame.why_not else ():
            self.tolerated.setdefault(place.detail, place)
        for version in frame.pythons if not frame.why_not else ():
            self.pythons.setdefault(version.detail, version)
        for system in frame.systems if not frame.why_not else ():
            self.systems.setdefault(system.detail, system)


Handler = Callable[[Walk, Argv, Frame], bool]
"""Follows a program it knows; False when it is not one that leads anywhere."""


def joined(folder: str, change: str) -> str:
    """Return a folder after a change of folder, the root being the empty string."""
    moved = posixpath.normpath(posixpath.join(folder, change)) if change else folder
    return "" if moved == "." else moved


def _placed(argv: Argv, frame: Frame) -> Frame | None:
    """Return the frame with its folder in the project; None for a command on another's files."""
    if not frame.checkouts:
        return frame
    folder = located(frame.checkouts, frame.cwd)
    if folder is None and not mentions(frame.checkouts, argv):
        return None
    return replace(frame, cwd=folder or "", checkouts=())


def _inside(frame: Frame, launched: Launched) -> Frame:
    return replace(
        frame.on(launched.python),
        brings=frame.brings or launched.brings,
        provides=frame.provides | frozenset(launched.provides),
        cwd=joined(frame.cwd, launched.cwd),
    )


def _tests(argv: Argv) -> bool:
    """Whether a program runs tests."""
    program = argv[0]
    if program in _TEST_PROGRAMS:
        return not {"--version", "--help", "--collect-only"} & set(argv)
    if program in _DJANGO:
        return "test" in argv[1:2]
    if program == "python" or _has((_TEST_SCRIPT, _TEST_RUNNER), (program,)):
        return _script_tests(tuple(word for word in argv if not word.startswith("-")))
    return argv[:2] == ("coverage", "run") and _has((_TEST_RUNNER,), argv)


def _script_tests(words: Argv) -> bool:
    """Whether a script runs tests: one with a subcommand for it, or one that does nothing else."""
    return "test" in words if _has((_TEST_SCRIPT,), words) else _has((_TEST_RUNNER,), words)


def _has(patterns: tuple[re.Pattern[str], ...], words: Argv) -> bool:
    return any(pattern.search(word) for pattern in patterns for word in words)
