"""Lines 1-based; columns 1-based in characters, ends exclusive; paths absolute.

What the three adapters of ruff share: how it is started so that nothing is written, the shape of
its JSON, and its log. The log (``--verbose``) is the proof of what was read: ``--show-files``
claims files that ``lint.exclude`` keeps away, and a file that cannot be decoded is no finding
unless ``E902`` is selected, only a line of the log.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import tomli_w
from msgspec import Struct, field

from doctrine.documents import table
from doctrine.model.inputs import Inputs
from doctrine.model.observation import Applicability, Edit, Finding, Fix, Location
from doctrine.model.process import Completed
from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.tool import Request, UnreadableError
from doctrine.tools._commands import commands_of
from doctrine.tools._decode import argument, decode_json, decode_log, relative_path
from doctrine.tools._inputs import narrowed, noted, reported_on

ENVIRONMENT: Mapping[str, str] = {"NO_COLOR": "1", "XDG_CONFIG_HOME": "{scratch}"}
"""No colours in the log, and no configuration of whoever happens to run doctrine."""
READ_ONLY = ("--no-fix", "--no-fix-only", "--no-unsafe-fixes", "--no-show-fixes", "--no-cache")
"""A project may set ``fix = true``; a check must not write all the same."""
CONFIG = "ruff.toml"
SYNTAX = "invalid-syntax"

_OLDEST, _NEWEST = 7, 14
_APPLICABILITY = {"safe": Applicability.SAFE, "unsafe": Applicability.UNSAFE}
_RECORD = re.compile(r"^(?=\[\d{4}-\d\d-\d\d\]\[|warning: |error: )", re.MULTILINE)
_SEEN = re.compile(
    r"\[(?:ruff::diagnostics|ruff::commands::format)\]\[DEBUG\] (?:Checking: |format_path; path=)"
)
_COUNTED = re.compile(
    r"\[(?:ruff::commands::check|ruff::commands::format)\]\[DEBUG\] "
    r"(?:Checked|Formatted) (?P<count>\d+) files in"
)
_NOTHING = "warning: No Python files found"
_FAILED = re.compile(
    r"(?:warning|error): Failed to (?:lint|parse|read|format) (?P<path>.+?)"
    r"(?::(?P<line>\d+):\d+)?: (?P<why>.*)",
    re.DOTALL,
)
_GATED = re.compile(r"on Python 3\.\d+ \(syntax (?:was|has been) ")
_NAMED = re.compile(r"`([A-Za-z_][\w.]*)`")
_NAMING = ("F401", "F811", "F821", "F841", "ARG")
_PASSED_ON = frozenset(
    {
        "--select", "--ignore", "--extend-select", "--extend-ignore", "--per-file-ignores",
        "--extend-per-file-ignores", "--line-length", "--target-version", "--config", "--preview",
        "--exclude", "--extend-exclude",
    }
)  # fmt: skip
"""Options of the command in CI that change what is found, and write nothing."""

_LIST = "files.txt"
_MANY = 100
"""Files that are named one by one: a command line of Windows takes 32,767 characters."""

UNION = "UP007"

_CONFIGURATIONS = ("pyproject.toml", "ruff.toml", ".ruff.toml", ".gitignore", ".ignore")
_OUTER = (
    ".git/info/exclude", "~/.gitconfig", "~/.config/git/config", "~/.config/git/ignore",
    "/etc/gitconfig",
)  # fmt: skip
"""What else git ignores, and ruff with it."""
_REFERENCES = (
    r"""(?m)^[ \t]*extend[ \t]*=[ \t]*["']([^"'\n]+)["']""",
    r"""(?mi)^[ \t]*excludesfile[ \t]*=[ \t]*"?([^"\n]+?)"?[ \t]*$""",
)
"""Another configuration that one builds on, and a list of ignored files."""
_LINTED = (".ipynb", ".toml")
"""What ruff looks at beside Python files."""
_CHOOSING = frozenset({"extension", "include", "extend-include"})
"""Options that let ruff look at files of any name."""


class Place(Struct):
    """A position in a file, or in a cell of a notebook."""

    row: int
    column: int


