"""Where the findings are: files with their counts, and a tile of the map for each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from doctrine.reports._digest import failing
from doctrine.reports._shape import FindingV1, ReportV1
from doctrine.reports.html.treemap import Box, squarified

TILES = 240
"""Most tiles on the map; the files that are left share one, for smaller tiles say nothing."""
_ASPECT = 2.4
_WHOLE = Box(x=0, y=0, width=100 * _ASPECT, height=100)
_HEATS = (1, 2, 4, 8)
"""Clauses a file has to break to be shown at heat 1, 2, 3, 4."""


class FileView(Struct, frozen=True, kw_only=True):
    """A file and what was found in it.

    Attributes:
        path: POSIX, relative to the root.
        total: Findings.
        failing: How many of them fail a clause.
        clauses: Ids of the clauses that fail by them, sorted.
    """

    path: str
    total: int
    failing: int
    clauses: tuple[str, ...]

    @property
    def heat(self) -> int:
        """Return 0 for no broken clause, and more for more of them, up to 4."""
        return sum(len(self.clauses) >= bound for bound in _HEATS)


class Tile(Struct, frozen=True, kw_only=True):
    """A part of the map, in percent of it.

    Attributes:
        file: What it stands for; None for the files that are left.
        label: What is written on it.
        total: Findings.
        box: Where it is.
    """

    file: FileView | None
    label: str
    total: int
    box: Box


def by_clause(report: ReportV1) -> Mapping[str, list[str]]:
    """Return the ids of the clauses that fail by each finding, by its fingerprint.

    Args:
        report: Any report.
    """
    blamed: dict[str, list[str]] = {}
    for clause in report.clauses:
        for fingerprint in failing(clause):
            blamed.setdefault(fingerprint, []).append(clause.id)
    return blamed


def files(
    findings: Iterable[FindingV1], blamed: Mapping[str, Iterable[str]]
) -> tuple[FileView, ...]:
    """Return the files with findings, those with the most first.

    Args:
        findings: All findings.
        blamed: From ``by_clause``.
    """
    totals: dict[str, list[int]] = {}
    broken: dict[str, set[str]] = {}
    for one in findings:
        counts = totals.setdefault(one.path, [0, 0])
        counts[0] += 1
        ids = blamed.get(one.fingerprint)
        if ids is not None:
            counts[1] += 1
            broken.setdefault(one.path, set()).update(ids)
    found = [
        FileView(path=path, total=total, failing=bad, clauses=tuple(sorted(broken.get(path, ()))))
        for path, (total, bad) in totals.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.total, one.path)))


def tiles(found: tuple[FileView, ...]) -> tuple[Tile, ...]:
    """Return the map: an area for each file that grows with its findings.

    Args:
        found: From ``files``.
    """
    shown, rest = found[:TILES], found[TILES:]
    parts: list[tuple[FileView | None, str, int]] = [
        (one, one.path.rpartition("/")[2] if one.path != "." else "the project", one.total)
        for one in shown
    ]
    if rest:
        parts.append((None, f"{len(rest):,} more files", sum(one.total for one in rest)))
        parts.sort(key=lambda part: -part[2])
    boxes = squarified([float(total) for _, _, total in parts], _WHOLE)
    return tuple(
        Tile(
            file=file,
            label=label,
            total=total,
            box=Box(x=box.x / _ASPECT, y=box.y, width=box.width / _ASPECT, height=box.height),
        )
        for (file, label, total), box in zip(parts, boxes, strict=True)
    )
