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
    expression = ""
    for index, part in enumerate(parts):
        if part == "**":
            if index == 0 or parts[index - 1] != "**":
                expression += "(?:[^/]+/)*"
        else:
            expression += (
                re.sub(r"(?:\\\*)+", "[^/]*", re.escape(part)).replace(r"\?", "[^/]") + "/"
            )
    if (parts and parts[-1] == "**") or not parts:
        return f"(?:{expression})"
    return f"(?:{expression.removesuffix('/')})(?:/|$)"
