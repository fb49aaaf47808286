"""Pins are found wherever a project settles on a version, and findings of others do not fail it."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from packaging.version import Version

from doctrine.ages import is_shared
from doctrine.checks.case import case_of
from doctrine.checks.decide import decide
from doctrine.drift import drift
from doctrine.model.guide import RuleCheck
from doctrine.model.observation import Evidence, Location, Severity
from doctrine.model.project import Dependency, DependencyKind, Lock
from doctrine.model.replacing import replace
from doctrine.model.report import Reporter, ReportFinding
from doctrine.model.run import Covers, Origin, Reading
from doctrine.model.verdict import CheckResult, Outcome
from doctrine.project.pins import read_pins
from tests.builders import a_project, a_run

HOOKS = """\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: "v0.12.3"
    hooks: [{id: ruff}]
  - repo: https://github.com/somebody/else
    rev: v9.9.9
    hooks: [{id: other}]
  - rev: v1.17.1  # frozen
    repo: https://github.com/pre-commit/mirrors-mypy.git
"""


def required(name: str, specifier: str) -> Dependency:
    return Dependency(
        name=name,
        raw=name + specifier,
        specifier=specifier,
        url="",
        kind=DependencyKind.GROUP,
        group="dev",
        place=Evidence(path="pyproject.toml", line=9, detail="dev"),
    )


def test_hooks_pin_what_they_bring() -> None:
    pins = read_pins((), None, {".pre-commit-config.yaml": HOOKS})
    assert pins["ruff"] == Evidence(path=".pre-commit-config.yaml", line=3, detail="0.12.3")
    assert set(pins) == {"ruff"}, "a revision before its repository belongs to the one before"


@pytest.mark.parametrize(
    ("revision", "version"),
    [
        ("v0.12.3", "0.12.3"),
        ("v0.12.3  # keep in step with the lock", "0.12.3"),
        (f"{'65dbdb59' * 5}  # frozen: v0.16.3", "0.16.3"),
        (f"'{'65dbdb59' * 5}'  # v0.16.3", "0.16.3"),
        ("65dbdb59" * 5, None),
        (f"{'65dbdb59' * 5}  # the newest", None),
    ],
)
def test_a_frozen_revision_pins_the_tag_behind_it(revision: str, version: str | None) -> None:
    text = f"repos:\n  - repo: https://example.invalid/ruff-pre-commit\n    rev: {revision}\n"
    pin = read_pins((), None, {".pre-commit-config.yaml": text}).get("ruff")
    assert (pin.detail if pin else None) == version


def test_exact_requirements_pin_and_the_lock_wins() -> None:
    declared = (required("ruff", "==0.14.1"), required("mypy", ">=1"), required("radon", "==6.*"))
    assert {name: one.detail for name, one in read_pins(declared, None, {}).items()} == {
        "ruff": "0.14.1"
    }
    lock = Lock(path="uv.lock", data={"package": [{"name": "Ruff", "version": "0.15.0"}, 3]})
    assert read_pins(declared, lock, {})["ruff"].detail == "0.15.0"


class _Rule(msgspec.Struct):
    """What ruff tells of a rule."""

    code: str | None
    status: dict[str, dict[str, str]]


CHECK = RuleCheck(id="clean", tool="ruff", rules=("*",))
FINDING = ReportFinding(
    fingerprint="f",
    clauses=("LNT001",),
    location=Location.point("src/a.py"),
    message="m",
    severity=Severity.ERROR,
    reported_by=(Reporter(tool="ruff", rule="X1"),),
    traces=(("ruff", "X1"),),
)


@pytest.mark.parametrize(
    ("pinned", "origin", "covers", "outcome"),
    [
        ("0.12.3", Origin.DOCTRINE, Covers.CONFIGURED, Outcome.UNVERIFIED),
        ("0.17.1", Origin.DOCTRINE, Covers.CONFIGURED, Outcome.FAIL),
        ("0.12.3", Origin.PROJECT, Covers.CONFIGURED, Outcome.FAIL),
        ("0.12.3", Origin.DOCTRINE, Covers.ALL, Outcome.FAIL),
        ("unknown", Origin.DOCTRINE, Covers.CONFIGURED, Outcome.FAIL),
    ],
)
def test_findings_of_another_version_than_the_pinned_one_prove_nothing(
    pinned: str, origin: Origin, covers: Covers, outcome: Outcome
) -> None:
    pin = Evidence(path="uv.lock", line=0, detail=pinned)
    project = replace(a_project(), pins={"ruff": pin})
    reading = Reading(analysed=frozenset({"src/a.py"}))
    run = replace(a_run("ruff", reading=reading, covers=covers), version="0.17.6", origin=origin)
    result = decide(CHECK, case_of(project, (run,), (FINDING,)))
    assert result.outcome is outcome
    assert result.findings == ("f",)
    if outcome is Outcome.UNVERIFIED:
        assert "0.12.3" in result.detail
        assert "--install" in result.detail


@pytest.mark.parametrize(("pinned", "differs"), [("1.1.413", True), ("1.1.414", False)])
def test_every_release_of_pyright_reports_other_things(pinned: str, *, differs: bool) -> None:
    pins = {"pyright": Evidence(path="uv.lock", line=0, detail=pinned)}
    run = replace(a_run("pyright", covers=Covers.CONFIGURED), version="1.1.414", program="pyright")
    assert (drift(run, pins) is not None) is differs


def _decided(rule: str, *more: str, selected: tuple[str, ...] = ()) -> CheckResult:
    """Decide findings of ruff 0.17.6 in a project that pins 0.12.3."""
    pin = Evidence(path="uv.lock", line=0, detail="0.12.3")
    project = replace(a_project(), pins={"ruff": pin}, selected=selected)
    run = replace(a_run("ruff", covers=Covers.CONFIGURED), version="0.17.6")
    findings = [replace(FINDING, fingerprint=one, traces=(("ruff", one),)) for one in (rule, *more)]
    return decide(CHECK, case_of(project, (run,), tuple(findings)))


@pytest.mark.parametrize(
    ("rule", "selected", "outcome"),
    [
        ("F401", (), Outcome.FAIL),
        ("E741", ("B",), Outcome.FAIL),
        ("FURB188", ("F",), Outcome.UNVERIFIED),
        ("B006", (), Outcome.UNVERIFIED),
        ("B006", ("B0",), Outcome.FAIL),
        ("PLR1704", ("PL",), Outcome.FAIL),
        ("B006", ("ALL",), Outcome.FAIL),
        ("B911", ("B",), Outcome.FAIL),
        ("B912", ("B",), Outcome.UNVERIFIED),
        ("RUF100", ("RUF",), Outcome.UNVERIFIED),
        ("B006", ("",), Outcome.UNVERIFIED),
        # Which names it asks for has another default since.
        ("ICN001", ("ICN",), Outcome.UNVERIFIED),
        ("PT001", ("PT",), Outcome.FAIL),
    ],
)
def test_a_rule_that_the_pinned_version_has_fails_as_well(
    rule: str, selected: tuple[str, ...], outcome: Outcome
) -> None:
    result = _decided(rule, selected=selected)
    assert result.outcome is outcome
    assert "0.12.3" in result.detail


def test_what_the_pinned_version_may_not_report_is_left_out_of_a_failure() -> None:
    result = _decided("F401", "B006")
    assert (result.outcome, result.findings) == (Outcome.FAIL, ("F401",))
    assert "1 more" in result.detail


@pytest.mark.live
def test_the_ages_of_ruffs_rules_are_those_that_it_tells() -> None:
    command = [sys.executable, "-m", "ruff", "rule", "--all", "--output-format", "json"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    told = msgspec.json.decode(done.stdout, type=list[_Rule])
    stable = {one.code: one.status["Stable"] for one in told if one.code and "Stable" in one.status}
    assert len(stable) > 700
    for code, status in stable.items():
        since = Version(status["since"].removeprefix("v")).release[:2]
        before = f"0.{max(4, since[1]) - 1}"
        assert not is_shared(code, before, ("ALL",)), code


@pytest.mark.parametrize("rule", ["I001", "ICN001", "RUF100", "RUF101", "RUF102"])
def test_what_a_version_lays_out_or_knows_of_others_is_not_shared(rule: str) -> None:
    assert not is_shared(rule, "0.16.0", (rule, "ALL"))


@pytest.mark.parametrize(
    ("rule", "pinned", "shared"),
    [
        ("PYI034", "0.12.8", False),  # passed over classes that are named in quotes
        ("PYI034", "0.14.0", True),
        ("SIM117", "0.16.0", False),
        ("FBT001", "0.11.13", False),
        ("FBT001", "0.12.0", True),
        ("UP031", "0.7.4", False),
        ("F401", "0.4.10", True),
    ],
)
def test_a_rule_is_shared_with_versions_that_report_as_much(
    rule: str, pinned: str, *, shared: bool
) -> None:
    assert is_shared(rule, pinned, ("ALL",)) is shared


def test_the_silence_of_another_version_proves_only_in_part() -> None:
    pin = Evidence(path="uv.lock", line=0, detail="0.12.3")
    reading = Reading(analysed=frozenset({"src/a.py"}))
    run = replace(a_run("ruff", reading=reading, covers=Covers.CONFIGURED), version="0.17.6")
    pinned = decide(CHECK, case_of(replace(a_project(), pins={"ruff": pin}), (run,), ()))
    assert (pinned.outcome, pinned.partial) == (Outcome.PASS, True)
    assert "0.12.3" in pinned.detail
    free = decide(CHECK, case_of(a_project(), (run,), ()))
    assert (free.outcome, free.partial) == (Outcome.PASS, False)
