"""A small standard for tests of the reports."""

from __future__ import annotations

from doctrine.model.guide import (
    Check,
    Clause,
    Condition,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    Guide,
    Level,
    ManualCheck,
    RuleCheck,
    Scope,
    Term,
    ThresholdCheck,
    Verification,
)

DIGEST = "sha256:" + "5e" * 32
REGISTRY = "sha256:" + "a1" * 32


def clause(
    clause_id: str,
    statement: str,
    *,
    level: Level = Level.MUST,
    section: str = "Security",
    line: int = 100,
    rationale: str = "",
    remedy: str = "",
    checks: tuple[Check, ...] = (),
    groups: tuple[tuple[Term, ...], ...] = (),
    verification: Verification = Verification.AUTOMATED,
    members: tuple[str, ...] = (),
    parents: tuple[str, ...] = (),
) -> Clause:
    return Clause(
        id=clause_id,
        level=level,
        section=section,
        line=line,
        end_line=line,
        keyword=level.value,
        statement=statement,
        rationale=rationale,
        remedy=remedy,
        condition=Condition(groups=groups),
        verification=verification,
        checks=checks,
        members=members,
        parents=parents,
    )


LNT001 = clause(
    "LNT001",
    "Ruff is the linter of the project.",
    section="Linting: Ruff",
    line=70,
    rationale="One fast linter with one configuration is run more often than five slow ones.",
    remedy="Run `uv add --dev ruff` and add the step `uv run ruff check .` to CI.",
    checks=(
        DeclaredCheck(id="declared", distributions=("ruff",)),
        GateCheck(
            id="gate",
            gates=(
                GatePattern(program="ruff", subcommands=("check",), forbids=("--exit-zero",)),
                GatePattern(program="flake8", note="flake8 with the same plugins is an equivalent"),
            ),
        ),
        RuleCheck(id="clean", tool="ruff", rules=("*",)),
    ),
)
SEC005 = clause(
    "SEC005",
    "Tokens, passwords, keys and other secret values are never drawn from `random`.",
    line=969,
    rationale="The state of `random` can be worked out from a few hundred of its outputs, and "
    "every later token with it.",
    remedy="Replace `random.choices(...)` by `secrets.token_urlsafe(32)`.",
    checks=(RuleCheck(id="clean", tool="security", rules=("random-secret",), scope=Scope.SOURCE),),
    groups=((Term(fact="random-module"), Term(fact="secret-values")),),
    verification=Verification.PARTIAL,
)
TYP006 = clause(
    "TYP006",
    "An optional type is written as a union with None, `int | None`.",
    section="Type Hint Conventions",
    line=156,
    rationale="One spelling of the most frequent annotation is read faster than three.",
    remedy="Run `ruff check --select UP007,UP045 --fix .`",
    checks=(RuleCheck(id="clean", tool="ruff-guide", rules=("UP007", "UP045")),),
    groups=((Term(fact="annotations"),),),
)
CPX002 = clause(
    "CPX002",
    "No block has a cyclomatic complexity above 10.",
    level=Level.SHOULD,
    section="Cyclomatic Complexity: Radon",
    line=350,
    rationale="Tests rarely reach every path of a function with more branches than that.",
    remedy="Split the functions named above, the longest first.",
    checks=(
        ThresholdCheck(
            id="below", tool="radon", metric="complexity", limit=10, at_most=True, scope=Scope.ALL
        ),
    ),
)
TYP001 = clause(
    "TYP001",
    "mypy checks the types.",
    section="Type Checking: Mypy + Pyright",
    line=118,
    rationale="Wrong types are found before anybody runs the code.",
    remedy="Run `uv add --dev mypy`.",
)
SGP001 = clause("SGP001", "Semgrep analyses the code.", level=Level.SHOULD, line=283)
COV002 = clause(
    "COV002",
    "Tests cover at least 80 percent of the code.",
    level=Level.SHOULD,
    section="Code Coverage: pytest-cov",
    line=320,
    remedy="Run `doctrine check --tests`.",
    checks=(
        ThresholdCheck(
            id="measured", tool="coverage", metric="coverage-percent", limit=80, at_most=False
        ),
        FactCheck(
            id="gate",
            fact="coverage-gate",
            otherwise="no enforced gate of at least 80",
            partial=True,
            instead_of="measured",
        ),
    ),
)
PRF001 = clause(
    "PRF001",
    "Code is profiled before it is optimised.",
    level=Level.SHOULD,
    section="Profiling",
    line=755,
    verification=Verification.ATTESTATION,
    checks=(ManualCheck(id="person", reason="only a person knows; attest it"),),
)
TYP005 = clause(
    "TYP005", "The conventions for annotations are followed.", line=151, members=("TYP006",)
)
FUZ002 = clause("FUZ002", "Atheris may be used.", level=Level.MAY, line=367)
DEP005 = clause("DEP005", "Dependencies are scanned for known vulnerabilities.", line=514)
DAT001 = clause("DAT001", "Integrity constraints of the database are tested.", line=707)
WSK001 = clause("WSK001", "WebSockets use the `websockets` library.", level=Level.SHOULD, line=1067)
ASY007 = clause("ASY007", "A coroutine never blocks the event loop.", line=904)
HOLDING = tuple(
    clause(name, f"{name} is kept.", line=900 + number, level=level)
    for number, (name, level) in enumerate(
        (
            ("PKG001", Level.MUST),
            ("CFG001", Level.MUST),
            ("CFG002", Level.MUST),
            ("CFG003", Level.MUST),
            ("FMT001", Level.MUST),
            ("TYP007", Level.MUST),
            ("STD001", Level.MUST),
            ("STD002", Level.SHOULD),
            ("DED001", Level.SHOULD),
            ("CPX001", Level.SHOULD),
            ("DEP002", Level.MUST),
            ("DEP003", Level.MUST),
            ("DEP004", Level.MUST),
            ("XDT001", Level.SHOULD),
            *((f"DOC{number:03}", Level.MUST) for number in range(1, 23)),
        )
    )
)

GUIDE = Guide(
    id="python",
    title="Python style guide",
    version="2.11.0",
    digest=DIGEST,
    registry=REGISTRY,
    clauses=(
        LNT001,
        TYP001,
        TYP005,
        TYP006,
        SGP001,
        COV002,
        CPX002,
        FUZ002,
        DEP005,
        DAT001,
        PRF001,
        ASY007,
        SEC005,
        WSK001,
        *HOLDING,
    ),
)
