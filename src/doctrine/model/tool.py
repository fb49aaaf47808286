"""The shape of a tool adapter: data and two pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct, field

from doctrine.model.inputs import Inputs
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Automation, Layout, Lock, Module
from doctrine.model.run import Covers, Origin, Reading
from doctrine.model.settings import Settings


class UnreadableError(Exception):
    """The tool's output is not what it is known to print; the run counts as ``unreadable``."""


class CrashedError(Exception):
    """The tool said by its exit code or its words that it did not finish."""


class Located(Struct, frozen=True, kw_only=True):
    """Where a tool was found.

    Attributes:
        command: How to start it: ``("/env/bin/ruff",)`` or ``("/env/bin/python", "-m", "mypy")``.
        python: Absolute path of the interpreter of the environment it lives in.
        version: Its version from the distribution's metadata; empty if unknown.
        origin: Whose it is.
    """

    command: tuple[str, ...]
    python: str
    version: str
    origin: Origin


class Request(Struct, frozen=True, kw_only=True):
    """Everything an adapter may know.

    Attributes:
        layout: The project's files, configuration, target and environment.
        located: Where the tool is.
        settings: What the user asked for.
        modules: One per Python file; empty for a tool that starts before the sources are parsed.
        automation: CI and hooks; empty for a tool that starts before they are read.
        lock: The lock file; None for a tool that starts before it is read, too.
        rules: Rule patterns that the guide's clauses ask of this tool.
        defaults: Configuration the guide shows for this tool, used where the project has none.
        drivers: Absolute folder of doctrine's own driver scripts.
        pythons: Other interpreters at hand, newest first, as ``((3, 14), "/usr/bin/python3.14")``.
    """

    layout: Layout
    located: Located
    settings: Settings
    modules: tuple[Module, ...] = ()
    automation: Automation = field(default_factory=Automation)
    lock: Lock | None = None
    rules: tuple[str, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict[str, object])
    drivers: str = ""
    pythons: tuple[tuple[tuple[int, int], str], ...] = ()


class Skip(Struct, frozen=True, kw_only=True):
    """Why a tool does not run; the reason says what would let it."""

    reason: str


def _never(layout: Layout) -> bool:
    del layout
    return False


def _unknown(request: Request) -> Inputs | None:
    del request
    return None


class Tool(Struct, frozen=True, kw_only=True):
    """A tool adapter.

    Attributes:
        name: Name in reports and in clause checks.
        distribution: Distribution whose metadata gives the version.
        program: Console script, or module with ``-m`` semantics when ``as_module``.
        prepare: Invocations for a request (the first is the main one), or why there are none.
        read: What the completed invocations say, in the order of ``prepare``. Called only when
            every one of them exited by itself. Raises ``UnreadableError`` or ``CrashedError``.
        cost: Rough seconds on 100,000 lines, alone; the longest is started first.
        after_parse: True when it must wait until the sources have been parsed, because one
            broken file would cost it all others, or because it needs CI's commands.
        undecided: Whether a tool that could start early has to wait in this project all the same,
            because CI's commands say how it is used there.
        supported: Version specifier of project-owned copies that the adapter understands; others
            are replaced by doctrine's own copy.
        fallback: Invocations to try instead when those of ``prepare`` ran and ``read`` could not
            believe them; ``read`` understands both. None where there is no other way.
        carrying: The same invocations so that they go on from what the last run has left in their
            folder ``carry``; unchanged where they could tell something else then. ``read``
            understands both. None for a tool that begins anew each time.
        brief_again: Whether it looks into the changed files alone where it goes on, so that few of them
            take a moment.
        covers: What it must prove to have read.
        inputs: Everything that a finished run depends on; None where nobody can say it all, so that
            no run is ever reused.
        narrow: The same request about some of its files alone, for a tool that looks at each file
            by itself; None for one that needs them all.
        settled: What it would say of a narrowed request, where that is known without running it; None
            where it has to run. Asked only where an earlier run has proven that it can be used.
        own_parser: Whether it brings a parser for Python; otherwise that of the interpreter it
            runs on decides which syntax it can read.
        alone: Whether the program needs nothing of the environment it is installed in, so that any
            copy of the pinned version reports what the project's own would.
        per_file: Whether what it says of a file depends on that file and the configuration alone,
            so that it can judge a few files by themselves.
    """

    name: str
    distribution: str
    program: str
    prepare: Callable[[Request], tuple[Invocation, ...] | Skip]
    read: Callable[[Request, tuple[Completed, ...]], Reading]
    cost: float
    after_parse: bool = True
    undecided: Callable[[Layout], bool] = _never
    supported: str = ""
    fallback: Callable[[Request], tuple[Invocation, ...] | Skip] | None = None
    carrying: Callable[[Request, tuple[Invocation, ...]], tuple[Invocation, ...]] | None = None
    brief_again: bool = False
    covers: Covers = Covers.CONFIGURED
    inputs: Callable[[Request], Inputs | None] = _unknown
    narrow: Callable[[Request, Collection[str]], Request] | None = None
    settled: Callable[[Request], Reading | None] | None = None
    own_parser: bool = True
    alone: bool = False
    per_file: bool = False

    def waits(self, layout: Layout) -> bool:
        """Return whether it starts only once the project's sources and commands are read."""
        return self.after_parse or self.undecided(layout)
