"""What the golden files hold; ``python -m tests.reports.goldens`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from doctrine.reports._view import Detail, Sort, View
from doctrine.reports.discovery import formats
from tests.reports.build import (
    a_finding,
    a_perfect_report,
    a_report,
    an_earlier_run,
    an_empty_report,
    verdict,
)
from tests.reports.source import ACME
from tests.reports.standard import CPX002

FOLDER = Path(__file__).parent / "golden"


def rendered(name: str, report: Report, canvas: Canvas | None = None) -> str:
    """Return a report in a format, drawn from its stored form as every caller has it drawn."""
    shown_on = replace(canvas or Canvas(), root=report.root)
    return "".join(formats()[name].render(stored(report), shown_on))


LINKED = Canvas(
    folder="shop",
    blobs="https://git.example/acme/shop/blob/0123456789abcdef0123456789abcdef01234567/",
)


def a_base() -> Report:
    """Return an earlier report of the plausible project: one clause was held, two defects were there."""
    report = a_report()
    gone = (
        a_finding("g1", path="src/acme/old.py", line=3),
        a_finding("g2", path="src/acme/old.py"),
    )
    return replace(
        report,
        clauses=tuple(
            verdict(CPX002, Outcome.PASS, "radon read 41 source files and found nothing")
            if one.clause.id == "CPX002"
            else one
            for one in report.clauses
        ),
        findings=(*(one for one in report.findings if one.fingerprint != "c1"), *gone),
    )


def _terminal(report: Callable[[], Report], **canvas: int | bool) -> Callable[[], str]:
    return lambda: rendered(
        "terminal",
        report(),
        Canvas(
            width=int(canvas.get("width", 80)),
            color=bool(canvas.get("color", False)),
            unicode=bool(canvas.get("unicode", True)),
            links=bool(canvas.get("links", False)),
        ),
    )


def _seen(name: str, view: View, *, width: int = 100, last: bool = False) -> Callable[[], str]:
    """Return what draws the report with its sources, as a view shows it."""
    return lambda: rendered(
        name,
        a_report(),
        Canvas(width=width, view=view, sources=ACME, last=an_earlier_run() if last else None),
    )


GOLDENS: Mapping[str, Callable[[], str]] = {
    "report.json": lambda: rendered("json", a_report()),
    "empty.json": lambda: rendered("json", an_empty_report()),
    "gitlab.json": lambda: rendered("gitlab", a_report()),
    "checkstyle.xml": lambda: rendered("checkstyle", a_report()),
    "junit.xml": lambda: rendered("junit", a_report()),
    "report.sarif": lambda: rendered("sarif", a_report()),
    "wide.txt": _terminal(a_report, width=140),
    "normal.txt": _terminal(a_report),
    "narrow.txt": _terminal(a_report, width=40),
    "ascii.txt": _terminal(a_report, unicode=False),
    "color.txt": _terminal(a_report, color=True, links=True),
    "perfect.txt": _terminal(a_perfect_report),
    "empty.txt": _terminal(an_empty_report),
    "matrix.csv": lambda: rendered("csv", a_report()),
    "badge.svg": lambda: rendered("badge", a_report()),
    "shields.json": lambda: rendered("shields", a_report()),
    "markdown.md": lambda: rendered("markdown", a_report(), LINKED),
    "summary.md": lambda: rendered("github-summary", a_report(), LINKED),
    "comment.md": lambda: rendered("pr-comment", a_report(), LINKED),
    "comment-base.md": lambda: rendered(
        "pr-comment", a_report(), replace(LINKED, base=stored(a_base()))
    ),
    "github.txt": lambda: rendered("github", a_report()),
    "quoted.txt": _seen("terminal", View(), last=True),
    "quoted-narrow.txt": _seen("terminal", View(), width=48),
    "quiet.txt": _seen("terminal", View(detail=Detail.QUIET)),
    "verbose.txt": _seen("terminal", View(detail=Detail.VERBOSE)),
    "show.txt": _seen("terminal", View(show=("SEC005", "TYP001"))),
    "filtered.txt": _seen("terminal", View(paths=("src/acme/tokens.py",), sort=Sort.PATH)),
    "concise.txt": _seen("concise", View()),
    "concise-verbose.txt": _seen("concise", View(detail=Detail.VERBOSE), last=True),
    "compact.txt": _seen("compact", View(), last=True),
    "compact-show.txt": _seen("compact", View(show=("SEC005",))),
}

if __name__ == "__main__":
    for file_name, render in GOLDENS.items():
        (FOLDER / file_name).write_text(render(), "utf-8", newline="\n")
