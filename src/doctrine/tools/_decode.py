"""Where the bytes a tool printed become typed values, and its paths become ours.

Decoding is strict: a missing key or another type is an ``UnreadableError`` that says where, never
a shorter list of findings. Keys that nobody asked for are skipped without being built, because
the output of a linter on a legacy tree reaches a hundred megabytes.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from doctrine.model.decoders import from_json
from doctrine.model.tool import CrashedError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from doctrine.model.process import Completed

T = TypeVar("T")

_LONGEST_EXCERPT = 400


def decode_json(raw: bytes, shape: type[T], *, what: str, lenient: bool = False) -> T:
    """Return JSON output as the declared type.

    Args:
        raw: What the tool printed.
        shape: The type it is known to have.
        what: Name for the error, such as ``ruff's JSON``.
        lenient: Replace bytes that are not UTF-8, for a tool that quotes source code raw.

    Raises:
        UnreadableError: The bytes are not JSON of that shape.
    """
    import msgspec

    try:
        return from_json(raw, shape)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        # Only now, because a copy of 100 MB of output is not made for nothing.
        clean = raw.decode("utf-8", "replace").encode() if lenient else raw
        if clean != raw:
            return decode_json(clean, shape, what=what)
        message = f"{what} has another shape than the known one: {error}"
        raise UnreadableError(message) from error


def decode_text(raw: bytes) -> str:
    """Return textual output; what is not UTF-8 stays visible as replacement characters."""
    return raw.decode("utf-8", "replace")


def decode_log(raw: bytes, *, what: str) -> str:
    """Return a log that proves something: unlike other text, it has to be whole.

    Args:
        raw: What the tool printed. The tools escape in their logs what is no UTF-8.
        what: Name for the error, such as ``ruff's log``.

    Raises:
        UnreadableError: Something has been among the bytes that no tool prints.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{what} is no text: {error}"
        raise UnreadableError(message) from error
    if "\0" in text:
        message = f"{what} holds NUL bytes"
        raise UnreadableError(message)
    return text


def outside(
    printed: Iterable[str], root: str, known: Collection[str], *, tool: str
) -> Mapping[str, str]:
    """Return why a tool that reports other files is not silent about the project.

    What it says of files outside of the project is dropped, and so is what it says of a file
    whose name cannot be told. Where nothing else is left, that is no proof that all is well.

    Args:
        printed: Paths of what it found, as it printed them.
        root: Absolute project root.
        known: Root-relative paths of the project's files.
        tool: Its name.

    Returns:
        What is undecided, with the reason; empty where everything is about the project.
    """
    places = sorted(path for path in set(printed) if _is_foreign(path, root, known))
    if not places:
        return {}
    count = "a file" if len(places) == 1 else f"{len(places):,} files"
    return {
        "outside": f"{tool} reports {count} outside of the project, {places[0]!r} among them: "
        f"keep {tool} from leaving the project, or judge what holds it as a whole"
    }


def strays(printed: Iterable[str], root: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the Python files inside of the root of which a tool reports something, and that nobody knows.

    What git ignores and what ``exclude`` leaves out is of that kind: it does not count, and is told.

    Args:
        printed: Paths of what it found, as it printed them.
        root: Absolute project root.
        known: Root-relative paths of the project's files.
    """
    inside = {relative_path(path, root) for path in set(printed)}
    return tuple(sorted(one for one in inside if one and one not in known and _is_python(one)))


def _is_python(path: str) -> bool:
    return path.endswith((".py", ".pyi", ".pyw")) and "\N{REPLACEMENT CHARACTER}" not in path


def _is_foreign(path: str, root: str, known: Collection[str]) -> bool:
    inside = relative_path(path, root)
    return inside is None or ("\N{REPLACEMENT CHARACTER}" in inside and inside not in known)


@lru_cache(maxsize=1 << 14)
def relative_path(path: str, root: str) -> str | None:
    """Return a path that a tool printed as POSIX path relative to the root.

    Args:
        path: Absolute, or relative to the root.
        root: Absolute project root.

    Returns:
        The path, ``.`` for the root itself, or None when it lies outside of the root.
    """
    base = root if root.endswith("/") else f"{root}/"
    rest = path[len(base) :] if path.startswith(base) else path
    if _is_plain(rest):
        return rest
    # The libraries that a type checker reads are thousands: they are told by their beginning.
    if path.startswith("/") and rest is path and path != root and not _has_dots(path):
        return None
    return _resolved(path, root)


def _has_dots(path: str) -> bool:
    whole = f"{path}/"
    return "/./" in whole or "/../" in whole or "//" in whole


def _is_plain(path: str) -> bool:
    """Whether a path is already what ``relative_path`` returns; nearly all are."""
    return not (
        not path
        or path[0] in "/."
        or path.endswith("/")
        or "\\" in path
        or ":" in path
        or "//" in path
        or "/." in path
    )


def _resolved(path: str, root: str) -> str | None:
    """Return the same as ``relative_path`` for paths with dots, drives and other oddities."""
    base = _normalised(PurePath(root))
    whole = _normalised(PurePath(root, path))
    if not whole.is_relative_to(base):
        return None
    return whole.relative_to(base).as_posix()


def _normalised(path: PurePath) -> PurePath:
    """Return the path without ``..``, by its text alone: nothing is looked up on disk."""
    kept: list[str] = []
    for part in path.parts:
        if part != "..":
            kept.append(part)
        elif len(kept) > 1:
            kept.pop()
    return PurePath(*kept)


def argument(path: str) -> str:
    """Return a root-relative path so that no tool takes it for an option or an ``@file``."""
    return f"./{path}"


def excerpt(completed: Completed) -> str:
    """Return the line of a failed process that tells most about why it failed."""
    lines = [
        line.strip()
        for line in decode_text(completed.stderr or completed.stdout).splitlines()
        if line.strip()
    ]
    wanted = ("error", "cause", "failed", "traceback", "invalid", "exception")
    telling = [line for line in lines if any(word in line.lower() for word in wanted)]
    chosen = " ".join((telling or lines)[:4]) or "it printed nothing"
    return chosen[:_LONGEST_EXCERPT]


def require_exit(completed: Completed, accepted: frozenset[int], *, tool: str) -> None:
    """Raise when a process did not end with one of the exit codes that mean "I finished".

    Raises:
        CrashedError: With the exit code or signal, and what the tool said.
    """
    code = completed.exit_code
    if code in accepted:
        return
    how = "did not start" if code is None else f"exited with {code}"
    if code is not None and code < 0:
        how = f"was killed by signal {-code}"
    message = f"{tool} {how}: {excerpt(completed)}"
    raise CrashedError(message)
