"""Small files that are kept between runs in the user's cache, and never in a project.

They only save time or tell what is new; whatever goes wrong with one is no trouble worth a word.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from doctrine.cache.place import own_file, own_folder


def place_of(kind: str, root: str, key: Iterable[str], suffix: str) -> Path | None:
    """Return where something is remembered, without touching it.

    Args:
        kind: Folder of all that is kept for the same purpose.
        root: Absolute folder of the project that it is about.
        key: All that it depends on.
        suffix: Of the file.

    Returns:
        The file; None where there is no home, or where it would lie inside the project.
    """
    from platformdirs import user_cache_path

    try:
        folder = (user_cache_path("doctrine") / kind).absolute()
        real, project = os.path.realpath(folder), os.path.realpath(root)
        if os.path.commonpath((real, project)) == project:
            return None
    except (OSError, RuntimeError, ValueError):
        # No home, or another drive: then there is nothing to remember, and nothing to say.
        return None
    digest = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()
    return Path(real, f"{digest[:32]}{suffix}")


def remember(file: Path, content: bytes, *, most: int) -> None:
    """Keep a file whole or not at all, and forget what was written longest ago.

    Args:
        file: From ``place_of``.
        content: The whole file.
        most: Files of its kind that are kept.
    """
    with suppress(OSError, ValueError):
        folder = file.parent
        folder.parent.parent.mkdir(parents=True, exist_ok=True)
        for one in (folder.parent, folder):
            own_folder(one)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".kept-")
        try:
            with os.fdopen(handle, "wb") as opened:
                own_file(handle)
                opened.write(content)
            Path(temporary).replace(file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        now = time.time()
        # Farthest from now, and not longest ago: after a clock was set back, files of the future
        # would stay for good, and this one would be forgotten at once.
        known = sorted(
            folder.glob(f"*{file.suffix}"), key=lambda one: abs(now - one.stat().st_mtime)
        )
        for one in known[most:]:
            one.unlink(missing_ok=True)
