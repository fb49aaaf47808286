"""When CircleCI starts a job of a workflow: with a change, by the clock, or at a tag."""

from __future__ import annotations

import re

from doctrine.project.automation._yaml import Node

_EVERYTHING = frozenset({"/.*/", "/.+/", "/^.*$/", "/^.*/", "/.*$/"})
_SCHEDULE = "a schedule"
_SCHEDULED = frozenset({"scheduled_pipeline", "schedule"})
_SOURCE = "pipeline.trigger_source"
_SCHEDULE_NAME = re.compile(r"<<\s*pipeline\.schedule\.name\s*>>")
_DEEPEST = 10


def late_start(workflow: Node, use: Node) -> str:
    """Return what alone starts a job of a workflow; empty where a change of the code does.

    Args:
        workflow: The workflow.
        use: What it says about the job.
    """
    if any(one.get("schedule").exists for one in workflow.get("triggers").items):
        return _SCHEDULE
    if _is_scheduled(workflow.get("when"), 0):
        return _SCHEDULE
    filters = use.get("filters")
    if filters.get("tags").exists and _none_of(filters.get("branches")):
        return "a tag"
    return ""


def _none_of(branches: Node) -> bool:
    """Return whether a filter leaves out every branch."""
    return bool(_EVERYTHING.intersection(branches.get("ignore").strings()))


def _is_scheduled(condition: Node, depth: int) -> bool:
    """Return whether a condition holds for pipelines of a schedule alone."""
    if not condition.is_map or depth > _DEEPEST:
        return _SCHEDULE_NAME.fullmatch(condition.text.strip()) is not None
    compared = condition.get("equal").strings()
    if any(_SOURCE in one for one in compared) and _SCHEDULED.intersection(compared):
        return True
    some = [_is_scheduled(one, depth + 1) for one in condition.get("or").items]
    every = (_is_scheduled(one, depth + 1) for one in condition.get("and").items)
    return any(every) or (some != [] and all(some))
