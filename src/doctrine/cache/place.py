"""Where results are kept: a folder of the user's own, marked so that nobody takes it for sources."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError
from doctrine.model.settings import Settings

VARIABLE = "DOCTRINE_CACHE_DIR"
"""Environment variable that names the folder; a flag wins over it, and it over the settings."""
OFF = "DOCTRINE_NO_CACHE"
"""Environment variable that turns reuse off, whatever its value."""
TAG = "CACHEDIR.TAG"
SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"
"""What a tag begins with, as backup programs know it: https://bford.info/cachedir/."""

_TAG_TEXT = (
    SIGNATURE + b"\n# Results that doctrine can find again; it may be deleted at any time.\n"
)
_IGNORE = ".gitignore"
_IGNORE_TEXT = b"# Made by doctrine: nothing in here belongs into a repository.\n*\n"
_OURS = frozenset({TAG, _IGNORE, "commits", "environments", "history"})
_FOLDER, FILE = 0o700, 0o600
"""Modes of what is the user's alone."""
BINARY = getattr(os, "O_BINARY", 0)
UNBLOCKED = getattr(os, "O_NONBLOCK", 0)
"""A pipe in the place of a file, as a project can have one in its own cache, would hold doctrine."""
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def is_off(settings: Settings) -> bool:
    """Return whether nothing is reused or kept."""
    return settings.no_cache or bool(os.environ.get(OFF))


class Place(Struct, frozen=True, kw_only=True):
    """A folder for what is kept.

    Attributes:
        folder: Absolute, links followed; it may not exist yet.
        named: Who named it, in words; empty where it is the user's usual folder.
    """

    folder: Path
    named: str = ""


def find_place(
    root: str, *, flag: str = "", setting: str = "", environ: Mapping[str, str] | None = None
) -> Place | None:
    """Return where results of a project are kept, without touching it.

    Args:
        root: Absolute folder of the project; empty where it is about no project.
        flag: What the command line named, relative to the current folder; empty if nothing.
        setting: What the project's settings name, relative to the root; empty if nothing.
        environ: Environment variables; those of the process if None.

    Returns:
        The place; None where there is no home, or where the user's usual folder would lie inside
        the project, which nothing is written into unasked.

    Raises:
        UsageError: The folder that was named cannot be one for results.
    """
    variable = (os.environ if environ is None else environ).get(VARIABLE, "")
    if flag:
        return _named(root, flag, "--cache-dir")
    if variable:
        return _named(root, variable, VARIABLE)
    if setting:
        return _inside(root, setting)
    return _usual(root)


def _named(root: str, name: str, by: str) -> Place:
    try:
        folder = Path(os.path.realpath(Path(name).expanduser()))
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"{by}: {name!r} is no folder name: {error}") from error
    place = Place(folder=folder, named=by)
    _require_fit(root, place)
    return place


def _inside(root: str, name: str) -> Place:
    """Return the folder that a project names for itself: none that lies elsewhere."""
    place = _named(root, os.path.join(root, name), "cache-dir")  # noqa: PTH118 - an absolute path stays what it is
    if not place.folder.is_relative_to(os.path.realpath(root)):
        raise UsageError(
            f"the project's configuration asks for a cache outside the project: {name}",
            hint=f"name it in {VARIABLE} or with --cache-dir if you want it",
        )
    return place


def _require_fit(root: str, place: Place) -> None:
    """Refuse a folder that holds something else: it would be ignored by git, and be cleaned."""
    if root and Path(os.path.realpath(root)).is_relative_to(place.folder):
        raise UsageError(
            f"{place.named}: {place.folder} holds the project itself, and cannot be its cache",
            hint="name a folder of its own",
        )
    try:
        with os.scandir(place.folder) as scan:
            foreign = sorted(one.name for one in scan if not is_ours(one.name))
    except NotADirectoryError as error:
        raise UsageError(f"{place.named}: {place.folder} is a file, and no folder") from error
    except OSError:
        return  # it does not exist, or cannot be listed: then nothing is kept, and nothing lost
    if foreign and not is_marked(place.folder):
        raise UsageError(
            f"{place.named}: {place.folder} is no cache of doctrine: it holds {foreign[0]}",
            hint="name a folder that is empty or does not exist yet",
        )


def is_ours(name: str) -> bool:
    """Return whether something in a cache folder was made by doctrine, by its name."""
    return name in _OURS or (name.startswith("v") and name[1:].isdigit())


def is_marked(folder: Path) -> bool:
    """Return whether a folder says that it is a cache."""
    try:
        handle = os.open(folder / TAG, os.O_RDONLY | BINARY | UNBLOCKED)
        with os.fdopen(handle, "rb", buffering=0) as file:
            return file.read(len(SIGNATURE)) == SIGNATURE
    except (OSError, ValueError):
        return False


def _usual(root: str) -> Place | None:
    from platformdirs import user_cache_path

    try:
        folder = Path(os.path.realpath(user_cache_path("doctrine").absolute()))
        if root and folder.is_relative_to(os.path.realpath(root)):
            return None
    except (OSError, RuntimeError, ValueError):
        return None  # no home: then there is nothing to remember, and nothing to say
    return Place(folder=folder)


def is_safe(folder: Path) -> bool:
    """Return whether nobody but the user could have put something into a folder."""
    try:
        status = folder.lstat()
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(status.st_mode) and is_own(status, _WRITABLE_BY_OTHERS)


def is_own(status: os.stat_result, forbidden: int) -> bool:
    """Return whether something is the user's, and its mode has none of the forbidden bits."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & forbidden


def own_folder(folder: Path) -> None:
    """Make a folder that is the user's alone, whatever the umask, unless it is there.

    Args:
        folder: Its parent exists.

    Raises:
        OSError: It cannot be made; or something else is in its place, such as a link, by which
            a project could have files written, or swept away, where it likes.
    """
    if is_safe(folder):
        return
    try:
        folder.mkdir(mode=_FOLDER)
    except FileExistsError:
        if not is_safe(folder):  # another doctrine may have made it in this moment
            raise
    else:
        folder.chmod(_FOLDER)


def own_file(handle: int) -> None:
    """Let the user alone read and write a file that was made a moment ago, whatever the umask.

    Args:
        handle: Of the open file.
    """
    if sys.platform != "win32":
        os.fchmod(handle, FILE)


def prepare(folder: Path) -> None:
    """Make a cache folder, and mark it as one that neither backups nor git need.

    Args:
        folder: From ``find_place``.

    Raises:
        OSError: It cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    own_folder(folder)
    for name, content in ((TAG, _TAG_TEXT), (_IGNORE, _IGNORE_TEXT)):
        with suppress(FileExistsError):
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE)
            with os.fdopen(handle, "wb") as file:
                own_file(handle)
                file.write(content)
