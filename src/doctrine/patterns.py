"""gitignore patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a path matches the patterns.

    Folders are asked about with a slash at the end.

    Args:
        patterns: Lines of a ``.gitignore``; the last one that matches decides.

    Raises:
        ValueError: A line is no pattern.
    """
    # Importing it takes longer than listing a thousand files, and most projects never need it:
    # git has looked at their ignore files already.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns).match_file
