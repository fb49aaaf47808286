"""``[tool.coverage]``: branches measured, over the source, with a gate of 80 percent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doctrine.adopt.changes import Asked, Change, Keys, Op, Value
from doctrine.adopt.edits import Left, Section
from doctrine.adopt.situation import Situation, code_of
from doctrine.adopt.tables import Data
from doctrine.documents import table
from doctrine.model.project import Role

_ASKED = Asked(section=Section.COVERAGE, table=("tool", "coverage"))
_LEAST = 80
_REPORT: Mapping[Keys, Value] = {
    ("report", "fail_under"): _LEAST,
    ("report", "precision"): 2,
    ("report", "exclude_also"): (r"@(abc\.)?abstractmethod",),
}
"""With whole numbers, 79.6 percent is printed as 80 and passes."""


def coverage_changes(data: Data, situation: Situation) -> Iterator[Change | Left]:
    """Yield what coverage's tables lack, and what a new gate does to a run that passes today.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    coverage = table(data, "tool", "coverage")
    if not table(coverage, "run"):
        packages = code_of(situation.project).packages
        rows: dict[Keys, Value] = {("run", "source"): packages, ("run", "branch"): True}
        yield from _ASKED.rows(rows, "what is measured, branches included", "COV001")
    report = table(coverage, "report")
    if not report:
        yield from _ASKED.rows(_REPORT, "the gate of 80 percent", "COV002")
        yield from _warned(None, situation)
        return
    gate = report.get("fail_under")
    low = not isinstance(gate, int | float) or gate < _LEAST
    if low and situation.lacks("COV002.gate"):
        old = "there is no gate" if gate is None else f"the gate of {gate} is below that"
        why = f"the guide asks 80 percent, and {old}"
        yield _ASKED.do(Op.SET, ("report", "fail_under"), _LEAST, why, "COV002")
        yield from _warned(gate, situation)


def _warned(gate: object, situation: Situation) -> Iterator[Left]:
    """Yield that runs which pass today may fail; a gate on a command line goes before the file's."""
    tests = any(one.role is Role.TEST for one in situation.project.layout.files)
    if not tests or not situation.lacks("COV002.gate"):
        return
    before = "nothing asked for any before" if gate is None else f"{gate} percent was enough before"
    yield Left(
        section=Section.COVERAGE,
        text=f"from now on a test run that measures less than {_LEAST} percent fails, in CI as well: "
        f"{before}",
        hint="see `coverage report` first; until the tests reach it, set `fail_under` to what they reach "
        "today, and let `doctrine baseline create` accept COV002",
    )
