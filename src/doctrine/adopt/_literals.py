"""Values as TOML writes them, laid out as people do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from doctrine.adopt.changes import Value

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
WIDTH = 88
_SHORT = 8
"""Characters of an item up to which several stand on a line."""


def key(name: str) -> str:
    """Return a key, quoted where it has to be."""
    return name if _BARE.match(name) else _string(name)


def dotted(names: Sequence[str]) -> str:
    """Return a dotted key."""
    return ".".join(map(key, names))


def literal(value: Value, before: int) -> str:
    """Return a value.

    Args:
        value: The value.
        before: Characters that stand before it on its line.
    """
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        pairs = (f"{key(name)} = {literal(one, 0)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return _array([_string(one) for one in value], before)


def _string(value: str) -> str:
    # JSON's escapes are TOML's; only DEL is plain there and must not be here.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _array(items: list[str], before: int) -> str:
    line = f"[{', '.join(items)}]"
    if before + len(line) <= WIDTH:
        return line
    lines = _filled(items) if max(map(len, items)) <= _SHORT else [f"{one}," for one in items]
    return "[\n" + "".join(f"    {one}\n" for one in lines) + "]"


def _filled(items: list[str]) -> list[str]:
    lines = [""]
    for item in items:
        added = f"{lines[-1]} {item}," if lines[-1] else f"{item},"
        if len(added) > WIDTH:
            lines.append(f"{item},")
        else:
            lines[-1] = added
    return lines
