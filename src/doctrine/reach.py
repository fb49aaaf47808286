"""Which files the project's own commands leave out of a tool that is run as they run it. Pure."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence

from doctrine.expressions import EndlessError, Expression
from doctrine.model.project import Automation, Command
from doctrine.model.run import Covers, ToolRun

_SUBCOMMANDS = frozenset({"check", "format"})


def left_out(run: ToolRun, automation: Automation, paths: Iterable[str]) -> frozenset[str]:
    """Return the files that every command of the project that runs a tool leaves out.

    Args:
        run: The tool's run; only one that goes by the project's configuration leaves out files.
        automation: The project's commands, with the patterns of its hooks.
        paths: The project's files.
    """
    known = _known(run, automation) if run.covers is Covers.CONFIGURED else ()
    if not known or not all(known):
        return frozenset()
    return frozenset(path for path in paths if all(_matches(one, path) for one in known))


def _known(run: ToolRun, automation: Automation) -> tuple[tuple[Expression, ...], ...]:
    """Return the patterns of each command that does what the run did."""
    ours = (one for one in automation.commands if one.can_fail and _is_alike(one, run))
    return tuple(_compiled(excludes) for excludes in dict.fromkeys(one.excludes for one in ours))


def _matches(patterns: Sequence[Expression], path: str) -> bool:
    """Whether a file is certain to be left out: what cannot be found out is judged."""
    try:
        return any(pattern.matches(path) for pattern in patterns)
    except EndlessError:
        return False


def _is_alike(command: Command, run: ToolRun) -> bool:
    """Whether a command does what the run did; `ruff format` says nothing about `ruff check`."""
    if command.argv[:1] != (run.program,):
        return False
    task = "".join(command.argv[1:2])
    return task not in _SUBCOMMANDS or task in run.argv


def _compiled(patterns: Sequence[str]) -> tuple[Expression, ...]:
    """Return the patterns that are patterns, and can be tried at all."""
    found: list[Expression] = []
    for pattern in patterns:
        with contextlib.suppress(re.error, EndlessError):
            found.append(Expression(pattern))
    return tuple(found)
