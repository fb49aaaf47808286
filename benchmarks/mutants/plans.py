"""Which modules are broken, and which tests are asked whether they notice."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class Ask(Struct, frozen=True, kw_only=True):
    """One start of pytest.

    Attributes:
        paths: Tests, relative to the top of the tree.
        only: What their names must hold, as pytest's ``-k`` has it; empty for all of them.
    """

    paths: tuple[str, ...]
    only: str = ""


class Plan(Struct, frozen=True, kw_only=True):
    """A module and who watches over it; asked one after another, until somebody notices.

    Attributes:
        module: Path below ``src/doctrine``.
        asks: The quick ones first.
    """

    module: str
    asks: tuple[Ask, ...]


_RECORDINGS = "tests/tools/test_recordings.py"
_OUTPUTS = "tests/faults/test_outputs.py"
_TOOLS = {
    "coverage": "test_coverage",
    "mypy": "test_mypy test_mypy_parts",
    "pyright": "test_pyright",
    "radon": "test_radon",
    "ruff": "test_ruff",
    "ruff_format": "test_ruff",
    "ruff_guide": "test_ruff",
    "semgrep": "test_semgrep",
    "semgrep_packs": "test_semgrep_packs",
    "uv_audit": "test_uv_audit",
    "uv_lock": "test_uv_lock",
    "vulture": "test_vulture",
}
_SHARED = {
    "_decode": ("test_decode", "ruff"),
    "_drivers": ("test_vulture", "vulture or radon"),
    "_locked": ("test_uv_lock test_uv_audit", "uv"),
    "_mypy_output": ("test_mypy test_mypy_kept", "mypy"),
    "_packages": ("test_packages", "uv"),
    "_pyright_output": ("test_pyright", "pyright"),
    "_pyright_reading": ("test_pyright", "pyright"),
    "_reliance": ("test_reliance", "mypy"),
    "_ruff": ("test_ruff", "ruff"),
    "_semgrep_rules": ("test_semgrep", "semgrep"),
    "_semgrep_scan": ("test_semgrep", "semgrep"),
}
_STEPS = {
    "readings.py": (
        "tests/test_readings.py",
        "tests/tools/test_recordings.py",
        "tests/test_plan.py",
    ),
    "normalise.py": ("tests/test_normalise.py", "tests/test_ignoring.py"),
    "thresholds.py": ("tests/test_normalise.py", "tests/test_evaluate.py"),
    "ignoring.py": ("tests/test_ignoring.py",),
    "silencing.py": ("tests/test_silencing.py", "tests/test_ignoring.py"),
    "redact.py": ("tests/test_redact.py", "tests/test_secret_formats.py"),
    "checks/case.py": ("tests/test_evaluate.py", "tests/test_reach.py"),
    "checks/decide.py": ("tests/test_evaluate.py",),
    "checks/evidence.py": ("tests/test_evaluate.py",),
    "checks/findings.py": ("tests/test_evaluate.py", "tests/project/test_pins.py"),
    "checks/proof.py": ("tests/test_evaluate.py",),
    "checks/use.py": ("tests/test_evaluate.py",),
    "applies.py": ("tests/test_evaluate.py",),
    "evaluate.py": ("tests/test_evaluate.py", "tests/statements"),
    "grade.py": ("tests/test_grade.py",),
    "gate.py": ("tests/test_gate.py", "tests/statements/test_gate.py"),
    "problems.py": ("tests/test_problems.py", "tests/test_ignoring.py"),
    "narrowing.py": ("tests/test_narrowing.py",),
    "acceptance.py": ("tests/test_acceptance.py", "tests/baseline"),
    "baseline/keys.py": ("tests/baseline", "tests/test_acceptance.py"),
    "baseline/matching.py": ("tests/baseline", "tests/test_acceptance.py"),
    "baseline/document.py": ("tests/baseline",),
    "statements/excusing.py": ("tests/statements",),
    "statements/screening.py": ("tests/statements",),
    "judging.py": ("tests/test_judging.py", "tests/test_app_gone.py"),
    "aside.py": ("tests/test_threads.py", "tests/test_runner.py"),
    "expressions.py": ("tests/test_expressions.py", "tests/inspect/test_hiding.py"),
    "project/beside.py": ("tests/project",),
    "cache/pending.py": ("tests/cache/test_secrets.py", "tests/cache/test_reuse.py"),
    "cache/secrets.py": ("tests/cache/test_secrets.py",),
    "cache/setback.py": ("tests/cache/test_setback.py", "tests/cache/test_tickets.py"),
    "inspect/_ruff_files.py": ("tests/inspect/test_strictness.py", "tests/inspect/test_hiding.py"),
    "inspect/_ruff_weak.py": ("tests/inspect/test_strictness.py",),
    "inspect/_hidden_source.py": ("tests/inspect/test_hiding.py",),
    "collecting.py": ("tests/test_collecting.py", "tests/test_start_order.py"),
    "runner.py": ("tests/test_runner.py", "tests/faults/test_processes.py"),
    "private.py": ("tests/test_endings.py", "tests/test_runner.py"),
    "running.py": ("tests/cache/test_reuse.py", "tests/cache/test_carry.py"),
}
_FAULTS = frozenset(
    {
        "readings.py", "normalise.py", "thresholds.py", "checks/case.py", "checks/decide.py",
        "checks/evidence.py", "checks/findings.py", "checks/proof.py", "problems.py", "gate.py",
    }
)  # fmt: skip
"""Steps that the fault matrix goes through; it is asked for one tool."""
_AROUND = Ask(
    paths=(
        "tests/statements", "tests/baseline", "tests/cache/test_reuse.py", "tests/test_acceptance.py",
        "tests/test_gate.py", "tests/test_gate_facts.py", "tests/test_grade.py",
        "tests/test_ignoring.py", "tests/test_narrowing.py", "tests/test_normalise.py",
        "tests/test_plan.py", "tests/test_redact.py", "tests/test_silencing.py",
        "tests/guide/test_gates.py", "tests/guide/test_python_guide.py",
    )
)  # fmt: skip
"""Whoever goes through all steps: asked last."""


def plans() -> tuple[Plan, ...]:
    """Return a plan for every module whose mistakes could become a false pass."""
    tools = [
        _tool(f"tools/{name}.py", test, name.replace("_", "-")) for name, test in _TOOLS.items()
    ]
    shared = [_tool(f"tools/{name}.py", *asked) for name, asked in _SHARED.items()]
    return (*tools, *shared, *(_step(module, paths) for module, paths in _STEPS.items()))


def _tool(module: str, test: str, only: str) -> Plan:
    # A name may be the beginning of another's: `[ruff` is not `[ruff-guide`, but takes it along.
    named = (*test.split(), "test_contradictions")
    own = Ask(paths=tuple(f"tests/tools/{one}.py" for one in named))
    recorded = Ask(paths=(_RECORDINGS, "tests/tools/test_demands.py"), only=only)
    return Plan(module=module, asks=(own, recorded, Ask(paths=(_OUTPUTS,), only=only)))


def _step(module: str, paths: tuple[str, ...]) -> Plan:
    asks = [Ask(paths=paths)]
    if module in _FAULTS:
        asks.append(Ask(paths=(_OUTPUTS,), only="ruff-format or radon or uv-audit"))
    return Plan(module=module, asks=(*asks, _AROUND))


def missing(top: Path) -> list[str]:
    """Return what plans name and the tree does not have.

    Args:
        top: Top of the tree.
    """
    named = {path for plan in plans() for ask in plan.asks for path in ask.paths}
    named |= {f"src/doctrine/{plan.module}" for plan in plans()}
    return sorted(path for path in named if not (top / path).exists())
