"""A copy of a project that holds its files and nothing that leads anywhere else.

For projects that are not believed. Git is asked about the project's index from a repository that
is doctrine's own, so that the project's git configuration is read by nobody; no file is checked
out, so that no filter runs. A link that leads out of the project, and whatever else is no regular
file, becomes a link to nowhere: what is judged has a file there that nobody can read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError
from doctrine.project.candidates import Names, candidates, is_inside
from doctrine.project.checkout import Run, make_repository

LARGEST = 64 << 20
"""Bytes of the largest file whose content is copied; one that is larger is read by nobody, and
keeps its size alone."""
MOST = 4 << 30
"""Bytes of all files together; more would fill a disk unasked."""
NOWHERE = ".doctrine-outside"
"""What links lead to where they may not lead to what they did."""

_INDEX_LIMIT = 1 << 30
_IGNORE_LIMIT = 1 << 20
_CHUNK = 1 << 20
_FORMATS = ("sha1", "sha256")
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Snapshot(Struct, frozen=True, kw_only=True):
    """The copy.

    Attributes:
        root: Absolute root of the project in it.
        remarks: What of the project is not in it, beside what git ignores.
    """

    root: str
    remarks: tuple[str, ...] = ()


class _Repository(Struct, frozen=True, kw_only=True):
    """Where the project's repository is."""

    top: Path
    git: Path | None


def snapshot(root: str, folder: Path, run: Run) -> Snapshot:
    """Copy a project.

    Args:
        root: Absolute project root, without links on the way to it.
        folder: A folder that does not exist yet, outside the project.
        run: Runs git.

    Raises:
        UsageError: It cannot be copied.
    """
    found = _repository(root)
    names = _names(root, found, folder / found.top.name, run)
    tree = folder / found.top.name / Path(root).relative_to(found.top)
    try:
        tree.mkdir(parents=True, exist_ok=True)
        _copy_ignoring(found, root, folder / found.top.name)
        outside = _copy_all(root, tree, names)
    except OSError as error:
        message = f"the project cannot be copied to {folder}: {error.strerror or error}"
        raise UsageError(message, hint="set TMPDIR to a folder with room in it") from error
    return Snapshot(root=str(tree), remarks=tuple(_remarks(found, root, outside)))


def _repository(root: str) -> _Repository:
    """Look upwards for a repository; a ``.git`` that is no folder leads somewhere else."""
    for folder in (Path(root), *Path(root).parents):
        git = folder / ".git"
        if os.path.lexists(git):
            own = stat.S_ISDIR(git.lstat().st_mode)
            return _Repository(top=folder if own else Path(root), git=git if own else None)
    return _Repository(top=Path(root), git=None)


def _remarks(found: _Repository, root: str, outside: list[str]) -> Iterable[str]:
    if found.git is None and os.path.lexists(Path(root, ".git")):
        yield "its .git is no folder and is not followed: git's part in the project is not known"
    if outside:
        more = f" and {len(outside) - 1:,} more" if len(outside) > 1 else ""
        shown = os.fsencode(sorted(outside)[0]).decode("utf-8", "backslashreplace")
        yield f"{shown}{more} is no file of the project (a link out of it, a device, or forbidden): not read"


def _names(root: str, found: _Repository, top: Path, run: Run) -> Names:
    """Ask git for the names in the project's index, by a repository of doctrine's own."""
    top.mkdir(parents=True)
    for kind in _FORMATS if found.git else ():
        own = _own_repository(found.git or top, top, kind, run)
        variables = {"GIT_DIR": str(own), "GIT_WORK_TREE": str(found.top)}
        answers: list[int | None] = []

        def ask(
            argv: tuple[str, ...],
            cwd: str,
            variables: dict[str, str] = variables,
            answers: list[int | None] = answers,
        ) -> tuple[int | None, bytes]:
            code, said = run(argv, cwd, variables)
            answers.append(code)
            return code, said

        names = candidates(root, ask)
        if answers == [0]:
            return names
        _remove(own)
    return candidates(root, lambda argv, cwd: (None, b""))


def _own_repository(git: Path, top: Path, kind: str, run: Run) -> Path:
    """Make an empty repository, and give it the project's index."""
    own = top / ".git"
    make_repository(top, kind, run)
    for source in (git / "index", *git.glob("sharedindex.*")):
        with suppress(OSError):
            _copy_regular(source, own / source.name, _INDEX_LIMIT)
    return own


def _remove(own: Path) -> None:
    import shutil

    shutil.rmtree(own, ignore_errors=True)


