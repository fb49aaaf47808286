"""Facts about coverage: whether it is measured, and whether too little of it fails a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from doctrine.documents import line_of, table
from doctrine.gates import option_values
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation, Command, Fact, Layout
from doctrine.model.replacing import replace
from doctrine.project.facts.coverage_limit import Limit, configured_limit, number_in
from doctrine.project.facts.outcomes import settled, unsettled
from doctrine.project.settings_text import addopts, ini_setting

_ENOUGH = 80.0
_PYTEST = frozenset({"pytest", "py.test"})
_REPORTS = frozenset({"html", "json", "lcov", "report", "xml"})
"""Subcommands of coverage that know the total."""
_RUN_SECTIONS = (
    (".coveragerc", "run"),
    ("setup.cfg", "coverage:run"),
    ("tox.ini", "coverage:run"),
)


def coverage_facts(
    layout: Layout, automation: Automation, texts: Mapping[str, str]
) -> Iterator[Fact]:
    """Yield the facts about coverage.

    A gate counts where CI or a hook runs it in a way that can fail.

    Args:
        layout: The project's configuration.
        automation: What CI and hooks run.
        texts: Content of configuration files by path.
    """
    configured = tuple(_configured(layout, automation, texts))
    yield _decided("coverage-configured", configured, "neither configuration nor --cov", automation)
    always = tuple(_always_measured(layout, texts))
    yield settled("coverage-by-default", always, "pytest's addopts do not ask for coverage")
    gates = tuple(_gates(layout, automation, texts))
    enough = tuple(gate.place for gate in gates if gate.percent >= _ENOUGH)
    low = tuple(gate.place for gate in gates if 0 < gate.percent < _ENOUGH)
    yield _decided("coverage-gate", enough, "no gate of 80 % that can fail a build", automation)
    yield _decided(
        "coverage-low-gate", () if enough else low, "no gate below 80 % decides", automation
    )


def _configured(
    layout: Layout, automation: Automation, texts: Mapping[str, str]
) -> Iterator[Evidence]:
    pyproject = layout.pyproject
    if pyproject is not None and table(pyproject.data, "tool", "coverage"):
        line = line_of(pyproject, ("tool", "coverage"))
        yield Evidence(path=pyproject.path, line=line, detail="tool.coverage")
    for key in ("source", "source_pkgs", "branch"):
        yield from (setting.place for setting in ini_setting(texts, _RUN_SECTIONS, key))
    yield from _always_measured(layout, texts)
    yield from (one.place for one in automation.commands if _runs_coverage(one.argv, ()))


def _always_measured(layout: Layout, texts: Mapping[str, str]) -> Iterator[Evidence]:
    """Yield the place that makes every run of pytest measure coverage."""
    options, place = addopts(layout.pyproject, texts)
    if place is not None and _measures(options):
        yield place


def _gates(layout: Layout, automation: Automation, texts: Mapping[str, str]) -> Iterator[Limit]:
    options, place = addopts(layout.pyproject, texts)
    always = _number(options, "--cov-fail-under")
    for command in automation.commands:
        if not _fails_a_change(command) or not _adds_up(command.argv, options):
            continue
        own = _number(command.argv, "--cov-fail-under", "--fail-under")
        if own is not None:
            detail = f"`{command.argv[0]}` fails the build below {own:g} %"
            yield Limit(percent=own, place=replace(command.place, detail=detail))
        elif always is not None and _is_pytest(command) and place is not None:
            yield Limit(percent=always, place=place)
        elif limit := configured_limit(layout, texts, _named(command.argv, options)):
            yield limit


def _fails_a_change(command: Command) -> bool:
    """Return whether it is certain that a command runs for each change, and that its failure counts."""
    return command.can_fail and not command.late and not command.perhaps


def _is_pytest(command: Command) -> bool:
    return command.argv[0] in _PYTEST


def _runs_coverage(argv: tuple[str, ...], options: Sequence[str]) -> bool:
    """Return whether a command measures coverage, or reports on what was measured."""
    if argv[0] in _PYTEST:
        return _measures(argv) or (_measures(options) and "--no-cov" not in argv)
    return argv[:1] == ("coverage",) and argv[1:2] not in {(), ("erase",)}


def _adds_up(argv: tuple[str, ...], options: Sequence[str]) -> bool:
    """Return whether a command compares what is covered with a limit: measuring alone does not."""
    return _runs_coverage(argv, options) and (argv[0] != "coverage" or argv[1] in _REPORTS)


def _measures(options: Sequence[str]) -> bool:
    return "--no-cov" not in options and any(
        option == "--cov" or option.startswith("--cov=") for option in options
    )


def _number(options: Sequence[str], *names: str) -> float | None:
    """Return the number an option is given first; None where it is none, or not given."""
    value = next(option_values(tuple(options), names), None)
    return None if value is None else number_in(value)


def _named(argv: Sequence[str], options: Sequence[str]) -> str:
    """Return the file of settings that a command line names; pytest's own options come first."""
    words = (*options, *argv) if argv[0] in _PYTEST else tuple(argv)
    values = tuple(option_values(words, ("--cov-config", "--rcfile")))
    return values[-1] if values else ""


def _decided(
    name: str, found: tuple[Evidence, ...], otherwise: str, automation: Automation
) -> Fact:
    if not found and automation.unread:
        return unsettled(name, automation.unread, "not readable, and could hold it")
    return settled(name, found, otherwise)
