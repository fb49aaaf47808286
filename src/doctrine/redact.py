"""Nothing that leaves doctrine holds a secret: not a message, not evidence, not a command.

Tools quote the code they are about (``Literal["…"]``, magic values), and commands of CI may hold
tokens. What has the form of a credential is replaced wherever it stands; what only the place gives
away, a literal that an inspector found to be a secret, is replaced in the messages about its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from doctrine.model.observation import Evidence, Finding
from doctrine.model.replacing import replace
from doctrine.model.report import Problem, Report
from doctrine.model.run import ToolRun
from doctrine.model.verdict import CheckResult, ClauseVerdict
from doctrine.secret_formats import masked

_HIDDEN = "***"
KEEPERS = frozenset({"hardcoded", "secret-files"})
"""Inspectors whose findings stand where a secret does."""
_HARMLESS = frozenset({"leaky-comparison", "scanner"})
_LITERAL = re.compile(r"""(["'])((?:\\.|(?!\1).){6,})\1""")
_BARE = re.compile(r"[:=]\s*([^\s\"'#,;]{6,})")

Lines = Callable[[str], Sequence[str]]
_mask = lru_cache(maxsize=1 << 16)(masked)
"""A large project's tools say 20,000 different things, each of them several times."""


def without_secrets(
    reported: Iterable[tuple[ToolRun, Finding]], lines: Lines
) -> Iterator[tuple[ToolRun, Finding]]:
    """Yield what was reported, with no secret in it.

    Args:
        reported: Every finding with its run.
        lines: The lines of a file of the project.
    """
    everything = list(reported)
    known = _known(everything, lines)
    for run, finding in everything:
        secrets = known.get(finding.location.path, ())
        message, symbol = _hidden(finding.message, secrets), _hidden(finding.symbol, secrets)
        if message != finding.message or symbol != finding.symbol:
            finding = replace(finding, message=message, symbol=symbol)  # noqa: PLW2901
        if finding.fix is not None:
            told = _hidden(finding.fix.description, secrets)
            if told != finding.fix.description:
                finding = replace(finding, fix=replace(finding.fix, description=told))  # noqa: PLW2901
        yield run, finding


def _known(
    reported: Iterable[tuple[ToolRun, Finding]], lines: Lines
) -> Mapping[str, frozenset[str]]:
    """Return the literals on the lines that hold a secret, by path."""
    known: dict[str, set[str]] = {}
    for path, number, name in sorted(set(_places(reported))):
        text = lines(path)
        line = text[number - 1] if number <= len(text) else ""
        known.setdefault(path, set()).update(one for one in _written(line) if one != name)
    return {path: frozenset(values) for path, values in known.items()}


def _places(reported: Iterable[tuple[ToolRun, Finding]]) -> Iterator[tuple[str, int, str]]:
    """Yield the lines that hold a secret: path, number, the name that the secret has."""
    for run, one in reported:
        if run.name in KEEPERS and one.rule not in _HARMLESS:
            for number in range(one.location.line, one.location.end_line + 1):
                yield one.location.path, number, one.symbol


def _written(line: str) -> list[str]:
    """Return the literals on a line, in quotes or bare behind a colon or an equals sign."""
    return [match[2] for match in _LITERAL.finditer(line)] + _BARE.findall(line)


def without_literals(line: str) -> str:
    """Return a source line that holds a secret, without any literal that could be it.

    Args:
        line: One line.
    """
    return _hidden(line, sorted(_written(line), key=len, reverse=True))


def _hidden(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, _HIDDEN)
    return _mask(text)


def redacted(report: Report) -> Report:
    """Return a report in whose evidence, commands and problems no credential is left."""
    return replace(
        report,
        project=replace(
            report.project,
            facts=tuple(
                replace(fact, evidence=_evidence(fact.evidence)) for fact in report.project.facts
            ),
        ),
        tools=tuple(_run(run) for run in report.tools),
        clauses=tuple(_verdict(verdict) for verdict in report.clauses),
        gate=tuple(replace(one, detail=_mask(one.detail)) for one in report.gate),
        problems=tuple(
            Problem(tool=one.tool, message=_mask(one.message)) for one in report.problems
        ),
    )


def _evidence(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(replace(one, detail=_mask(one.detail)) for one in evidence)


def _run(run: ToolRun) -> ToolRun:
    argv = tuple(_mask(word) for word in run.argv)
    return replace(run, argv=argv, message=_mask(run.message))


def _verdict(verdict: ClauseVerdict) -> ClauseVerdict:
    checks = tuple(_check(check) for check in verdict.checks)
    return replace(verdict, reason=_mask(verdict.reason), checks=checks)


def _check(check: CheckResult) -> CheckResult:
    return replace(check, detail=_mask(check.detail), evidence=_evidence(check.evidence))
