"""gitignore patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from doctrine.expressions import EndlessError

_STARS = re.compile(r"\*+")
_MOST_STARS = 3
"""Stars in a name; a name has up to 255 characters, and each star may end at any of them."""
_MOST_FOLDERS = 2
"""Times that ``**`` stands for folders, of which a path has up to 2,000."""


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a path matches the patterns.

    Folders are asked about with a slash at the end.

    Args:
        patterns: Lines of a ``.gitignore``; the last one that matches decides.

    Raises:
        ValueError: A line is no pattern.
        EndlessError: A line may take for ever on a long path.
    """
    lines = tuple(patterns)
    for line in lines:
        if _is_endless(line):
            raise EndlessError(repr(line))
    # Importing it takes longer than listing a thousand files, and most projects never need it:
    # git has looked at their ignore files already.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines).match_file


def _is_endless(line: str) -> bool:
    parts = line.rstrip("/").split("/")
    folders = parts[:-1].count("**")
    return folders > _MOST_FOLDERS or any(len(_STARS.findall(part)) > _MOST_STARS for part in parts)
