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
from tests.baseline.build import found, report_of
from tests.builders import a_project, a_run

DEFECTS = load_defects()
A = "src/a.py"
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
        ("unused-import", (a_run("ruff", status=BAD), a_run("vulture")), False),
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


def new(root: Path, baseline: Baseline, text: str) -> Debt:
    """Return what is new when a file holds a text whose only word is found fault with."""
    (root / A).parent.mkdir(exist_ok=True)
    (root / A).write_text(text, "utf-8")
    one = found(text.strip(), {A: text}, path=A)
    project = a_project((Module(path=A, role=Role.SOURCE),))
    project = replace(project, layout=replace(project.layout, root=str(root)))
    debt = compared(report_of([one]), baseline, project, DEFECTS, capture).baseline
    assert debt is not None
    return debt


def test_a_finding_is_known_again_by_the_code_that_it_is_about(tmp_path: Path) -> None:
    accepted = new(tmp_path, Baseline(path="b.txt"), "randint()\n").grown
    assert len(accepted) == 1
    baseline = Baseline(path="b.txt", findings=accepted)
    assert new(tmp_path, baseline, "\n\nrandint()\n").new == ()
    assert len(new(tmp_path, baseline, "choices()\n").new) == 1


def test_of_every_file_that_is_gone_it_is_asked_where_it_went(tmp_path: Path) -> None:
    entries = tuple(
        Accepted(path=path, symbol="", rule="ruff:S311", digest="0123456789abcdef", clauses=("A",))
        for path in ("src/gone.py", "src/lost.py")
    )

    def git(argv: tuple[str, ...], _root: str, _variables: object) -> tuple[int, bytes]:
        renamed = b"R100\0src/gone.py\0src/new.py\0R100\0src/lost.py\0src/found.py\0"
        return 0, renamed if "--name-status" in argv else b"0" * 40

    project = a_project()
    project = replace(project, layout=replace(project.layout, root=str(tmp_path)))
    baseline = Baseline(path="b.txt", commit="0" * 40, findings=entries)
    debt = compared(report_of([]), baseline, project, DEFECTS, git).baseline
    assert debt is not None
    assert [one.path for one in debt.stale] == ["src/found.py", "src/new.py"]
