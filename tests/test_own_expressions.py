"""doctrine's own regular expressions do not explode, whatever a hostile file repeats."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import doctrine

_LENGTH = 120
"""What explodes takes years for a text of this length, and what does not a millisecond."""
_LONGEST = 0.5
"""Seconds of CPU time for all texts of an expression; the slowest takes a tenth of that."""
_PLAIN = (
    "a",
    "A",
    "1",
    " ",
    "\t",
    "\n",
    ".",
    "-",
    '"',
    "'",
    "\\",
    "(",
    "[",
    "{",
    "/",
    "#",
    "_",
    "=",
    ":",
)
_PAIRS = (
    "a ",
    "a.",
    "a,",
    "a-",
    '"a',
    '\\"',
    "a\n",
    " \n",
    "a=",
    "( ",
    "a(",
    "#\n",
    "${",
    "a/",
    "./",
    "A ",
)


def _modules() -> Iterator[Mapping[str, object]]:
    for found in pkgutil.walk_packages(doctrine.__path__, "doctrine."):
        # Drivers run in interpreters of their own.
        if not found.name.endswith(("__main__", "_driver")):
            yield vars(importlib.import_module(found.name))


def _patterns(value: object, depth: int = 0) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """Yield the patterns among the constants of a module, those in tables and values included."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3:
        yield from (one for each in _held(value) for one in _patterns(each, depth + 1))


def _held(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return cast("Mapping[object, object]", value).values()
    if isinstance(value, tuple | frozenset):
        return cast("Iterable[object]", value)
    fields = () if isinstance(value, type) else getattr(value, "__struct_fields__", ())
    return [getattr(value, one, None) for one in fields]


def _texts(written: str) -> Iterator[str]:
    """Yield texts that begin like what a pattern looks for, repeat something, and do not match."""
    words = re.findall(r"[A-Za-z0-9_:.-]{2,}|[^\w\s\\]", written)
    for start in dict.fromkeys(("", *words[:3])):
        for piece in dict.fromkeys((*_PLAIN, *_PAIRS, *words[:8])):
            yield start + piece * (_LENGTH // len(piece)) + "\0"


def _seconds(written: str, flags: int) -> float:
    """Return what it takes to look for a pattern in all of its texts."""
    # One of bytes is looked for as if it were text: its shape is what matters.
    pattern = re.compile(written, flags & ~re.UNICODE)
    start = time.process_time()
    for text in _texts(written):
        pattern.search(text)
    return time.process_time() - start


def test_no_expression_explodes_on_what_is_repeated() -> None:
    every = {
        (one.pattern if isinstance(one.pattern, str) else one.pattern.decode("latin-1"), one.flags)
        for module in _modules()
        for name, value in module.items()
        if not name.startswith("__")
        for one in _patterns(value)
    }
    assert len(every) > 300
    assert [one for one in sorted(every) if _seconds(*one) > _LONGEST] == []
