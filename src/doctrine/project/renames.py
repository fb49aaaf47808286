"""Where the files of a baseline are today, by git's rename detection."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from doctrine.model.baseline import Baseline
from doctrine.project.candidates import GIT, Capture
from doctrine.project.listing import displayed_bytes

_DIFF = (
    *GIT, "diff", "-M30%", "-l5000", "--name-status", "-z", "--diff-filter=R", "--relative",
    "--no-ext-diff", "--no-textconv",
)  # fmt: skip


class Renames(Struct, frozen=True, kw_only=True):
    """What git knows of files that are gone.

    Attributes:
        today: Today's path by the old one.
        shallow: Whether the clone lacks the history that could tell more.
    """

    today: Mapping[str, str] = field(default_factory=dict[str, str])
    shallow: bool = False


def renames(root: str, baseline: Baseline, gone: Collection[str], capture: Capture) -> Renames:
    """Return where files have gone since a baseline was made.

    Args:
        root: Absolute project root.
        baseline: Of a commit, or the file whose last commit is the one to start from.
        gone: Paths that are looked for; without any, git is not asked.
        capture: Runs git.
    """
    if not gone:
        return Renames()
    found: dict[str, str] = {}
    for revision in _revisions(root, baseline, capture):
        code, said = capture((*_DIFF, revision, "--", "."), root)
        if code == 0:
            found.update(_pairs(said))
    code, said = capture((*GIT, "rev-parse", "--is-shallow-repository"), root)
    return Renames(
        today={old: new for old, new in found.items() if old in gone},
        shallow=code == 0 and said.strip() == b"true",
    )


def _revisions(root: str, baseline: Baseline, capture: Capture) -> tuple[str, ...]:
    if baseline.commit:
        return (baseline.commit,)
    code, said = capture((*GIT, "log", "-1", "--format=%H", "--", baseline.path), root)
    if code != 0:
        return ()
    commit = said.decode("ascii", "replace").strip() or "HEAD"
    # The commit may hold a rename that came after the file was written: ask its parent, too.
    return (f"{commit}^", commit)


def _pairs(said: bytes) -> Mapping[str, str]:
    """Read records of three words: ``R097``, the old path, the new one."""
    words = said.split(b"\0")
    return {
        displayed_bytes(words[at + 1]): displayed_bytes(words[at + 2])
        for at in range(0, len(words) - 2, 3)
        if words[at].startswith(b"R")
    }
