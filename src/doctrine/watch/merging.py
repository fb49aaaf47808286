"""What was merged of each file, for whoever judges a project again and again.

What is merged in one file depends on what is reported there, on what is known of the file, and on what
holds for all files. As long as none of these is another, the file need not be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, groupby

import msgspec

from doctrine.model.observation import Finding
from doctrine.model.report import ReportFinding
from doctrine.model.run import ToolRun
from doctrine.normalise import Context, by_path, normalise

_MOST = 4
"""States of one file that are remembered: tools speak one after another, in about the same order."""

_Reported = list[tuple[ToolRun, Finding]]
_States = Mapping[bytes, tuple[ReportFinding, ...]]


class Merging:
    """Merges findings as ``normalise`` does, and remembers what came of it."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._known: dict[str, _States] = {}
        self._for_all: object = None

    def normalise(
        self, reported: Iterable[tuple[ToolRun, Finding]], context: Context
    ) -> tuple[ReportFinding, ...]:
        """Turn what tools reported into one sorted list of defects.

        Args:
            reported: Every finding with the run it came from.
            context: What is needed besides.

        Returns:
            What ``normalise`` returns.
        """
        known = self._of_all(context)
        placed = by_path(reported)
        states = {path: _state(path, placed[path], context) for path in sorted(placed)}
        merged = _remembered(known, states)
        fresh = [path for path in states if path not in merged]
        found = _merged(chain.from_iterable(placed[path] for path in fresh), context)
        merged |= {path: found.get(path, ()) for path in fresh}
        for path, state in states.items():
            known[path] = _with(known.get(path, {}), state, merged[path])
        for path in known.keys() - context.modules.keys() - states.keys():
            known.pop(path, None)  # there is no such file any more
        return tuple(chain.from_iterable(merged[path] for path in states))

    def _of_all(self, context: Context) -> dict[str, _States]:
        """Return what is remembered, which is nothing once what holds for all files is another."""
        for_all = (context.guide, context.defects, context.audit)
        if for_all != self._for_all:
            # Not cleared: a judgement that was given up may still be at work on it.
            self._for_all, self._known = for_all, {}
        return self._known


def _remembered(
    known: Mapping[str, _States], states: Mapping[str, bytes]
) -> dict[str, tuple[ReportFinding, ...]]:
    """Return what is known of the files that are in a state in which they were before."""
    return {
        path: known[path][state]
        for path, state in states.items()
        if path in known and state in known[path]
    }


def _merged(
    reported: Iterable[tuple[ToolRun, Finding]], context: Context
) -> Mapping[str, tuple[ReportFinding, ...]]:
    found = normalise(reported, context)
    return {path: tuple(some) for path, some in groupby(found, key=_path)}


def _path(finding: ReportFinding) -> str:
    return finding.location.path


def _with(states: _States, state: bytes, merged: tuple[ReportFinding, ...]) -> _States:
    """Return the states of a file with one more, which is the last to be forgotten."""
    others = [(key, value) for key, value in states.items() if key != state]
    return dict([*others[1 - _MOST :], (state, merged)])


def _state(path: str, reported: _Reported, context: Context) -> bytes:
    """Return a digest of all that the findings of one file are merged from."""
    pairs = [(run.name, run.program, finding) for run, finding in reported]
    facts = (pairs, context.modules.get(path), context.ignores.get(path, ()))
    try:
        told = msgspec.msgpack.encode(facts)
    except UnicodeEncodeError:  # a name that is no text
        told = repr(facts).encode("utf-8", "surrogatepass")
    digest = blake2b(told)
    digest.update(_text(context.lines(path)))
    return digest.digest()


def _text(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "surrogatepass")
