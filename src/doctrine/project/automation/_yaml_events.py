"""YAML's events made into nodes."""

from __future__ import annotations

import yaml
from msgspec import Struct, field

from doctrine.project.automation._yaml import Node, YamlError

_DEEPEST = 60
_MOST_NODES = 200_000
_MERGE = "<<"
"""The one key that may be there several times: each takes in another mapping."""


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
            if name.text in names and name.text != _MERGE:
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


def first_document(source: str) -> Node | None:
    """Return the root of the first document of a text, if it has one.

    Raises:
        YamlError: It is not YAML, has a key twice, or is too deep.
    """
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
    return builder.root
