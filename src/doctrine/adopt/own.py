"""``[tool.doctrine]``: what a check takes for a failure, written down."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.adopt.changes import Asked, Change
from doctrine.adopt.edits import Section
from doctrine.adopt.tables import Data
from doctrine.documents import table

_ASKED = Asked(section=Section.DOCTRINE, table=("tool", "doctrine"))


def own_changes(data: Data) -> Iterator[Change]:
    """Yield doctrine's own table where there is none.

    Args:
        data: Content of ``pyproject.toml``.
    """
    if "doctrine" not in table(data, "tool"):
        yield from _ASKED.rows({("fail-on",): "must"}, "what `doctrine check` fails on")