def _copy_ignoring(found: _Repository, root: str, top: Path) -> None:
    """Copy what tells, above the root, which files are ignored."""
    if found.git is None:
        return
    (top / ".git" / "info").mkdir(parents=True, exist_ok=True)
    above = [one for one in Path(root).parents if one.is_relative_to(found.top)]
    pairs = [(found.git / "info" / "exclude", top / ".git" / "info" / "exclude")]
    pairs += [
        (one / ".gitignore", top / one.relative_to(found.top) / ".gitignore") for one in above
    ]
    for source, target in pairs:
        with suppress(OSError):
            _copy_regular(source, target, _IGNORE_LIMIT)


class _Parts(Struct, frozen=True, kw_only=True):
    """What the names of a project are: files, links by name with what they lead to, and neither."""

    files: list[str]
    links: dict[str, str]
    outside: list[str]


def _sorted_out(root: str, names: Names) -> _Parts:
    parts = _Parts(files=[], links={}, outside=[])
    for name in sorted({*(names.tracked or ()), *names.untracked, *names.ignored}):
        kind = _kind(root, name)
        if kind is stat.S_IFREG:
            parts.files.append(name)
        elif kind is stat.S_IFLNK and (target := _target(root, name)):
            parts.links[name] = target
        elif kind is not None:
            parts.outside.append(name)
    return parts


def _copy_all(root: str, tree: Path, names: Names) -> list[str]:
    """Copy every file; return the names of what is none."""
    parts = _sorted_out(root, names)
    left = MOST
    for name in parts.files:
        try:
            left -= _copy_regular(Path(root, name), _made(tree, name), LARGEST, whole=True)
        except PermissionError:
            parts.outside.append(name)
        if left < 0:
            message = f"the project has more than {MOST >> 30} GiB of files, too many for a copy"
            raise UsageError(
                message, hint="judge a copy of it without the large files that are no code"
            )
    shut = [f"{name}/unreadable.py" for name in names.unlisted]
    for name, target in (
        *parts.links.items(),
        *((name, NOWHERE) for name in (*parts.outside, *shut)),
    ):
        with suppress(FileExistsError):  # a folder of the same name, which is there
            _made(tree, name).symlink_to(target)
    return parts.outside


def _made(tree: Path, name: str) -> Path:
    place = tree / name
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _kind(root: str, name: str) -> int | None:
    """Return the type of a file, 0 where it is none of the project's, None where it is not there."""
    parts = name.split("/")
    if not is_inside(name) or any(_is_git(part) for part in parts):
        return None
    folder = f"{root}/{name}".rpartition("/")[0]
    if os.path.realpath(folder) != folder:
        return 0  # git lists nothing behind a link; an index that does was made to
    try:
        kind = stat.S_IFMT(os.lstat(f"{root}/{name}").st_mode)
    except OSError:
        return None
    if kind == stat.S_IFDIR:
        return None  # a submodule
    return next((one for one in (stat.S_IFREG, stat.S_IFLNK) if one == kind), 0)


def _is_git(part: str) -> bool:
    """Whether a name is, on some file system, that of a repository's folder."""
    return part.rstrip(". ").lower() in {".git", "git~1"}


def _target(root: str, name: str) -> str:
    """Return where a link leads inside of the project, relative to it; empty where it leads out."""
    try:
        real = os.path.realpath(f"{root}/{name}", strict=True)
    except OSError:
        return ""
    if not real.startswith(f"{root}{os.sep}"):
        return ""
    return os.path.relpath(real, os.path.dirname(f"{root}/{name}"))  # noqa: PTH120 - as it is spelled


def _copy_regular(source: Path, target: Path, limit: int, *, whole: bool = False) -> int:
    """Copy a regular file, whatever happens to its name meanwhile; return the bytes written.

    Args:
        source: The file; its folder holds no link.
        target: A file that does not exist.
        limit: The most bytes that are copied.
        whole: Whether a file beyond the limit is kept, with its size and without its content.

    Raises:
        OSError: It is no regular file, too large, or cannot be read.
    """
    handle = os.open(source, _FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or (status.st_size > limit and not whole):
            raise OSError("not a regular file of a reasonable size")
        with target.open("xb") as copy:
            if status.st_size > limit:
                copy.truncate(status.st_size)
                return 0
            written = 0
            while written <= limit and (data := os.read(handle, _CHUNK)):
                written += copy.write(data)
        target.chmod(stat.S_IMODE(status.st_mode) & 0o755 | 0o600)
        return written
    finally:
        os.close(handle)
