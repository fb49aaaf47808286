"""Examples of clauses on disk, judged by the real pipeline."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from doctrine.app import check
from doctrine.cli.check import Silence
from doctrine.config import load_settings
from doctrine.guide.loader import load
from doctrine.model.guide import Clause, Guide
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.report import Report
from doctrine.model.verdict import ClauseVerdict
from doctrine.plan import tools_of
from doctrine.project.pyproject import read_pyproject
from doctrine.tools.discovery import tools

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C.UTF-8",
}


@cache
def guide() -> Guide:
    return load()


@cache
def narrowed(clause_id: str) -> Guide:
    return guide().narrowed(clause_id)


def starts_tools(clause: Clause) -> bool:
    """Return whether judging a clause starts a child process other than git."""
    return bool(tools_of(narrowed(clause.id)) & {tool.name for tool in tools()})


def plant(folder: Path, tree: Mapping[str, str]) -> None:
    """Write a project, and let git track every file of it."""
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    if not (folder / ".git").exists():
        shutil.copytree(_no_commits(), folder / ".git")
    _git(folder, "add", "-f", "--all")


@cache
def _no_commits() -> Path:
    """Return a repository as git makes it; a copy is made without starting git once more."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _git(folder, "init", "-q", "-b", "main", "--template=")
    return folder / ".git"


def _git(folder: Path, *command: str) -> None:
    subprocess.run(
        ("git", "-c", "core.autocrlf=false", *command),
        cwd=folder,
        env={**os.environ, **GIT},
        check=True,
        timeout=60,
    )


def judge(folder: Path, clause: Clause) -> tuple[Report, ClauseVerdict]:
    """Judge a project by one clause and what that rests on."""
    report = judge_by(folder, narrowed(clause.id))
    return report, next(one for one in report.clauses if one.clause.id == clause.id)


def judge_by(folder: Path, clauses: Guide) -> Report:
    """Judge a project by some clauses, or by all of them."""
    root = str(folder)
    pyproject = read_pyproject(root)
    return check(load_settings(root, pyproject, {}), pyproject, Silence(), guide=clauses)


def deciding_places(report: Report, verdict: ClauseVerdict) -> frozenset[str]:
    """Return the places behind an outcome.

    They are those of the checks that have the clause's outcome: of the findings that count where
    a check has some, else of its evidence.
    """
    found: set[str] = set()
    lines = {one.fingerprint: one.location for one in report.findings}
    for result in verdict.checks:
        if result.outcome is verdict.outcome:
            where = [lines[one] for one in result.findings] or result.evidence
            found.update(_place(one.path, one.line) for one in where)
    return frozenset(found)


def _place(path: str, line: int) -> str:
    return path if line == 0 or path == PROJECT_PATH else f"{path}:{line}"


def told(report: Report, verdict: ClauseVerdict) -> str:
    """Return all that was found, for the message of a test that fails."""
    lines = [f"{verdict.clause.id}: {verdict.outcome}: {verdict.reason}"]
    lines += [f"  {one.id}: {one.outcome}: {one.detail}" for one in verdict.checks]
    lines += [
        f"  {one.location.path}:{one.location.line}: {one.severity} {one.status} "
        f"{one.reported_by[0].rule}: {one.message}"
        for one in report.findings
        if verdict.clause.id in one.clauses
    ]
    lines += [f"  problem: {one.tool}: {one.message}" for one in report.problems]
    return "\n".join(lines)