class Change(Struct):
    """A piece of text that a fix puts in, and what it takes the place of."""

    content: str | None = None
    location: Place | None = None
    end_location: Place | None = None


class Repair(Struct):
    """A fix that ruff offers."""

    applicability: str
    message: str | None = None
    edits: list[Change] = []


class Diagnostic(Struct):
    """One entry of ruff's JSON; older versions have no ``name``, a few rules have no code."""

    code: str | None
    filename: str
    message: str
    location: Place | None
    end_location: Place | None
    fix: Repair | None = None
    name: str | None = None
    cell: int | None = None

    @property
    def rule(self) -> str:
        """The rule's code, or its name where it has no code."""
        return self.code or self.name or SYNTAX

    @property
    def version_gated(self) -> bool:
        """Whether it is about syntax newer than the target: such a file was read completely."""
        return self.rule == SYNTAX and _GATED.search(self.message) is not None


class Log(Struct, frozen=True, kw_only=True):
    """What ruff's log proves.

    Attributes:
        opened: How many files it says it opens.
        counted: How many files it says at its end that it was done with; None where the end is
            missing.
        seen: Root-relative paths it opened.
        failed: Why it gave up on a file, by root-relative path.
        lines: Every record, for what only one adapter looks for.
    """

    opened: int
    counted: int | None
    seen: frozenset[str]
    failed: Mapping[str, str] = field(default_factory=dict[str, str])
    lines: tuple[str, ...] = ()


def read_log(stderr: bytes, root: str) -> Log:
    """Return what the log says; a record may span lines, because a file name may.

    Raises:
        UnreadableError: It is damaged.
    """
    said = decode_log(stderr, what="its log")
    records = tuple(record.removesuffix("\n") for record in _RECORD.split(said) if record)
    counts = [int(found["count"]) for found in map(_COUNTED.search, records) if found]
    if any(record.startswith(_NOTHING) for record in records):
        counts.append(0)
    return Log(
        opened=sum(_SEEN.search(record) is not None for record in records),
        counted=counts[-1] if counts else None,
        seen=frozenset(_seen(records, root)),
        failed=dict(_failed(records, root)),
        lines=records,
    )


def _seen(records: tuple[str, ...], root: str) -> Iterator[str]:
    for record in records:
        found = _SEEN.search(record)
        path = relative_path(record[found.end() :], root) if found else None
        if path is not None:
            yield path


def _failed(records: tuple[str, ...], root: str) -> Iterator[tuple[str, str]]:
    for record in records:
        found = _FAILED.match(record)
        path = relative_path(found["path"], root) if found else None
        if found and path is not None:
            yield path, found["why"]


def require_end(log: Log, unread: Collection[str]) -> None:
    """Raise unless the log has an end, and names as many files as that counts.

    Args:
        log: What it says.
        unread: Files that it could not read; it counts those that it could not even open.

    Raises:
        UnreadableError: Some of it is lost, and nobody knows which files that were.
    """
    if log.counted is None:
        message = "its log breaks off before the end"
        raise UnreadableError(message)
    unopened = {*unread, *log.failed} - log.seen
    if log.counted > log.opened + len(unopened):
        message = f"its log names {log.opened} files and counts {log.counted}"
        raise UnreadableError(message)


def decode_diagnostics(completed: Completed) -> list[Diagnostic]:
    """Return ruff's JSON.

    Raises:
        UnreadableError: It is not ruff's JSON.
    """
    return decode_json(completed.stdout, list[Diagnostic], what="its JSON")


def path_of(diagnostic: Diagnostic, request: Request) -> str | None:
    """Return the root-relative path of a diagnostic, None outside of the root."""
    return relative_path(diagnostic.filename, request.layout.root)


def located(diagnostic: Diagnostic, path: str) -> Location:
    """Return where a diagnostic is; an unreadable file has no position in newer versions."""
    start = diagnostic.location or Place(row=1, column=1)
    end = diagnostic.end_location or start
    line, column = max(start.row, 1), max(start.column, 1)
    return Location(
        path=path,
        line=line,
        column=column,
        end_line=max(end.row, line),
        end_column=max(end.column, 1),
    )


