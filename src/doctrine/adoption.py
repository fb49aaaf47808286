"""From a project on disk to the plan that brings it to a configuration; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from doctrine.adopt.edits import PYPROJECT, Edit, Files, Left, Plan, Section
from doctrine.adopt.moving import Moved, is_old, moved
from doctrine.adopt.plan import EDITED, plan_edits
from doctrine.adopt.situation import Platform, Situation
from doctrine.checks.case import Case, case_of
from doctrine.checks.decide import decide
from doctrine.config import load_settings
from doctrine.defects import load_defects
from doctrine.documents import parse_toml
from doctrine.errors import UsageError
from doctrine.guide.chosen import load_guide
from doctrine.model.guide import Guide
from doctrine.model.project import Layout, Project
from doctrine.model.replacing import replace
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


def adoption(
    root: str,
    sections: Collection[Section],
    platform: Platform | None,
    *,
    clauses: frozenset[str] | None = None,
) -> Plan:
    """Return what brings a project to the configuration that the guide asks.

    Args:
        root: Absolute project root.
        sections: The parts that are asked for.
        platform: Where CI is to run; None to go by what is there.
        clauses: Ids of the clauses that alone are to hold, for which no file is moved; None for
            all of them.

    Raises:
        UsageError: A file that would be edited cannot be read, or is not UTF-8.
    """
    situation, files = situation_of(root, platform), _files(root)
    if clauses is not None:
        return plan_edits(situation.narrowed(clauses), files, sections)
    if Section.MOVE not in sections:
        return plan_edits(situation, files, sections)
    first = _moved(root, situation)
    after = {edit.path: edit.after for edit in first.edits}
    if after:
        situation = situation_of(root, platform, after)
    kept = {path: content for path, content in {**files, **after}.items() if content is not None}
    return _joined(first, plan_edits(situation, kept, sections))


def _moved(root: str, situation: Situation) -> Moved:
    """Return what is moved, and what is not since it lies below the root and cannot be read.

    A list of requirements in some folder is no reason to leave the rest of the project as it is. Files
    at the root are: a tool may read one of them before ``pyproject.toml``, whatever it says.
    """
    files: dict[str, bytes] = {}
    unread: list[Left] = []
    for path in _movable(root, situation.project.layout):
        try:
            files[path] = _content(root, path)
        except UsageError as error:
            if "/" not in path:
                raise
            text = f"{error}, so it is left where it is"
            unread.append(Left(section=Section.MOVE, text=text, hint=error.hint))
    result = moved(situation, files, _reader(root))
    return replace(result, left=(*unread, *result.left))


def _reader(root: str) -> Callable[[str], str | None]:
    """Return what reads the files of a project that a script names, each of them once."""

    @cache
    def read(path: str) -> str | None:
        if not _is_plain(Path(root, path)):
            return None
        try:
            return _content(root, path).decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        except UsageError:
            return None

    return read


def situation_of(
    root: str, platform: Platform | None, planned: Mapping[str, bytes | None] | None = None
) -> Situation:
    """Return what is known of a project.

    Args:
        root: Absolute project root.
        platform: Where CI is to run; None to go by what is there.
        planned: What files are about to hold, by path; None for those that are about to go.
    """
    project, runs = _surveyed(root, planned or {})
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


def _movable(root: str, layout: Layout) -> tuple[str, ...]:
    """Name ``pyproject.toml`` and the old files, links and what git ignores left out."""
    paths = {*layout.others, *(file.path for file in layout.files)} - layout.ignored
    old = sorted(path for path in paths if is_old(path) and _is_plain(Path(root, path)))
    pyproject = [PYPROJECT] if os.path.lexists(Path(root, PYPROJECT)) else []
    return (*pyproject, *old)


def _is_plain(path: Path) -> bool:
    return path.is_file() and path.resolve() == path.parent.resolve() / path.name


def _joined(first: Moved, second: Plan) -> Plan:
    """Return what is moved and what is asked for beyond that as one plan."""
    later = {edit.path: edit for edit in second.edits}
    edits = [_both(edit, later.pop(edit.path, None)) for edit in first.edits]
    left = (*first.left, *second.left)
    return Plan(edits=(*edits, *later.values()), left=left, managed=second.managed)


def _both(first: Edit, second: Edit | None) -> Edit:
    if second is None:
        return first
    reasons = (*first.reasons, *second.reasons)
    return Edit(path=first.path, before=first.before, after=second.after, reasons=reasons)


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


def _surveyed(
    root: str, planned: Mapping[str, bytes | None]
) -> tuple[Project, tuple[ToolRun, ...]]:
    texts = {
        path: None if content is None else content.decode("utf-8")
        for path, content in planned.items()
    }
    written = texts.get(PYPROJECT)
    pyproject = read_pyproject(root) if written is None else parse_toml(PYPROJECT, written)
    settings = load_settings(root, pyproject, {})
    layout = discover(settings, pyproject, capture)
    surveyed = survey(_as_planned(layout, texts) if texts else layout, settings)
    return surveyed.project, surveyed.inspect_project()


def _as_planned(layout: Layout, texts: Mapping[str, str | None]) -> Layout:
    """Return a project's files as they will be."""
    gone = {path for path, text in texts.items() if text is None}
    python = {file.path for file in layout.files}
    early = {path: texts.get(path, text) for path, text in layout.texts.items()}
    return replace(
        layout,
        files=tuple(file for file in layout.files if file.path not in gone),
        others=tuple(sorted({*layout.others, *(texts.keys() - python)} - gone)),
        texts={path: text for path, text in early.items() if text is not None},
        planned=texts,
    )


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
