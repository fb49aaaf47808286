"""Whether a source file can get to a command at all: path filters of hooks and of workflows.

What runs only where documents or a lock file change says nothing about the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from doctrine.expressions import EndlessError, Expression
from doctrine.project.automation._yaml import Node

_Told = Callable[[str], bool | None]
"""Tells whether a pattern matches a path; None where nobody can tell."""
_ON_CHANGE = frozenset({"push", "pull_request", "pull_request_target"})
"""Events that a change of files brings about, and that can be told which."""
_PART = re.compile(r"\*\*/|\*+|\[[^\]]*\]|\\.|.", re.DOTALL)


def blind_hook(around: Iterable[Node], sources: Iterable[str]) -> str:
    """Return why a hook is handed no source file; empty where it may be.

    Args:
        around: The configuration, and the hook in it: each may have ``files`` and ``exclude``.
        sources: The project's source files; without any there is nothing to say.
    """
    nodes = tuple(around)
    wanted, unwanted = _patterns(nodes, "files"), _patterns(nodes, "exclude")
    paths = tuple(sources)
    if not wanted or not paths or any(_passes(path, wanted, unwanted) for path in paths):
        return ""
    return "its `files` let no source file through"


def _patterns(nodes: Iterable[Node], key: str) -> tuple[_Told, ...]:
    return tuple(_told(text) for one in nodes if (text := one.get(key).scalar))


def _passes(path: str, wanted: Iterable[_Told], unwanted: Iterable[_Told]) -> bool:
    """Return whether a file gets through; what cannot be found out lets it."""
    return all(one(path) is not False for one in wanted) and not any(one(path) for one in unwanted)


def blind_events(on: Node, events: Iterable[str], sources: Iterable[str]) -> str:
    """Return why a workflow runs for no change of a source file; empty where it may.

    Args:
        on: What starts it.
        events: Those of them that nobody has to pull by hand.
        sources: The project's source files; without any there is nothing to say.
    """
    paths = tuple(sources)
    names = tuple(events)
    if not paths or not names or not _ON_CHANGE.issuperset(names):
        return ""
    if any(_fires(on.get(name), paths) for name in names):
        return ""
    return "its `paths` leave out every source file"


def _fires(event: Node, paths: Iterable[str]) -> bool:
    """Return whether a change of one of some files alone brings an event about."""
    chosen, ignored = event.get("paths"), event.get("paths-ignore")
    if chosen.exists:
        filters = _filters(chosen)
        return any(_is_chosen(path, filters, unknown=True) for path in paths)
    if ignored.exists:
        filters = _filters(ignored)
        return any(not _is_chosen(path, filters, unknown=False) for path in paths)
    return True


def _filters(patterns: Node) -> tuple[tuple[bool, _Told], ...]:
    """Return whether each pattern is turned round by ``!``, and what tells whether it matches."""
    return tuple(
        (one.startswith("!"), _told(_expression(one.removeprefix("!")), whole=True))
        for one in patterns.strings()
    )


def _is_chosen(path: str, filters: Iterable[tuple[bool, _Told]], *, unknown: bool) -> bool:
    """Return what the last pattern that matches says; something else where one cannot be read."""
    chosen = False
    for turned, matches in filters:
        found = matches(path)
        if found is None:
            return unknown
        if found:
            chosen = not turned
    return chosen


def _expression(pattern: str) -> str:
    return "".join(map(_part, _PART.findall(pattern)))


def _part(part: str) -> str:
    """Return what a part of a filter is as a regular expression; ``?`` and ``+`` are the same in both."""
    if part == "**/":
        return "(?:.*/)?"
    if part.startswith("*"):
        return ".*" if len(part) > 1 else "[^/]*"
    if part in {"?", "+"} or part.startswith(("[", "\\")):
        return part
    return re.escape(part)


def _told(written: str, *, whole: bool = False) -> _Told:
    """Return what tells whether an expression matches a path, as a whole or somewhere in it."""
    try:
        expression = Expression(written, whole=whole)
    except (re.error, EndlessError):
        return lambda _: None

    def told(path: str) -> bool | None:
        try:
            return expression.matches(path)
        except EndlessError:
            return None

    return told
