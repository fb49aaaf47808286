"""From a project on disk to the plan that brings it to a configuration; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from doctrine.adopt.edits import Files, Plan, Section
from doctrine.adopt.plan import EDITED, plan_edits
from doctrine.adopt.situation import Platform, Situation
from doctrine.app import load_guide
from doctrine.checks.case import Case, case_of
from doctrine.checks.decide import decide
from doctrine.config import load_settings
from doctrine.defects import load_defects
from doctrine.errors import UsageError
from doctrine.model.guide import Guide
from doctrine.model.project import Project
from doctrine.model.run import ToolRun
from doctrine.model.verdict import Outcome
from doctrine.normalise import Context, normalise
from doctrine.project.layout import discover
from doctrine.project.pyproject import read_pyproject
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.runner import capture
from doctrine.survey import line_reader, survey

_LARGEST = 8 * 1024 * 1024
_OUTSIDE = "outside-pyproject"


def adoption(root: str, sections: Collection[Section], platform: Platform | None) -> Plan:
    """Return what brings a project to the configuration that the guide asks.

    Args:
        root: Absolute project root.
        sections: The parts that are asked for.
        platform: Where CI is to run; None to go by what is there.

    Raises:
        UsageError: A file that would be edited cannot be read, or is not UTF-8.
    """
    return plan_edits(situation_of(root, platform), _files(root), sections)


def situation_of(root: str, platform: Platform | None) -> Situation:
    """Return what is known of a project.

    Args:
        root: Absolute project root.
        platform: Where CI is to run; None to go by what is there.
    """
    project, runs = _surveyed(root)
    return Situation(
        project=project,
        lacking=_lacking(load_guide(), project, runs),
        shadows=_shadows(runs),
        platform=platform or _platform(root),
        branches=_branches(root),
        versioned=project.layout.tracked is not None or os.path.lexists(Path(root, ".git")),
    )


def _files(root: str) -> Files:
    return {path: _content(root, path) for path in EDITED if os.path.lexists(Path(root, path))}


def _content(root: str, path: str) -> bytes:
    try:
        content = read_regular(str(Path(root, path)), _LARGEST)
        content.decode("utf-8")
    except CannotReadError as error:
        hint = "see to it that it can be read, or remove it"
        raise UsageError(f"{path} cannot be read: {error}", hint=hint) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8", hint="save the file as UTF-8") from error
    return content


def _surveyed(root: str) -> tuple[Project, tuple[ToolRun, ...]]:
    pyproject = read_pyproject(root)
    settings = load_settings(root, pyproject, {})
    surveyed = survey(discover(settings, pyproject, capture), settings)
    return surveyed.project, surveyed.inspect_project()


def _lacking(guide: Guide, project: Project, runs: tuple[ToolRun, ...]) -> frozenset[str]:
    """Return the checks that do not hold, whether their clause applies or not.

    A clause may apply only because of what is about to be written: pytest's, once pytest is used.
    """
    case = _case(guide, project, runs)
    return frozenset(
        f"{clause.id}.{check.id}"
        for clause in guide.clauses
        for check in clause.checks
        if decide(check, case).outcome is not Outcome.PASS
    )


def _case(guide: Guide, project: Project, runs: tuple[ToolRun, ...]) -> Case:
    context = Context(
        guide=guide,
        modules={module.path: module for module in project.modules},
        defects=load_defects(),
        lines=line_reader(project.layout),
        audit=False,
    )
    reported = ((run, finding) for run in runs for finding in run.reading.findings)
    return case_of(project, runs, normalise(reported, context))


def _shadows(runs: tuple[ToolRun, ...]) -> dict[str, str]:
    """Return the files that tools read in place of ``pyproject.toml``, by tool."""
    found: dict[str, str] = {}
    for run in runs:
        for finding in run.reading.findings:
            if finding.rule == _OUTSIDE and "/" not in finding.location.path:
                found.setdefault(finding.symbol, finding.location.path)
    return found


def _platform(root: str) -> Platform:
    """Return where a project's CI runs: by its files, else by its remote, else on GitHub."""
    if Path(root, ".gitlab-ci.yml").is_file():
        return Platform.GITLAB
    if Path(root, ".github").is_dir():
        return Platform.GITHUB
    return Platform.GITLAB if any("gitlab" in one for one in _remotes(root)) else Platform.GITHUB


def _branches(root: str) -> tuple[str, ...]:
    """Return the name of the main branch, or those that it most likely has."""
    code, said = capture(("git", "symbolic-ref", "--short", "refs/remotes/origin/HEAD"), root)
    name = said.decode("utf-8", "replace").strip().removeprefix("origin/")
    return (name,) if code == 0 and name else ("main", "master")


def _remotes(root: str) -> Iterator[str]:
    """Yield the addresses of a repository's remotes."""
    code, said = capture(("git", "config", "--get-regexp", r"^remote\..*\.url$"), root)
    if code == 0:
        yield from said.decode("utf-8", "replace").lower().splitlines()
