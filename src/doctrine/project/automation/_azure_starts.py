"""When Azure Pipelines starts a pipeline, or lets a part of it run: with a change, by the clock, at a tag."""

from __future__ import annotations

import re

from doctrine.model.replacing import replace
from doctrine.project.automation._asked import ASKED
from doctrine.project.automation._late import only
from doctrine.project.automation._walk import Frame
from doctrine.project.automation._yaml import Node

_EVERY_BRANCH = frozenset({"*", "**", "refs/heads/*"})
_CHOICES = re.compile(r"\b(?:or|xor|not|ne|notIn)\s*\(", re.IGNORECASE)
_VARIABLE = r"variables(?:\[\s*'{0}'\s*\]|\.{0})"
_ON_SCHEDULE = re.compile(_VARIABLE.format("Build.Reason") + r"\s*,\s*'Schedule'", re.IGNORECASE)
_BY_HAND = re.compile(_VARIABLE.format("Build.Reason") + r"\s*,\s*'Manual'", re.IGNORECASE)
_ON_TAGS = re.compile(_VARIABLE.format("Build.SourceBranch") + r"\s*,\s*'refs/tags", re.IGNORECASE)
_MESSAGE = re.compile(_VARIABLE.format("Build.SourceVersionMessage") + r"\s*,", re.IGNORECASE)
_POLICY = "nothing in the file starts the pipeline, and a policy of the service may"


def pipeline_starts(root: Node, frame: Frame) -> Frame:
    """Return the frame of a pipeline with why no change starts it, if that is so.

    Args:
        root: The pipeline.
        frame: What holds for it.
    """
    if not _is_off(root.get("pr")) or not _pushes_start_nothing(root.get("trigger")):
        return frame
    names = [name for name, there in (
        ("a schedule", root.get("schedules").is_list),
        ("a tag", root.get("trigger", "tags").exists),
    ) if there]  # fmt: skip
    return (
        replace(frame, late=only(" or ".join(names))) if names else replace(frame, perhaps=_POLICY)
    )


def _is_off(node: Node) -> bool:
    return not (node.is_map or node.is_list) and node.text.lower() == "none"


def _pushes_start_nothing(trigger: Node) -> bool:
    """Return whether no change of a branch starts a pipeline; without a word, each does."""
    if _is_off(trigger):
        return True
    branches = trigger.get("branches")
    if not branches.exists:
        return trigger.get("tags").exists
    return bool(_EVERY_BRANCH.intersection(branches.get("exclude").strings()))


def late_condition(written: str) -> str:
    """Return why a condition lets a part run with no change, or not with each; empty where it may.

    Args:
        written: The condition of a stage, a job or a step.
    """
    if _CHOICES.search(written):
        return ""
    if _ON_SCHEDULE.search(written):
        return only("a schedule")
    if _BY_HAND.search(written):
        return only("somebody")
    if _ON_TAGS.search(written):
        return only("a tag")
    return ASKED if _MESSAGE.search(written) else ""
