"""Which findings are mended now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from doctrine.mend.tally import counts
from doctrine.model.guide import GateCheck
from doctrine.model.observation import Applicability
from doctrine.model.report import FindingStatus, Report, ReportFinding
from doctrine.model.verdict import ClauseVerdict, Outcome

FORMATTER = "ruff-format"
_OWN, _GUIDES = "ruff", "ruff-guide"
_PYTHON = (".py", ".pyi", ".pyw")
TYPING_EXTENSIONS = "typing_extensions"
"""A package, which ruff's repairs import where the project's oldest Python lacks a name."""
_ABOUT_COMMENTS = frozenset({"RUF100", "RUF101", "RUF102", "RUF103", "RUF104", "RUF105", "RUF106"})
"""Rules about comments that silence ruff: another version, or another tool, may need them."""


class Wish(Struct, frozen=True, kw_only=True):
    """What the user wants to have mended.

    Attributes:
        clauses: Ids of the clauses whose findings are mended; None for all but those whose tool
            the project does not use: what it never agreed to is a change of its own.
        unsafe: Whether repairs that may change what the code does are made as well.
        spared: Paths that are left as they are, because they hold uncommitted changes.
        reserved: Paths of tests, examples and documentation: where what is old may be what is
            shown or tried, only the project's own configuration says what is mended.
        sure: Whether findings are left that the project's own version of a tool may not have.
        brings: Modules that repairs may import although the file does not yet.
    """

    clauses: frozenset[str] | None = None
    unsafe: bool = False
    spared: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    sure: bool = False
    brings: frozenset[str] = frozenset()

    def asks(self, finding: ReportFinding) -> bool:
        """Return whether a finding is about a clause that is to be mended."""
        return not (self.clauses or frozenset()).isdisjoint(finding.clauses)

    def admits(self, applicability: Applicability) -> bool:
        """Return whether a repair may be made."""
        if applicability is Applicability.UNSAFE:
            return self.unsafe
        return applicability is Applicability.SAFE


def is_left_alone(finding: ReportFinding, wish: Wish) -> bool:
    """Return whether a finding is not the guide's to mend, whatever its tool offers.

    Args:
        finding: A finding.
        wish: What is asked for.
    """
    path = finding.location.path
    tools = {tool for tool, _ in finding.traces}
    if only_guides(finding) and path in wish.reserved:
        return True
    # Ruff also repairs its own configuration and comments: what an older ruff cannot read.
    ruffs = bool(tools) and tools <= {_OWN, _GUIDES, FORMATTER}
    about_ruff = any(rule in _ABOUT_COMMENTS for _, rule in finding.traces)
    return ruffs and (about_ruff or not path.endswith(_PYTHON))


def doubted(report: Report, wish: Wish) -> frozenset[str]:
    """Return the fingerprints of the findings that are left to the project's version of their tool.

    Args:
        report: The project.
        wish: What is asked for.
    """
    checks = (check for verdict in report.clauses for check in verdict.checks)
    return frozenset(one for check in checks for one in check.doubted if wish.sure)


def is_importable(finding: ReportFinding, content: bytes, wish: Wish) -> bool:
    """Return whether a repair imports nothing that the project may not have.

    Args:
        finding: A finding with a repair.
        content: What its file holds.
        wish: What is asked for.
    """
    edits = finding.fix.edits if finding.fix is not None else ()
    new = any(TYPING_EXTENSIONS in edit.content for edit in edits)
    return not new or TYPING_EXTENSIONS in wish.brings or TYPING_EXTENSIONS.encode() in content


def only_guides(finding: ReportFinding) -> bool:
    """Return whether the guide's rules alone report it, and not the project's configuration."""
    return {tool for tool, _ in finding.traces} == {_GUIDES}


def unused(report: Report) -> frozenset[str]:
    """Return the clauses about a tool that neither CI nor a hook of the project runs.

    Args:
        report: The project as it is.
    """
    return frozenset(
        verdict.id
        for verdict in report.clauses
        for check in verdict.clause.checks
        if isinstance(check, GateCheck) and not _holds(verdict, check.id)
    )


def _holds(verdict: ClauseVerdict, check_id: str) -> bool:
    """Return whether a check passed: what nobody could tell is no agreement either."""
    return any(one.id == check_id and one.outcome is Outcome.PASS for one in verdict.checks)


def is_offered(finding: ReportFinding) -> bool:
    """Return whether a finding counts, and its tool offers a repair, safe or not."""
    return (
        counts(finding)
        and finding.fix is not None
        and finding.fix.applicability is not Applicability.MANUAL
    )


def chosen(report: Report, first: Report, wish: Wish) -> Mapping[str, tuple[ReportFinding, ...]]:
    """Return the findings to mend now, by path.

    Beside what was asked for, that is what earlier edits brought with them: an import that nothing
    uses any more, a line that the formatter would break.

    Args:
        report: The project as it is now.
        first: The project before any edit.
        wish: What is asked for.
    """
    caused = _caused(report.findings, first.findings)
    doubtful = doubted(report, wish)
    found: dict[str, list[ReportFinding]] = {}
    for place, one in enumerate(report.findings):
        path = one.location.path
        possible = path not in wish.spared and one.fix is not None and one.fix.edits
        wanted = one.fingerprint not in doubtful and _is_wanted(one, wish)
        if possible and (place in caused or wanted):
            found.setdefault(path, []).append(one)
    return {path: tuple(findings) for path, findings in found.items()}


def _is_wanted(finding: ReportFinding, wish: Wish) -> bool:
    admitted = finding.fix is not None and wish.admits(finding.fix.applicability)
    return counts(finding) and admitted and wish.asks(finding) and not is_left_alone(finding, wish)


def _caused(now: Sequence[ReportFinding], before: Sequence[ReportFinding]) -> frozenset[int]:
    """Return the places of findings that edits have caused, and that can safely be mended.

    What a message says may change with the text around it; so there must be more of a kind, too.
    """
    kinds, known = Counter(map(_kind, before)), Counter(map(_identity, before))
    grown = {kind for kind, number in Counter(map(_kind, now)).items() if number > kinds[kind]}
    found: list[int] = []
    for place, one in enumerate(now) if grown else ():
        identity = _identity(one)
        if known[identity] > 0:
            known[identity] -= 1
        elif _kind(one) in grown and _is_harmless(one):
            found.append(place)
    return frozenset(found)


def _kind(finding: ReportFinding) -> tuple[str, tuple[str, str]]:
    """Return what is counted alike: a rule in a file, whoever reports it beside others."""
    return finding.location.path, finding.traces[-1] if finding.traces else ("", "")


def _identity(finding: ReportFinding) -> tuple[str, tuple[str, str], str]:
    return *_kind(finding), finding.message


def _is_harmless(finding: ReportFinding) -> bool:
    fix = finding.fix
    safe = fix is not None and fix.applicability is Applicability.SAFE
    return safe and finding.status is FindingStatus.NEW


def formatted_last(findings: Iterable[ReportFinding]) -> tuple[ReportFinding, ...]:
    """Leave the layout for when nothing else is to be done in a file.

    Args:
        findings: Those that are to be mended in it.
    """
    every = tuple(findings)
    return tuple(one for one in every if not is_layout(one)) or every


def is_layout(finding: ReportFinding) -> bool:
    """Return whether a finding is the formatter's."""
    return any(run == FORMATTER for run, _ in finding.traces)
