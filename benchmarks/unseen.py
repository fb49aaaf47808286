"""A screen that nobody looks at: what is measured is what a session knows."""

from __future__ import annotations

from collections.abc import Collection

from doctrine.watch.lines import Line


class Unseen:
    """Takes lines, and shows none."""

    def write(self, lines: Collection[Line]) -> None:
        """Write nothing."""

    def stand(self, lines: Collection[Line]) -> None:
        """Show nothing."""

    def listens(self) -> bool:
        """Return that there are no keys."""
        return False
