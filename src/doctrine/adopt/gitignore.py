"""``.gitignore``: what the tools leave behind, and never the lock."""

from __future__ import annotations

from doctrine.adopt.edits import Reason, Section
from doctrine.patterns import matcher

PATH = ".gitignore"
_DROPPINGS = (".coverage", "__pycache__/")
"""What the emitted configuration leaves behind and does not ignore by itself, as uv
does with its environment, and ruff, mypy and pytest do with their caches."""
_SAMPLES = {
    ".coverage": ".coverage",
    "__pycache__/": "src/__pycache__/a.pyc",
}
_LOCK = "uv.lock"


def ignored(before: str | None) -> tuple[str, tuple[Reason, ...]]:
    """Return the patterns with those that are lacking, and why.

    Args:
        before: What the file holds; None where there is none.
    """
    lines = (before or "").split("\n")
    reasons: list[Reason] = []
    kept = [line for line in lines if line.strip().lstrip("/") != _LOCK]
    if len(kept) < len(lines):
        why = "the lock is committed, so it is not ignored"
        reasons.append(Reason(section=Section.GITIGNORE, text=why, clauses=("DEP002",)))
    missing = [one for one in _DROPPINGS if not _matches(kept, _SAMPLES[one])]
    if missing:
        why = f"what the tools leave behind: {', '.join(missing)}"
        reasons.append(Reason(section=Section.GITIGNORE, text=why))
        kept = _with(kept, missing)
    return "\n".join(kept), tuple(reasons)


def _with(lines: list[str], patterns: list[str]) -> list[str]:
    """Return lines with patterns behind the last one that is not blank."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return [*lines[:end], *patterns, ""]


def _matches(lines: list[str], path: str) -> bool:
    try:
        return matcher([line.rstrip("\r") for line in lines])(path)
    except ValueError:  # a pattern that git would pass over
        return any(line.strip().strip("/") == path.partition("/")[0] for line in lines)
