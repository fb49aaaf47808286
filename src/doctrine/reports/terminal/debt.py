"""What was accepted once, and which conditions of the gate are not satisfied."""

from __future__ import annotations

from doctrine.model.gate import Held
from doctrine.reports._shape import AcceptedV1, BaselineV1, ReportV1
from doctrine.reports._text import counted
from doctrine.reports.terminal.page import Page, styled

_SHOWN = 5


def write_baseline(page: Page, report: ReportV1) -> None:
    """Write how much is accepted, what is new beside it, and what is mended by now."""
    debt = report.baseline
    if debt is None:
        return
    title = f"Since {debt.since}" if debt.since else "Baseline"
    known = "that failed then" if debt.since else "accepted"
    page.heading(title, f"{debt.matched:,} of {debt.entries:,} {known} still there", "bold")
    _write_new(page, debt)
    _write_mended(page, debt)
    if debt.undecided:
        told = f"{counted(debt.undecided, 'entry', 'entries')} not looked for in this run"
        page.paragraph(page.plain(told, "dim"), f"{page.marks.idle} ")
    for note in debt.notes:
        page.paragraph(page.prose(note, "yellow"), styled(f"{page.marks.error} ", "yellow"))


def _write_new(page: Page, debt: BaselineV1) -> None:
    parts = [counted(debt.new, "finding", "findings")] if debt.new else []
    if debt.regressions:
        parts.append(f"checks {', '.join(debt.regressions[:_SHOWN])}")
    if parts:
        told = f"new{'' if debt.since else ', not accepted'}: {' and '.join(parts)}"
        page.paragraph(page.plain(told), styled(f"{page.marks.failed} ", "red"))


def _write_mended(page: Page, debt: BaselineV1) -> None:
    stale = len(debt.stale) + len(debt.stale_checks)
    if not stale:
        return
    more = f", and {stale - _SHOWN:,} more" if stale > _SHOWN else ""
    body = page.plain(f"{stale:,} mended: {', '.join(_stale(debt))}{more}. ")
    if not debt.since:
        hint = page.prose("`doctrine baseline update` drops what is mended.", "dim")
        body.append_text(hint)
    page.paragraph(body, f"{page.marks.idle} ")


def _stale(debt: BaselineV1) -> list[str]:
    return [*debt.stale_checks, *map(_entry, debt.stale)][:_SHOWN]


def _entry(one: AcceptedV1) -> str:
    return f"{one.rule} in {one.path}" + (f" ({one.symbol})" if one.symbol else "")


def write_conditions(page: Page, report: ReportV1) -> None:
    """Write each condition of the gate that is not satisfied, and why."""
    for one in report.gate.conditions if report.gate else ():
        if one.held is not Held.YES:
            lead = page.plain(f"{one.name} = {one.asked}  ", "bold")
            page.paragraph(lead.append_text(page.prose(f"{one.detail}")), "    ")
