"""Folders that only doctrine uses, for as long as it runs."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from doctrine.errors import UsageError

_NO_ROOM = "name a folder with room in the variable TMPDIR"
_ATTEMPTS = 20
"""How often a folder is removed that somebody still fills."""
_KEEPS_READ_ONLY = os.name == "nt"
"""Whether the system removes no file that must not be written."""
_PAUSE = 0.05
"""Seconds between two attempts."""


def private_folder(purpose: str = "") -> Path:
    """Make a folder that only this run uses.

    Args:
        purpose: A word for its name; empty for none.

    Raises:
        UsageError: There is no place for it.
    """
    try:
        if _is_last_resort(tempfile.gettempdir()):
            raise UsageError("there is no folder for temporary files", hint=_NO_ROOM)
        return Path(tempfile.mkdtemp(prefix=f"doctrine-{purpose}-" if purpose else "doctrine-"))
    except OSError as error:
        message = f"no temporary folder can be made: {error.strerror or error}"
        raise UsageError(message, hint=_NO_ROOM) from error


def _is_last_resort(folder: str) -> bool:
    """Whether it is the working folder, which is taken where nothing else will do.

    That is often the judged tree, which a check does not write to.
    """
    if folder in {os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")}:
        return False
    with suppress(OSError):  # it may be gone
        return Path(folder) == Path.cwd()
    return False


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, also what a tool has closed.

    Args:
        folder: What ``private_folder`` made.
    """
    for _attempt in range(_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        _open_up(folder)
        _remove_one_by_one(folder)
        if not folder.exists():
            break
        # A thread that was left alone may still be copying into it.
        time.sleep(_PAUSE)


def _remove_one_by_one(folder: Path) -> None:
    """Remove a folder with a single open file at a time: the usual way holds one for each level."""
    for path, folders, files in reversed([*os.walk(folder)]):
        for name in (*folders, *files):
            inside = Path(path, name)
            with suppress(OSError):
                inside.rmdir() if name in folders and not inside.is_symlink() else inside.unlink()
    with suppress(OSError):
        folder.rmdir()


def _open_up(folder: Path) -> None:
    """Let everything in a folder be removed.

    The mode of a file is left alone where nobody asks for it: one of the user's may have another
    name here.
    """
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files) if _KEEPS_READ_ONLY else folders:
            inside = Path(path, name)
            if not inside.is_symlink():
                with suppress(OSError):
                    inside.chmod(stat.S_IRWXU)
