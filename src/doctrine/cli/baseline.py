"""``doctrine baseline``: accept what fails today, and let go of what is mended."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from doctrine.app import check as judge
from doctrine.baseline.matching import standard_of
from doctrine.cli.check import listener, settings_of
from doctrine.errors import UsageError
from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load
from doctrine.model.baseline import Accepted, Baseline, Debt
from doctrine.model.project import TomlFile
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.model.run import ToolStatus
from doctrine.model.settings import Settings
from doctrine.project.baseline_file import baseline_name, exists, read_baseline, write_baseline
from doctrine.project.pyproject import read_pyproject
from doctrine.project.renames import renames
from doctrine.project.root import resolve_root
from doctrine.runner import capture

Flags = Mapping[str, str | float | bool | None]
"""Settings of the command line by name; None was not given."""
_SHOWN = 20


def create(path: str, flags: Flags, *, force: bool) -> str:
    """Accept whatever fails a clause today.

    Args:
        path: A folder of the project.
        flags: Settings of the command line.
        force: Whether the one there is may be replaced.

    Returns:
        What to print.

    Raises:
        UsageError: There is one already, there is nothing to judge, or it cannot be written.
    """
    settings, pyproject = _whole_project(path, flags)
    name = baseline_name(settings)
    if exists(settings) and not force:
        raise UsageError(
            f"there is a baseline already: {name}",
            hint="`doctrine baseline update` drops what is mended; --force accepts all anew",
        )
    report, debt = _judged(settings, pyproject, Baseline(path=name))
    accepted = _from(report, debt.grown, debt.grown_checks, name)
    write_baseline(settings, accepted)
    return "".join(
        (
            f"{name}: {_amount(accepted)} accepted\n",
            *_by_clause(accepted),
            *_unfinished(report),
            "Commit the file. From now on `doctrine check` fails on what is not in it.\n",
        )
    )


def update(path: str, flags: Flags, *, grow: bool) -> str:
    """Drop what is mended, follow what was renamed, and accept more only where that is asked.

    Args:
        path: A folder of the project.
        flags: Settings of the command line.
        grow: Whether what is new is accepted as well.

    Returns:
        What to print.

    Raises:
        UsageError: There is no baseline, or it cannot be read or written.
    """
    settings, pyproject = _whole_project(path, flags)
    before = _present(settings)
    report, debt = _judged(settings, pyproject, before)
    entries, checks = (debt.grown, debt.grown_checks) if grow else (debt.kept, debt.kept_checks)
    after = _from(report, entries, checks, before.path)
    changed = write_baseline(settings, after)
    grown = [*_surplus(debt.grown, debt.kept), *_surplus(debt.grown_checks, debt.kept_checks)]
    verdict = "accepted as well" if grow else "new, and not accepted (--grow accepts it)"
    return "".join(
        (
            _change(before, after, changed=changed),
            *_lines("mended, dropped", [*debt.stale, *debt.stale_checks]),
            *_lines(verdict, grown),
            *(
                [f"  {debt.undecided:,} kept, since nothing looked for them\n"]
                * bool(debt.undecided)
            ),
            *_unfinished(report),
        )
    )


def show(path: str, flags: Flags) -> str:
    """Return what is accepted, by clause and by file.

    Args:
        path: A folder of the project.
        flags: Settings of the command line.

    Raises:
        UsageError: There is no baseline, or it cannot be read.
    """
    settings, _ = _settings(path, flags)
    baseline = _present(settings)
    files = Counter(one.path for one in baseline.findings)
    made = (f"  made by {one.guide} {one.version}, {one.registry}\n" for one in baseline.standards)
    return "".join(
        (
            f"{baseline.path}: {_amount(baseline)} accepted\n",
            *made,
            *_by_clause(baseline),
            *(f"  {count:>6,}  {name}\n" for name, count in _most_first(files)),
        )
    )


def prune(path: str, flags: Flags) -> str:
    """Drop entries of files and clauses that are no more.

    Entries of a file that git knows to be renamed are left for an update to follow.

    Args:
        path: A folder of the project.
        flags: Settings of the command line.

    Returns:
        What to print.

    Raises:
        UsageError: There is no baseline, or it cannot be read or written.
    """
    settings, _ = _settings(path, flags)
    before = _present(settings)
    known = frozenset(clause.id for clause in load(GUIDE).clauses)
    paths = {one.path for one in before.findings}
    gone = {one for one in paths if not os.path.lexists(Path(settings.root, one))}
    gone -= set(renames(settings.root, before, gone, capture).today)
    after = replace(
        before,
        findings=tuple(
            replace(one, clauses=tuple(sorted(known & set(one.clauses))))
            for one in before.findings
            if known & set(one.clauses) and one.path not in gone
        ),
        checks=tuple(one for one in before.checks if one.partition(".")[0] in known),
    )
    changed = write_baseline(settings, after)
    return _change(before, after, changed=changed)


def _change(before: Baseline, after: Baseline, *, changed: bool) -> str:
    tail = "" if changed else ", unchanged"
    return f"{before.path}: {_amount(before)} before, {_amount(after)} now{tail}\n"


def _settings(path: str, flags: Flags) -> tuple[Settings, TomlFile | None]:
    root, _ = resolve_root(path)
    pyproject = read_pyproject(root)
    return settings_of(root, pyproject, flags), pyproject


def _whole_project(path: str, flags: Flags) -> tuple[Settings, TomlFile | None]:
    """Return the settings; a baseline is about the whole project, whatever folder is named."""
    settings, pyproject = _settings(path, flags)
    return replace(settings, outputs=()), pyproject


def _present(settings: Settings) -> Baseline:
    found = read_baseline(settings)
    if found is None:
        name = baseline_name(settings)
        raise UsageError(
            f"there is no baseline {name}", hint="`doctrine baseline create` makes one"
        )
    return found


def _judged(
    settings: Settings, pyproject: TomlFile | None, baseline: Baseline
) -> tuple[Report, Debt]:
    with listener(quiet=False) as board:
        report = judge(settings, pyproject, board, baseline=baseline)
    if not report.project.python_files or report.baseline is None:
        raise UsageError(
            "no Python file was found, so there is nothing to accept",
            hint="name the folder that holds the code",
        )
    return report, report.baseline


def _from(
    report: Report, findings: tuple[Accepted, ...], checks: tuple[str, ...], name: str
) -> Baseline:
    return Baseline(
        path=name, standards=(standard_of(report.guide),), findings=findings, checks=checks
    )


def _surplus(more: Iterable[object], less: Iterable[object]) -> list[object]:
    """Return what one multiset has beyond another."""
    return sorted((Counter(more) - Counter(less)).elements(), key=str)


def _amount(baseline: Baseline) -> str:
    findings, checks = len(baseline.findings), len(baseline.checks)
    told = f"{findings:,} finding{'s' if findings != 1 else ''}"
    return f"{told} and {checks:,} check{'s' if checks != 1 else ''}" if checks else told


def _by_clause(baseline: Baseline) -> Iterator[str]:
    counts = Counter(clause for one in baseline.findings for clause in one.clauses)
    checks = Counter(one.partition(".")[0] for one in baseline.checks)
    for clause in sorted(counts | checks):
        told = [f"{counts[clause]:,} findings"] if counts[clause] else []
        told += [one for one in baseline.checks if one.partition(".")[0] == clause]
        yield f"  {clause}  {', '.join(told)}\n"


def _lines(verdict: str, items: Sequence[object]) -> Iterator[str]:
    if items:
        yield f"  {len(items):,} {verdict}:\n"
    for one in items[:_SHOWN]:
        yield f"    {_shown(one)}\n"
    if len(items) > _SHOWN:
        yield f"    and {len(items) - _SHOWN:,} more\n"


def _shown(item: object) -> str:
    if not isinstance(item, Accepted):
        return str(item)
    symbol = f" in {item.symbol}" if item.symbol else ""
    return f"{item.path}: {item.rule}{symbol} ({', '.join(item.clauses)})"


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _unfinished(report: Report) -> Iterator[str]:
    """Say which tools failed: what they would have found is accepted by nobody."""
    for run in report.tools:
        if run.status not in {ToolStatus.OK, ToolStatus.SKIPPED}:
            yield f"  {run.name} gave no result ({run.message}): nothing of it is accepted\n"
