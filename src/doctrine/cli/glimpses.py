"""The first of what a tool has found, before anything is merged, judged or suppressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import chain, islice, zip_longest

from doctrine.model.observation import Finding, Severity
from doctrine.model.run import ToolRun
from doctrine.redact import without_literals


def glimpsed(run: ToolRun, most: int) -> list[str]:
    """Return a tool's first findings as lines, errors before everything else.

    The inspectors, which know where secrets are, may not have spoken yet, so that no literal is
    shown at all.

    Args:
        run: What became of the tool.
        most: How many at most.
    """
    first = nsmallest(most, run.reading.findings, key=_place)
    return [without_literals(_line(run.program, finding)) for finding in first]


def chosen(told: Sequence[Sequence[str]], most: int) -> Iterator[str]:
    """Yield some lines of each tool, as many of one as of another where there are enough.

    Args:
        told: The lines of each tool, in the order in which they came.
        most: How many at most; tools that came first go first.
    """
    by_turns = chain.from_iterable(zip_longest(*told))
    yield from islice((line for line in by_turns if line is not None), most)


def _place(finding: Finding) -> tuple[bool, str, int]:
    where = finding.location
    return finding.severity is not Severity.ERROR, where.path, where.line


def _line(program: str, finding: Finding) -> str:
    where = finding.location
    message = finding.message.partition("\n")[0]
    return f"{where.path}:{where.line} {message} ({program} {finding.rule})"
