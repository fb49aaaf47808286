"""The registry of the Python guide keeps its promises to everything that reads it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import doctrine.guide
from doctrine.guide.crosscheck import crosscheck
from doctrine.guide.loader import available, load, load_registry
from doctrine.inspect.discovery import inspectors
from doctrine.model.guide import (
    Check,
    Clause,
    FactCheck,
    GateCheck,
    Guide,
    Level,
    ManualCheck,
    RuleCheck,
    ThresholdCheck,
    Verification,
)

TOOLS = frozenset(
    [
        "coverage",
        "mypy",
        "pyright",
        "radon",
        "ruff",
        "ruff-format",
        "ruff-guide",
        "semgrep",
        "semgrep-packs",
        "uv-audit",
        "uv-lock",
        "vulture",
    ]
)
INSPECTORS = frozenset(one.name for one in inspectors())
FACTS = frozenset(
    [
        "annotations",
        "async",
        "async-cache",
        "async-connections",
        "async-entry-point",
        "circuit-breaker",
        "complexity-flaked",
        "complexity-linted",
        "concurrent",
        "coverage-by-default",
        "coverage-configured",
        "coverage-gate",
        "coverage-low-gate",
        "critical-operations",
        "crypto",
        "database",
        "deployable",
        "encryption",
        "exposes-api",
        "external-calls",
        "feature-flags",
        "international",
        "key-management",
        "library",
        "memory-cache",
        "migrations",
        "native-extension",
        "parallelism",
        "parser",
        "passwords",
        "persistent-cache",
        "property-tests",
        "pytest",
        "python-code",
        "random-module",
        "requires-python",
        "retry",
        "secret-values",
        "several-minors",
        "several-systems",
        "signing",
        "state-changes",
        "target-py312",
        "target-py313",
        "target-py314",
        "tests",
        "third-party-dependencies",
        "web-ui",
        "websockets",
        "xdist-enabled",
    ]
)
UMBRELLAS = {
    "TYP005": ("TYP006", "TYP007"),
    "TYP010": ("TYP008", "TYP009"),
    "FUZ003": ("FUZ001",),
    "FUZ004": ("FUZ002",),
    "DEP001": ("PKG001",),
    "ASY001": ("ASY002", "ASY003", "ASY004", "ASY005", "ASY006", "ASY007"),
    "SEC003": ("SEC006",),
}


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load()


def _checks(guide: Guide) -> Iterator[tuple[Clause, Check]]:
    for clause in guide.clauses:
        for check in clause.checks:
            yield clause, check


def _inspectors() -> dict[str, tuple[str, ...]]:
    return {inspector.name: inspector.rules for inspector in inspectors()}


def test_the_python_guide_comes_with_doctrine(guide: Guide) -> None:
    assert "python" in available()
    assert (guide.id, guide.version) == ("python", "2.11.0")


def test_the_guide_has_its_clauses_and_keywords(guide: Guide) -> None:
    assert Counter(clause.keyword for clause in guide.clauses) == {
        "SHOULD": 37,
        "MUST": 32,
        "MUST NOT": 7,
        "MAY": 5,
        "RECOMMENDED": 1,
        "SHOULD NOT": 1,
    }


def test_restatements_are_umbrellas_and_nothing_else_is(guide: Guide) -> None:
    assert {one.id: one.members for one in guide.clauses if one.umbrella} == UMBRELLAS


def test_every_scored_clause_is_decided_by_something_and_no_umbrella_is(guide: Guide) -> None:
    for clause in guide.clauses:
        assert clause.checks or not clause.scored, clause.id
        assert not (clause.checks and clause.umbrella), clause.id


def test_conditions_and_checks_name_facts_that_exist(guide: Guide) -> None:
    named = {
        term.fact for clause in guide.clauses for group in clause.condition.groups for term in group
    }
    named |= {check.fact for _, check in _checks(guide) if isinstance(check, FactCheck)}
    named |= {
        pattern.fact
        for _, check in _checks(guide)
        if isinstance(check, GateCheck)
        for pattern in check.gates
        if pattern.fact
    }
    assert named <= FACTS


def test_checks_name_tools_and_inspectors_that_exist(guide: Guide) -> None:
    asked = {
        check.tool for _, check in _checks(guide) if isinstance(check, RuleCheck | ThresholdCheck)
    }
    assert asked == TOOLS | INSPECTORS


def test_every_rule_asked_of_an_inspector_is_one_it_can_report(guide: Guide) -> None:
    known = _inspectors()
    lost = [
        f"{clause.id}: {check.tool} has no rule {pattern}"
        for clause, check in _checks(guide)
        if isinstance(check, RuleCheck) and check.tool in INSPECTORS
        for pattern in check.rules
        if not any(fnmatchcase(rule, pattern) for rule in known.get(check.tool, ()))
    ]
    assert lost == []


def test_every_rule_of_an_inspector_belongs_to_a_clause(guide: Guide) -> None:
    asked = {
        (check.tool, rule)
        for _, check in _checks(guide)
        if isinstance(check, RuleCheck)
        for rule in check.rules
    }
    idle = [
        f"{name}: {rule}"
        for name, rules in _inspectors().items()
        if name in INSPECTORS
        for rule in rules
        if (name, rule) not in asked
    ]
    assert idle == []


def test_the_private_ruff_rules_are_named_one_by_one(guide: Guide) -> None:
    rules = [
        rule
        for _, check in _checks(guide)
        if isinstance(check, RuleCheck) and check.tool == "ruff-guide"
        for rule in check.rules
    ]
    assert len(rules) == len(set(rules))
    assert not any(mark in rule for rule in rules for mark in "*?[")
    assert {"UP045", "UP035/collections.abc", "TID251/typing.Sequence", "ASYNC251"} <= set(rules)


@pytest.mark.parametrize("clause_id", ["LNT001", "FMT001", "TYP001", "TYP002", "SGP001", "DED001"])
def test_use_of_a_tool_is_declared_enforced_and_clean(guide: Guide, clause_id: str) -> None:
    clause = guide.clause(clause_id)
    assert clause is not None
    assert {"declared", "gate", "clean"} <= {check.id for check in clause.checks}


@pytest.mark.parametrize(
    ("clause_id", "parents"),
    [
        ("TYP003", ("TYP001.declared",)),
        ("TYP004", ("TYP002.declared",)),
        ("DEP003", ("DEP002.present",)),
        ("SEC004", ("SEC005.clean", "SEC005.handed")),
    ],
)
def test_a_clause_fails_with_what_it_rests_on(
    guide: Guide, clause_id: str, parents: tuple[str, ...]
) -> None:
    clause = guide.clause(clause_id)
    assert clause is not None
    assert clause.parents == parents


def test_a_coverage_gate_stands_in_for_a_measurement_in_part(guide: Guide) -> None:
    clause = guide.clause("COV002")
    assert clause is not None
    measured, gate, _comments = clause.checks
    assert isinstance(measured, ThresholdCheck)
    assert (measured.limit, measured.at_most) == (80.0, False)
    assert isinstance(gate, FactCheck)
    assert (gate.instead_of, gate.partial, gate.false_is) == (measured.id, True, "unverified")


def test_a_clause_without_a_check_says_so_and_how_to_settle_it(guide: Guide) -> None:
    for clause, check in _checks(guide):
        if isinstance(check, ManualCheck):
            assert clause.verification is Verification.ATTESTATION
            assert "confirm" in check.reason or "look" in check.reason, clause.id


def test_the_texts_are_short_and_a_failure_says_what_mends_it(guide: Guide) -> None:
    for clause in guide.clauses:
        assert clause.statement.endswith("."), clause.id
        assert clause.rationale.endswith("."), clause.id
        assert len(clause.statement) <= 180, clause.id
        assert len(clause.remedy) <= 320, clause.id


def test_levels_weigh_what_scoring_model_1_says(guide: Guide) -> None:
    scored = [clause for clause in guide.clauses if clause.scored]
    assert Counter(clause.level for clause in scored) == {Level.MUST: 35, Level.SHOULD: 37}


def test_the_registry_agrees_with_the_guide_it_was_written_for() -> None:
    named = os.environ.get("DOCTRINE_GUIDE_FILE")
    if not named:
        pytest.skip("set DOCTRINE_GUIDE_FILE to the guide's file")
    registry = load_registry(Path(doctrine.guide.__path__[0]) / "python")
    assert crosscheck(registry, Path(named).read_text(encoding="utf-8")) == ()
