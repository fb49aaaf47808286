"""The rules that tools have: which runs a tool has, and whether a rule exists."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from doctrine.inspect.discovery import inspectors
from doctrine.model.decoders import from_json
from doctrine.model.defect import Defects
from doctrine.model.guide import Clause, Guide, RuleCheck, ThresholdCheck
from doctrine.project.toolchain import locate
from doctrine.runner import capture
from doctrine.tools._semgrep_rules import load_rules
from doctrine.tools.discovery import tools

T = TypeVar("T")

_OWN = "doctrine"
_WILD = "*?["
_PYRIGHT = re.compile(r"report[A-Z][A-Za-z]+|syntax")
_PYRIGHT_PROGRAM = "dist/dist/pyright-internal.js"
_PYRIGHT_NAMES = re.compile(rb'"(report[A-Z][A-Za-z]+)"')
"""How pyright's program writes the rules: it has no command that lists them."""
_MYPY_CODES = (
    "import json; from mypy.errorcodes import error_codes as codes; "
    "print(json.dumps({code.code: code.description for code in codes.values()}))"
)


class _RuffRule(msgspec.Struct):
    name: str
    summary: str
    code: str | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """A rule of a tool.

    Attributes:
        tool: What the user called the tool.
        name: Its name.
        runs: Runs of the tool that can report it.
        summary: What it is about, in the tool's own words; empty where the tool does not say.
    """

    tool: str
    name: str
    runs: tuple[str, ...]
    summary: str = ""


def programs() -> Mapping[str, str]:
    """Return the program of each run: ``ruff`` for ``ruff-guide``, ``doctrine`` for inspectors."""
    own = {inspector.name: _OWN for inspector in inspectors()}
    return {**{tool.name: tool.distribution for tool in tools()}, **own}


def runs_of(tool: str) -> tuple[str, ...]:
    """Return the runs that a name stands for: a run itself, or all runs of a program.

    Args:
        tool: As users and reports name it.
    """
    return tuple(run for run, program in programs().items() if tool in {run, program})


def clauses_of(guide: Guide, rule: Rule) -> tuple[tuple[Clause, RuleCheck | ThresholdCheck], ...]:
    """Return the clauses that a rule is evidence for, with the check that asks for it.

    Args:
        guide: The clauses.
        rule: The rule.
    """
    return tuple(
        (clause, check)
        for clause in guide.clauses
        for check in clause.checks
        if isinstance(check, RuleCheck | ThresholdCheck)
        and check.tool in rule.runs
        and _asks(check, rule.name)
    )


def merged_with(defects: Defects, rule: Rule) -> Mapping[str, tuple[str, ...]]:
    """Return the classes of defects that a rule belongs to, with all rules of each in rank order.

    Args:
        defects: Rules about the same defect.
        rule: The rule.
    """
    keys = [f"{run}:{rule.name}" for run in rule.runs]
    names = dict.fromkeys(defects.classes[key] for key in keys if key in defects.classes)
    return {
        name: tuple(
            sorted(
                (key for key, one in defects.classes.items() if one == name),
                key=lambda key: (defects.rank[key], key),
            )
        )
        for name in names
    }


def _asks(check: RuleCheck | ThresholdCheck, name: str) -> bool:
    """Return whether a check is about a rule; reports leave out an adapter's finer distinction."""
    return check.asks(name) or (check.asks(f"{name}/") and "/" not in name)


def known_rules(guide: Guide, defects: Defects, run: str) -> Mapping[str, str]:
    """Return the rules that a run is known to have, with what they are about.

    Args:
        guide: Its checks name rules.
        defects: It names rules, too.
        run: The run.
    """
    named = list(_asked_of(guide, run))
    named += [
        rule for name, _, rule in (key.partition(":") for key in defects.classes) if name == run
    ]
    own = {rule: "" for one in inspectors() if one.name == run for rule in one.rules}
    catalogue = _CATALOGUES.get(run)
    return {**dict.fromkeys(named, ""), **own, **(catalogue() if catalogue else {})}


def _asked_of(guide: Guide, run: str) -> Iterator[str]:
    """Yield the rules that the clauses ask a run for."""
    for clause in guide.clauses:
        for check in clause.checks:
            if isinstance(check, RuleCheck | ThresholdCheck) and check.tool == run:
                yield from _named_by(check)


def _named_by(check: RuleCheck | ThresholdCheck) -> Iterator[str]:
    """Yield the rules that a check names in full, without an adapter's finer distinction."""
    if isinstance(check, ThresholdCheck):
        yield check.metric
        return
    for pattern in check.rules:
        name = pattern.partition("/")[0]
        if not set(_WILD) & set(name):
            yield name


def is_shaped(run: str, name: str) -> bool:
    """Return whether a name looks like a rule of a tool whose rules cannot be listed here."""
    return run == "pyright" and not _pyright() and _PYRIGHT.fullmatch(name) is not None


def _ruff() -> Mapping[str, str]:
    found = locate(distribution="ruff", program="ruff", supported="", environment=None)
    if found is None:
        return {}
    argv = (*found.command, "rule", "--all", "--output-format", "json")
    rules = _decoded(argv, list[_RuffRule]) or []
    return {rule.code: f"{rule.name}: {rule.summary}" for rule in rules if rule.code}


def _mypy() -> Mapping[str, str]:
    return _decoded((sys.executable, "-c", _MYPY_CODES), dict[str, str]) or {}


@cache
def _pyright() -> Mapping[str, str]:
    """Return the rules of the pyright that doctrine brings; none where its program looks different."""
    found = find_spec("pyright")
    folders = (found.submodule_search_locations if found else None) or ()
    for folder in folders:
        program = Path(folder) / _PYRIGHT_PROGRAM
        names = _PYRIGHT_NAMES.findall(program.read_bytes()) if program.is_file() else []
        if names:
            return dict.fromkeys((*sorted({name.decode() for name in names}), "syntax"), "")
    return {}


def _semgrep() -> Mapping[str, str]:
    return {rule.id: str(rule.definition.get("message", "")) for rule in load_rules()}


def _decoded(argv: tuple[str, ...], shape: type[T]) -> T | None:
    """Return what a program prints; None where it cannot be asked."""
    _, out = capture(argv, "/")
    try:
        return from_json(out, shape)
    except msgspec.DecodeError:
        return None


_CATALOGUES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "ruff": _ruff,
    "ruff-guide": _ruff,
    "mypy": _mypy,
    "pyright": _pyright,
    "semgrep": _semgrep,
}
