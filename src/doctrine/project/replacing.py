"""Writing files of the project: whole or not at all, where they really lie, as they may be.

Several files are prepared first, each as a temporary file beside its place, and only when all of
them are complete are they renamed, one after another. Whatever goes wrong before leaves everything
as it was; an interruption among the renames leaves each file whole, the old or the new one.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NEW = 0o666


class Replacement(Struct, frozen=True, kw_only=True):
    """What a file is to hold.

    Attributes:
        name: POSIX path relative to the project root; where it is a link, the file it leads to is
            replaced.
        before: What it held when it was read; None where there was no such file.
        after: What it is to hold; None where it is to be removed, which a link never is.
    """

    name: str
    before: bytes | None
    after: bytes | None


def replace_file(root: str, name: str, before: bytes, after: bytes) -> None:
    """Replace the content of a file by way of a new one beside it.

    Args:
        root: Absolute project root.
        name: Name of the file in it; where it is a link, the file it leads to is replaced.
        before: What the file held when it was read.
        after: What it is to hold.

    Raises:
        UsageError: The file is read-only, leads out of the project, was changed meanwhile, or
            cannot be written.
    """
    replace_files(root, (Replacement(name=name, before=before, after=after),))


def replace_files(root: str, wanted: Sequence[Replacement]) -> None:
    """Replace, make or remove files, all of them prepared before the first one changes.

    What is removed goes last, once everything that takes its place is there.

    Args:
        root: Absolute project root.
        wanted: The files; no two of them are the same.

    Raises:
        UsageError: A file is read-only, leads out of the project, was changed meanwhile, or
            cannot be written. Each file is whole, and the message says which ones are new.
    """
    with contextlib.ExitStack() as undo:
        staged = [(one, *_staged(root, one, undo)) for one in wanted]
        for one, place, _ in staged:
            _check_unchanged(one, place)
        done: list[str] = []
        for one, place, temporary in sorted(staged, key=lambda each: each[0].after is None):
            with _explained(one.name, done):
                if temporary is None:
                    place.unlink()
                else:
                    temporary.replace(place)
            done.append(one.name)
        undo.pop_all()


def _staged(root: str, wanted: Replacement, undo: contextlib.ExitStack) -> tuple[Path, Path | None]:
    """Return where a file lies, and the complete new one beside it; None where it is to go."""
    if wanted.after is None:
        return _removable(root, wanted.name), None
    with _explained(wanted.name):
        if wanted.before is None:
            place, mode = _made(root, wanted.name, undo), None
        else:
            place = _real(root, wanted.name)
            mode = place.stat()
            if not mode.st_mode & _WRITABLE or not os.access(place, os.W_OK):
                hint = f"make it writable: chmod u+w {wanted.name}"
                raise UsageError(f"{wanted.name} is read-only", hint=hint)
        handle, named = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        temporary = Path(named)
        undo.callback(temporary.unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            file.write(wanted.after)
        if mode is None:
            temporary.chmod(_NEW & ~umask())
        else:
            _adopt(temporary, mode)
    return place, temporary


def _removable(root: str, name: str) -> Path:
    """Return where a file lies that can be removed, as far as can be told before it is."""
    with _explained(name):
        place = Path(root).resolve(strict=True) / name
        if place.is_symlink() or _real(root, name) != place:
            hint = "remove it yourself, then try again"
            raise UsageError(f"{name} is a link, or lies behind one, and is not removed", hint=hint)
        writable = bool(place.stat().st_mode & _WRITABLE)
        if not writable or not os.access(place, os.W_OK) or not os.access(place.parent, os.W_OK):
            raise UsageError(f"{name} is read-only", hint=f"make it writable: chmod u+w {name}")
    return place


@contextlib.contextmanager
def _explained(name: str, done: Sequence[str] = ()) -> Generator[None]:
    try:
        yield
    except OSError as error:
        new = f"; already written: {', '.join(done)}" if done else ""
        raise UsageError(
            f"{name} cannot be written: {error.strerror or error}{new}",
            hint="the file is as it was; see to it that you may write in its folder",
        ) from error


def _made(root: str, name: str, undo: contextlib.ExitStack) -> Path:
    """Return where a new file is to lie, its folders made."""
    top = Path(root).resolve(strict=True)
    folder = Path(top, name).parent
    missing: list[Path] = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = folder.parent
    _check_inside(name, folder.resolve(strict=True), top)
    for one in reversed(missing):
        one.mkdir()
        undo.callback(_remove_empty, one)
    return Path(top, name)


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _real(root: str, name: str) -> Path:
    try:
        top = Path(root).resolve(strict=True)
        place = Path(top, name).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{name} leads nowhere: {error}") from error
    _check_inside(name, place, top)
    return place


def _check_inside(name: str, place: Path, top: Path) -> None:
    if not place.is_relative_to(top):
        raise UsageError(
            f"{name} is a link to {place}, outside the project, and may belong to others as well",
            hint="edit that file yourself, or replace the link by a copy",
        )


def _check_unchanged(wanted: Replacement, place: Path) -> None:
    with _explained(wanted.name):
        now = place.read_bytes() if os.path.lexists(place) else None
    if now != wanted.before:
        message = f"{place.name} was changed by somebody else meanwhile"
        raise UsageError(message, hint="nothing was written; try again")


def _adopt(temporary: Path, old: os.stat_result) -> None:
    """Give the new file the permissions and, where that is allowed, the owner of the old one."""
    if sys.platform != "win32" and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with contextlib.suppress(PermissionError):
            os.chown(temporary, old.st_uid, old.st_gid)
    temporary.chmod(stat.S_IMODE(old.st_mode))


def umask() -> int:
    """Return the process's umask; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
