"""A part of a guide still holds all that its verdicts rest on, and names the tools it asks."""

from __future__ import annotations

from doctrine.model.guide import Guide, ManualCheck, RuleCheck, ThresholdCheck
from doctrine.model.replacing import replace
from doctrine.plan import tools_of
from tests.builders import a_clause


def _rule(check_id: str, tool: str) -> RuleCheck:
    return RuleCheck(id=check_id, tool=tool, rules=("*",))


CHILD = a_clause("CHI001", parents=("PAR001.used",), checks=(_rule("clean", "mypy"),))
PARENT = a_clause("PAR001", checks=(_rule("used", "ruff"), ManualCheck(id="seen", reason="look")))
OTHER = a_clause(
    "OTH001",
    checks=(ThresholdCheck(id="low", tool="radon", metric="m", limit=1, at_most=True),),
)
UMBRELLA = a_clause("UMB001", members=("CHI001",))
GUIDE = Guide(
    id="g", title="", version="", digest="", registry="", clauses=(PARENT, OTHER, CHILD, UMBRELLA)
)


def test_a_narrowed_guide_keeps_members_whole_and_of_parents_what_is_named() -> None:
    used = replace(PARENT, checks=PARENT.checks[:1])
    assert GUIDE.narrowed("UMB001").clauses == (used, CHILD, UMBRELLA)
    assert GUIDE.narrowed("CHI001").clauses == (used, CHILD)
    assert GUIDE.narrowed("PAR001").clauses == (PARENT,)
    assert GUIDE.narrowed("NON001").clauses == ()


def test_a_guide_asks_the_tools_that_its_checks_name() -> None:
    assert tools_of(GUIDE) == {"mypy", "radon", "ruff"}
    assert tools_of(GUIDE.narrowed("OTH001")) == {"radon"}
