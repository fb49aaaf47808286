"""The configuration that ``doctrine fix`` brings: that of ``doctrine init``, asked for as there."""

from __future__ import annotations

import sys

from doctrine.adopt.edits import Plan, Section
from doctrine.adoption import adoption
from doctrine.cli.init import agreed, show_plan
from doctrine.mend.choosing import Wish


def configured(root: str, wish: Wish, *, yes: bool, diff: bool) -> Plan:
    """Return what is configured before anything is mended.

    That is what the named clauses ask; without any, and only where ``yes`` says so, all of it. A
    file with uncommitted changes stands in the way of all the rest, since they belong together.

    Args:
        root: Absolute project root.
        wish: What is asked for.
        yes: Whether nobody is asked.
        diff: Whether nothing is written.
    """
    if wish.clauses is None and not yes:
        return Plan()
    plan = adoption(root, tuple(Section), None, clauses=wish.clauses)
    if not plan.edits:
        return plan
    dirty = sorted(wish.spared.intersection(edit.path for edit in plan.edits))
    if dirty:
        _say(f"not configured: {', '.join(dirty)} has uncommitted changes (--allow-dirty)")
        return Plan()
    return plan if yes or diff or _is_agreed(plan, root) else Plan()


def _is_agreed(plan: Plan, root: str) -> bool:
    """Show what would be written and ask; where nobody can be asked, say so."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        files = ", ".join(edit.path for edit in plan.edits)
        _say(f"not configured: {files}; --yes does it without asking, --diff shows it")
        return False
    show_plan(plan, root)
    return agreed(len(plan.edits))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
