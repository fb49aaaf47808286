"""Says in words how a clause is decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from doctrine.cli.conditions import fact_in_words
from doctrine.model.guide import (
    Check,
    Clause,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    ManualCheck,
    RuleCheck,
    Scope,
    ThresholdCheck,
)

_EVERY = "*"


def check_in_words(check: Check) -> str:
    """Return what a check asks for, with the tool, the rules, and the limit it uses."""
    words = _asked(check)
    return words + (f", where `{check.instead_of}` is unverified" if check.instead_of else "")


def _asked(check: Check) -> str:
    match check:
        case RuleCheck():
            return _rules(check)
        case ThresholdCheck():
            return _threshold(check)
        case DeclaredCheck():
            return _declared(check)
        case GateCheck():
            who = "CI runs" if check.ci_only else "CI or a hook runs"
            when = " when code changes" if check.on_change else ""
            return f"{who} {gates_in_words(check.gates)} so that it can fail{when}"
        case FactCheck():
            return fact_in_words(check.fact) + (" (proof in part)" if check.partial else "")
        case ManualCheck():
            return f"a person decides: {check.reason}"
        case _:
            assert_never(check)


def _threshold(check: ThresholdCheck) -> str:
    bound = "at most" if check.at_most else "at least"
    metric = check.metric.replace("-", " ")
    return f"`{check.tool}` measures a {metric} of {bound} {check.limit:g}{_where(check)}"


def _declared(check: DeclaredCheck) -> str:
    first, *others = check.distributions
    same = f", or the equivalent {_either(others)}" if others else ""
    return f"`{first}`{same} is a dependency, a hook, or part of CI"


def tools_of(clause: Clause) -> str:
    """Return in a few words who decides a clause: tools, configuration, or a person."""
    if clause.members:
        return "its members"
    names: list[str] = []
    for check in clause.checks:
        match check:
            case RuleCheck() | ThresholdCheck():
                names.append(check.tool)
            case DeclaredCheck():
                names.append("dependencies")
            case GateCheck():
                names.append("CI")
            case FactCheck():
                names.append("facts")
            case ManualCheck():
                names.append("a person")
            case _:
                assert_never(check)
    return ", ".join(dict.fromkeys(names))


def _rules(check: RuleCheck) -> str:
    if check.rules == (_EVERY,):
        found = "nothing"
    else:
        found = (
            f"none of {_either(check.rules)}"
            if len(check.rules) > 1
            else (f"no {_either(check.rules)}")
        )
    part = " (proof in part)" if check.partial else ""
    part += " (where it runs)" if check.optional else ""
    return f"`{check.tool}` reads the files and reports {found}{_where(check)}{part}"


def _where(check: RuleCheck | ThresholdCheck) -> str:
    return " outside tests, examples and documentation" if check.scope is Scope.SOURCE else ""


def gates_in_words(gates: tuple[GatePattern, ...]) -> str:
    """Return the commands of which one has to be run."""
    return _either(map(_gate, gates), quoted=False)


def _gate(pattern: GatePattern) -> str:
    words = [pattern.program, *pattern.subcommands[:1], *pattern.needs_all]
    if pattern.needs_any:
        words.append("|".join(pattern.needs_any))
    shown = f"`{' '.join(words)}`"
    if len(pattern.subcommands) > 1:
        shown += f" (or {_either(pattern.subcommands[1:])})"
    return shown + (f" ({pattern.note})" if pattern.note else "")


def _either(names: Iterable[str], *, quoted: bool = True) -> str:
    """Return names as ``a, b or c``."""
    shown = [f"`{name}`" if quoted else name for name in names]
    return " or ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)
