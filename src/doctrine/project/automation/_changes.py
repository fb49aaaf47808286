"""What the shell makes of a value in ``${NAME//./}``, ``${NAME#v}``, ``${NAME%.*}`` and their like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_LONGEST = 100
"""Characters of a value or pattern that is looked at: versions and names are shorter, and a pattern
with many stars must not take for ever."""
_STARS = 3
_UNTOLD = ("[:", "[/", "--")
"""Classes, a slash that may end the pattern, and ranges that Python may read as a difference of sets one day."""
_SPLIT = re.compile(r"((?:\\.|\[[^\]]*\]|[^/\\])*)(?:/(.*))?", re.DOTALL)
_TOKEN = re.compile(r"\\(.)|(\*)|(\?)|\[([!^]?)([^\]]+)\]|(.)", re.DOTALL)
_CASES: Mapping[str, Callable[[str], str]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda value: value[:1].upper() + value[1:],
    ",": lambda value: value[:1].lower() + value[1:],
}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ACTIVE = frozenset("*?[")
_STARS_ALONE = re.compile(r"\*+")


def changed(value: str, change: str) -> str | None:
    """Return a value as the shell changes it; None where that cannot be told.

    Args:
        value: What the variable holds.
        change: What stands behind its name, from the operator on (``//./``).
    """
    if not value or max(len(value), len(change)) > _LONGEST:
        return None
    if any(sign in text for text in (value, change) for sign in "$`"):
        return None  # one of them is not known itself
    if change in _CASES:
        return _CASES[change](value)
    try:
        return _replaced(value, change[1:]) if change[0] == "/" else _trimmed(value, change)
    except re.error:  # a range that runs backwards
        return None


def _replaced(value: str, rest: str) -> str | None:
    """Replace the first match, every one (``/``), or the one at the beginning or the end."""
    where = rest[:1] if rest[:1] in {"/", "#", "%"} else ""
    # A slash behind the one that says so is what is looked for.
    begun = len(where) + (rest[:2] == "//")
    found = _SPLIT.fullmatch(rest, begun)
    written = rest[len(where) : begun] + found[1] if found else ""
    pattern = _expression(written, greedy=True)
    if found is None or pattern is None:
        return None
    if not pattern and where not in {"#", "%"}:
        return value
    every = where == "/" and not _STARS_ALONE.fullmatch(written)
    pattern = {"#": rf"\A{pattern}", "%": rf"{pattern}\Z"}.get(where, pattern)
    return _put(value, pattern, found[2] or "", count=0 if every else 1)


def _put(value: str, pattern: str, new: str, *, count: int) -> str | None:
    if "&" in new:  # newer shells put what was found in its place, older ones do not
        return None
    plain = _plain(new)
    return re.sub(pattern, lambda _: plain, value, count=count, flags=re.DOTALL)


def _trimmed(value: str, change: str) -> str | None:
    """Cut the shortest match off one end, or the longest where the sign is doubled."""
    sign, long = change[0], change[1:2] == change[0]
    if sign not in "#%":
        return None
    pattern = _expression(change[1 + long :], greedy=long)
    if not pattern:
        return None
    if sign == "#":
        return re.sub(rf"\A{pattern}", "", value, count=1, flags=re.DOTALL)
    # A search finds the leftmost beginning, which is the longest end.
    starts = range(len(value) + 1) if long else range(len(value), -1, -1)
    cut = next((at for at in starts if re.fullmatch(pattern, value[at:], re.DOTALL)), len(value))
    return value[:cut]


def _expression(pattern: str, *, greedy: bool) -> str | None:
    """Return a pattern of the shell as a regular expression; None where that is not known.

    A slash in brackets ends the pattern in some shells, and a quoted sign is none.
    """
    if any(_ACTIVE & set(quoted) for quoted in _QUOTED.findall(pattern)):
        return None
    pattern = _plain_quotes(pattern)
    if pattern.count("*") > _STARS or any(one in pattern for one in _UNTOLD):
        return None
    return "".join(_pieces(pattern, greedy=greedy))


def _pieces(pattern: str, *, greedy: bool) -> Iterator[str]:
    for escaped, star, one, negation, members, plain in _TOKEN.findall(pattern):
        if star:
            yield ".*" if greedy else ".*?"
        elif one:
            yield "."
        elif members:
            yield f"[{'^' if negation else ''}{_members(members)}]"
        else:
            yield re.escape(escaped or plain)


def _members(members: str) -> str:
    return re.sub(r"[\\\[\]^&~|]", lambda found: f"\\{found[0]}", members)


def _plain_quotes(pattern: str) -> str:
    return pattern.replace('"', "").replace("'", "")


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", _plain_quotes(text))
