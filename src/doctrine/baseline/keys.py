"""How a finding is known again: by its rule, file, symbol and code, never by its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from doctrine.model.baseline import Accepted
from doctrine.model.defect import RUFF, RUFF_RUNS, Defects, rule_key
from doctrine.model.observation import Location
from doctrine.model.report import ReportFinding
from doctrine.normalise import Symbols

Code = Callable[[Location], str | None]
"""The code of a span as a formatter leaves it; None where the file is no Python that can be read."""

_DIGITS = 16
_NUMBER = re.compile(r"(?<![\w.-])\d[\d,.]*(?![\w-])")
"""A number that stands by itself: a count, or a percentage, which changes from run to run."""
_WHOLE_FILE = frozenset({"ruff-format"})
"""Runs that report a file once, wherever in it they point."""


class Keys(Struct, frozen=True, kw_only=True):
    """Makes entries of a baseline from findings.

    Attributes:
        defects: Rules about the same defect: it does not matter which tool reports it.
        symbols: The function or class around a line, by path.
        code: The code of a span.
    """

    defects: Defects
    symbols: Mapping[str, Symbols]
    code: Code

    def entry(self, finding: ReportFinding, clauses: Iterable[str]) -> Accepted:
        """Return the entry that accepts a finding.

        Args:
            finding: Any finding.
            clauses: The clauses that it is to be accepted for.
        """
        where = finding.location
        symbol, text = "", ""
        if not _is_about_the_file(finding):
            symbols, code = self.symbols.get(where.path), self.code(where)
            symbol = symbols.around(where.line)[0] if symbols else ""
            text = _without_numbers(finding.message) if code is None else code
        return Accepted(
            path=where.path,
            symbol=symbol,
            rule=self.rule(finding),
            digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS],
            clauses=tuple(sorted(clauses)),
        )

    def rule(self, finding: ReportFinding) -> str:
        """Return the class of defects that a finding belongs to, or the rule of its run.

        ruff runs twice, with the project's rules and with the guide's: one rule, one name.
        """
        for run, rule in finding.traces:
            name = self.defects.classes.get(rule_key(run, rule))
            if name is not None:
                return name
        run, _, rule = rule_key(*finding.traces[0]).partition(":")
        return f"{RUFF if run in RUFF_RUNS else run}:{rule}"


def _is_about_the_file(finding: ReportFinding) -> bool:
    """Return whether a finding is about a file as a whole, whatever stands where it points.

    ruff gives everything else a length: a missing docstring of a module has none.
    """
    if any(run in _WHOLE_FILE for run, _ in finding.traces):
        return True
    by_ruff = finding.reported_by[0].tool == "ruff"
    return by_ruff and finding.location == Location.point(finding.location.path)


def _without_numbers(message: str) -> str:
    return " ".join(_NUMBER.sub("#", message).split())
