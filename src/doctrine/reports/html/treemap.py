"""Lays areas out in a rectangle so that their tiles come near to squares. Pure.

Squarified treemaps: Bruls, Huizing, van Wijk, "Squarified Treemaps", 2000.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Box(Struct, frozen=True, kw_only=True):
    """A rectangle, from its upper left corner, in the unit of the whole."""

    x: float
    y: float
    width: float
    height: float


def squarified(areas: Sequence[float], whole: Box) -> list[Box]:
    """Return a tile for each area, in the same order, that together fill the whole.

    Args:
        areas: Positive, the largest first; only their relation counts.
        whole: What to fill.
    """
    scale = whole.width * whole.height / sum(areas) if areas else 0.0
    left = [area * scale for area in areas]
    tiles: list[Box] = []
    room = whole
    start = 0
    while start < len(left):
        end = _row(left, start, min(room.width, room.height))
        placed, room = _placed(left[start:end], room)
        tiles += placed
        start = end
    return tiles


def _row(areas: Sequence[float], start: int, side: float) -> int:
    """Return where the row ends that starts here: before its worst tile would get longer."""
    total = largest = smallest = areas[start]
    worst = _worst(total, largest, smallest, side)
    for end in range(start + 1, len(areas)):
        total, smallest = total + areas[end], min(smallest, areas[end])
        further = _worst(total, largest, smallest, side)
        if further > worst:
            return end
        worst = further
    return len(areas)


def _worst(total: float, largest: float, smallest: float, side: float) -> float:
    """Return the highest ratio of a row's tiles, length to breadth."""
    if side <= 0 or smallest <= 0:
        return 0.0
    return max(side * side * largest / total**2, total**2 / (side * side * smallest))


def _placed(areas: Sequence[float], room: Box) -> tuple[list[Box], Box]:
    """Return a row of tiles along the shorter side, and the room that is left."""
    total = sum(areas)
    tiles: list[Box] = []
    if room.width >= room.height:
        deep = total / room.height if room.height else 0.0
        y = room.y
        for area in areas:
            height = area / deep if deep else 0.0
            tiles.append(Box(x=room.x, y=y, width=deep, height=height))
            y += height
        rest = max(0.0, room.width - deep)
        return tiles, Box(x=room.x + deep, y=room.y, width=rest, height=room.height)
    deep = total / room.width if room.width else 0.0
    x = room.x
    for area in areas:
        width = area / deep if deep else 0.0
        tiles.append(Box(x=x, y=room.y, width=width, height=deep))
        x += width
    rest = max(0.0, room.height - deep)
    return tiles, Box(x=room.x, y=room.y + deep, width=room.width, height=rest)
