"""What is kept of a run so that the next one can tell what is new. Pure.

Small on purpose: outcomes, and six bytes for each finding instead of the finding.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from doctrine.model.decoders import from_json
from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.run import ToolStatus
from doctrine.reports._difference import counts
from doctrine.reports._shape import Base, FindingV1, ReportV1

SCHEMA = "doctrine.last-run/v1"
_MARK = 6
"""Bytes of a mark: two of 100,000 findings share one in fewer than one of 50,000 runs."""
_MOST = 100_000
"""Findings that are kept; of a project with more, their number alone."""


class LastRunV1(Base, frozen=True, kw_only=True):
    """The summary of a run.

    Attributes:
        schema: ``doctrine.last-run/v1``.
        started: When, in ISO 8601, UTC; empty where nobody knows.
        doctrine: Version and registry that judged.
        guide: Digest of the guide judged by.
        verdict: The project as a whole.
        letter: The grade; None where it was withheld.
        score: The strict score; None where there was none.
        clauses: The outcome of each clause.
        tools: Tools that had a result.
        count: How many findings counted.
        marks: A mark of each, sorted and joined; empty where there were too many.
    """

    schema: str
    started: str
    doctrine: str
    guide: str
    verdict: Verdict
    letter: str | None
    score: float | None
    clauses: dict[str, Outcome]
    tools: tuple[str, ...]
    count: int
    marks: bytes


def summarised(report: ReportV1) -> LastRunV1:
    """Return what to keep of a report."""
    marks = sorted(mark(one) for one in report.findings if counts(one))
    return LastRunV1(
        schema=SCHEMA,
        started=report.run.started,
        doctrine=_judge(report),
        guide=report.guide.digest,
        verdict=report.verdict,
        letter=report.grade.letter,
        score=report.grade.score,
        clauses={one.id: one.outcome for one in report.clauses},
        tools=with_result(report),
        count=len(marks),
        marks=b"".join(marks) if len(marks) <= _MOST else b"",
    )


def read_last_run(raw: bytes) -> LastRunV1 | None:
    """Return a summary, or None where the bytes are none."""
    try:
        last = from_json(raw, LastRunV1)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    whole = len(last.marks) in {0, last.count * _MARK}
    return last if last.schema == SCHEMA and whole else None


def written(last: LastRunV1) -> bytes:
    """Return a summary as it is kept."""
    return msgspec.json.encode(last)


def marks_of(last: LastRunV1) -> frozenset[bytes] | None:
    """Return the marks of the findings; None where there were too many to keep."""
    if last.count and not last.marks:
        return None
    return frozenset(
        last.marks[start : start + _MARK] for start in range(0, len(last.marks), _MARK)
    )


def mark(finding: FindingV1) -> bytes:
    """Return the mark of a finding, which depends on its fingerprint alone."""
    content = finding.fingerprint.encode("utf-8", "surrogatepass")
    return blake2b(content, digest_size=_MARK).digest()


def with_result(report: ReportV1) -> tuple[str, ...]:
    """Return the tools that looked, sorted."""
    ran = (one.name for one in report.run.tools if one.status is ToolStatus.OK)
    return tuple(sorted(ran))


def differs(last: LastRunV1, report: ReportV1) -> str:
    """Return what else changed beside the project, in words; empty where nothing did."""
    if last.guide != report.guide.digest:
        return "the guide changed in between"
    return "doctrine changed in between" if last.doctrine != _judge(report) else ""


def _judge(report: ReportV1) -> str:
    return f"{report.doctrine.version} {report.doctrine.registry}"
