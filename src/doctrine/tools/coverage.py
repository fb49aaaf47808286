"""Percentages from 0 to 100, unrounded; paths relative to the folder that was measured in.

Coverage is taken from the data of the project's own last run while that is newer than every
Python file; with ``--tests`` it is measured anew in a copy of the tree, by the project's own
environment. A figure from a suite that fails says nothing, and neither does one of no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from sys import platform

import msgspec

from doctrine.documents import strings, table
from doctrine.model.inputs import Inputs
from doctrine.model.observation import PROJECT_PATH, Location, Measurement
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Environment, Layout, Role
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.model.tool import CrashedError, Request, Skip, Tool, UnreadableError
from doctrine.tools._commands import commands_of, existing, positionals, source_targets
from doctrine.tools._decode import decode_json, decode_text, excerpt, relative_path, require_exit
from doctrine.tools._inputs import noted

_NAME = "coverage"
METRIC = "coverage-percent"
_REPORT = "coverage.json"
_FINISHED = frozenset({0})
_SUITE = "tests"
_FAILED, _EMPTY = 1, 5
_OFF, _BRANCHES = "--no-cov", "--cov-branch"
_SELECTING = frozenset({"-m", "-k", "--ignore", "--ignore-glob", "--deselect", "--import-mode"})
_VALUED = frozenset(
    {
        "-c", "-n", "-o", "-p", "-W", "--cov", "--cov-report", "--cov-config", "--durations",
        "--junitxml", "--maxfail", "--numprocesses", "--rootdir", "--tb", "--timeout",
    }
)  # fmt: skip
_FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_COUNT = re.compile(r"^(?:=+ )?(\d+ (?:failed|errors?)\b[^=\n]*?)(?: =+)?$", re.MULTILINE)
_NAMED = 3
_MEASURE = "`uv run pytest --cov` and check again, or `doctrine check --tests`"


class Meta(msgspec.Struct):
    """How it was measured."""

    branch_coverage: bool


class Totals(msgspec.Struct):
    """The figures of the whole project."""

    percent_covered: float
    num_statements: int
    excluded_lines: int = 0


class Part(msgspec.Struct):
    """The figures of one file."""

    num_statements: int


class File(msgspec.Struct):
    """What is said of one file."""

    summary: Part


class Report(msgspec.Struct):
    """The JSON, as far as it is needed."""

    meta: Meta
    files: dict[str, File]
    totals: Totals


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the command that measures, or the one that reads what was measured."""
    if request.layout.restricted:
        return Skip(reason="coverage is that of the whole project: check it without paths")
    if request.settings.tests:
        return _run_tests(request)
    data = request.layout.coverage_data
    if data is None:
        return Skip(reason=f"the tests have not been measured: run {_MEASURE}")
    if data.stale_because:
        return Skip(reason=f"{data.stale_because}: run {_MEASURE}")
    argv = (
        *request.located.command,
        "json",
        f"--data-file={data.path}",
        "-o",
        f"{{scratch}}/{_REPORT}",
        "--fail-under=0",
    )
    return (
        Invocation(
            name="json",
            argv=argv,
            cwd=request.layout.root,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            keep=(_REPORT,),
            timeout=request.settings.timeout,
        ),
    )


def _run_tests(request: Request) -> tuple[Invocation, ...] | Skip:
    environment = request.layout.environment
    if environment is None:
        return Skip(reason="the project's environment is not installed: run `uv sync`")
    if not {"pytest", "pytest-cov"} <= environment.packages.keys():
        return Skip(reason="the project's environment lacks pytest-cov: `uv add --dev pytest-cov`")
    return (_suite(request, environment),)


