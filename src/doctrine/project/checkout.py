"""A commit of a project, checked out where nothing of the project is touched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError
from doctrine.project.candidates import GIT

Run = Callable[[tuple[str, ...], str, Mapping[str, str] | None], tuple[int | None, bytes]]
"""Runs a program: (argv, cwd, variables) -> (exit code, or None if it did not start; stdout)."""

_SHORT = 12
QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")
NO_DOWNLOADS = {"GIT_LFS_SKIP_SMUDGE": "1", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


class Commit(Struct, frozen=True, kw_only=True):
    """A commit to compare a project with.

    Attributes:
        name: The revision as it was asked for.
        sha: Id of the commit, in full.
        prefix: POSIX path of the project inside its repository, with a slash at its end; empty
            where it is all of it.
    """

    name: str
    sha: str
    prefix: str

    @property
    def label(self) -> str:
        """How a report calls it."""
        return f"{self.name} ({self.sha[:_SHORT]})"


def find_commit(root: str, revision: str, run: Run) -> Commit:
    """Return the commit that a project's work since a revision began at.

    Args:
        root: Absolute project root.
        revision: Anything that git takes for a commit. Where it and HEAD have gone different ways,
            it is the commit in which they parted: what others have mended since is not new here.
        run: Runs git.

    Raises:
        UsageError: The project is in no repository, or there is no such commit.
    """
    prefix = asked(root, run, "rev-parse", "--show-prefix")
    if prefix is None:
        raise UsageError("--since needs a git repository, and the project is in none")
    verify = ("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    named = None if revision.startswith("-") else asked(root, run, *verify)
    if not named:
        raise UsageError(
            f"--since {revision!r} names no commit of this repository",
            hint="a branch, a tag or a commit that has been fetched: git fetch origin main, and "
            "`fetch-depth: 0` in GitHub's checkout",
        )
    parted = asked(root, run, "merge-base", named, "HEAD")
    return Commit(name=revision, sha=parted or named, prefix=prefix)


def check_out(root: str, commit: Commit, folder: Path, run: Run) -> str:
    """Check a commit out into a folder, without writing a byte into the project's repository.

    The new repository borrows the objects of the project's, so that nothing is copied.

    Args:
        root: Absolute project root.
        commit: The commit.
        folder: A folder that does not exist yet, outside the project.
        run: Runs git.

    Returns:
        The absolute root of the project in there; it may not exist, as in the commit.

    Raises:
        UsageError: Git cannot check it out.
    """
    code: int | None = 1
    if borrow_repository(root, folder, run):
        checkout = (*GIT, *QUIET, "checkout", "-q", "--detach", commit.sha)
        code, _ = run(checkout, str(folder), NO_DOWNLOADS)
    if code != 0:
        raise UsageError(
            f"git cannot check out {commit.label}",
            hint="see what `git fsck` says, and whether the clone is a partial one",
        )
    return str(folder / commit.prefix) if commit.prefix else str(folder)


def borrow_repository(root: str, folder: Path, run: Run) -> bool:
    """Make an empty repository that has all objects of the project's, and copies none.

    Args:
        root: Absolute project root.
        folder: A folder that does not exist yet, outside the project.
        run: Runs git.

    Returns:
        Whether git could make it.
    """
    objects = git_path(root, run, "objects")
    kind = asked(root, run, "rev-parse", "--show-object-format") or "sha1"
    folder.mkdir(parents=True)
    if not make_repository(folder, kind, run) or not objects:
        return False
    info = folder / ".git" / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_bytes(os.fsencode(objects) + b"\n")
    shallow = git_path(root, run, "shallow")
    if shallow and Path(shallow).is_file():
        shutil.copyfile(shallow, folder / ".git" / "shallow")
    return True


def make_repository(folder: Path, kind: str, run: Run) -> bool:
    """Make an empty repository of a folder, without hooks or anything else from a template.

    Args:
        folder: An absolute folder.
        kind: How objects are named: ``sha1`` or ``sha256``.
        run: Runs git.

    Returns:
        Whether git could make it.
    """
    init = (*GIT, "init", "-q", "--template=", f"--object-format={kind}", ".")
    code, _ = run(init, str(folder), None)
    return code == 0


def git_path(root: str, run: Run, name: str) -> str:
    """Return the absolute path of a file of the repository; empty where git names none."""
    path = asked(root, run, "rev-parse", "--git-path", name)
    return str(Path(root, path).absolute()) if path else ""


def asked(root: str, run: Run, *words: str) -> str | None:
    """Return what git says, without the line's end; None where it refuses."""
    code, said = run((*GIT, *words), root, None)
    return os.fsdecode(said).rstrip("\n") if code == 0 else None
