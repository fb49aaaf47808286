"""Which files a partial run looks at: what git says is staged, or changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError
from doctrine.model.partial import Picked
from doctrine.project.candidates import GIT
from doctrine.project.checkout import NO_DOWNLOADS, QUIET, Run, asked, borrow_repository, git_path
from doctrine.project.listing import displayed_bytes

_RAW = (
    "diff", "--raw", "-z", "--no-renames", "--relative", "--no-ext-diff", "--no-textconv",
    "--ignore-submodules=all",
)  # fmt: skip
_REGULAR = frozenset({b"100644", b"100755"})
"""Modes of what holds source: no link (its target is judged where it is), and no submodule."""
_INDEX = "GIT_INDEX_FILE"
_FOLDER = "GIT_DIR"


class Repository(Struct, frozen=True, kw_only=True):
    """What is asked of git about a project.

    Attributes:
        root: Absolute project root.
        prefix: POSIX path of the project inside its repository, with a slash at its end; empty
            where it is all of it.
        base: What the files are compared with: the last commit, or nothing before the first.
        commit: Id of the last commit; empty before the first.
        index: Absolute path of the index.
    """

    root: str
    prefix: str
    base: str
    commit: str
    index: str

    @property
    def top(self) -> Path:
        """Return the folder of the repository."""
        folder, depth = Path(self.root), self.prefix.count("/")
        return folder.parents[depth - 1] if depth else folder


def find_repository(root: str, run: Run, environ: Mapping[str, str], flag: str) -> Repository:
    """Return the repository of a project.

    Args:
        root: Absolute project root.
        run: Runs git.
        environ: Variables of the process: ``git commit -a`` and ``git commit PATH`` let their
            hooks look at an index that is not the usual one.
        flag: What the user wrote, for the error.

    Raises:
        UsageError: The project is in no repository.
    """
    prefix = asked(root, run, "rev-parse", "--show-prefix")
    if prefix is None:
        raise UsageError(
            f"{flag} needs a git repository, and the project is in none",
            hint="without the flag, `doctrine check` judges the whole project",
        )
    commit = asked(root, run, "rev-parse", "--verify", "--quiet", "HEAD^{commit}") or ""
    nothing = "" if commit else asked(root, run, "hash-object", "-t", "tree", os.devnull)
    return Repository(
        root=root,
        prefix=prefix,
        base=commit or nothing or "HEAD",
        commit=commit,
        index=_index(root, run, environ),
    )


def _index(root: str, run: Run, environ: Mapping[str, str]) -> str:
    """Return where the index is: that of a running commit, where it is this repository's."""
    usual = git_path(root, run, "index")
    named = environ.get(_INDEX, "")
    if not named:
        return usual
    folder = environ.get(_FOLDER, "")
    own = asked(root, run, "rev-parse", "--absolute-git-dir") or ""
    if folder and os.path.realpath(folder) != os.path.realpath(own):
        return usual
    # Git names it relative to the top of the working tree, where it starts hooks.
    top = asked(root, run, "rev-parse", "--show-toplevel") or root
    return os.path.join(top, named)  # noqa: PTH118 - it may be absolute already


def picked_paths(repository: Repository, picked: Picked, run: Run) -> tuple[str, ...]:
    """Return the paths of the regular files that are picked, relative to the root, sorted.

    Deleted files are none; a renamed one is there under its new name.

    Args:
        repository: Of the project.
        picked: What is asked for.
        run: Runs git.

    Raises:
        UsageError: Git does not answer, or a staged file has conflicts.
    """
    cached = ("--cached",) if picked is Picked.STAGED else ()
    entries = list(_entries(_said(repository, run, *_RAW, *cached, repository.base, "--")))
    conflicts = {path for _, status, path in entries if status == b"U"}
    found = {path for mode, _, path in entries if mode in _REGULAR} - conflicts
    if picked is Picked.STAGED:
        _refuse(conflicts)
    else:
        found |= conflicts | _untracked(repository, run)
    return tuple(sorted(map(displayed_bytes, found)))


def _untracked(repository: Repository, run: Run) -> set[bytes]:
    said = _said(repository, run, "ls-files", "-z", "--others", "--exclude-standard")
    return {path for path in said.split(b"\0") if path}


def _said(repository: Repository, run: Run, *words: str) -> bytes:
    code, said = run((*GIT, *words), repository.root, {_INDEX: repository.index})
    if code != 0:
        raise UsageError(
            f"git does not say which files are to be judged (`git {words[0]}` failed)",
            hint="see what `git status` says",
        )
    return said


def _entries(said: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield mode, status and path of records such as ``:100644 100644 ab12 cd34 M``, ``a.py``."""
    words = said.split(b"\0")
    for head, path in zip(words[::2], words[1::2], strict=False):
        fields = head.lstrip(b":").split(b" ")
        yield fields[1], fields[-1][:1], path


def _refuse(conflicts: Collection[bytes]) -> None:
    """Refuse to judge files with conflicts: of these, nothing is staged."""
    if conflicts:
        more = f" and {len(conflicts) - 1:,} more" if len(conflicts) > 1 else ""
        raise UsageError(
            f"{displayed_bytes(min(conflicts))}{more} has merge conflicts, so nothing of it is staged",
            hint="resolve them and `git add` it, or judge what is there with --changed",
        )


def check_out_index(repository: Repository, folder: Path, run: Run) -> str:
    """Check what is staged out into a folder, with a repository that knows the same commits.

    Nothing of the project is written to, neither its index nor its objects.

    Args:
        repository: Of the project.
        folder: A folder that does not exist yet, outside the project.
        run: Runs git.

    Returns:
        The absolute root of the project in there.

    Raises:
        UsageError: Git cannot check it out.
    """
    failed = UsageError(
        "git cannot check out what is staged",
        hint="see what `git fsck` says, and whether the clone is a partial one",
    )
    if not borrow_repository(repository.root, folder, run):
        raise failed
    own = folder / ".git"
    if repository.commit:
        (own / "HEAD").write_text(f"{repository.commit}\n", encoding="ascii")
    try:
        copy_index(Path(repository.index), own)
    except OSError as error:
        raise failed from error
    checkout = (*GIT, *QUIET, "checkout-index", "--all", "--force", "--quiet", "--index")
    code, _ = run(checkout, str(folder), NO_DOWNLOADS)
    if code != 0:
        raise failed
    return str(folder / repository.prefix) if repository.prefix else str(folder)


def copy_index(index: Path, own: Path) -> None:
    """Copy an index, with the part of a split one that other indexes share.

    Args:
        index: The file.
        own: The folder that it is copied to, such as another repository's ``.git``.
    """
    for shared in index.parent.glob("sharedindex.*"):
        shutil.copyfile(shared, own / shared.name)
    shutil.copyfile(index, own / "index")
