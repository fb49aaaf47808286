"""The end of the report: the tools, their troubles, what to do next, and the exit code."""

from __future__ import annotations

import shlex

from rich.text import Text

from doctrine.model.run import ToolStatus
from doctrine.reports._digest import is_quiet, leftovers
from doctrine.reports._mendable import Mendable
from doctrine.reports._selection import Selection
from doctrine.reports._shape import ReportV1, ToolV1
from doctrine.reports._text import counted
from doctrine.reports._words import GATES, exit_in_words
from doctrine.reports.terminal.debt import write_conditions
from doctrine.reports.terminal.page import Page, styled

_RULES_SHOWN = 6
_STATUS_STYLES = {ToolStatus.OK: "green", ToolStatus.SKIPPED: "yellow"}


def write_leftovers(page: Page, report: ReportV1) -> None:
    """Write how many findings fail no clause, and why they do not."""
    found = leftovers(report)
    if not found:
        return
    total = sum(one.total for one in found)
    page.heading("Besides", f"{counted(total, 'finding')} behind no failure", "bold")
    for one in found:
        shown = ", ".join(
            f"{rule} {page.marks.times}{count:,}" for rule, count in one.rules[:_RULES_SHOWN]
        )
        more = len(one.rules) - _RULES_SHOWN
        tail = f", and {counted(more, 'more rule', 'more rules')}" if more > 0 else ""
        body = page.plain(f"{one.total:,} {one.why}: ")
        page.paragraph(body.append_text(page.plain(shown + tail, "dim")), f"{page.marks.idle} ")


def write_stated(page: Page, report: ReportV1) -> None:
    """Write the facts that nobody observed: somebody stated them."""
    stated = [fact for fact in report.project.facts if fact.stated and fact.evidence]
    if not stated:
        return
    page.heading("Stated", f"{counted(len(stated), 'fact')} by the project itself", "bold")
    for fact in stated:
        value = "true" if fact.value else "false"
        told = (one for one in fact.evidence if one.detail.startswith("stated"))
        place = next(told, fact.evidence[0])
        body = page.plain(f"{fact.id} is {value}  ").append_text(page.prose(place.detail, "dim"))
        page.entry(page.place(place.path, place.line), body, f"{page.marks.idle} ")


def write_tools(page: Page, report: ReportV1, *, whole: bool = False) -> None:
    """Write what became of each tool; of all of them, with their commands, where that is wanted."""
    if not report.run.tools:
        return
    page.heading("Tools", _tools_note(report), "bold")
    quiet = [] if whole else [run for run in report.run.tools if is_quiet(run, report)]
    shown = tuple(run for run in report.run.tools if run not in quiet)
    _write_runs(page, shown)
    if quiet:
        own = counted(len(quiet), "inspector")
        page.paragraph(page.plain(f"and {own} of doctrine itself, nothing amiss", "dim"), "  ")
    _write_messages(page, shown)
    if whole:
        _write_commands(page, shown)


def _write_runs(page: Page, shown: tuple[ToolV1, ...]) -> None:
    if page.narrow:
        for run in shown:
            page.paragraph(_tool_words(page, run), "  ")
    elif shown:
        _write_table(page, shown)


def _write_commands(page: Page, shown: tuple[ToolV1, ...]) -> None:
    for run in shown:
        if run.argv:
            page.paragraph(page.plain(shlex.join(run.argv), "dim"), page.plain(f"  {run.name}  "))


def _write_messages(page: Page, shown: tuple[ToolV1, ...]) -> None:
    wide = max((len(page.plain(run.name).plain) for run in shown), default=0)
    for run in shown:
        told = "; ".join(dict.fromkeys(part for part in (run.message, run.note) if part))
        if told:
            lead = page.plain(f"  {run.name:<{wide}}  ", _STATUS_STYLES.get(run.status, "magenta"))
            page.paragraph(page.prose(told), lead)