def finding_of(diagnostic: Diagnostic, path: str, *, tool: str, mending: bool = False) -> Finding:
    """Return a diagnostic as a finding, with the identifier it names where that merges reports.

    Args:
        diagnostic: What ruff says.
        path: Root-relative path of its file.
        tool: The adapter's name.
        mending: Whether the edits of its fix are wanted.
    """
    message = diagnostic.message.removeprefix("SyntaxError: ")
    if diagnostic.cell is not None:
        message = f"cell {diagnostic.cell}: {message}"
    return Finding(
        tool=tool,
        rule=diagnostic.rule,
        message=message,
        location=located(diagnostic, path),
        fix=_fix(diagnostic, mending=mending),
        symbol=_symbol(diagnostic),
    )


def _fix(diagnostic: Diagnostic, *, mending: bool) -> Fix | None:
    if diagnostic.fix is None:
        return None
    return Fix(
        applicability=_APPLICABILITY.get(diagnostic.fix.applicability, Applicability.MANUAL),
        description=diagnostic.fix.message or "ruff check --fix",
        edits=edits_of(diagnostic) if mending else (),
    )


def edits_of(diagnostic: Diagnostic) -> tuple[Edit, ...]:
    """Return what ruff's fix changes; nothing for a cell of a notebook, whose lines are its own."""
    if diagnostic.fix is None or diagnostic.cell is not None:
        return ()
    return tuple(map(_edit, diagnostic.fix.edits))


def _edit(change: Change) -> Edit:
    start, end = change.location, change.end_location
    if start is None or end is None:
        message = "a fix has no place"
        raise UnreadableError(message)
    return Edit(
        line=start.row,
        column=start.column,
        end_line=end.row,
        end_column=end.column,
        content=change.content or "",
    )


def _symbol(diagnostic: Diagnostic) -> str:
    if diagnostic.rule == UNION:
        return _replacement(diagnostic)
    if not diagnostic.rule.startswith(_NAMING):
        return ""
    named = _NAMED.search(diagnostic.message)
    return named[1].rpartition(".")[2] if named else ""


def _replacement(diagnostic: Diagnostic) -> str:
    """Return what a fix writes instead: it alone tells an optional type from any other union."""
    edits = diagnostic.fix.edits if diagnostic.fix else []
    return " ".join(edit.content or "" for edit in edits)


def require_reason(completed: Completed, findings: int, log: Log) -> None:
    """Raise when ruff says by its exit code that it found something, and shows nothing.

    Raises:
        UnreadableError: The output does not fit the exit code.
    """
    if completed.exit_code == 1 and not findings and not log.failed:
        message = "it exited with 1, but its output holds no finding"
        raise UnreadableError(message)


def is_configured(layout: Layout) -> bool:
    """Return whether the project configures ruff anywhere.

    A ``pyproject.toml`` below the root counts although its content is not known here: a
    configuration given on the command line would take the place of that of a workspace's member.
    """
    tool = layout.pyproject.data.get("tool") if layout.pyproject else None
    if isinstance(tool, Mapping) and "ruff" in tool:
        return True
    return any(_is_configuration(path) for path in layout.others)


