"""``doctrine cache why`` by tool: which ran in the last check that judged, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doctrine.cache.changes import Change
from doctrine.cache.told import Told

_SHOWN = 12
_SHORT = 24


def told_of(change: Change) -> str:
    """Return what happened to a part, with its values where they say something to people."""
    if not change.before:
        return "new"
    if not change.after:
        return "gone"
    before, after = change.before.split(maxsplit=1)[0], change.after.split(maxsplit=1)[0]
    if before == after or max(len(before), len(after)) > _SHORT:
        return "changed"
    return f"{before} → {after}"


def counted(found: tuple[Change, ...]) -> str:
    """Return how many things had changed, as the end of a sentence."""
    return "one thing had changed" if len(found) == 1 else f"{len(found):,} things had changed"


def listed(found: tuple[Change, ...]) -> Iterator[str]:
    """Yield a line for each of the first changes."""
    wide = max((len(one.group) for one in found[:_SHOWN]), default=0)
    for one in found[:_SHOWN]:
        yield f"  {one.group:<{wide}}  {one.name}: {told_of(one)}"
    if len(found) > _SHOWN:
        yield f"  … and {len(found) - _SHOWN:,} more"


def each_tool(told: Mapping[str, Told]) -> Iterator[str]:
    """Yield a line for each tool.

    Args:
        told: What became of the tools, by name.
    """
    if told:
        yield "Tools in the last run that judged:"
        wide = max(map(len, told))
        for name, one in sorted(told.items()):
            yield f"  {name:<{wide}}  {_shortly(one)}"


def _shortly(one: Told) -> str:
    if one.reused:
        return "reused: nothing that it depends on had changed"
    cause = f"{counted(one.changes)}{_first(one.changes)}" if one.changes else one.reason
    kept = f"; not kept: {one.unfit}" if one.unfit and one.unfit != one.reason else ""
    return f"{_how(one)}: {cause}{kept}"


def _how(one: Told) -> str:
    if one.looked < one.files:
        return f"looked at {one.looked:,} of {one.files:,} files"
    return "went on from its last run" if one.went_on else "ran"


def _first(found: tuple[Change, ...]) -> str:
    first = found[0]
    return f" ({first.group}: {first.name}{'' if len(found) == 1 else ' …'})"


def one_tool(name: str, told: Mapping[str, Told]) -> Iterator[str]:
    """Yield all that is known of a tool.

    Args:
        name: The tool.
        told: What became of the tools, by name.
    """
    one = told.get(name)
    if one is None:
        yield f"{name}: nothing is known of it."
    elif one.reused:
        yield f"{name}: in the last run that judged, its result was reused."
    else:
        cause = f"{counted(one.changes)}:" if one.changes else f"{one.reason}."
        yield f"{name}: in the last run that judged, it {_how(one)}, because {cause}"
        yield from listed(one.changes)
        if one.unfit and one.unfit != one.reason:
            yield f"What it said is not kept: {one.unfit}."


def readers(path: str, reading: Iterable[str]) -> str:
    """Return which tools look at a file, in words."""
    names = sorted(reading)
    if not names:
        return f"No tool whose result is kept depends on {path}."
    return f"Of the kept results, those of {', '.join(names)} depend on it."
