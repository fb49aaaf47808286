"""Puts an explanation together: the topic, and the project if one was named."""

from __future__ import annotations

import os
from pathlib import Path

from doctrine.app import check as judge
from doctrine.cli.check import listener, settings_of
from doctrine.cli.explain.finding_page import find_finding, write_finding
from doctrine.cli.explain.project import Seen, write_clause
from doctrine.cli.explain.rule_page import write_rule
from doctrine.cli.explain.rules import Rule
from doctrine.cli.explain.topics import Fingerprint, Topic, needed, topic_of
from doctrine.cli.explain_view import render_explain
from doctrine.cli.report.reading import read_report
from doctrine.defects import load_defects
from doctrine.errors import UsageError
from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load
from doctrine.model.guide import Clause, Guide
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from doctrine.reports.terminal.page import Page


def explain(asked: str, canvas: Canvas, *, report: Path | None, project: str | None) -> str:
    """Return the explanation of a clause, a rule or a finding.

    Args:
        asked: What the user wants to know about.
        canvas: What it is shown on.
        report: A stored report to show a project from.
        project: A project to look at now, with the tools that are needed and no others.

    Raises:
        UsageError: There is nothing of that name, or the report or project cannot be used.
    """
    if report is not None and project is not None:
        raise UsageError("--report and --project exclude each other", hint="give one of them")
    guide, defects = load(GUIDE), load_defects()
    topic = topic_of(guide, defects, asked)
    seen = _seen(guide, topic, report, project)
    page = Page(canvas)
    match topic:
        case Clause():
            text = render_explain(guide, topic.id, canvas)
            if seen is not None:
                write_clause(page, seen, topic)
            else:
                _point(page, topic.id)
            return text + page.drain()
        case Rule():
            write_rule(page, guide, defects, topic, seen)
        case Fingerprint(start=start):
            found = seen or _judged(os.curdir, None)
            write_finding(page, guide, find_finding(found, start), found)
    return page.drain()


def _point(page: Page, clause_id: str) -> None:
    page.line()
    hint = f"`doctrine explain {clause_id} --project .` adds what a project has of it."
    page.paragraph(page.prose(hint, "dim"), "  ")


def _seen(guide: Guide, topic: Topic, report: Path | None, project: str | None) -> Seen | None:
    if report is not None:
        return Seen(report=read_report(str(report)), source=str(report))
    if project is None:
        return None
    return _judged(project, needed(guide, topic))


def _judged(path: str, clauses: Guide | None) -> Seen:
    """Judge a project by some clauses only, with the tools that they ask."""
    root, paths = resolve_root(path)
    pyproject = read_pyproject(root)
    settings = settings_of(root, pyproject, {"paths": list(paths)})
    with listener(quiet=False) as board:
        report = judge(settings, pyproject, board, guide=clauses)
    return Seen(report=stored(report), source=f"the check of {path}", whole=clauses is None)
