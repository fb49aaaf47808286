"""Which commands the Python guide's clauses accept as gates, and which they see through."""

from __future__ import annotations

import pytest

from doctrine.checks.case import case_of
from doctrine.checks.decide import decide
from doctrine.guide.loader import load
from doctrine.model.guide import GateCheck, Guide
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation, Command, CommandKind
from doctrine.model.verdict import Outcome
from tests.builders import a_project


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load()


def _outcome(guide: Guide, clause_id: str, line: str, *, hook: bool = False) -> Outcome:
    clause = guide.clause(clause_id)
    if clause is None:
        raise LookupError(clause_id)
    check = next(one for one in clause.checks if isinstance(one, GateCheck))
    command = Command(
        argv=tuple(line.split()),
        kind=CommandKind.HOOK if hook else CommandKind.CI,
        place=Evidence(path="ci.yml", line=1, detail=line),
        rewrites_fail=hook,
    )
    project = a_project(automation=Automation(commands=(command,), has_ci=True))
    return decide(check, case_of(project, (), ())).outcome


@pytest.mark.parametrize(
    ("clause_id", "line"),
    [
        ("LNT001", "ruff check ."),
        ("LNT001", "ruff check --fix --exit-non-zero-on-fix ."),
        ("LNT001", "ruff --quiet check --output-format=github src"),
        ("FMT001", "ruff format --check ."),
        ("FMT001", "ruff format --diff src"),
        ("FMT001", "ruff format --exit-non-zero-on-format ."),
        ("TYP001", "mypy src/"),
        ("TYP001", "dmypy run -- src"),
        ("TYP002", "pyright"),
        ("TYP002", "basedpyright src"),
        ("SGP001", "semgrep scan --config p/python --error src"),
        ("SGP001", "semgrep --config=p/python --error"),
        ("SGP001", "semgrep ci"),
        ("SGP001", "opengrep scan --config rules --error src"),
        ("DED001", "vulture src --min-confidence=80"),
        ("COV001", "pytest -n auto --cov=src --cov-fail-under=80"),
        ("COV001", "coverage run -m pytest"),
        ("CPX001", "radon cc src -a"),
        ("CPX001", "xenon --max-absolute B src"),
        ("CPX001", "ruff check --select C901 ."),
        ("CPX001", "ruff check --extend-select=E,C90 ."),
        ("CPX001", "flake8 --max-complexity=10"),
        ("FUZ001", "pytest -q"),
        ("FUZ001", "coverage run -m pytest"),
        ("FUZ001", "schemathesis run openapi.json"),
        ("XDT001", "pytest -n auto"),
        ("DEP005", "pip-audit --strict -r requirements.lock"),
        ("DEP005", "safety scan"),
        ("DEP005", "safety check"),
        ("DEP005", "uv audit"),
        ("DEP005", "osv-scanner --lockfile=uv.lock"),
        ("DEP005", "trivy fs --exit-code 1 ."),
        ("DEP005", "grype dir:. --fail-on high"),
    ],
)
def test_a_command_that_fails_on_findings_is_a_gate(
    guide: Guide, clause_id: str, line: str
) -> None:
    assert _outcome(guide, clause_id, line) is Outcome.PASS


@pytest.mark.parametrize(
    ("clause_id", "line"),
    [
        ("LNT001", "ruff check --exit-zero ."),
        ("LNT001", "ruff check . -e"),
        ("LNT001", "ruff check --fix ."),
        ("LNT001", "ruff check --diff ."),
        ("LNT001", "ruff format --check ."),
        ("LNT001", "flake8 src"),
        ("FMT001", "ruff format ."),
        ("FMT001", "ruff check ."),
        ("FMT001", "black --check ."),
        ("TYP001", "mypy --version"),
        ("TYP001", "dmypy start"),
        ("TYP001", "pyright"),
        ("TYP002", "pyright --createstub requests"),
        ("TYP002", "mypy src"),
        ("SGP001", "semgrep --config=p/python src/"),
        ("SGP001", "semgrep scan --config auto --validate --error"),
        ("DED001", "vulture --make-whitelist src"),
        ("COV001", "pytest"),
        ("COV001", "pytest --cov-report=html"),
        ("COV001", "pytest --cov=src --no-cov"),
        ("COV001", "coverage report --fail-under=80"),
        ("CPX001", "radon raw src"),
        ("CPX001", "ruff check --select E,F ."),
        ("CPX001", "ruff check ."),
        ("FUZ001", "pytest --collect-only"),
        ("DEP005", "pip-audit --dry-run"),
        ("DEP005", "safety check --continue-on-error"),
        ("DEP005", "uv sync --locked"),
        ("DEP005", "trivy fs ."),
        ("DEP005", "trivy fs --exit-code 0 ."),
        ("DEP005", "grype dir:."),
    ],
)
def test_a_command_that_cannot_fail_on_findings_is_no_gate(
    guide: Guide, clause_id: str, line: str
) -> None:
    assert _outcome(guide, clause_id, line) is Outcome.FAIL


@pytest.mark.parametrize(
    ("clause_id", "line", "outcome"),
    [
        ("LNT001", "ruff check --fix --force-exclude", Outcome.PASS),
        ("FMT001", "ruff format --force-exclude", Outcome.PASS),
        ("TYP001", "mypy src", Outcome.PASS),
        ("FUZ001", "pytest", Outcome.FAIL),
        ("DEP005", "pip-audit", Outcome.FAIL),
    ],
)
def test_hooks_that_fail_on_changed_files_count_where_ci_is_not_asked_for(
    guide: Guide, clause_id: str, line: str, outcome: Outcome
) -> None:
    assert _outcome(guide, clause_id, line, hook=True) is outcome
