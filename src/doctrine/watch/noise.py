"""Which paths of a project are worth a look when they change. Pure.

What is left out here must be nothing that a tool reads: editors' own files, caches, and what a
version control keeps for itself. Everything else is looked at, and counts only if it holds
something else than before.
"""

from __future__ import annotations

import re

from doctrine.cache.tree import NEVER

_TOLD_BY_GIT = frozenset({".git/HEAD", ".git/index"})
"""What says which files git knows."""
_DROPPING = re.compile(
    r"""(?:
        .*~                                   # Emacs and others: the file before
      | \#.*\# | \.\#.*                       # Emacs: what is not saved yet, and its lock
      | \.?.*\.sw[a-z]                        # Vim: what is not saved yet
      | 4913                                  # Vim: may the folder be written?
      | .*___jb_(?:tmp|old|bak)___            # JetBrains: before it is renamed
      | \.goutputstream-.*                    # GNOME: before it is renamed
      | .*\.py[co]
      | \.DS_Store | Thumbs\.db
    )\Z""",
    re.VERBOSE,
)


def matters(path: str) -> bool:
    """Return whether a change of a path may change a verdict.

    Args:
        path: Relative to the project's root, POSIX.
    """
    if path in _TOLD_BY_GIT:
        return True
    parts = path.split("/")
    return not (NEVER.intersection(parts) or _DROPPING.match(parts[-1]))


def is_of_git(path: str) -> bool:
    """Return whether a path says which files git knows."""
    return path in _TOLD_BY_GIT