def _is_configuration(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if name in {"ruff.toml", ".ruff.toml"}:
        return True
    member = bool(folder) and name == "pyproject.toml"
    return member and not {"tests", "test", "docs", "examples"} & set(folder.split("/"))


def target_version(layout: Layout) -> str:
    """Return the floor as ruff spells it, within what ruff knows; empty when nothing says."""
    floor = layout.target.floor
    return f"py3{min(max(floor[1], _OLDEST), _NEWEST)}" if floor else ""


def default_configuration(request: Request) -> bytes:
    """Return the guide's configuration for a project that has none, as TOML."""
    table = dict(request.defaults)
    version = target_version(request.layout)
    if version:
        table.setdefault("target-version", version)
    return tomli_w.dumps(table).encode()


def configuration(request: Request, task: str) -> tuple[tuple[str, ...], Mapping[str, bytes]]:
    """Return the options and files that bring the configuration which the project has nowhere.

    A project whose CI or hooks run ruff without configuration has chosen ruff's defaults, and
    what is on that command line; where nothing runs it, the guide's configuration shows how far
    there is to go.

    Args:
        request: With the project's commands, unless it configures ruff.
        task: ``check`` or ``format``.
    """
    if is_configured(request.layout) or not request.defaults:
        return (), {}
    for command in commands_of(request.automation, "ruff"):
        if command[:1] == (task,):
            return tuple(_passed_on(command[1:])), {}
    return ("--config", f"{{scratch}}/{CONFIG}"), {CONFIG: default_configuration(request)}


LED_OUT = (
    "ruff would read the configuration that a command of the project names, which may lie anywhere: "
    "check without --untrusted, if you would also run the project's code"
)


def is_led_out(request: Request, task: str) -> bool:
    """Return whether a project that is not believed names a configuration on its command line.

    It may lie anywhere, and extend any other file: what ruff says of one quotes it.

    Args:
        request: With the project's commands.
        task: ``check`` or ``format``.
    """
    if request.settings.trust.believed:
        return False
    options, own = configuration(request, task)
    return not own and any(word.partition("=")[0] == "--config" for word in options)


def is_open(layout: Layout) -> bool:
    """Return whether only the project's commands tell how it uses ruff."""
    return not is_configured(layout)


def _passed_on(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the options of a command of the project that change what ruff finds."""
    rest = iter(words)
    for word in rest:
        name, equals, _ = word.partition("=")
        if name not in _PASSED_ON:
            continue
        value = "" if equals or name == "--preview" else next(rest, "")
        # An expression that only CI can fill in would be taken for a rule, and stop ruff; and what
        # begins with @ for a file of further options.
        if "$" not in word + value and not value.startswith("@"):
            yield word
            yield from (value,) if value else ()


def places(request: Request) -> tuple[tuple[str, ...], Mapping[str, bytes]]:
    """Return what the user asked to judge, as arguments from the root, and the file of a long list."""
    chosen = (relative_path(path, request.layout.root) for path in request.settings.paths)
    paths = [path for path in chosen if path not in {None, "."} and path]
    if len(paths) <= _MANY:
        return tuple(map(argument, paths)) or (".",), {}
    return listed(paths)


def listed(paths: Iterable[str]) -> tuple[tuple[str, ...], Mapping[str, bytes]]:
    """Return arguments for any number of files, which no command line has room for.

    Args:
        paths: Relative to the root.

    Returns:
        A file with a path a line, what such a file cannot hold (line breaks, broken encodings)
        spelled out, and the file's content by its name in the private folder.
    """
    lines: list[str] = []
    spelled: list[str] = []
    for path in paths:
        (lines if path.isprintable() else spelled).append(argument(path))
    content = "".join(f"{path}\n" for path in lines).encode()
    return (f"@{{scratch}}/{_LIST}", *spelled), {_LIST: content}


def python_paths(layout: Layout) -> frozenset[str]:
    """Return the Python files of the project."""
    return frozenset(file.path for file in layout.files)


def inputs(request: Request) -> Inputs:
    """Return what the project's own ruff depends on.

    Which names there are decides what is a package, and which imports are the project's own.
    """
    layout = request.layout
    linted = tuple(path for path in layout.others if path.endswith(_LINTED))
    others = layout.others if _chooses(layout) else (*reported_on(layout), *linted)
    return Inputs(
        files={**noted(layout.files), **dict.fromkeys(others, "")},
        configuration=_OUTER,
        nested=_CONFIGURATIONS,
        references=_REFERENCES,
        facts={"names": [[file.path for file in layout.files], layout.others, layout.linked]},
    )


def _chooses(layout: Layout) -> bool:
    """Return whether a configuration may name files that do not look like Python."""
    configured = table(layout.pyproject.data if layout.pyproject else None, "tool", "ruff")
    return bool(_CHOOSING & configured.keys()) or any(map(_is_configuration, layout.others))


def narrow(request: Request, paths: Collection[str]) -> Request:
    """Return the request to lint some files, by name."""
    fewer = narrowed(request, paths)
    chosen = tuple(sorted(paths))
    return replace(fewer, settings=replace(fewer.settings, paths=chosen))
