"""A difference for people at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from doctrine.cli.report.compared import Compared
from doctrine.gate import INCOMPLETE
from doctrine.reports._change_conditions import FailOnChange
from doctrine.reports._difference import ClauseTurn, Difference, Figure, counts
from doctrine.reports._format import Canvas
from doctrine.reports._shape import FindingV1, ReportV1
from doctrine.reports._text import counted, number
from doctrine.reports.terminal.page import Page, styled
from doctrine.reports.terminal.styles import outcome_style

_MOST = 20
"""Findings and clauses listed of a kind; the rest is counted."""


def in_text(compared: Compared, canvas: Canvas) -> str:
    """Return the difference as a page.

    Args:
        compared: What is told.
        canvas: What it is shown on.
    """
    page = Page(canvas)
    _write_sides(page, compared)
    _write_grades(page, compared.found)
    _write_clauses(page, compared.found)
    _write_findings(page, compared.found)
    _write_warnings(page, compared.found)
    _write_gate(page, compared)
    return page.drain()


def _write_sides(page: Page, compared: Compared) -> None:
    page.heading(compared.head.project.name or "the project", "what changed")
    sides = zip(("before", "after"), (compared.base, compared.head), compared.names, strict=True)
    for label, report, name in sides:
        about = page.plain(name)
        about.append(_about(report), style="dim")
        page.paragraph(page.plain(about.plain), styled(f"  {label:<10}", "dim"))


def _about(report: ReportV1) -> str:
    told = (report.run.started, f"doctrine {report.doctrine.version}")
    return "".join(f"  {one}" for one in told if one)


def _write_grades(page: Page, found: Difference) -> None:
    before, after = found.verdicts
    verdict = before.value if before is after else f"{before} {_arrow(page)} {after}"
    page.paragraph(styled(verdict, "bold"), styled("  verdict   ", "dim"))
    old, new = (letter or "none" for letter in found.letters)
    letters = old if old == new else f"{old} {_arrow(page)} {new}"
    page.paragraph(page.plain(letters, "bold"), styled("  grade     ", "dim"))
    rows = (
        ("score", found.score),
        ("waived", found.score_with_waivers),
        ("ceiling", found.score_ceiling),
        ("assurance", found.assurance),
    )
    for label, figure in rows:
        if label != "waived" or figure != found.score:
            page.paragraph(_figure(page, figure), styled(f"  {label:<10}", "dim"))


def _figure(page: Page, figure: Figure) -> Text:
    old, new = ("none" if one is None else number(one) for one in (figure.before, figure.after))
    if old == new:
        return styled(new, "")
    text = styled(f"{old} {_arrow(page)} {new}", "")
    if figure.change:
        text.append(f"  {figure.change:+.1f}", style="green" if figure.change > 0 else "red")
    return text


def _arrow(page: Page) -> str:
    return "→" if page.unicode else "->"


def _write_clauses(page: Page, found: Difference) -> None:
    worse = [one for one in found.clauses if one.worse]
    rest = [one for one in found.clauses if not one.worse]
    if not found.clauses:
        page.heading("No clause changed")
        return
    note = f"{len(worse)} worse, {len(rest)} better or otherwise"
    page.heading(f"{counted(len(found.clauses), 'clause')} changed", note)
    for one in worse[:_MOST] + rest[:_MOST]:
        _write_clause(page, one)
    _write_more(page, max(0, len(worse) - _MOST) + max(0, len(rest) - _MOST))


def _write_clause(page: Page, one: ClauseTurn) -> None:
    mark = page.marks.failed if one.worse else page.marks.idle
    lead = styled(f"  {mark} ", "red" if one.worse else "dim")
    lead.append(page.plain(f"{one.clause.id:<8}", "bold")).append(f"{one.clause.level:<7}")
    page.paragraph(_turn(page, one), lead)
    for check in one.checks:
        told = f"{check.id}: {check.before or 'not there'} {_arrow(page)} {check.after or 'gone'}"
        page.paragraph(page.plain(told, "" if check.worse else "dim"), "      ")
        page.paragraph(page.prose(check.detail, "dim", limit=200), "        ")
    if one.after is not None and one.clause.reason and not one.checks:
        page.paragraph(page.prose(one.clause.reason, "dim", limit=200), "      ")


def _turn(page: Page, one: ClauseTurn) -> Text:
    """Return how a clause's outcome turned, and what that is worth."""
    body = styled("", "").append(str(one.before or "not there"), style=outcome_style(one.before))
    body.append(f" {_arrow(page)} ").append(
        str(one.after or "gone"), style=outcome_style(one.after)
    )
    body.append(f"  {one.turn}", style="bold" if one.worse else "")
    if one.points and one.before is not one.after:
        body.append(f"  {one.points:+.1f} points", style="dim")
    if not one.counts:
        body.append("  (not scored)", style="dim")
    return body


def _write_findings(page: Page, found: Difference) -> None:
    told = (
        ("new", found.new),
        ("counting again, no longer suppressed", found.unsilenced),
        ("newly suppressed", found.silenced),
        ("fixed", found.fixed),
    )
    note = f"{found.unchanged:,} unchanged, {len(found.moved):,} moved"
    page.heading("Findings", note)
    if not any(findings for _, findings in told):
        page.paragraph(page.plain("None is new and none is fixed.", "dim"), "  ")
    for label, findings in told:
        if findings:
            _write_list(page, label, findings)


def _write_list(page: Page, label: str, findings: Sequence[FindingV1]) -> None:
    failing = [one for one in findings if counts(one)]
    advice = len(findings) - len(failing)
    about = f"  of these, {counted(advice, 'finding')} that fail no clause" if advice else ""
    page.paragraph(styled(f"{len(findings):,} {label}", "bold").append(about, style="dim"), "  ")
    # What fails a clause comes first: the list is cut.
    for one in sorted(findings, key=lambda one: not counts(one))[:_MOST]:
        rules = ", ".join(f"{reporter.tool}:{reporter.rule}" for reporter in one.reported_by)
        body = page.plain(" ".join((*one.clauses, "")), "bold")
        body.append(page.prose(one.message, limit=200)).append(
            page.plain(f" [{rules}]" if rules else "", "dim")
        )
        page.entry(page.place(one.path, one.line, one.column), body, "    ")
    _write_more(page, len(findings) - _MOST)


def _write_more(page: Page, count: int) -> None:
    if count > 0:
        text = f"{page.marks.more} and {count:,} more: `--format json` lists them all"
        page.paragraph(page.prose(text, "dim"), "    ")


def _write_warnings(page: Page, found: Difference) -> None:
    if found.mismatches:
        page.line()
    for one in found.mismatches:
        page.paragraph(page.prose(str(one)), styled("  warning: ", "yellow"))


def _write_gate(page: Page, compared: Compared) -> None:
    if FailOnChange.NEVER in compared.fail_on:
        return
    answer = compared.answer
    names = ", ".join(compared.fail_on)
    page.line()
    if not answer.exit_code:
        text = styled("Satisfied", "bold green").append(f" (fails on: {names}).")
        page.paragraph(text, "  ")
        return
    word = "Incomplete" if answer.exit_code == INCOMPLETE else "Not satisfied"
    style = "bold magenta" if answer.exit_code == INCOMPLETE else "bold red"
    text = styled(word, style).append(f" (fails on: {names}), exit code {answer.exit_code}:")
    page.paragraph(text, "  ")
    for one in answer.reasons[:_MOST]:
        page.paragraph(page.prose(one.message), f"  {page.marks.idle} ")
    _write_more(page, len(answer.reasons) - _MOST)
