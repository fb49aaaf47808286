"""YAML as nodes with lines: built from events, so that depth and aliases cannot hurt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from msgspec import Struct, field

_DEEPEST = 60
_LARGEST = 1 << 20
_MOST_NODES = 200_000
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
        merge = self.own("<<")
        if merge is None or not left:
            return None
        for source in merge.items[:_MERGES] or (merge,):
            found = source.own(key) or source.merged(key, left - 1)
            if found is not None:
                return found
        return None

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield keys and values of a mapping, those of one level of merge keys included."""
        own = {name.text: value for name, value in self.pairs if name.text != "<<"}
        merge = self.own("<<") or MISSING
        for source in merge.items[:_MERGES] or (merge,):
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


class _Open(Struct):
    """A collection whose end has not been seen."""

    line: int
    tag: str
    anchor: str
    is_map: bool
    children: list[Node] = field(default_factory=list[Node])

    def close(self) -> Node:
        if not self.is_map:
            return Node(line=self.line, tag=self.tag, items=tuple(self.children), is_list=True)
        pairs = tuple(zip(self.children[::2], self.children[1::2], strict=True))
        names: set[str] = set()
        for name, _ in pairs:
            if name.text in names:
                raise YamlError(f"line {name.line}: the key `{name.text}` is there twice")
            if not (name.is_map or name.is_list):
                names.add(name.text)
        return Node(line=self.line, tag=self.tag, pairs=pairs, is_map=True)


class _Builder:
    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._count = 0
        self.root: Node | None = None

    def take(self, event: yaml.Event) -> None:
        line = _line(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self._add(_scalar(event, line), str(event.anchor or ""))
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._start(event, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            done = self._open.pop()
            self._add(done.close(), done.anchor)

    def _start(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent, line: int) -> None:
        if len(self._open) >= _DEEPEST:
            raise YamlError(f"line {line}: nested more than {_DEEPEST} deep")
        anchor = str(event.anchor or "")
        if anchor:
            self._anchors[anchor] = None
        is_map = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(line=line, tag=_tag(event.tag), anchor=anchor, is_map=is_map))

    def _alias(self, anchor: str, line: int) -> None:
        node = self._anchors.get(anchor)
        if node is None:
            raise YamlError(f"line {line}: `*{anchor}` stands for nothing, or for itself")
        self._add(node, "")

    def _add(self, node: Node, anchor: str) -> None:
        self._count += 1
        if self._count > _MOST_NODES:
            raise YamlError(f"more than {_MOST_NODES:,} values")
        if anchor:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node


def _scalar(event: yaml.ScalarEvent, line: int) -> Node:
    style = str(event.style or "")
    return Node(line=line, text=str(event.value), style=style, tag=_tag(event.tag))


def _line(mark: object) -> int:
    """Return the 1-based line of a mark, which libyaml and the Python parser type differently."""
    line: object = getattr(mark, "line", None)
    return line + 1 if isinstance(line, int) else 0


def _tag(tag: object) -> str:
    return tag if isinstance(tag, str) and tag.startswith("!") and tag != "!" else ""


def parse_yaml(source: str) -> Node:
    """Return the first document of a YAML text.

    Raises:
        YamlError: It is not YAML, has a key twice, or is too large or too deep.
    """
    if len(source) > _LARGEST:
        raise YamlError(f"larger than {_LARGEST:,} characters")
    builder = _Builder()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(source.removeprefix("\ufeff"), Loader=loader):
            if isinstance(event, yaml.DocumentEndEvent):
                break
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        raise YamlError(f"line {line}: {error.problem or 'not YAML'}") from error
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise YamlError(f"not YAML: {error}") from error
    return builder.root or MISSING
