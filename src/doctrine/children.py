"""What every child process is given, and how a small question is asked of one.

Apart from the runner, which needs an event loop: a run that reuses everything asks git alone.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_GIT_READS = ("HEAD", "config", "index", "packed-refs", "shallow", "commondir", "info/exclude")
"""Files of a repository that git opens for whatever it is asked."""
CAPTURE_TIMEOUT = 60.0
"""Seconds for the small questions asked of git and uv."""

_DROPPED = (
    "COVERAGE_",
    "FORCE_COLOR",
    "GIT_",
    "LANG",
    "LC_",
    "MYPY",
    "PYRIGHT_PYTHON_",
    "PYTEST_",
    "PYTHON",
    "RUFF_",
    "SEMGREP_",
    "VIRTUAL_ENV",
)
"""Variables by prefix that change what a tool reports or where it writes."""
_FIXED = {
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TERM": "dumb",
}
_NO_TRANSPORT = {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
"""A partial clone fetches what git misses, by a program that the clone's configuration names."""


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment every child gets.

    Args:
        extra: Variables to set on top.

    Returns:
        The caller's environment without what would change a tool's output, and with a fixed
        locale, no colours and no bytecode files.
    """
    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith(_DROPPED)}
    return kept | _FIXED | dict(extra or {})


def capture(
    argv: tuple[str, ...], cwd: str, env: Mapping[str, str] | None = None
) -> tuple[int | None, bytes]:
    """Ask a quick question of a program that reads only.

    Args:
        argv: Program and arguments.
        cwd: Absolute working directory.
        env: Variables on top of ``child_environment``.

    Returns:
        Its exit code (None when it could not be started or did not answer) and its stdout.
    """
    if argv[:1] == ("git",) and _is_blocked(cwd):
        return None, b""
    try:
        done = subprocess.run(  # noqa: S603 - argv is doctrine's own, no shell
            argv,
            cwd=cwd,
            env=child_environment({**_NO_TRANSPORT, **(env or {})}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=CAPTURE_TIMEOUT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None, b""
    return done.returncode, done.stdout


def _is_blocked(cwd: str) -> bool:
    """Return whether git would wait for ever: where it keeps its own lies a pipe that nobody writes to."""
    here = Path(cwd).resolve()
    for folder in (here, *here.parents):
        own = folder / ".git"
        if os.path.lexists(own):
            return any(_is_pipe(own / name) for name in _GIT_READS)
    return False


def _is_pipe(path: Path) -> bool:
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def attend(argv: tuple[str, ...], cwd: str, env: Mapping[str, str] | None = None) -> int | None:
    """Run a program for a user who watches: what it says goes to stderr, and nothing ends it early.

    Args:
        argv: Program and arguments.
        cwd: Absolute working directory.
        env: Variables on top of ``child_environment``.

    Returns:
        Its exit code; None when it could not be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - argv is doctrine's own, no shell
            argv,
            cwd=cwd,
            env=child_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )
    except (OSError, ValueError):
        return None
    return done.returncode


class Spent:
    """Tells what each child has spent, if it is asked whenever one has ended.

    The system counts a child when it is waited for, all at once, with those that it waited for.
    """

    def __init__(self) -> None:
        """Count what ends from now on."""
        self._seen = _spent()

    def last(self) -> float:
        """Return the CPU seconds of what has ended since it was asked before; 0 if nobody knows."""
        before, self._seen = self._seen, _spent()
        return self._seen - before


def _spent() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
