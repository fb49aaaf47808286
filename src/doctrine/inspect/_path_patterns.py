"""Path patterns as pyright reads them: a folder stands for everything below it."""

from __future__ import annotations

import re


class PathPatterns:
    """A set of patterns such as ``src``, ``**/generated`` and ``tests/*.py``."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        """Translate the patterns once, so that each path costs one match."""
        joined = "|".join(dict.fromkeys(_translated(pattern) for pattern in patterns))
        self._regex = re.compile(joined) if patterns else None

    def match(self, path: str) -> bool:
        """Tell whether a path matches one of the patterns or lies below such a folder."""
        return self._regex is not None and self._regex.match(path) is not None


def _translated(pattern: str) -> str:
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    runs: list[list[str]] = [[]]
    for part in parts:
        if part == "**":
            runs.append([])
        else:
            runs[-1].append(part)
    ends = [*("/" for _ in runs[1:]), "(?:/|$)"]
    first, *others = (
        "/".join(map(_part, run)) + end if run else "" for run, end in zip(runs, ends, strict=True)
    )
    # What follows a `**` is looked for at its first place: where that leads on, no later one has to
    # be tried. Otherwise a long path would be tried in more ways than can be.
    return first + "".join(f"(?>(?:[^/]+/)*?{run})" for run in others if run)


def _part(part: str) -> str:
    head, *pieces = (re.escape(one).replace(r"\?", "[^/]") for one in re.split(r"\*+", part))
    if not pieces:
        return head
    inner = "".join(f"(?>[^/]*?{one})" for one in pieces[:-1])
    return f"{head}{inner}[^/]*{pieces[-1]}"
