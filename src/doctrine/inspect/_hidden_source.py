"""Settings of linters and scanners that keep the project's source out of their sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from doctrine.documents import strings
from doctrine.expressions import ENDLESS, EndlessError
from doctrine.gates import option_value
from doctrine.inspect._hidden_files import (
    Hidden,
    Matches,
    by_expression,
    by_folder_or_file,
    by_gitignore,
    by_vulture,
    hidden,
)
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._ruff_files import Governed, RuffFile, governed
from doctrine.inspect._sightings import Reporter, Sighting, Spot, undecided
from doctrine.inspect._tool_settings import setting, words_of
from doctrine.model.observation import Severity
from doctrine.model.project import Command, Project

RUFF, FORMAT, MYPY = "ruff-hides", "ruff-format-hides", "mypy-hides"
VULTURE, SEMGREP = "vulture-hides", "semgrep-hides"
_SEMGREP_IGNORE = ".semgrepignore"
_SETTINGS = (
    (RUFF, "ruff", "exclude", by_folder_or_file),
    (RUFF, "ruff", "extend-exclude", by_folder_or_file),
    (RUFF, "ruff", "lint.exclude", by_folder_or_file),
    (FORMAT, "ruff", "format.exclude", by_folder_or_file),
    (MYPY, "mypy", "exclude", by_expression),
    (VULTURE, "vulture", "exclude", by_vulture),
)
_OPTIONS = (
    (RUFF, "ruff", ("--exclude", "--extend-exclude"), by_folder_or_file),
    (MYPY, "mypy", ("--exclude",), by_expression),
    (VULTURE, "vulture", ("--exclude",), by_vulture),
    (SEMGREP, "semgrep", ("--exclude",), by_gitignore),
)


def source_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what keeps source files from a tool."""
    for rule, tool, key, reads in _SETTINGS:
        found = setting(project, tool, key)
        if isinstance(found, Unknown):
            yield from undecided((rule,), f"{tool}'s configuration: {found.reason}")
        elif found is not None:
            spot = Spot(path=found.place.path, line=found.place.line)
            items = _expressions(found.value) if tool == "mypy" else words_of(found.value)
            yield from _sighted(project, report, rule, spot, f"`{key}` of {tool}", reads, items)
    yield from _below_the_root(project, report)
    yield from _unformatted(project, report)
    yield from _names(project, report)
    yield from _semgrep(project, report)
    for command in project.automation.commands:
        yield from _options(project, report, command)


def _below_the_root(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what configuration of ruff's in a folder, or that is extended, keeps out of its sight."""
    read = ""
    for one in governed(project):
        if isinstance(one.chain, Unknown):
            yield from undecided((RUFF, FORMAT), one.chain.reason)
            continue
        if not one.folder and one.chain:
            read = one.chain[0].file.path
        for rule, key, config in _ruff_keys(one.chain, read):
            *above, last = key.split(".")
            patterns = strings(config.table(*above).get(last))
            lost = hidden(project.layout, _inside(one, by_folder_or_file(patterns)))
            yield from _told(report, rule, config.spot(*above, last), f"`{key}` of ruff", lost)


def _ruff_keys(chain: Iterable[RuffFile], read: str) -> Iterator[tuple[str, str, RuffFile]]:
    """Yield the settings of a chain, but for those that another file of it has in their place.

    Args:
        chain: The file that wins, and those that it extends.
        read: The one whose settings were looked at before.
    """
    taken: set[str] = set()
    for config in chain:
        for rule, tool, key, _ in _SETTINGS:
            *above, last = key.split(".")
            if tool != "ruff" or key in taken or last not in config.table(*above):
                continue
            if not last.startswith("extend-"):
                taken.add(key)
            if config.file.path != read:
                yield rule, key, config


def _inside(one: Governed, matches: Matches) -> Matches:
    """Match the files of a folder as patterns do that are relative to it."""
    paths = one.whole(one.paths)
    start = len(one.folder) + 1 if one.folder else 0
    return lambda path: path in paths and matches(path[start:])


def _expressions(value: object) -> tuple[str, ...]:
    return (value.strip(),) if isinstance(value, str) else words_of(value)


def _sighted(  # noqa: PLR0917 - a row of the tables above, and where it stands
    project: Project,
    report: Reporter,
    rule: str,
    spot: Spot,
    what: str,
    reads: Callable[[Iterable[str]], Matches],
    items: Iterable[str],
) -> Iterator[Sighting]:
    try:
        lost = hidden(project.layout, reads(items))
    except EndlessError:
        yield from undecided((rule,), f"{spot.path}:{spot.line}: {what} has {ENDLESS}")
        return
    yield from _told(report, rule, spot, what, lost)


def _told(
    report: Reporter, rule: str, spot: Spot, what: str, lost: Hidden | None
) -> Iterator[Sighting]:
    if lost is not None:
        message = f"{what} keeps {lost.text} out of its sight: let it read what is shipped"
        yield report.finding(rule, spot, message, lost.severity, symbol=what)


def _unformatted(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield a finding where comments keep the formatter from whole files."""
    lines = {
        module.path: dict(module.feature_lines)["format-off"]
        for module in project.modules
        if "format-off" in module.features
    }
    lost = hidden(project.layout, lines.__contains__)
    if lost is not None:
        spot = Spot(path=lost.paths[0], line=lines[lost.paths[0]])
        yield from _told(report, FORMAT, spot, "`# fmt: off`", lost)


def _names(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield a finding when vulture ignores every name."""
    for key in ("ignore_names", "ignore_decorators"):
        found = setting(project, "vulture", key)
        if found is None or isinstance(found, Unknown) or "*" not in words_of(found.value):
            continue
        spot = Spot(path=found.place.path, line=found.place.line)
        message = f"`{key}` of vulture holds `*`, so that nothing is dead to it: name what is used"
        severity = Severity.ERROR if key == "ignore_names" else Severity.INFO
        yield report.finding(VULTURE, spot, message, severity, symbol=key)


def _semgrep(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield the lines of ``.semgrepignore`` that match source."""
    if _SEMGREP_IGNORE in project.unread:
        reason = f"{_SEMGREP_IGNORE}: {project.unread[_SEMGREP_IGNORE]}"
        yield from undecided((SEMGREP,), reason)
    lines = project.texts.get(_SEMGREP_IGNORE, "").splitlines()
    for number, line in enumerate(lines, start=1):
        pattern = line.strip()
        if pattern and pattern[0] not in "#!:":
            spot = Spot(path=_SEMGREP_IGNORE, line=number)
            told = f"`{pattern}`"
            yield from _sighted(project, report, SEMGREP, spot, told, by_gitignore, (pattern,))


def _options(project: Project, report: Reporter, command: Command) -> Iterator[Sighting]:
    if not command.can_fail or not command.argv:
        return
    for rule, program, names, reads in _OPTIONS:
        if command.argv[0] != program:
            continue
        value = option_value(command.argv, names)
        if not value:
            continue
        spot = Spot(path=command.place.path, line=command.place.line)
        wrong_rule = program == "ruff" and "format" in command.argv[:2]
        told = FORMAT if wrong_rule else rule
        items = value.split(",")
        yield from _sighted(project, report, told, spot, f"`{names[0]}`", reads, items)
