"""YAML as nodes with lines: built from events, so that depth and aliases cannot hurt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_LARGEST = 1 << 20
_MERGES = 8
_NUMBER = re.compile(r"^[-+]?\d+\.\d*$")
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})


class YamlError(Exception):
    """The text is not YAML that can be used; the message says where and why."""


class Node(Struct, frozen=True, kw_only=True):
    """A value in a document; a missing one is ``MISSING``, so that lookups can be chained.

    Attributes:
        line: 1-based line where it starts; 0 when it is missing.
        text: Text of a scalar, empty for collections.
        style: ``|``, ``>``, a quote, or empty for a plain scalar.
        tag: Its explicit tag (``!reference``), empty if none.
        items: Items of a list.
        pairs: Keys and values of a mapping, in order, merge keys unresolved.
        is_map: Whether it is a mapping.
        is_list: Whether it is a list.
    """

    line: int = 0
    text: str = ""
    style: str = ""
    tag: str = ""
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()
    is_map: bool = False
    is_list: bool = False

    @property
    def exists(self) -> bool:
        """Whether the document has it, and it is not null."""
        return bool(self.line) and not self.is_null

    @property
    def is_null(self) -> bool:
        """Whether it is an empty or null scalar."""
        plain = not (self.is_map or self.is_list or self.style)
        return plain and self.text in {"", "~", "null", "Null", "NULL"}

    @property
    def scalar(self) -> str:
        """Text as the reader of the file sees it: an unquoted ``3.10`` is the number 3.1."""
        if not self.style and not self.tag and _NUMBER.match(self.text):
            return repr(float(self.text))
        return "" if self.is_null else self.text

    def get(self, *keys: str) -> Node:
        """Return the value at a path of keys, or ``MISSING``."""
        node = self
        for key in keys:
            node = node.own(key) or node.merged(key, _MERGES) or MISSING
        return node

    def own(self, key: str) -> Node | None:
        """Return the value that is written under a key itself."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def merged(self, key: str, left: int) -> Node | None:
        """Return the value that merge keys give, followed a few levels deep."""
        for source in self._merges() if left else ():
            found = source.own(key) or source.merged(key, left - 1)
            if found is not None:
                return found
        return None

    def _merges(self) -> Iterator[Node]:
        """Yield what merge keys take in, what wins first: of several such keys the last one."""
        for name, value in reversed(self.pairs):
            if name.text == "<<":
                yield from value.items[:_MERGES] or (value,)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield keys and values of a mapping, those of one level of merge keys included."""
        own = {name.text: value for name, value in self.pairs if name.text != "<<"}
        for source in self._merges():
            for name, value in source.pairs:
                if name.text != "<<":
                    own.setdefault(name.text, value)
        yield from own.items()

    def scalars(self) -> tuple[Node, ...]:
        """Return the scalars of a list; a lone scalar counts as a list of one."""
        if self.is_list:
            return tuple(one for one in self.items if not (one.is_map or one.is_list))
        return () if self.is_map or not self.exists else (self,)

    def strings(self) -> tuple[str, ...]:
        """Return the texts of ``scalars``."""
        return tuple(one.scalar for one in self.scalars())

    def flag(self, *, default: bool = False) -> bool | None:
        """Return it as a truth value; None when it is neither true nor false."""
        if not self.exists:
            return default
        lowered = self.text.lower()
        return True if lowered in _TRUE else False if lowered in _FALSE else None


MISSING = Node()
"""What a lookup that finds nothing returns."""


def parse_yaml(source: str) -> Node:
    """Return the first document of a YAML text.

    Raises:
        YamlError: It is not YAML, has a key twice, or is too large or too deep.
    """
    if len(source) > _LARGEST:
        raise YamlError(f"larger than {_LARGEST:,} characters")
    # The parser costs as much to import as ten modules of ours, and not every project has YAML.
    from doctrine.project.automation._yaml_events import first_document

    return first_document(source) or MISSING
