"""What is known about a project before any tool has spoken."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from doctrine.model.observation import Evidence, Location
from doctrine.model.stated import Declaration, OperationKind


class Role(StrEnum):
    """What a Python file is for."""

    SOURCE = "source"
    TEST = "test"
    DOCS = "docs"
    EXAMPLE = "example"


class Flaw(StrEnum):
    """Why a file cannot be given to every tool."""

    UNREADABLE = "unreadable"
    """Permission, a vanished file, a symlink loop, a pipe."""
    UNDECODABLE = "undecodable"
    """Bytes that are not in the file's declared encoding."""
    SYNTAX = "syntax"
    """No Python grammar up to 3.14 accepts it."""


class SourceFile(Struct, frozen=True, kw_only=True):
    """A Python file of the project.

    Attributes:
        path: POSIX path relative to the root.
        role: What it is for.
        size: Bytes.
        modified: When it was last written, in nanoseconds as the file system counts them; 0 where
            nobody looked.
        flaw: What is known to be wrong with it from its directory entry alone.
    """

    path: str
    role: Role
    size: int = 0
    modified: int = 0
    flaw: Flaw | None = None


class Import(Struct, frozen=True, kw_only=True):
    """One imported name, where it is imported.

    Attributes:
        module: Dotted module as written, without leading dots (``os.path``, ``asyncio``).
        name: Imported name of a ``from`` import, ``*`` included; empty for ``import module``.
        bound: Name it is bound to in the file (``aio`` for ``import asyncio as aio``).
        dots: Number of leading dots of a relative import.
        location: Where.
        guarded: True inside ``try``/``except ImportError`` or a version test.
        typing_only: True under ``if TYPE_CHECKING``.
        renamed: True where ``as`` gives the name, be it one that it would have had.
    """

    module: str
    name: str
    bound: str
    dots: int
    location: Location
    guarded: bool = False
    typing_only: bool = False
    renamed: bool = False

    @property
    def dotted(self) -> str:
        """The imported thing as a dotted name (``random.choice``, ``asyncio``)."""
        return f"{self.module}.{self.name}" if self.name and self.name != "*" else self.module


class Definition(Struct, frozen=True, kw_only=True):
    """A function or class, for naming the symbol around a finding.

    Attributes:
        qualname: Dotted name inside the module (``Parser.parse``).
        line: 1-based first line, decorators included.
        end_line: 1-based last line, inclusive.
    """

    qualname: str
    line: int
    end_line: int


class Silencer(StrEnum):
    """Which tool a suppression comment speaks to."""

    NOQA = "noqa"
    TYPE_IGNORE = "type-ignore"
    PYRIGHT_IGNORE = "pyright-ignore"
    NOSEMGREP = "nosemgrep"


class Suppression(Struct, frozen=True, kw_only=True):
    """An inline comment that silences rules.

    Attributes:
        silencer: Whose comment it is.
        rules: Rules it names; empty when it silences everything (a blanket).
        location: Where the comment is; its line is what it covers.
        whole_file: True when it covers the file (``# ruff: noqa``, ``# mypy: ignore-errors``).
    """

    silencer: Silencer
    rules: tuple[str, ...]
    location: Location
    whole_file: bool = False


class IgnoreScope(StrEnum):
    """How far a comment reaches that asks doctrine to ignore something."""

    LINE = "line"
    BLOCK = "block"
    FILE = "file"
    NONE = "none"
    """It is spelt in a way that means nothing."""


class Ignore(Struct, frozen=True, kw_only=True):
    """A comment such as ``# doctrine: ignore[SEC005] jitter, no secret``, as it is written.

    Attributes:
        word: ``ignore``, ``ignore-block`` or ``ignore-file``; anything else means nothing.
        scope: What the word means.
        clauses: What it names.
        reason: What is written behind that.
        location: The comment.
        first_line: 1-based first line that it is about; 0 where there is none.
        last_line: 1-based last line of it, inclusive; 0 where there is none.
    """

    word: str
    scope: IgnoreScope
    clauses: tuple[str, ...]
    reason: str
    location: Location
    first_line: int
    last_line: int


