"""Which comment silences a finding, whichever tool it speaks to. Pure.

A comment that names one rule silences the defect that the rule is about, for every tool that reports
it: who wrote `# noqa: S311` has looked at the call that semgrep points at, too. A blanket speaks to its
own tool alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doctrine.model.defect import Defects, rule_key
from doctrine.model.observation import Finding
from doctrine.model.project import Ignore, Module, Silencer, Suppression
from doctrine.model.report import Silence
from doctrine.model.run import ToolRun

_SPOKEN_TO: Mapping[Silencer, tuple[str, ...]] = {
    # The formatter knows `fmt:` comments only, and is no run whose rules a `noqa` can name.
    Silencer.NOQA: ("ruff", "ruff-guide"),
    Silencer.TYPE_IGNORE: ("mypy",),
    Silencer.PYRIGHT_IGNORE: ("pyright",),
    Silencer.NOSEMGREP: ("semgrep", "semgrep-packs"),
}
"""The runs whose rules a comment can name."""


def ignored(finding: Finding, clauses: Iterable[str], ignores: Iterable[Ignore]) -> Silence | None:
    """Return the comment that asks doctrine to ignore a finding.

    Args:
        finding: The finding.
        clauses: The clauses that it is about.
        ignores: Such comments of its file that are honoured.
    """
    line, about = finding.location.line, set(clauses)
    for one in ignores:
        if one.first_line <= line <= one.last_line and about & set(one.clauses):
            return _told(one.word, one.reason, one.location.path, one.location.line)
    return None


def silenced(
    run: ToolRun, finding: Finding, module: Module | None, defects: Defects
) -> Silence | None:
    """Return the comment for a tool that silences a finding which was reported regardless.

    Args:
        run: The run that reported it.
        finding: The finding.
        module: The Python file that it is in; None for any other file.
        defects: Rules about the same defect.
    """
    if module is None or not module.suppressions:
        return None
    keys = _same_defect(rule_key(run.name, finding.rule), defects)
    for suppression in module.suppressions:
        if _covers(suppression, finding) and _names(suppression, run, keys):
            where = suppression.location
            return _told(suppression.silencer.value, "", where.path, where.line)
    return None


def _told(kind: str, reason: str, path: str, line: int) -> Silence:
    return Silence(kind=kind, reason=reason, path=path, line=line)


def _same_defect(key: str, defects: Defects) -> tuple[str, ...]:
    """Return the rules, as ``run:rule``, that report what a rule reports."""
    name = defects.classes.get(key)
    if name is None:
        return (key,)
    return tuple(one for one, cls in defects.classes.items() if cls == name)


def _covers(suppression: Suppression, finding: Finding) -> bool:
    where = finding.location
    # semgrep's comment may stand on the line above, too.
    first = where.line - (suppression.silencer is Silencer.NOSEMGREP)
    last = max(where.line, where.end_line)
    return suppression.whole_file or first <= suppression.location.line <= last


def _names(suppression: Suppression, run: ToolRun, keys: Iterable[str]) -> bool:
    """Whether a comment speaks of one of the rules; a blanket of all those of its own tool."""
    spoken_to = _SPOKEN_TO[suppression.silencer]
    rules = [rule for name, _, rule in (key.partition(":") for key in keys) if name in spoken_to]
    if not suppression.rules:
        return run.name in spoken_to and bool(rules)
    return any(
        _is_named(rule, named, suppression.silencer)
        for rule in rules
        for named in suppression.rules
    )


def _is_named(rule: str, named: str, silencer: Silencer) -> bool:
    match silencer:
        case Silencer.NOQA:
            return rule.upper().startswith(named.upper())
        case Silencer.NOSEMGREP:
            return rule == named or rule.endswith(f".{named}") or named.endswith(f".{rule}")
        case _:
            return rule == named
