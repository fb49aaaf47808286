"""What was collected becomes a report with every step taken: ignored, waived, summed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from doctrine.cli.check import settings_of
from doctrine.guide.chosen import load_guide
from doctrine.judging import report_on
from doctrine.model.collected import Collected
from doctrine.model.report import Report
from doctrine.project.pyproject import read_pyproject
from doctrine.survey import survey
from tests.project.trees import layout_of, plant

_DRAWN = "import random\n\n\ndef token() -> str:\n    return str(random.random())"
_OTHER = "X = 1\nY = 2\n"


def _waiver() -> str:
    today = datetime.now(tz=UTC).date()
    return (
        '[[tool.doctrine.waivers]]\nclause = "TYP004"\nreason = "it is replaced soon"\n'
        f'owner = "A"\ndate = {today}\nexpires = {today + timedelta(days=20)}\n'
    )


def _report(root: Path, *, audit: bool = False, waived: bool = False) -> Report:
    collected = _collected(root, audit=audit, waived=waived)
    return report_on(collected, start=0.0, baseline=None, partial=None)


def _collected(root: Path, *, audit: bool = False, waived: bool = False) -> Collected:
    plant(
        root,
        {
            "pyproject.toml": f'[project]\nname = "app"\nversion = "1"\n{_waiver() if waived else ""}',
            "src/app/drawn.py": f"{_DRAWN}  # doctrine: ignore[SEC005] a test of luck\n",
            "src/app/other.py": _OTHER,
        },
    )
    pyproject = read_pyproject(str(root))
    settings = settings_of(str(root), pyproject, {"paths": [], "audit": audit})
    seen = survey(layout_of(root), settings)
    return Collected(
        guide=load_guide(), settings=settings, project=seen.project,
        runs=seen.inspect_project(), scratch="",
    )  # fmt: skip


def _statuses(report: Report, path: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in report.findings:
        if one.location.path == path:
            for clause in one.clauses:
                found.setdefault(clause, set()).add(one.status.value)
    return found


def test_what_a_comment_ignores_is_suppressed_and_counted_but_not_in_an_audit(
    tmp_path: Path,
) -> None:
    usual, audited = _report(tmp_path), _report(tmp_path, audit=True)
    assert _statuses(usual, "src/app/drawn.py")["SEC005"] == {"suppressed"}
    assert _statuses(audited, "src/app/drawn.py")["SEC005"] == {"new"}
    unused = [one.message for one in usual.problems if "ignore" in one.message]
    assert unused == []


def test_an_ignore_that_silences_nothing_is_told_of_but_not_in_an_audit(tmp_path: Path) -> None:
    plant(tmp_path, {"src/app/more.py": "X = 1  # doctrine: ignore[SEC005] nothing here\n"})
    told = [one.message for one in _report(tmp_path).problems if "more.py" in one.message]
    assert len(told) == 1
    assert not any("more.py" in one.message for one in _report(tmp_path, audit=True).problems)


def test_findings_of_a_waived_clause_are_kept_and_marked(tmp_path: Path) -> None:
    assert _statuses(_report(tmp_path), "pyproject.toml")["TYP004"] == {"new"}
    waived = _report(tmp_path, waived=True)
    assert _statuses(waived, "pyproject.toml")["TYP004"] == {"waived"}


def test_every_line_of_every_file_is_summed_up(tmp_path: Path) -> None:
    summary = _report(tmp_path).project
    assert (summary.name, summary.python_files, summary.lines) == ("app", 2, 7)


def test_no_finding_is_lost_on_the_way(tmp_path: Path) -> None:
    collected = _collected(tmp_path)
    reported = report_on(collected, start=0.0, baseline=None, partial=None).findings
    found = {one.message for run in collected.runs for one in run.reading.findings}
    assert len(found) > 3
    assert found == {one.message for one in reported}