class Sight(Struct, frozen=True, kw_only=True):
    """Something that a file does, seen at a place: what asks for a test, or what looks like one.

    Attributes:
        name: What kind of thing (``thread-started``, ``integrity-refused``).
        line: 1-based line.
        detail: What is there, for people.
        symbol: The class or function it is about; in a test file the one it stands in.
        words: In a test file, every identifier of the outermost definition around it.
    """

    name: str
    line: int
    detail: str
    symbol: str = ""
    words: frozenset[str] = frozenset()


class Module(Struct, frozen=True, kw_only=True):
    """What parsing a Python file told.

    Attributes:
        path: POSIX path relative to the root.
        role: What the file is for.
        lines: Number of lines.
        flaw: Why it could not be read or parsed; None when it could.
        flaw_location: Where it broke.
        flaw_detail: What was wrong there.
        imports: Every import, nested ones included.
        definitions: Functions and classes in source order.
        suppressions: Inline suppressions of the tools.
        ignores: Comments that ask doctrine to ignore something.
        features: Which of ``async``, ``main-guard``, ``annotations``, ``pep695``, ``pep701``,
            ``pep750``, ``pep758`` occur: syntax that facts and interpreters depend on; beside
            them calls and habits that facts ask for (``call:to_thread``, ``sql-write``).
        encoding: Declared or default encoding of the file.
        feature_lines: The first line of each of ``features`` that has one, sorted by feature.
        sights: What the tests of a project are asked for, and what they show, by line.
        suspects: Ids of doctrine's own rules for semgrep that can match; None where nobody looked.
    """

    path: str
    role: Role
    lines: int = 0
    flaw: Flaw | None = None
    flaw_location: Location | None = None
    flaw_detail: str = ""
    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    features: frozenset[str] = frozenset()
    encoding: str = "utf-8"
    feature_lines: tuple[tuple[str, int], ...] = ()
    sights: tuple[Sight, ...] = ()
    suspects: frozenset[str] | None = None


class DependencyKind(StrEnum):
    """Where a dependency is declared."""

    RUNTIME = "runtime"
    OPTIONAL = "optional"
    GROUP = "group"
    BUILD = "build"
    FOREIGN = "foreign"
    """A table of another manager (poetry, pipenv, pdm), ``setup.py``, ``setup.cfg``,
    ``requirements*.txt``, ``tox`` or ``nox`` dependencies."""


class Dependency(Struct, frozen=True, kw_only=True):
    """A declared requirement.

    Attributes:
        name: Normalised distribution name (PEP 503); empty when it cannot be parsed.
        raw: The requirement as written.
        specifier: Version specifiers as written, empty if none.
        url: Direct reference, empty if none.
        kind: Where it is declared.
        group: Extra or group name, empty for runtime and build.
        place: Where it is written.
        problem: Why it cannot be parsed; empty when it can.
    """

    name: str
    raw: str
    specifier: str
    url: str
    kind: DependencyKind
    group: str
    place: Evidence
    problem: str = ""


class Target(Struct, frozen=True, kw_only=True):
    """The Python versions a project promises to run on.

    Attributes:
        floor: Lowest admitted 3.x as ``(3, minor)``; None when nothing says.
        minors: Admitted 3.x minor versions among those that exist.
        specifier: ``requires-python`` as written.
        evidence: Where it is written.
    """

    floor: tuple[int, int] | None
    minors: tuple[int, ...]
    specifier: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def text(self) -> str:
        """The floor as ``3.11``, or an empty string."""
        return f"{self.floor[0]}.{self.floor[1]}" if self.floor else ""


