"""Writing a file of the project: whole or not at all, where it really lies, as it may be."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from pathlib import Path

from doctrine.errors import UsageError

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


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
    place = _real(root, name)
    try:
        mode = place.stat()
        if not mode.st_mode & _WRITABLE or not os.access(place, os.W_OK):
            raise UsageError(f"{name} is read-only", hint=f"make it writable: chmod u+w {name}")
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after)
            _adopt(Path(temporary), mode)
            _check_unchanged(place, before)
            Path(temporary).replace(place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"{name} cannot be written: {error.strerror or error}",
            hint="the file is as it was; see to it that you may write in its folder",
        ) from error


def _real(root: str, name: str) -> Path:
    try:
        top = Path(root).resolve(strict=True)
        place = Path(top, name).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{name} leads nowhere: {error}") from error
    if not place.is_relative_to(top):
        raise UsageError(
            f"{name} is a link to {place}, outside the project, and may belong to others as well",
            hint="edit that file yourself, or replace the link by a copy",
        )
    return place


def _check_unchanged(place: Path, before: bytes) -> None:
    if place.read_bytes() != before:
        message = f"{place.name} was changed by somebody else meanwhile"
        raise UsageError(message, hint="nothing was written; try again")


def _adopt(temporary: Path, old: os.stat_result) -> None:
    """Give the new file the permissions and, where that is allowed, the owner of the old one."""
    if sys.platform != "win32" and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with contextlib.suppress(PermissionError):
            os.chown(temporary, old.st_uid, old.st_gid)
    temporary.chmod(stat.S_IMODE(old.st_mode))
