"""Which files of a project hold what git could not give back."""

from __future__ import annotations

from doctrine.project.candidates import GIT, Capture
from doctrine.project.listing import displayed_bytes

_STATUS = (
    *GIT, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames",
    "--ignore-submodules=all", "--", ".",
)  # fmt: skip
_MARK = 3
"""Characters before the path: the two columns of the status and a blank."""


def uncommitted(root: str, capture: Capture) -> frozenset[str] | None:
    """Return the files with uncommitted changes, those that git does not know included.

    Args:
        root: Absolute project root.
        capture: Runs git.

    Returns:
        POSIX paths relative to the root; None where no commit could give anything back, because
        git does not look after the project or cannot say.
    """
    code, said = capture((*GIT, "rev-parse", "--show-prefix"), root)
    if code != 0:
        return None
    prefix = said.rstrip(b"\n")
    code, said = capture(_STATUS, root)
    if code != 0:
        return None
    paths = (record[_MARK:] for record in said.split(b"\0") if record)
    return frozenset(
        displayed_bytes(path.removeprefix(prefix)) for path in paths if path.startswith(prefix)
    )
