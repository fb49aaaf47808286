"""Whether a job or step runs by itself, and whether its failure is hidden."""

from __future__ import annotations

from doctrine.model.replacing import replace
from doctrine.project.automation._expressions import Context, condition
from doctrine.project.automation._yaml import Node


def runs(written: str, context: Context, events: tuple[str, ...]) -> bool:
    """Return whether an ``if:`` may hold on some event that comes by itself."""
    if not written.strip():
        return True
    for event in events:
        values = {**context.values, "github.event_name": event}
        if condition(written, replace(context, values=values)) is not False:
            return True
    return False


def surely_runs(written: str, context: Context, events: tuple[str, ...]) -> bool:
    """Return whether an ``if:`` is known to hold on some event that comes by itself."""
    if not written.strip():
        return True
    values = ({**context.values, "github.event_name": event} for event in events)
    return any(condition(written, replace(context, values=one)) for one in values)


def tolerated(node: Node, context: Context, path: str, what: str) -> str:
    """Return why ``continue-on-error`` hides a failure; empty if it does not."""
    if not node.exists or condition(node.text, context) is False:
        return ""
    return f"`continue-on-error` of the {what} at {path}:{node.line}"