class Environment(Struct, frozen=True, kw_only=True):
    """A Python environment with third-party packages.

    Attributes:
        python: Absolute path of its interpreter.
        version: ``(major, minor)`` of it; None when it cannot be told without running it.
        site: Absolute site-packages folders.
        packages: Version by normalised distribution name.
        label: How the report names it (``.venv``, ``private environment``).
    """

    python: str
    version: tuple[int, int] | None
    site: tuple[str, ...]
    packages: Mapping[str, str]
    label: str


class CommandKind(StrEnum):
    """Who runs a command."""

    CI = "ci"
    HOOK = "hook"


class Command(Struct, frozen=True, kw_only=True):
    """One program run by CI or by a hook, launchers (``uv run``, ``python -m``) stripped.

    Attributes:
        argv: Program and arguments, as far as they can be known; expressions stay as written.
        kind: Who runs it.
        place: Where it is written (the innermost place: the tox env, the Makefile recipe).
        via: What led there, outermost first (``.github/workflows/ci.yml``, ``tox -e lint``).
        can_fail: Whether its failure fails the run.
        why_not: Why it cannot fail (``continue-on-error``, ``|| true``); empty if it can.
        rewrites_fail: True for hooks that fail when a file was changed (pre-commit).
        brings_tool: True when the command itself provides the program (``uvx``, an action, a
            hook environment), so that no dependency needs to declare it.
        provides: Normalised distributions that whoever runs it installs for it (``--with``,
            ``deps`` of tox, ``additional_dependencies`` of a hook).
        excludes: Patterns of the files that a hook does not pass on, as pre-commit searches them.
        late: Why no change of the code starts it (a schedule, a release), or not each of them (a label);
            empty if it comes with each.
        perhaps: Why only a run can tell whether it starts it, or minds its failure; empty if it does.
        excused: What can keep it from running for a change; empty if nothing is seen to.
    """

    argv: tuple[str, ...]
    kind: CommandKind
    place: Evidence
    via: tuple[str, ...] = ()
    can_fail: bool = True
    why_not: str = ""
    rewrites_fail: bool = False
    brings_tool: bool = False
    provides: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    late: str = ""
    perhaps: str = ""
    excused: str = ""


