"""Whether a job or step of GitHub runs for each change, or only for one that somebody marks for it.

What runs where a pull request carries a label, or a commit says so in its message, keeps out only the
faults of those who ask for it. A variable of the repository is seen by GitHub alone.
"""

from __future__ import annotations

from doctrine.model.replacing import replace
from doctrine.project.automation._conditions import runs, surely_runs
from doctrine.project.automation._expressions import Context

ASKED = "it runs only where a label, a title or the message of a commit asks for it"
_EXCUSED = "a label, a title or the message of a commit can keep it from running"
_VARIABLE = "whether it runs depends on a variable of the repository, which only GitHub knows"
_MARKS = (
    "github.event.pull_request.labels.*.name",
    "github.event.label.name",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.head_commit.message",
    "github.event.commits[0].message",
)
"""What people write beside a change."""


def unmarked(context: Context) -> Context:
    """Return what expressions can look up for a change that nobody marked."""
    return replace(context, values={**dict.fromkeys(_MARKS, ""), **context.values})


def excused(written: str, context: Context, events: tuple[str, ...]) -> str:
    """Return that somebody's mark can keep an ``if:`` from holding; empty where none can.

    Args:
        written: The condition.
        context: What it can look up.
        events: Triggers that come by themselves.
    """
    marked = any(mark in written for mark in _MARKS)
    return _EXCUSED if marked and not surely_runs(written, context, events) else ""


def by_variable(written: str, context: Context, events: tuple[str, ...]) -> str:
    """Return why only GitHub can tell whether an ``if:`` holds; empty where no variable decides.

    Args:
        written: The condition.
        context: What it can look up.
        events: Triggers that come by themselves.
    """
    plain = unmarked(context)
    unset = replace(plain, closed=plain.closed | {"vars"})
    decides = runs(written, plain, events) and not runs(written, unset, events)
    return _VARIABLE if decides else ""
