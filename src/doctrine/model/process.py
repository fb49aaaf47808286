"""A child process before and after it ran."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field


class Ending(StrEnum):
    """How a child process ended."""

    EXITED = "exited"
    """By itself; a negative exit code is the signal that killed it."""
    TIMEOUT = "timeout"
    MISSING = "missing"
    """The executable does not exist."""
    REFUSED = "refused"
    """The system would not start it (permission, format, resources)."""
    STALLED = "stalled"
    """It used no processor time for long where memory is limited: what it waits for never comes."""
    FLOODED = "flooded"
    """It wrote more than the cap; what it wrote is not to be trusted."""


class Invocation(Struct, frozen=True, kw_only=True):
    """A child process to run.

    Attributes:
        name: Tells the invocations of one tool apart (``check``, ``files``).
        argv: Program and arguments; never a shell string. Each ``{scratch}`` inside an argument
            or an environment value stands for the invocation's private folder, as does
            ``{scratch}`` in ``cwd``.
        cwd: Absolute working directory.
        env: Variables set on top of the runner's fixed environment; each ``{PATH}`` in a value
            stands for doctrine's own search path.
        files: Files to write into the private folder before the start, by relative name.
        carry: Folder inside the private one that may hold what the last run has left there, and
            is kept for the next one; empty for a child that begins anew each time.
        keep: Files that the child writes into its private folder and the reader needs.
        timeout: Seconds until it is stopped.
        way: How much nicer it is than doctrine, at least: others go first.
        copy_tree: Absolute folder to copy to ``{scratch}/tree`` before the start, without VCS,
            environments and caches; empty when nothing is to be copied.
    """

    name: str
    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    carry: str = ""
    keep: tuple[str, ...] = ()
    timeout: float = 600.0
    way: int = 0
    copy_tree: str = ""


class Completed(Struct, frozen=True, kw_only=True):
    """A child process that has ended.

    Attributes:
        invocation: What was asked for.
        ending: How it ended.
        exit_code: Its exit code; negative for a signal; None when it never started.
        stdout: Everything it wrote there.
        stderr: Everything it wrote there.
        seconds: Wall time.
        cpu: CPU seconds, those of what it started and waited for included; 0 where the system does
            not tell.
        kept: Content of the files named in ``Invocation.keep`` that exist, by name.
        detail: The system's own words when it could not be started.
    """

    invocation: Invocation
    ending: Ending
    exit_code: int | None
    stdout: bytes = b""
    stderr: bytes = b""
    seconds: float = 0.0
    cpu: float = 0.0
    kept: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    detail: str = ""
