"""Who has to have looked before an entry is called mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.acceptance import compared
from doctrine.defects import load_defects
from doctrine.model.baseline import Accepted, Baseline, Debt
from doctrine.model.project import Flaw, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.run import Reading, ToolRun, ToolStatus
from doctrine.runner import capture
from tests.baseline.build import report_of
from tests.builders import a_project, a_run

DEFECTS = load_defects()
OK, BAD, OFF = ToolStatus.OK, ToolStatus.CRASHED, ToolStatus.SKIPPED


def debt_of(
    root: Path, rule: str, *runs: ToolRun, module: Module | None = None, restricted: bool = False
) -> Debt:
    entry = Accepted(
        path="src/a.py", symbol="", rule=rule, digest="0123456789abcdef", clauses=("AAA001",)
    )
    project = a_project((module or Module(path="src/b.py", role=Role.SOURCE),))
    layout = replace(project.layout, root=str(root), restricted=restricted)
    report = replace(report_of([]), tools=runs)
    baseline = Baseline(path="b.txt", findings=(entry,))
    debt = compared(report, baseline, replace(project, layout=layout), DEFECTS, capture).baseline
    assert debt is not None
    return debt


@pytest.mark.parametrize(
    ("rule", "runs", "is_stale"),
    [
        ("mypy:arg-type", (a_run("mypy"),), True),
        ("mypy:arg-type", (a_run("mypy", status=BAD), a_run("ruff")), False),
        ("mypy:arg-type", (a_run("mypy", status=OFF),), False),
        ("mypy:arg-type", (), False),
        ("ruff:S311", (a_run("ruff"), a_run("ruff-guide")), True),
        ("ruff:S311", (a_run("ruff"), a_run("ruff-guide", status=BAD)), False),
        ("semgrep:a.rule", (a_run("semgrep"), a_run("semgrep-packs", status=OFF)), True),
        ("semgrep-packs:a.rule", (a_run("semgrep"), a_run("semgrep-packs", status=OFF)), False),
        ("unused-import", (a_run("ruff"), a_run("pyright"), a_run("vulture")), True),
        ("unused-import", (a_run("ruff"), a_run("vulture", status=BAD)), False),
        ("mypy:arg-type", (a_run("mypy", reading=Reading(unread={"src/a.py": "why"})),), False),
        ("mypy:arg-type", (a_run("mypy", reading=Reading(missing_packages=("x",))),), False),
    ],
)
def test_only_what_everybody_looked_for_is_mended(
    tmp_path: Path, rule: str, runs: tuple[ToolRun, ...], is_stale: bool
) -> None:
    debt = debt_of(tmp_path, rule, *runs)
    assert (len(debt.stale), debt.undecided) == ((1, 0) if is_stale else (0, 1))
    assert len(debt.kept) == (not is_stale)


def test_a_file_that_cannot_be_parsed_or_was_not_asked_for_is_not_mended(tmp_path: Path) -> None:
    broken = Module(path="src/a.py", role=Role.SOURCE, flaw=Flaw.SYNTAX)
    assert debt_of(tmp_path, "mypy:arg-type", a_run("mypy"), module=broken).undecided == 1
    assert debt_of(tmp_path, "mypy:arg-type", a_run("mypy"), restricted=True).undecided == 1
