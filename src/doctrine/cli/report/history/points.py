"""What is kept of each report of a series."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from doctrine.cli.report.reading import read_whole_report
from doctrine.errors import UsageError
from doctrine.model.outcome import Outcome, Verdict
from doctrine.reports._issues import failing, is_open
from doctrine.reports._shape import ReportV1


class Point(Struct, frozen=True, kw_only=True):
    """One report of a series.

    Attributes:
        file: Where it is stored.
        started: When its run began, in ISO 8601, UTC; empty where the report does not say.
        project: The project's name.
        judge: Version of doctrine and guide: another one judges otherwise.
        verdict: The verdict.
        letter: The letter; None where it was withheld.
        score: The strict score; None where nothing was judged.
        ceiling: The score if everything unverified turned out to hold.
        assurance: How much was verified.
        failing: Scored clauses that fail.
        open: Scored clauses that are unverified or in error.
        waived: Scored clauses that are waived.
        findings: Findings that fail a clause, accepted and silenced ones left out.
    """

    file: str
    started: str
    project: str
    judge: str
    verdict: Verdict
    letter: str | None
    score: float | None
    ceiling: float | None
    assurance: float
    failing: int
    open: int
    waived: int
    findings: int


class Unread(Struct, frozen=True, kw_only=True):
    """A file of a folder that is no report, and why."""

    file: str
    reason: str


class Series(Struct, frozen=True, kw_only=True):
    """Reports in the order of time.

    Attributes:
        points: By time of the run, then by name; those without a time come first.
        unread: Files that could not be read.
        warnings: What makes the points not comparable.
    """

    points: tuple[Point, ...]
    unread: tuple[Unread, ...]
    warnings: tuple[str, ...]


def read_series(names: Sequence[str]) -> Series:
    """Read reports.

    Args:
        names: Files, and folders whose JSON files are read, those of their folders included.

    Raises:
        UsageError: There is no such file or folder, or nothing in them is a report.
    """
    points: list[Point] = []
    unread: list[Unread] = []
    for file in dict.fromkeys(_files(names)):
        try:
            # One report at a time: a series may be larger than memory.
            points.append(_point(file, read_whole_report(file)))
        except UsageError as error:
            unread.append(Unread(file=file, reason=error.message))
    if not points:
        told = f": {unread[0].reason}" if unread else " in " + ", ".join(names)
        raise UsageError(
            f"there is no report{told}",
            hint="keep the files that `doctrine check --output json=FILE` writes in one folder",
        )
    points.sort(key=lambda one: (one.started, one.file))
    return Series(points=tuple(points), unread=tuple(unread), warnings=tuple(_warnings(points)))


def _files(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if not os.path.isdir(name):  # noqa: PTH112 - a name with a null byte is no folder either
            yield name
            continue
        for folder, folders, files in os.walk(name):
            folders.sort()
            yield from (str(Path(folder, one)) for one in sorted(files) if one.endswith(".json"))


def _point(file: str, report: ReportV1) -> Point:
    outcomes = Counter(one.outcome for one in report.clauses if one.scored)
    owners = failing(report.clauses)
    return Point(
        file=file,
        started=report.run.started,
        project=report.project.name,
        judge=f"doctrine {report.doctrine.version}, {report.guide.id} {report.guide.version}",
        verdict=report.verdict,
        letter=report.grade.letter,
        score=report.grade.score,
        ceiling=report.grade.score_ceiling,
        assurance=report.grade.assurance,
        failing=outcomes[Outcome.FAIL],
        open=outcomes[Outcome.UNVERIFIED] + outcomes[Outcome.ERROR],
        waived=outcomes[Outcome.WAIVED],
        findings=sum(one.fingerprint in owners and is_open(one) for one in report.findings),
    )


def _warnings(points: Sequence[Point]) -> Iterator[str]:
    projects = sorted({one.project for one in points})
    if len(projects) > 1:
        yield f"these are reports of {len(projects)} projects: {', '.join(projects)}"
    for before, after in itertools.pairwise(points):
        if before.judge != after.judge:
            yield f"{after.file} was judged by {after.judge}, the one before by {before.judge}"
