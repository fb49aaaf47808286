"""``--lock``: bring ``uv.lock`` up to what ``pyproject.toml`` asks, with what is at hand if it can be.

Only where it is asked for: uv may have to ask a package index, and to build what is not a wheel.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial

from msgspec import Struct

from doctrine.adopt.edits import PYPROJECT
from doctrine.project.toolchain import behind_shims, find_uv, own_environment
from doctrine.runner import attend, capture

LOCK = "uv lock"
"""The command, for those who run it themselves."""
_OFFLINE = "--offline"


class Means(Struct, frozen=True, kw_only=True):
    """How uv is run.

    Attributes:
        uv: Path of uv; None where there is none.
        quietly: Runs it without the network, for its exit code.
        openly: Runs it so that the user sees what it does.
    """

    uv: str | None
    quietly: Callable[[tuple[str, ...], str], tuple[int | None, bytes]]
    openly: Callable[[tuple[str, ...], str], int | None]


def means() -> Means:
    """Return doctrine's own uv, or that on ``PATH``."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *behind_shims()))
    return Means(
        uv=find_uv(own_environment(), os.environ),
        quietly=partial(capture, env={"PATH": path}),
        openly=partial(attend, env={"PATH": path}),
    )


def lock_fits(root: str, written: Iterable[str], *, lock: bool) -> bool:
    """Return whether the lock fits after files were written, brought up to date if that is asked.

    Args:
        root: Absolute root of the project.
        written: The files, relative to it.
        lock: Whether it may be brought up to date.
    """
    if PYPROJECT not in written:
        return True
    return lock and locked(root, means())


def locked(root: str, how: Means) -> bool:
    """Bring the lock up to date, and say what came of it.

    Args:
        root: Absolute root of a project whose ``pyproject.toml`` was written.
        how: Runs uv.

    Returns:
        Whether it is.
    """
    if how.uv is None:
        _say(f"not locked: uv is not installed; install it, and run `{LOCK}`")
        return False
    code, _ = how.quietly((how.uv, "lock", _OFFLINE), root)
    if code == 0:
        _say("locked: uv.lock fits pyproject.toml; nothing had to be downloaded")
        return True
    _say(f"`{LOCK} {_OFFLINE}` lacks something on this machine: asking the package index")
    if how.openly((how.uv, "lock"), root) == 0:
        _say("locked: uv.lock fits pyproject.toml")
        return True
    _say(f"not locked: mend what uv says above, and run `{LOCK}`; all else is written")
    return False


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
