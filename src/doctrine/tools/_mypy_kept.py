"""When mypy may go on from what its last run has left, and how it is told to.

Only where that tells the same as a run from nothing: in versions for which the two were compared
over hundreds of edited states, and without plugins, which may depend on what mypy does not look at again.
"""

from __future__ import annotations

import re

from doctrine.model.process import Invocation
from doctrine.model.replacing import replace
from doctrine.model.tool import Request
from doctrine.tools._mypy_config import MypyConfig, find_config

_FOLDER = "known"
_NEVER = "--no-incremental"
PLACE = "--cache-dir="
"""How the word of the command begins that says where mypy leaves what it knows."""
_OLDEST = (2, 4)
_VERSION = re.compile(r"(\d+)\.(\d+)")
_UNFIT = frozenset(
    {
        "bazel", "cache_fine_grained", "cache_map", "debug_cache", "fine_grained_incremental",
        "incremental", "junit_xml", "plugins", "quickstart_file", "skip_cache_mtime_checks",
        "skip_version_check", "use_fine_grained_cache",
    }
)  # fmt: skip
"""Options under which mypy believes more than contents, or forgets what it has to write."""


def carrying(request: Request, planned: tuple[Invocation, ...]) -> tuple[Invocation, ...]:
    """Return the planned command so that it goes on from its last run, where that may be.

    Args:
        request: What mypy is asked.
        planned: The command without.
    """
    (one,) = planned
    if not _is_compared(request.located.version) or not _is_plain(find_config(request.layout), one):
        return planned
    argv = tuple(
        f"{PLACE}{{scratch}}/{_FOLDER}" if word.startswith(PLACE) else word
        for word in one.argv
        if word != _NEVER
    )
    return (replace(one, argv=argv, carry=_FOLDER),)


def _is_compared(version: str) -> bool:
    found = _VERSION.match(version)
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST


def _is_plain(config: MypyConfig, planned: Invocation) -> bool:
    """Whether it is known what configures mypy, and none of that is unfit."""
    if not config.path and not planned.files:
        return False  # one in the home folder may
    return not config.reports and not any(config.options.get(key) is not None for key in _UNFIT)
