"""Where the files of a baseline are today, by git's rename detection."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct, field

from doctrine.model.baseline import Baseline
from doctrine.project.candidates import GIT
from doctrine.project.checkout import Run, git_path
from doctrine.project.listing import displayed_bytes
from doctrine.project.picking import copy_index

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


def renames(root: str, baseline: Baseline, gone: Collection[str], run: Run) -> Renames:
    """Return where files have gone since a baseline was made, whether git was told of it or not.

    Args:
        root: Absolute project root.
        baseline: Of a commit, or the file whose last commit is the one to start from.
        gone: Paths that are looked for; without any, git is not asked.
        run: Runs git.
    """
    if not gone:
        return Renames()
    revisions = _revisions(root, baseline, run)
    found = _found(root, revisions, run, None)
    if not found.keys() >= set(gone) and _has_untracked(root, run):
        # Files that nobody has added yet: git compares what its index knows by name.
        with tempfile.TemporaryDirectory(prefix="doctrine-index-") as folder:
            if known := _with_untracked(root, Path(folder), run):
                found = {**_found(root, revisions, run, known), **found}
    code, said = run((*GIT, "rev-parse", "--is-shallow-repository"), root, None)
    return Renames(
        today={old: new for old, new in found.items() if old in gone},
        shallow=code == 0 and said.strip() == b"true",
    )


def _found(
    root: str, revisions: Collection[str], run: Run, index: Mapping[str, str] | None
) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for revision in revisions:
        code, said = run((*_DIFF, revision, "--", "."), root, index)
        if code == 0:
            found.update(_pairs(said))
    return found


def _has_untracked(root: str, run: Run) -> bool:
    code, said = run((*GIT, "ls-files", "--others", "--exclude-standard"), root, None)
    return code == 0 and bool(said)


def _with_untracked(root: str, folder: Path, run: Run) -> Mapping[str, str] | None:
    """Copy the index, add the names of untracked files, and return the variables that say so.

    Nothing is written into the repository: the empty object behind such a name goes to the folder.
    """
    objects = folder / "objects"
    try:
        objects.mkdir()
        copy_index(Path(git_path(root, run, "index")), folder)
    except OSError:
        return None
    variables = {
        "GIT_INDEX_FILE": str(folder / "index"),
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": git_path(root, run, "objects"),
    }
    code, _ = run((*GIT, "add", "--intent-to-add", "--", "."), root, variables)
    return variables if code == 0 else None


def _revisions(root: str, baseline: Baseline, run: Run) -> tuple[str, ...]:
    if baseline.commit:
        return (baseline.commit,)
    code, said = run((*GIT, "log", "-1", "--format=%H", "--", baseline.path), root, None)
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
