"""The map's tiles: they fill the whole, in proportion, and overlap nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.reports.html.treemap import Box, squarified

WHOLE = Box(x=3, y=5, width=240, height=100)
AREAS = st.lists(st.integers(min_value=1, max_value=10_000), min_size=1, max_size=60).map(
    lambda areas: sorted(map(float, areas), reverse=True)
)


@given(AREAS)
def test_tiles_are_in_proportion_inside_the_whole_and_apart(areas: list[float]) -> None:
    tiles = squarified(areas, WHOLE)
    scale = WHOLE.width * WHOLE.height / sum(areas)
    assert [one.width * one.height for one in tiles] == pytest.approx(
        [area * scale for area in areas], rel=1e-6, abs=1e-6
    )
    slack = 1e-6
    for one in tiles:
        assert one.x >= WHOLE.x - slack
        assert one.y >= WHOLE.y - slack
        assert one.x + one.width <= WHOLE.x + WHOLE.width + slack
        assert one.y + one.height <= WHOLE.y + WHOLE.height + slack
    for index, one in enumerate(tiles):
        for other in tiles[index + 1 :]:
            across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
            down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
            assert across <= slack or down <= slack


def test_the_published_example_comes_out_as_published() -> None:
    # Bruls, Huizing, van Wijk (2000), figure 3: areas 6 6 4 3 2 2 1 in 6 by 4.
    tiles = squarified([6, 6, 4, 3, 2, 2, 1], Box(x=0, y=0, width=6, height=4))
    assert [(one.x, one.y, one.width, one.height) for one in tiles[:4]] == [
        pytest.approx((0, 0, 3, 2)),
        pytest.approx((0, 2, 3, 2)),
        pytest.approx((3, 0, 12 / 7, 7 / 3)),
        pytest.approx((3 + 12 / 7, 0, 9 / 7, 7 / 3)),
    ]


def test_nothing_has_no_tile() -> None:
    assert squarified([], WHOLE) == []