class Automation(Struct, frozen=True, kw_only=True):
    """What CI and hooks do.

    Attributes:
        commands: Every command that could be reached.
        pythons: Python versions that test jobs run on, such as ``3.12`` or ``3.14t``.
        systems: Operating-system families of test jobs: ``linux``, ``macos``, ``windows``.
        tolerated: Versions and families of test jobs whose failure fails nothing.
        files: Configuration files of CI and hooks that were read.
        unread: Those that could not be read or followed, with the reason.
        computed: Why a run may use more versions and systems than these, by file; what it runs there
            is known.
        has_ci: Whether any CI configuration exists.
    """

    commands: tuple[Command, ...] = ()
    pythons: tuple[Evidence, ...] = ()
    systems: tuple[Evidence, ...] = ()
    tolerated: tuple[Evidence, ...] = ()
    files: tuple[str, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    computed: Mapping[str, str] = field(default_factory=dict[str, str])
    has_ci: bool = False


class Fact(Struct, frozen=True, kw_only=True):
    """Something observed about the project; conditions are made of facts.

    Attributes:
        id: Fixed id (``async``, ``target-py312``).
        value: True, False, or None when it could not be settled.
        evidence: What says so; for False, what was looked at.
        stated: True when the project's configuration overrides what was observed.
    """

    id: str
    value: bool | None
    evidence: tuple[Evidence, ...] = ()
    stated: bool = False


class TomlFile(Struct, frozen=True, kw_only=True):
    """A parsed TOML file that remembers its text, so that keys can be located.

    Attributes:
        path: POSIX path relative to the root.
        data: Parsed tables.
        text: The file's text.
    """

    path: str
    data: Mapping[str, object]
    text: str


class CoverageData(Struct, frozen=True, kw_only=True):
    """What the project's own last test run measured.

    Attributes:
        path: Absolute path of the data file.
        stale_because: Why it does not tell about the files as they are; empty when it does.
    """

    path: str
    stale_because: str = ""


class Layout(Struct, frozen=True, kw_only=True):
    """What can be known of a project without parsing its sources: enough to start tools.

    Attributes:
        root: Absolute path of the project root.
        name: Project name, or the folder's.
        pyproject: Parsed ``pyproject.toml``; None when there is none.
        files: Python files (``.py``, ``.pyi``, ``.pyw``), sorted by path.
        others: Every other file of the project, sorted by path.
        tracked: Paths git tracks; None outside git.
        ignored: Those paths among ``others`` and well-known files that exist and git ignores.
        sources: Import roots relative to the root (``src``, ``.``).
        target: Promised Python versions.
        environment: The project's own environment, if one is installed.
        restricted: True when the user named paths inside the project to judge.
        linked: Links to folders, and links that lead nowhere: not followed.
        texts: Content of the few configuration files that decide how a tool is started
            (``mypy.ini``, ``setup.cfg``, ``pyrightconfig.json`` …), by path.
        names_pyright: Whether a file of hooks, of CI or of what these start names pyright.
        coverage_data: What the project's last test run left behind, if anything.
        configuration: Size and time of the last change, as for ``SourceFile``, of the other files
            that say how the project is judged, by path.
        planned: Texts that files are about to have, by path, which are read in place of what lies
            there; None for those that are about to go.
        members: The ``pyproject.toml`` of the projects that the repository consists of beside the
            one at its root, or in place of it.
    """

    root: str
    name: str
    pyproject: TomlFile | None
    files: tuple[SourceFile, ...]
    others: tuple[str, ...]
    tracked: frozenset[str] | None
    ignored: frozenset[str]
    sources: tuple[str, ...]
    target: Target
    environment: Environment | None
    restricted: bool = False
    linked: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    names_pyright: bool = False
    coverage_data: CoverageData | None = None
    configuration: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    planned: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    members: tuple[TomlFile, ...] = ()


class Lock(Struct, frozen=True, kw_only=True):
    """A ``uv.lock``.

    Attributes:
        path: POSIX path relative to the root.
        data: Parsed tables; None when it could not be parsed.
        problem: Why it could not be parsed.
        text: The file's text.
    """

    path: str
    data: Mapping[str, object] | None
    problem: str = ""
    text: str = ""


class Project(Struct, frozen=True, kw_only=True):
    """Everything known about a project before any tool has spoken.

    Attributes:
        layout: The quick part.
        modules: One per Python file, sorted by path.
        dependencies: Declared requirements, in file order.
        lock: The lock file, if there is one.
        automation: CI and hooks.
        facts: Facts by id.
        texts: Content of configuration and automation files by path (known names only).
        unread: Files of that kind that exist and could not be read, with the reason.
        pins: Where a distribution is pinned, by normalised name; the detail is the version.
        selected: Codes and prefixes of the rules that the linter's configuration selects by name.
        declarations: Operations that the project declares to be critical or expensive, with the
            places of their definitions; every kind has a key.
        secret_texts: Content of tracked settings files in which a secret could rest, by path:
            for judging only, never for a report.
    """

    layout: Layout
    modules: tuple[Module, ...]
    dependencies: tuple[Dependency, ...]
    lock: Lock | None
    automation: Automation
    facts: Mapping[str, Fact]
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    unread: Mapping[str, str] = field(default_factory=dict[str, str])
    pins: Mapping[str, Evidence] = field(default_factory=dict[str, Evidence])
    selected: tuple[str, ...] = ()
    declarations: Mapping[OperationKind, tuple[Declaration, ...]] = field(
        default_factory=lambda: dict.fromkeys(OperationKind, ())
    )
    secret_texts: Mapping[str, str] = field(default_factory=dict[str, str])

    def __repr__(self) -> str:
        """Return where it is, and nothing of what its files say."""
        return f"Project({self.layout.root!r})"