def write_problems(page: Page, report: ReportV1) -> None:
    """Write what went wrong outside the judged code."""
    if not report.problems:
        return
    page.heading("Problems", str(len(report.problems)), "bold magenta")
    for problem in report.problems:
        lead = styled(f"{page.marks.error} ", "magenta")
        body = page.plain(f"{problem.tool}  ", "bold")
        page.paragraph(body.append_text(page.prose(problem.message)), lead)


def write_mendable(page: Page, report: ReportV1) -> None:
    """Write how many findings need no person."""
    mendable = Mendable.of(report.clauses, report.findings)
    if mendable.at_once:
        told = counted(mendable.at_once, "finding")
        told += " can be mended by `doctrine fix` (`--diff` shows how)"
        page.line()
        page.paragraph(page.prose(told, "green"), "  ")
    if mendable.named:
        flags = " ".join(f"--clause {one}" for one in mendable.clauses)
        told = counted(mendable.named, "finding")
        told += f" can be mended by `doctrine fix {flags}`, but neither CI nor a hook runs the tool"
        page.line()
        page.paragraph(page.prose(told, "yellow"), "  ")


def write_hidden(page: Page, chosen: Selection) -> None:
    """Write what the reader asked not to see."""
    if chosen.hidden:
        page.line()
        told = chosen.hidden
        page.paragraph(page.plain(told[:1].upper() + told[1:], "yellow"), "  ")


def write_exit(page: Page, report: ReportV1) -> None:
    """Write the meaning of the exit code."""
    gate = report.gate
    if gate is None:
        return
    meaning = exit_in_words(report, gate.exit_code)
    scope = GATES.get(gate.fail_on, "")
    style = "green" if gate.exit_code == 0 else "red"
    body = page.plain(f"Exit {gate.exit_code}", f"bold {style}").append(f": {meaning}")
    page.line()
    page.paragraph(body.append(f" ({scope})" if scope else "", style="dim"), "  ")
    write_conditions(page, report)


def _tools_note(report: ReportV1) -> str:
    failed = sum(run.status is not ToolStatus.OK for run in report.run.tools)
    told = counted(len(report.run.tools), "tool")
    return f"{told}, {failed} without a result" if failed else told


def _tool_words(page: Page, run: ToolV1) -> Text:
    style = _STATUS_STYLES.get(run.status, "magenta")
    body = page.plain(run.name, "bold").append_text(page.plain(f" {run.version}".rstrip(), "dim"))
    body.append(" ").append(run.status.value, style=style)
    tail = f" {run.seconds:.1f} s, {counted(run.files, 'file')}"
    return body.append(f"{tail}, {run.origin.value}", style="dim")


def _write_table(page: Page, runs: tuple[ToolV1, ...]) -> None:
    header = ("tool", "version", "from", "status", "seconds", "files")
    rows = [_cells(page, run) for run in runs]
    wide = [max(len(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    page.line(styled("  " + _row(header, wide), "dim"))
    for run, cells in zip(runs, rows, strict=True):
        text = Text("  " + _row(cells, wide), end="")
        start = 2 + sum(wide[:3]) + 6
        text.stylize(_STATUS_STYLES.get(run.status, "magenta"), start, start + wide[3])
        text.stylize("dim", 2 + wide[0], start)
        page.line(text)


def _cells(page: Page, run: ToolV1) -> tuple[str, ...]:
    return (
        page.plain(run.name).plain,
        page.plain(run.version).plain or "-",
        run.origin.value,
        run.status.value + (" (cached)" if run.cached else ""),
        f"{run.seconds:.1f}",
        f"{run.files:,}",
    )


def _row(cells: tuple[str, ...], wide: list[int]) -> str:
    left = "  ".join(cell.ljust(width) for cell, width in zip(cells[:4], wide[:4], strict=True))
    right = "  ".join(cell.rjust(width) for cell, width in zip(cells[4:], wide[4:], strict=True))
    return f"{left}  {right}"
