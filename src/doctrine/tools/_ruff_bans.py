"""Names that ``TID251`` is told to report, and what its reports are worth.

Ruff resolves aliases and attributes for a ban, which its other rules do not all do. That serves
twice: to find ``typing.Sequence`` where ``UP035`` does not look, and to tell which calls that
``ASYNC240`` takes for file access only work on the text of a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from doctrine.model.observation import Finding, Location

BANNED = "TID251"

_ON_PATHS = "ASYNC240"
_TEXT_ONLY = ("os.path.abspath", "os.path.isreserved", "os.path.normpath", "os.path.relpath")
_TYPING = f"{BANNED}/typing.*"
_COLLECTIONS_ABC = (
    "AbstractSet", "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "ByteString",
    "Callable", "Collection", "Container", "Coroutine", "Generator", "Hashable", "ItemsView",
    "Iterable", "Iterator", "KeysView", "Mapping", "MappingView", "MutableMapping",
    "MutableSequence", "MutableSet", "Reversible", "Sequence", "Sized", "ValuesView",
)  # fmt: skip
"""What ``typing`` only forwards: the ban sees ``typing.Sequence``, which ``UP035`` does not."""
_NOT_GENERIC = frozenset({"ByteString", "Hashable", "Sized"})
_FIRST_GENERIC = (3, 9)
_OTHER_NAMES = {"AbstractSet": "Set"}
_WILD = re.compile(r"[*?\[]")


def banned(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the dotted names to ban for rule patterns; ``typing.*`` is what it forwards."""
    names: set[str] = set()
    for pattern in patterns:
        rule, _, dotted = pattern.partition("/")
        if pattern == _TYPING:
            names.update(f"typing.{name}" for name in _COLLECTIONS_ABC)
        elif rule == BANNED and dotted and not _WILD.search(dotted):
            names.add(dotted)
        elif fnmatchcase(_ON_PATHS, pattern):
            names.update(_TEXT_ONLY)
    return tuple(sorted(names))


def ban_message(name: str) -> str:
    """Return what to say about the use of a banned name."""
    module, _, forwarded = name.rpartition(".")
    if module != "typing" or forwarded not in _COLLECTIONS_ABC:
        return f"`{name}` is used here"
    return f"Use `collections.abc.{_OTHER_NAMES.get(forwarded, forwarded)}` instead of `{name}`"


def needs_typing(finding: Finding, floor: tuple[int, int] | None) -> bool:
    """Return whether the oldest Python can only write a type with the name that is banned.

    Before 3.9, ``collections.abc.Sequence[int]`` fails at run time.

    Args:
        finding: A report of any rule.
        floor: Oldest Python that the project promises; None when nothing says.
    """
    if not finding.rule.startswith(f"{BANNED}/typing.") or floor is None:
        return False
    return floor < _FIRST_GENERIC and finding.symbol.rpartition(".")[2] not in _NOT_GENERIC


def text_only(found: Iterable[Finding]) -> frozenset[Location]:
    """Return where functions are named that touch no file, whatever ``ASYNC240`` says."""
    return frozenset(
        finding.location
        for finding in found
        if finding.rule.startswith(f"{BANNED}/") and finding.symbol in _TEXT_ONLY
    )


def is_about_text(finding: Finding, places: frozenset[Location]) -> bool:
    """Return whether a report is about a function that only works on the text of paths.

    Args:
        finding: A report of any rule.
        places: What ``text_only`` found.
    """
    concerned = finding.rule == _ON_PATHS or finding.symbol in _TEXT_ONLY
    return concerned and finding.location in places
