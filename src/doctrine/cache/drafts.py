"""Files that are written beside their place and renamed: what the dead leave of them is swept away."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from doctrine.cache.place import BINARY, FILE, own_file

_ABANDONED = 3600.0
"""Seconds after which a draft belongs to nobody, whoever began it."""
_DRAFT = re.compile(r"(\d{1,10})-[0-9a-f]{16}")
"""Name of a draft: who began it, and what tells it from others."""
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def drafts_in(folder: Path) -> Path:
    """Return where the drafts of a store are.

    Args:
        folder: The store's.
    """
    return folder / "tmp"


def new_draft(folder: Path) -> Path:
    """Return a name that no draft of a store has.

    Args:
        folder: The store's.
    """
    return drafts_in(folder) / f"{os.getpid()}-{os.urandom(8).hex()}"


def own_drafts(folder: Path) -> Iterator[Path]:
    """Return the drafts that this process has begun in a store.

    Args:
        folder: The store's.
    """
    return drafts_in(folder).glob(f"{os.getpid()}-*")


def begin_draft(path: Path) -> BinaryIO:
    """Make a file that nobody else can read.

    Args:
        path: A new name.

    Raises:
        OSError: It cannot be made.
    """
    handle = os.open(path, _MAKE | BINARY, FILE)
    own_file(handle)
    return os.fdopen(handle, "wb")


def sweep(folder: Path) -> None:
    """Remove the drafts of processes that are gone.

    Args:
        folder: The store's.
    """
    now = time.time()
    with suppress(OSError), os.scandir(drafts_in(folder)) as scan:
        for entry in scan:
            name = _DRAFT.fullmatch(entry.name)
            if name is None:
                continue
            with suppress(OSError):
                old = abs(now - entry.stat(follow_symlinks=False).st_mtime) > _ABANDONED
                if old or not _lives(int(name[1])):
                    Path(entry.path).unlink(missing_ok=True)


def _lives(process: int) -> bool:
    """Return whether a process may still run; asking must not end it."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
