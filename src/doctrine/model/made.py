"""Code that a tool wrote, or somebody else: rightly left out of a tool's sight, and often the most."""

from __future__ import annotations

MOST = 0.5
"""Share of the source from which on what is said of it is said of the project."""
_MADE = frozenset({"migrations", "versions", "vendor", "_vendor", "vendored", "generated", "gen"})
"""Folders of it."""


def is_made(path: str) -> bool:
    """Return whether a file lies in a folder of such code.

    Args:
        path: POSIX, relative to the root.
    """
    return not _MADE.isdisjoint(path.split("/"))