def fallback(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the tests as CI selects them, for when all of them together do not pass."""
    environment = request.layout.environment
    selection = _selection(request)
    if not request.settings.tests or environment is None or not selection:
        return Skip(reason="CI does not select among the tests")
    # The copy of the tree is there already.
    return (replace(_suite(request, environment, selection), copy_tree=""),)


def _selection(request: Request) -> tuple[str, ...]:
    """Return the words of CI's first test command that say which tests run."""
    commands = commands_of(request.automation, "pytest")
    words = commands[0] if commands else ()
    chosen: list[str] = []
    for word, following in zip(words, (*words[1:], ""), strict=False):
        if word in _SELECTING:
            chosen += (word, following)
        elif word.partition("=")[0] in _SELECTING:
            chosen.append(word)
    chosen += existing(positionals(words, _SELECTING | _VALUED), request.layout)
    return () if any(mark in word for word in chosen for mark in "${") else tuple(chosen)


def _suite(
    request: Request, environment: Environment, selection: tuple[str, ...] = ()
) -> Invocation:
    """Return the run of the project's tests in a copy of its tree."""
    layout = request.layout
    argv = (
        environment.python,
        "-m",
        "pytest",
        *_options(layout),
        *_measured(layout),
        *_branches(request),
        f"--cov-report=json:{{scratch}}/{_REPORT}",
        "--cov-fail-under=0",
        *selection,
    )
    roots = (
        "{scratch}/tree" if root == "." else f"{{scratch}}/tree/{root}" for root in layout.sources
    )
    separator = ";" if platform == "win32" else ":"
    return Invocation(
        name=_SUITE,
        argv=argv,
        cwd="{scratch}/tree",
        # An editable installation leads to the judged tree; the copy has to be found first.
        env={
            "COVERAGE_FILE": "{scratch}/.coverage",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": separator.join(roots),
            # Tests call the project's own commands, as they can under `uv run`.
            "PATH": f"{environment.python.rpartition('/')[0]}{separator}{{PATH}}",
        },
        keep=(_REPORT,),
        timeout=request.settings.timeout,
        copy_tree=layout.root,
    )


def _options(layout: Layout) -> tuple[str, ...]:
    """Return what takes a switched-off measurement out of the project's own options."""
    data = layout.pyproject.data if layout.pyproject else None
    configured = table(data, "tool", "pytest", "ini_options").get("addopts")
    words = tuple(word for entry in strings(configured) for word in entry.split())
    if _OFF not in words:
        return ()
    return ("-o", f"addopts={' '.join(word for word in words if word != _OFF)}")


def _branches(request: Request) -> tuple[str, ...]:
    """Ask for branches as the guide does, unless the project has settled how to measure."""
    layout = request.layout
    data = layout.pyproject.data if layout.pyproject else None
    elsewhere = ".coveragerc" in layout.texts or "[coverage:" in layout.texts.get("setup.cfg", "")
    configured = elsewhere or table(data, "tool", "coverage")
    in_ci = any(_BRANCHES in words for words in commands_of(request.automation, "pytest"))
    return () if configured and not in_ci else (_BRANCHES,)


def _measured(layout: Layout) -> tuple[str, ...]:
    """Return what to measure: what the project says, else its sources."""
    data = layout.pyproject.data if layout.pyproject else None
    configured = table(data, "tool", "coverage", "run")
    if configured.get("source") or configured.get("source_pkgs") or ".coveragerc" in layout.texts:
        return ("--cov",)
    return tuple(f"--cov={path.removesuffix('.py')}" for path in source_targets(layout))


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the share of the project that its tests reach.

    Raises:
        CrashedError: The tests failed, or nothing was measured.
        UnreadableError: The report is not coverage's.
    """
    done = completed[0]
    if done.invocation.name == _SUITE:
        _require_suite(done)
    else:
        require_exit(done, _FINISHED, tool="coverage json")
    report = decode_json(done.kept.get(_REPORT, b""), Report, what="coverage's JSON")
    percent = report.totals.percent_covered
    if not 0 <= percent <= 100:  # noqa: PLR2004 - a percentage
        message = f"it says that {percent} % are covered"
        raise UnreadableError(message)
    if sum(one.summary.num_statements for one in report.files.values()) != (
        report.totals.num_statements
    ):
        message = "the statements of its files are not as many as those of the whole"
        raise UnreadableError(message)
    sources = frozenset(file.path for file in request.layout.files if file.role is Role.SOURCE)
    measured = _paths(report.files, request, done)
    if not report.totals.num_statements or not measured & sources:
        message = "coverage measured no statement of the project's sources"
        raise CrashedError(message)
    left_out = len(sources - measured)
    return Reading(
        measurements=(
            Measurement(
                tool=_NAME,
                metric=METRIC,
                subject="project",
                value=percent,
                location=Location(path=PROJECT_PATH),
            ),
        ),
        analysed=measured,
        excluded=left_out,
        note=_note(report, left_out, len(sources)),
    )


def _require_suite(done: Completed) -> None:
    """Raise unless the whole suite ran and passed.

    Raises:
        CrashedError: It did not.
    """
    if done.exit_code == _FAILED:
        message = f"tests failed, so the coverage of this run does not count: {_failures(done)}"
        raise CrashedError(message)
    if done.exit_code == _EMPTY:
        message = "pytest found no tests to measure"
        raise CrashedError(message)
    require_exit(done, _FINISHED, tool="pytest")


def _failures(done: Completed) -> str:
    """Return pytest's own count of what failed, and the first names."""
    said = decode_text(done.stdout)
    names = [found[1] for found in _FAILURE.finditer(said)]
    count = _COUNT.search(said)
    if not names or count is None:
        return excerpt(done)
    more = ", …" if len(names) > _NAMED else ""
    return f"{count[1]} ({', '.join(names[:_NAMED])}{more})"


def _paths(files: Iterable[str], request: Request, done: Completed) -> frozenset[str]:
    """Return which of the project's files were measured; the copy's paths are relative."""
    known = frozenset(file.path for file in request.layout.files)
    root = request.layout.root
    copied = done.invocation.name == _SUITE
    # An absolute path below the root means that an installed original was measured.
    written = (path.replace("\\", "/") for path in files)
    ours = (path for path in written if not (copied and path.startswith(root)))
    return frozenset(path for path in (relative_path(one, root) for one in ours) if path in known)


def _note(report: Report, left_out: int, total: int) -> str:
    """Say what qualifies the figure."""
    remarks: list[str] = []
    if not report.meta.branch_coverage:
        remarks.append("branches were not measured")
    if left_out:
        remarks.append(f"{left_out:,} of {total:,} source files are left out of the measurement")
    if report.totals.excluded_lines:
        remarks.append(f"{report.totals.excluded_lines:,} lines are excluded from it")
    return f"coverage: {'; '.join(remarks)}" if remarks else ""


_CONFIGURATIONS = (".coveragerc", "setup.cfg", "tox.ini", "pyproject.toml")
_PLUGGED = ("plugins", "patch")
"""Options that let code decide which no one can foresee."""


def inputs(request: Request) -> Inputs | None:
    """Return what a figure depends on that was measured before; one measured now is never reused."""
    layout = request.layout
    data = layout.coverage_data
    texts = (*layout.texts.values(), layout.pyproject.text if layout.pyproject else "")
    if (
        request.settings.tests
        or data is None
        or any(one in text for one in _PLUGGED for text in texts)
    ):
        return None
    return Inputs(
        files=noted(layout.files),
        importable=True,
        configuration=(*_CONFIGURATIONS, data.path),
        facts={"stale": data.stale_because},
    )


TOOL = Tool(
    own_parser=False,
    name=_NAME,
    distribution="coverage",
    program="coverage",
    prepare=prepare,
    read=read,
    cost=5.0,
    supported=">=6",
    fallback=fallback,
    inputs=inputs,
)
