"""The doctor's findings, for people."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rich.text import Text

from doctrine import __version__
from doctrine.model.diagnosis import Diagnosis, Station, Symptom, Weight
from doctrine.reports._format import Canvas
from doctrine.reports._text import counted
from doctrine.reports.terminal.page import Page, styled

_STYLES = {Weight.TROUBLE: "red", Weight.NOTE: "yellow"}


def render_doctor(found: Diagnosis, canvas: Canvas, *, plan: bool) -> str:
    """Return the page.

    Args:
        found: What was found out.
        canvas: What it is shown on.
        plan: Whether every command is shown as it would be started.
    """
    page = Page(canvas, root=found.root)
    _write_project(page, found)
    _write_stations(page, found)
    if plan:
        _write_plan(page, found)
    _write_symptoms(page, found)
    return page.drain()


def _write_project(page: Page, found: Diagnosis) -> None:
    page.heading(found.name or found.root, f"doctrine {__version__}", "bold")
    environment = found.environment
    size = f"{counted(found.files, 'file')}, {counted(found.lines, 'line')}"
    rows = (
        ("folder", found.root),
        ("promises", f"Python {found.target} and later" if found.target else "no Python version"),
        ("sources", size),
        ("environment", _environment(found) if environment else "none found"),
    )
    for label, told in rows:
        page.paragraph(page.plain(told), styled(f"  {label:<13}", "dim"))


def _environment(found: Diagnosis) -> str:
    environment = found.environment
    if environment is None:
        return ""
    version = "Python {}.{}".format(*environment.version) if environment.version else "a Python"
    packages = counted(len(environment.packages), "package")
    return f"{environment.label}: {version}, {packages} ({environment.python})"


def _write_stations(page: Page, found: Diagnosis) -> None:
    running = [one for one in found.stations if not one.idle]
    note = f"{len(running)} of {counted(len(found.stations), 'tool')} would run"
    page.heading("Tools", note, "bold")
    _write_table(page, found.stations)
    for station in found.stations:
        if station.idle:
            lead = page.plain(f"  {station.name}  ", "dim")
            page.paragraph(page.prose(f"would not run: {station.idle}", "dim"), lead)
    lanes = counted(found.jobs, "tool")
    about = f"A cold check takes about {found.seconds:.0f} s here, {lanes} at a time, by the usual "
    page.paragraph(page.prose(f"{about}pace of the tools."), "  ")


def _write_table(page: Page, stations: Sequence[Station]) -> None:
    header = ("tool", "version", "from", "parses with", "about")
    rows = [_cells(one) for one in stations]
    wide = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    if not page.narrow:
        page.line(styled("  " + _row(header, wide), "dim"))
    for station, cells in zip(stations, rows, strict=True):
        style = "dim" if station.idle else ""
        if page.narrow:
            page.paragraph(page.plain(" ".join(cells), style), "  ")
        else:
            page.line(page.plain("  " + _row(cells, wide), style))


def _cells(station: Station) -> tuple[str, ...]:
    return (
        station.name,
        station.version or "-",
        station.origin.value if station.origin else "-",
        station.parser or "-",
        f"{station.seconds:.1f} s" if not station.idle else "-",
    )


def _row(cells: tuple[str, ...], wide: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, wide, strict=True)).rstrip()


def _write_plan(page: Page, found: Diagnosis) -> None:
    page.heading("Plan", "what would be started, as it would be", "bold")
    for station in found.stations:
        for command in station.commands:
            lead = page.plain(f"  {station.name}  ", "bold")
            page.paragraph(page.plain(shlex.join(command), "dim"), lead)


def _write_symptoms(page: Page, found: Diagnosis) -> None:
    trouble = sum(one.weight is Weight.TROUBLE for one in found.symptoms)
    if not found.symptoms:
        page.heading("Nothing amiss", "", "bold green")
        page.paragraph(page.plain("Every tool would see the project as it is."), "  ")
        return
    note = f"{trouble} in the way of a full verdict, {len(found.symptoms) - trouble} to know of"
    page.heading("Findings", note, "bold red" if trouble else "bold yellow")
    for symptom in found.symptoms:
        page.line()
        _write_symptom(page, symptom)


def _write_symptom(page: Page, symptom: Symptom) -> None:
    style = _STYLES[symptom.weight]
    mark = page.marks.failed if symptom.weight is Weight.TROUBLE else page.marks.idle
    lead = styled(f"{mark} ", style).append(f"{symptom.topic}  ", style="bold")
    page.paragraph(page.prose(symptom.message, limit=600), lead)
    for place in symptom.places:
        where = page.place(place.path, place.line)
        page.entry(where, page.prose(place.detail, "dim", limit=200), "    ")
    page.paragraph(page.prose(symptom.remedy), Text("    ", end="").append("fix  ", style="dim"))
