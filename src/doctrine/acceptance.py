"""Hold a report against the baseline: what the comparison needs to know of the project."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from doctrine.baseline.keys import Keys
from doctrine.baseline.matching import Today, held_against
from doctrine.model.baseline import Accepted, Baseline
from doctrine.model.defect import RUFF, RUFF_RUNS, Defects
from doctrine.model.observation import Location
from doctrine.model.project import Layout, Module, Project
from doctrine.model.report import Report
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.normalise import Symbols
from doctrine.project.checkout import Run
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.project.renames import renames
from doctrine.syntax.decoding import UndecodableError, decode
from doctrine.syntax.spans import Spans

_MAX_SOURCE = 64 << 20


def compared(
    report: Report, baseline: Baseline, project: Project, defects: Defects, run: Run
) -> Report:
    """Return a report with what it has of a baseline.

    Args:
        report: A report with final verdicts.
        baseline: What was accepted.
        project: What was judged.
        defects: Rules about the same defect.
        run: Runs git.
    """
    root = project.layout.root
    gone = _gone(baseline.findings, project.layout)
    moved = renames(root, baseline, gone, run)
    modules = {module.path: module for module in project.modules}
    today = Today(
        keys=Keys(
            defects=defects,
            symbols={path: Symbols(module) for path, module in modules.items()},
            code=_code_reader(root, modules),
        ),
        renamed=moved.today,
        symbols={
            path: frozenset(one.qualname for one in module.definitions)
            for path, module in modules.items()
        },
        looked=_looked(report.tools, project, defects),
        notes=_notes(gone, moved.today) if moved.shallow else (),
    )
    return held_against(report, baseline, today)


def _gone(findings: Iterable[Accepted], layout: Layout) -> frozenset[str]:
    """Return the paths that a baseline names and the project has no more."""
    known = {file.path for file in layout.files}
    named = {one.path for one in findings} - known
    return frozenset(path for path in named if not os.path.lexists(f"{layout.root}/{path}"))


def _notes(gone: Collection[str], moved: Mapping[str, str]) -> tuple[str, ...]:
    lost = sorted(set(gone) - set(moved))
    if not lost:
        return ()
    told = (
        f"{lost[0]} is gone, and this clone has too little history to tell whether it was renamed: "
        "fetch all of it (`git fetch --unshallow`, or `fetch-depth: 0` in GitHub's checkout)"
    )
    return (told,)


def _code_reader(root: str, modules: Mapping[str, Module]) -> Callable[[Location], str | None]:
    """Return a function that gives the code of a span; it remembers the last file."""
    last: tuple[str, Spans | None] = ("", None)

    def code(where: Location) -> str | None:
        nonlocal last
        module = modules.get(where.path)
        if module is None:
            return None
        if last[0] != where.path:
            last = (where.path, _spans(f"{root}/{where.path}"))
        return last[1].text(where) if last[1] is not None else None

    return code


def _spans(path: str) -> Spans | None:
    try:
        return Spans(decode(read_regular(str(Path(path)), _MAX_SOURCE)).text)
    except (CannotReadError, UndecodableError):
        return None


def _looked(
    runs: Iterable[ToolRun], project: Project, defects: Defects
) -> Callable[[Accepted], bool]:
    """Return a function that says whether everything that could report an entry did look."""
    every = tuple(runs)
    files = frozenset(file.path for file in project.layout.files)
    flawed = frozenset(module.path for module in project.modules if module.flaw is not None)
    known: dict[str, tuple[ToolRun, ...]] = {}

    def looked(entry: Accepted) -> bool:
        if entry.path in flawed or (project.layout.restricted and entry.path not in files):
            return False
        if entry.rule not in known:
            known[entry.rule] = _reporters(entry.rule, every, defects)
        reporters = known[entry.rule]
        return bool(reporters) and all(_has_seen(run, entry, project) for run in reporters)

    return looked


def _reporters(rule: str, runs: Iterable[ToolRun], defects: Defects) -> tuple[ToolRun, ...]:
    """Return the runs that could report a rule, or a class of defects."""
    name, colon, _ = rule.partition(":")
    if colon:
        wanted = RUFF_RUNS if name == RUFF else (name,)
        return tuple(run for run in runs if run.name in wanted)
    members = {key.partition(":")[0] for key, name in defects.classes.items() if name == rule}
    return tuple(run for run in runs if run.name in members)


def _has_seen(run: ToolRun, entry: Accepted, project: Project) -> bool:
    if run.status is not ToolStatus.OK or entry.path in run.reading.unread:
        return False
    # Without the project's packages the type checkers are silent about much of it.
    return not run.reading.missing_packages or project.layout.environment is not None
