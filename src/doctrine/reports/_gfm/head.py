"""The parts that every Markdown report begins with, and lists of what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.run import ToolStatus
from doctrine.reports._format import Canvas
from doctrine.reports._gfm.text import code, header, prose, row
from doctrine.reports._partial import is_settled, partial_in_words
from doctrine.reports._shape import AttestationV1, ClauseV1, ReportV1, WaiverV1
from doctrine.reports._standing import (
    OPEN,
    assurance_in_words,
    gate_in_words,
    grade_in_words,
    restate,
    worst_first,
)
from doctrine.reports._text import counted, number

MARKS = {
    Outcome.FAIL: "❌",
    Outcome.ERROR: "⚠️",
    Outcome.UNVERIFIED: "❓",
    Outcome.WAIVED: "⏳",
    Outcome.ATTESTED: "✍️",
    Outcome.PASS: "✅",
    Outcome.NOT_APPLICABLE: "➖",  # noqa: RUF001 - a sign, not a minus
}
"""Each outcome has a sign besides its word, in the order in which they are shown."""
VERDICTS = {
    Verdict.CONFORMANT: "✅",
    Verdict.CONDITIONAL: "🟡",
    Verdict.INDETERMINATE: "❓",
    Verdict.NON_CONFORMANT: "❌",
}


def verdict_line(report: ReportV1) -> str:
    """Return the verdict, the grade and the answer of the gate as a paragraph.

    Args:
        report: Any report.
    """
    words = prose(
        f"{grade_in_words(report)}; {assurance_in_words(report)}"
        if report.partial is None
        else "partial run, no grade"
    )
    answer = gate_in_words(report)
    told = f" {prose(answer[0].upper() + answer[1:])}." if answer else ""
    line = f"{VERDICTS[report.verdict]} **{report.verdict.value}**, {words}.{told}\n\n"
    partial = partial_in_words(report)
    return line + (f"> {prose(partial)}\n\n" if partial else "")


def judged_line(report: ReportV1) -> str:
    """Return what was judged, by what and when, as a paragraph.

    Args:
        report: Any report.
    """
    project, guide, started = report.project, report.guide, report.run.started
    when = f"on {started[:10]} at {started[11:16]} UTC" if started else ""
    size = f"{counted(project.python_files, 'Python file')}, {counted(project.lines, 'line')}"
    target = f", for Python {project.target_python} and later" if project.target_python else ""
    guided = f"{guide.title or guide.id} {guide.version}"
    words = f"by doctrine {report.doctrine.version} against {guided}: {size}{target}"
    return f"Judged {prose(f'{when} {words}')}.\n\n"


def counts_table(report: ReportV1) -> Iterator[str]:
    """Yield how many clauses of each level have which outcome, umbrellas aside.

    Args:
        report: Any report.
    """
    own = Counter((one.outcome, one.level) for one in report.clauses if not one.members)
    yield header(("Outcome", *(f"{level.value}:" for level in Level)))
    for outcome, mark in MARKS.items():
        counts = [own[outcome, level] for level in Level]
        if any(counts):
            yield row((f"{mark} {outcome.value}", *(f"{one:,}" if one else "" for one in counts)))
    yield "\n"
    yield from _umbrellas(report)


def _umbrellas(report: ReportV1) -> Iterator[str]:
    more = Counter(one.outcome for one in report.clauses if one.members)
    if more:
        told = ", ".join(f"{more[one]:,} {one.value}" for one in MARKS if more[one])
        count = more.total()
        yield f"{counted(count, 'more clause')} {restate(count)} others: {told}.\n\n"


def open_clauses(report: ReportV1) -> list[ClauseV1]:
    """Return what keeps the project from being conformant, the worst first, umbrellas aside.

    What a partial run left open is not among it: it is no work to be done.

    Args:
        report: Any report.
    """
    own = [one for one in report.clauses if not one.members and is_settled(one, report)]
    return [
        clause
        for outcome in OPEN
        for clause in worst_first(one for one in own if one.outcome is outcome)
    ]


def open_table(clauses: Sequence[ClauseV1]) -> Iterator[str]:
    """Yield why clauses are open, and what mends those that fail.

    Args:
        clauses: In the order to show.
    """
    mended = any(one.outcome is Outcome.FAIL for one in clauses)
    todo = ("What to do",) if mended else ()
    yield header(("Clause", "Level", "Outcome", "Why", *todo, "Points:"))
    for one in clauses:
        remedy = prose(one.remedy) if one.outcome is Outcome.FAIL else ""
        yield row(
            (
                code(one.id),
                one.level.value,
                f"{MARKS[one.outcome]} {one.outcome.value}",
                prose(one.reason),
                *((remedy,) if mended else ()),
                number(one.points_lost) if one.points_lost else "",
            )
        )
    yield "\n"


def excuses_table(report: ReportV1) -> Iterator[str]:
    """Yield the waivers and attestations that are honoured; nothing where there are none.

    Args:
        report: Any report.
    """
    found = [
        (one, excuse)
        for one in report.clauses
        for excuse in (one.waiver, one.attestation)
        if excuse is not None
    ]
    if not found:
        return
    yield header(("Clause", "Kind", "Owner", "Until", "Days left:", "Reason", "Without it"))
    for clause, excuse in sorted(found, key=lambda pair: pair[1].days_left):
        yield row(_excuse(clause, excuse))
    yield "\n"


def _excuse(clause: ClauseV1, excuse: WaiverV1 | AttestationV1) -> tuple[str, ...]:
    waived = isinstance(excuse, WaiverV1)
    words = excuse.reason if isinstance(excuse, WaiverV1) else excuse.statement
    return (
        code(clause.id),
        "waiver" if waived else "attestation",
        prose(excuse.owner),
        prose(excuse.expires),
        f"{excuse.days_left:,}",
        prose(words),
        prose(f"{excuse.outcome_without.value}: {excuse.reason_without}"),
    )


def tools_table(report: ReportV1, *, trouble_only: bool = False) -> Iterator[str]:
    """Yield what became of the tools; nothing where no row is left.

    Args:
        report: Any report.
        trouble_only: Leave out those that can be believed, or were left out on purpose.
    """
    quiet = {ToolStatus.OK, ToolStatus.SKIPPED} if trouble_only else set[ToolStatus]()
    runs = [one for one in report.run.tools if one.status not in quiet]
    if not runs:
        return
    yield header(("Tool", "Version", "From", "Status", "Files:", "Seconds:", "Note"))
    for one in runs:
        yield row(
            (
                code(one.name),
                prose(one.version),
                one.origin.value,
                one.status.value,
                f"{one.files:,}",
                f"{one.seconds:,.1f}",
                prose(one.message or one.note),
            )
        )
    yield "\n"


def problems_list(report: ReportV1) -> Iterator[str]:
    """Yield trouble outside the judged code, an item each.

    Args:
        report: Any report.
    """
    for one in report.problems:
        yield f"- {code(one.tool)}: {prose(one.message)}\n"
    if report.problems:
        yield "\n"


def title(canvas: Canvas, text: str, level: int = 1) -> str:
    """Return a heading.

    Args:
        canvas: The project's folder tells several projects of a repository apart.
        text: Markdown already.
        level: 1 is the largest.
    """
    where = f" in {code(canvas.folder)}" if canvas.folder and level == 1 else ""
    return f"{'#' * level} {text}{where}\n\n"
