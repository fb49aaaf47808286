"""What will run: adapters and a project turned into invocations. Pure."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from doctrine.model.guide import Clause, FactCheck, Guide, RuleCheck, ThresholdCheck
from doctrine.model.process import Invocation
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.model.tool import Request, Skip, Tool
from doctrine.readings import skipped_run


class Step(Struct, frozen=True, kw_only=True):
    """A tool that is going to run.

    Attributes:
        tool: The adapter.
        request: What it is asked.
        invocations: What to start, in order.
        few: Whether they look at a few of the files only, since the others are known.
    """

    tool: Tool
    request: Request
    invocations: tuple[Invocation, ...]
    few: bool = False

    def second_way(self) -> tuple[Invocation, ...]:
        """Return what to start where that fails; nothing if the tool knows no other way."""
        found = self.tool.fallback(self.request) if self.tool.fallback else ()
        return () if isinstance(found, Skip) else found


def rules_for(guide: Guide, tool_name: str) -> tuple[str, ...]:
    """Return the rule patterns that a guide's clauses ask of a tool, in the guide's order."""
    return tuple(
        dict.fromkeys(
            rule
            for clause in guide.clauses
            for check in clause.checks
            if isinstance(check, RuleCheck) and check.tool == tool_name
            for rule in check.rules
        )
    )


def tools_of(guide: Guide) -> frozenset[str]:
    """Return the names of the tools and inspectors that a guide's clauses ask."""
    return frozenset(
        check.tool
        for clause in guide.clauses
        for check in clause.checks
        if isinstance(check, RuleCheck | ThresholdCheck)
    )


def without_tools(guide: Guide, names: Collection[str]) -> Guide:
    """Return a guide that asks nothing of some tools.

    Clauses that nothing decides any more are left out, and so is what restates or follows others:
    the outcomes are not those of the whole guide, the findings are.

    Args:
        guide: The whole guide.
        names: Names of the tools.
    """
    kept: list[Clause] = []
    for clause in guide.clauses:
        asked = tuple(
            check
            for check in clause.checks
            if not isinstance(check, RuleCheck | ThresholdCheck) or check.tool not in names
        )
        ids = {"", *(check.id for check in asked)}
        checks = tuple(check for check in asked if check.instead_of in ids)
        if checks and not clause.umbrella:
            kept.append(replace(clause, checks=checks, parents=()))
    return replace(guide, clauses=tuple(kept), recommendations=())


def facts_of(guide: Guide) -> frozenset[str]:
    """Return the ids of the facts that a guide's clauses depend on: those a user can state."""
    conditions = {
        term.fact for clause in guide.clauses for group in clause.condition.groups for term in group
    }
    checks = [check for clause in guide.clauses for check in clause.checks]
    asked = {check.fact for check in checks if isinstance(check, FactCheck)}
    return frozenset(conditions | asked)


def plan(tool: Tool, request: Request) -> Step | ToolRun:
    """Decide whether and how a tool runs.

    Args:
        tool: The adapter.
        request: What it is asked.

    Returns:
        A step, or the finished run of a tool that has a reason not to start.
    """
    prepared = tool.prepare(request)
    refused = request.settings.trust.refused.get(tool.name)
    if refused and not isinstance(prepared, Skip):
        prepared = Skip(reason=refused)
    if isinstance(prepared, Skip):
        return skipped_run(tool, request.located, prepared)
    return Step(tool=tool, request=request, invocations=prepared)
