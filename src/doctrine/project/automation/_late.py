"""Whether a run comes with a change of the code, or only at a release or by the clock.

What finds a fault weeks after it was merged keeps none out.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from doctrine.project.automation._asked import ASKED
from doctrine.project.automation._yaml import Node

_SELDOM = {"schedule": "a schedule", "release": "a release", "registry_package": "a publication"}
"""Events that no change of the code brings about."""
_CHANGED = frozenset(
    {"opened", "reopened", "synchronize", "edited", "ready_for_review", "enqueued"}
)
"""Types of events of a pull request that come with what is in it."""
_TAGS = frozenset({"tags", "tags-ignore"})
_BRANCHES = frozenset({"branches", "branches-ignore"})
_ON_TAGS = re.compile(
    r"startsWith\(\s*github\.ref\s*,\s*['\"]refs/tags|github\.ref_type\s*==\s*['\"]tag"
)
_CHOICES = re.compile(r"\|\||!(?!=)")


def late_events(on: Node, events: Collection[str], unmarked: Collection[str]) -> str:
    """Return why a workflow of GitHub runs for no change, or not for each; empty where it may.

    Args:
        on: What starts it.
        events: Those of them that nobody has to pull by hand, and that get to what is asked about.
        unmarked: Those of them that get there for a change too that nobody marked for it.
    """
    if events and not unmarked:
        return ASKED
    events = unmarked
    told = dict.fromkeys(_seldom(on, event) for event in events)
    if not told or "" in told:
        return ""
    return only(" or ".join(told))


def _seldom(on: Node, event: str) -> str:
    if event == "push":
        keys = {name for name, _ in on.get("push").entries()}
        return "a tag" if keys & _TAGS and not keys & _BRANCHES else ""
    if event.startswith("pull_request"):
        types = on.get(event, "types").strings()
        return (
            ""
            if not types or _CHANGED.intersection(types)
            else f"a pull request that is {types[0]}"
        )
    return _SELDOM.get(event, "")


def waits_for_tags(condition: str) -> str:
    """Return why a job or step runs for no change, by its own condition; empty where it may."""
    if _ON_TAGS.search(condition) and not _CHOICES.search(condition):
        return only("a tag")
    return ""


def only(what: str) -> str:
    """Return the words for what starts something that no change of the code does."""
    return f"only {what} starts it, and no change of the code does"
