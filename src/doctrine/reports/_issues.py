"""What makes clauses fail, place by place: what formats show that know defects and no clauses.

A clause can fail, or be in error, without a single finding: a tool that nobody runs leaves none. A
list of findings alone would show nothing there, which reads as a pass. So each such check is an
issue of its own, at its evidence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from doctrine.model.guide import Level
from doctrine.model.observation import Severity
from doctrine.model.report import FindingStatus
from doctrine.model.verdict import PARENT_CHECK, Outcome
from doctrine.reports._shape import BaselineV1, CheckV1, ClauseV1, FindingV1, ReportV1

PROJECT = "."
"""The path of what is about the project as a whole."""
PROJECT_FILE = "pyproject.toml"
"""Where that is shown by consumers that know files only."""
RANKS: Mapping[Level, int] = {Level.MUST: 0, Level.SHOULD: 1, Level.MAY: 2}
"""The worst first."""
UNDECIDED = frozenset({Outcome.ERROR, Outcome.UNVERIFIED})
_SECURITY = re.compile(r"secur|secret|crypto|password|vulnerab", re.IGNORECASE)


class Issue(Struct, frozen=True, kw_only=True):
    """A reason why a clause does not hold.

    Attributes:
        clause: The clause; the first in weight where a finding fails several.
        others: Ids of the other clauses that it fails.
        path: POSIX, relative to the project's root; ``.`` is the project.
        line: 1-based; 0 is the whole file.
        column: 1-based.
        end_line: Where it ends.
        end_column: The first column after it.
        message: What is wrong; anything may be in it.
        rule: Who says so, ``ruff:S311``; a check of the clause as ``doctrine:gate``.
        fingerprint: Id that does not depend on line numbers.
        finding: The finding, unless a check failed without one.
    """

    clause: ClauseV1
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    rule: str
    fingerprint: str
    others: tuple[str, ...] = ()
    finding: FindingV1 | None = None


def issues(report: ReportV1) -> Iterator[Issue]:
    """Yield everything that keeps a clause from holding, in no order that matters.

    Args:
        report: Any report.

    Yields:
        One issue for each finding that counts, and for each check in the way that has none. A
        clause that fails or is in error has at least one, unless it restates clauses that have,
        or a baseline accepts all of its findings.
    """
    owners = failing(report.clauses)
    for finding in report.findings:
        failed = owners.get(finding.fingerprint)
        if failed and is_open(finding):
            yield _of_finding(finding, failed)
    yield from unfounded(report)


def at_issue(report: ReportV1) -> frozenset[str]:
    """Return the ids of the clauses that fail, or are in error, beyond what a baseline accepts.

    Args:
        report: Any report.
    """
    found: set[str] = set()
    for issue in issues(report):
        found.update((issue.clause.id, *issue.others))
    return frozenset(found).union(
        clause.id for clause in report.clauses if not found.isdisjoint(clause.members)
    )


def is_open(finding: FindingV1) -> bool:
    """Return whether a finding can count: nobody accepted it, and it is more than advice.

    Advice fails nothing, though it stands among the findings of its clause.
    """
    return finding.status is FindingStatus.NEW and finding.severity is not Severity.INFO


def failing(clauses: Iterable[ClauseV1]) -> dict[str, list[ClauseV1]]:
    """Return the clauses that each finding fails, by fingerprint; the first in weight first.

    Args:
        clauses: All of them.
    """
    failed = [one for one in clauses if one.outcome is Outcome.FAIL]
    owners: dict[str, list[ClauseV1]] = {}
    for clause in sorted(failed, key=weight):
        for fingerprint in dict.fromkeys(decisive(clause)):
            owners.setdefault(fingerprint, []).append(clause)
    return owners


def weight(clause: ClauseV1) -> tuple[bool, int, int, str]:
    """Return a key that puts the clause first that says most of a finding.

    Args:
        clause: Any clause.

    Returns:
        What only restates others comes last, a MUST before a SHOULD, and what fails by few findings
        before what fails by many: that a token is predictable says more than that a linter is not
        clean.
    """
    return bool(clause.members), RANKS[clause.level], len(decisive(clause)), clause.id


def decisive(clause: ClauseV1) -> tuple[str, ...]:
    """Return the fingerprints of the findings that make a clause fail.

    Others trace to the clause as well: advice does, and a clause that fails because nobody runs the
    tool may have hundreds.
    """
    failed = [check for check in clause.checks if check.outcome is Outcome.FAIL]
    if not failed:
        # An umbrella, or a report without checks: the clause is all that knows.
        return clause.findings
    return tuple(fingerprint for check in failed for fingerprint in check.findings)


def unfounded(report: ReportV1) -> Iterator[Issue]:
    """Yield what fails clauses, or leaves them in error, without a finding to show for it.

    Args:
        report: Any report; what its baseline accepts is left out.
    """
    for clause in report.clauses:
        if clause.outcome not in {Outcome.FAIL, Outcome.ERROR} or clause.members:
            continue
        bare = [one for one in clause.checks if one.outcome is clause.outcome and not one.findings]
        left = _unaccepted(clause, bare, report.baseline)
        if left or not bare:
            yield from _of_bare(clause, left)


def _unaccepted(
    clause: ClauseV1, bare: Sequence[CheckV1], baseline: BaselineV1 | None
) -> Sequence[CheckV1]:
    """Return the checks that a baseline does not accept; it accepts failures only, never errors."""
    if baseline is None or clause.outcome is not Outcome.FAIL:
        return bare
    return [one for one in bare if f"{clause.id}.{one.id}" in baseline.regressions]


def _of_bare(clause: ClauseV1, bare: Sequence[CheckV1]) -> Iterator[Issue]:
    """Yield the checks that have no finding; the clause itself where nothing else tells of it."""
    own = [one for one in bare if not one.id.startswith(PARENT_CHECK)]
    if own:
        yield from (_of_check(clause, check) for check in own)
    elif clause.outcome is Outcome.ERROR or not decisive(clause):
        yield _of_clause(clause, bare)


def is_security(clause: ClauseV1) -> bool:
    """Return whether a clause is about security, by the name of its section."""
    return _SECURITY.search(clause.section) is not None


def rule_of(finding: FindingV1) -> str:
    """Return who reported a finding, ``ruff:S311``; the canonical one where several did."""
    if not finding.reported_by:
        return "doctrine:finding"
    reporter = finding.reported_by[0]
    return f"{reporter.tool}:{reporter.rule}"


def told(issue: Issue) -> str:
    """Return what is wrong, with the clauses that it fails before it."""
    return f"{', '.join((issue.clause.id, *issue.others))}: {issue.message}"


def place_of(path: str, folder: str) -> str:
    """Return the file at which something is shown.

    Args:
        path: POSIX, relative to the project's root; ``.`` is the project.
        folder: The project's folder inside its repository, which is where consumers look for files.
    """
    file = path if path not in {"", PROJECT} else PROJECT_FILE
    return f"{folder}/{file}" if folder else file


def _of_finding(finding: FindingV1, failed: Sequence[ClauseV1]) -> Issue:
    return Issue(
        clause=failed[0],
        others=tuple(one.id for one in failed[1:] if not one.members),
        path=finding.path,
        line=finding.line,
        column=finding.column,
        end_line=finding.end_line,
        end_column=finding.end_column,
        message=finding.message,
        rule=rule_of(finding),
        fingerprint=finding.fingerprint,
        finding=finding,
    )


def _of_check(clause: ClauseV1, check: CheckV1) -> Issue:
    return _without_finding(clause, check.id, check.detail or clause.reason, (check,))


def _of_clause(clause: ClauseV1, checks: Iterable[CheckV1]) -> Issue:
    return _without_finding(clause, "verdict", clause.reason, checks)


def _without_finding(clause: ClauseV1, name: str, message: str, checks: Iterable[CheckV1]) -> Issue:
    evidence = [place for check in checks for place in check.evidence]
    # A file says more than the project, which is the evidence for what is nowhere.
    place = next((one for one in evidence if one.path not in {"", PROJECT}), None)
    line = place.line if place else 0
    return Issue(
        clause=clause,
        path=place.path if place else PROJECT,
        line=line,
        column=1,
        end_line=line,
        end_column=1,
        message=message or f"{clause.id} is {clause.outcome}",
        rule=f"doctrine:{name}",
        fingerprint=_fingerprint(clause.id, name),
    )


def _fingerprint(clause: str, check: str) -> str:
    """Return an id of the same form as those of findings."""
    content = f"{clause}\0{check}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:16]
