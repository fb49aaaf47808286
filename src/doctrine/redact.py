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
from doctrine.secret_formats import credentials, masked

_HIDDEN = "***"
_OURS = "doctrine"
_TELLING = frozenset(
    {"credential-format", "doubtful-secret", "hardcoded-secret", "tracked-doubt", "tracked-secret"}
)
"""Rules of inspectors whose findings stand where a secret does."""
_OF_RUFF = frozenset({"S105", "S106", "S107"})
"""Rules whose findings stand where one may: no reason to hide the words of others."""
# A backslash is read in one way only: in two, a line of many would be tried in more ways than can be.
_LITERAL = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\\n]){6,})\1""")
_OPEN = re.compile(r"""[:=]\s*[rbfuRBFU]*["']+([^"']{6,})$""")
"""A literal that goes on, or that nobody has ended."""
_NAMED = re.compile(
    r"""(?i)((?:passw(?:or)?d|passphrase|secret|token|(?:api|access|private)_?key)[\w"'\]]*\s*"""
    r"""(?::[^="']*)?[:=]=?\s*[rbfu]*["'])[^"']{6,}"""
)
"""A literal that its name gives away, also where nobody could read the file, or find it."""
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
    for pair in everything:
        run, finding = pair
        secrets = known.get(finding.location.path, ())
        if secrets:
            message, symbol = hidden(finding.message, secrets), hidden(finding.symbol, secrets)
        else:
            message, symbol = _mask(finding.message), _mask(finding.symbol)
        if message != finding.message or symbol != finding.symbol:
            finding = replace(finding, message=message, symbol=symbol)
        if finding.fix is not None:
            told = hidden(finding.fix.description, secrets)
            if told != finding.fix.description:
                finding = replace(finding, fix=replace(finding.fix, description=told))
        # Hundreds of thousands of pairs need as much memory as what is in them.
        yield pair if finding is pair[1] else (run, finding)


def _longest_first(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return secrets in an order in which none is hidden in part because another one lies in it."""
    return tuple(sorted(set(secrets), key=lambda one: (-len(one), one)))


def found_secrets(reported: Iterable[tuple[ToolRun, Finding]], lines: Lines) -> frozenset[str]:
    """Return every secret that was found, as it stands in the project.

    Args:
        reported: Every finding with its run.
        lines: The lines of a file of the project.
    """
    return frozenset(one for secrets in _known(reported, lines).values() for one in secrets)


def _known(
    reported: Iterable[tuple[ToolRun, Finding]], lines: Lines
) -> Mapping[str, tuple[str, ...]]:
    """Return the literals on the lines that hold a secret, by path."""
    known: dict[str, set[str]] = {}
    for path, number, name in sorted(set(_places(reported))):
        text = lines(path)
        line = text[number - 1] if number <= len(text) else ""
        known.setdefault(path, set()).update(one for one in _secrets(line) if one != name)
    return {path: _longest_first(values) for path, values in known.items()}


def _places(reported: Iterable[tuple[ToolRun, Finding]]) -> Iterator[tuple[str, int, str]]:
    """Yield the lines that hold a secret: path, number, the name that the secret has."""
    for run, one in reported:
        if run.program == _OURS and one.rule in _TELLING:
            for number in range(one.location.line, one.location.end_line + 1):
                yield one.location.path, number, one.symbol


def shows_secret(program: str, rule: str) -> bool:
    """Return whether a secret may stand where such a finding is.

    Args:
        program: Who reports it, as reports name it.
        rule: The rule.
    """
    return (program == _OURS and rule in _TELLING) or (program == "ruff" and rule in _OF_RUFF)


def secrets_on(lines: Iterable[str]) -> tuple[str, ...]:
    """Return what may be the secrets on some lines, each of which holds one, the longest first."""
    return _longest_first(one for line in lines for one in _secrets(line))


def without_named(line: str) -> str:
    """Return a source line without the literals that have the name of a secret."""
    return _NAMED.sub(rf"\1{_HIDDEN}", line)


def _secrets(line: str) -> Iterator[str]:
    """Yield what may be the secret on a line that holds one."""
    yield from _written(line)
    yield from (line[one.start : one.end] for one in credentials(line))


def _written(line: str) -> list[str]:
    """Return the literals on a line, in quotes or bare behind a colon or an equals sign."""
    closed = [match[2] for match in _LITERAL.finditer(line)]
    return closed + _BARE.findall(line) + _OPEN.findall(line)


def without_literals(line: str) -> str:
    """Return a source line that holds a secret, without any literal that could be it.

    Args:
        line: One line.
    """
    return hidden(line, _longest_first(_written(line)))


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return a text without some secrets, and without what is one by its form."""
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
