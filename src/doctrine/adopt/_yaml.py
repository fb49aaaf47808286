"""Items put into the text of a YAML document without touching the rest of it.

Like the edits of TOML: the new lines are inserted, the result is read back, and it is taken only
where it holds exactly what was wanted.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import cast

import yaml

Path = tuple[str | int, ...]

_BOM = "\ufeff"
_LARGEST = 100_000
"""Values of a document, each alias counted as what it stands for: comparing two takes that long."""
_DEEPEST = 100


def loaded(text: str) -> object:
    """Return the value of a document; None where it is empty, or cannot be read."""
    try:
        value: object = yaml.safe_load(text.removeprefix(_BOM))
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None  # beside its own errors, the loader lets those of int() and date() through
    return value


class _Shallow(yaml.SafeLoader):
    """Refuses what is nested deeper than anybody writes: reading it takes the square of the depth.

    It is the pure Python loader: only its marks tell the place of every node exactly.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise yaml.YAMLError(f"nested more than {_DEEPEST} deep")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def is_tame(text: str) -> bool:
    """Return whether a document is YAML that two of can be compared in no time."""
    # The scanner reads a thousand brackets ahead of the loader, which comes too late for those.
    if _brackets(text) > _DEEPEST:
        return False
    try:
        return _size(_composed(text), {}) <= _LARGEST
    except (yaml.YAMLError, RecursionError):
        return False


def _brackets(text: str) -> int:
    """Return how many brackets are open at most, taking those within words for brackets as well."""
    steps = (1 if one in "[{" else -1 for one in text if one in "[]{}")
    return max(accumulate(steps, lambda depth, one: max(depth + one, 0), initial=0))


def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=_Shallow)
    return node


def _size(node: yaml.Node | None, known: dict[int, float]) -> float:
    """Return how many values a node stands for; infinite where it holds itself."""
    if id(node) not in known:
        known[id(node)] = math.inf
        known[id(node)] = 1 + sum(_size(one, known) for one in _children(node))
    return known[id(node)]


def _children(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from cast("list[yaml.Node]", node.value)
    elif isinstance(node, yaml.MappingNode):
        for pair in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            yield from pair


def with_item(text: str, path: Path, item: Sequence[str]) -> str | None:
    """Return a document with an item at the end of a list.

    Args:
        text: The document.
        path: Where the list is.
        item: The lines of the item, the first one without its dash, the others indented by the two
            characters that the dash and its blank take.

    Returns:
        None where the document has no list in block style there, or cannot be edited so that it
        is otherwise what it was.
    """
    unix = text.replace("\r\n", "\n")
    node = _node(unix, path)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        return None
    added = (f"- {item[0]}", *item[1:])
    wanted = _wanted(loaded(unix), path, loaded("\n".join(added)))
    column = _mark(node.start_mark)[1]
    if wanted is None or column < 0:
        return None
    lines = unix.split("\n")
    gap = [""] if _is_spaced(lines, node) else []
    new = _put(lines, _behind(lines, node), (*gap, *_indented(added, column)))
    return _taken(new, wanted, text)


def with_entry(text: str, path: Path, key: str, lines: Sequence[str]) -> str | None:
    """Return a document with an entry at the end of a mapping.

    Args:
        text: The document.
        path: Where the mapping is.
        key: The entry's key.
        lines: The lines of its value, as a block.

    Returns:
        None where the document has no mapping in block style there, or cannot be edited so that it
        is otherwise what it was.
    """
    unix = text.replace("\r\n", "\n")
    node = _node(unix, path)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return None
    wanted = copy.deepcopy(loaded(unix))
    holder = _at(wanted, path)
    if not isinstance(holder, dict):
        return None
    cast("dict[str, object]", holder)[key] = loaded("\n".join(lines))
    old = unix.split("\n")
    added = (f"{key}:", *_indented(lines, 2))
    new = _put(old, _behind(old, node), ("", *_indented(added, _mark(node.start_mark)[1])))
    return _taken(new, wanted, text)


def _indented(lines: Sequence[str], columns: int) -> list[str]:
    return [" " * columns + line if line else "" for line in lines]


def _put(lines: Sequence[str], place: int, added: Sequence[str]) -> str:
    """Return the text of a document with lines put in before the one at a 0-based place."""
    new = "\n".join((*lines[:place], *added, *lines[place:]))
    return new if new.endswith("\n") else new + "\n"


def _taken(new: str, wanted: object, old: str) -> str | None:
    """Return an edited document with the line ends of the old one; None where it reads otherwise."""
    if loaded(new) != wanted:
        return None
    return new.replace("\n", "\r\n") if "\r\n" in old else new


def _node(text: str, path: Path) -> yaml.Node | None:
    node = _composed(text) if is_tame(text) else None
    for key in path:
        node = _child(node, key)
    return node


def _child(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        return next((value for name, value in pairs if name.value == key), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        items = cast("list[yaml.Node]", node.value)
        return items[key] if key < len(items) else None
    return None


def _mark(mark: object) -> tuple[int, int]:
    line: object = getattr(mark, "line", None)
    column: object = getattr(mark, "column", None)
    return (line, column) if isinstance(line, int) and isinstance(column, int) else (-1, -1)


def _behind(lines: Sequence[str], node: yaml.Node) -> int:
    """Return the 0-based line behind the last one of a node that is not blank."""
    line = min(_last_line(node), len(lines) - 1)
    while line > 0 and not lines[line].strip():
        line -= 1
    return line + 1


def _last_line(node: yaml.Node) -> int:
    """Return the 0-based line of the last character that belongs to a node.

    A block's own end mark lies behind the blank lines and comments that follow it.
    """
    value: object = node.value
    if isinstance(value, list) and value and not getattr(node, "flow_style", False):
        last = cast("list[object]", value)[-1]
        inner = cast("tuple[yaml.Node, yaml.Node]", last)[1] if isinstance(last, tuple) else last
        return _last_line(cast("yaml.Node", inner))
    line, column = _mark(node.end_mark)
    return line - 1 if column == 0 and line > _mark(node.start_mark)[0] else line


def _is_spaced(lines: Sequence[str], node: yaml.SequenceNode) -> bool:
    """Return whether blank lines stand between the items of a list."""
    items = cast("list[yaml.Node]", node.value)
    starts = [_mark(one.start_mark)[0] for one in items[1:]]
    return bool(starts) and all(start > 0 and not lines[start - 1].strip() for start in starts)


def _wanted(value: object, path: Path, items: object) -> object:
    wanted = copy.deepcopy(value)
    holder = _at(wanted, path)
    if not isinstance(holder, list) or not isinstance(items, list):
        return None
    cast("list[object]", holder).extend(cast("list[object]", items))
    return wanted


def _at(value: object, path: Path) -> object:
    for key in path:
        if isinstance(value, dict):
            value = cast("dict[str | int, object]", value).get(key)
        elif isinstance(value, list) and isinstance(key, int):
            items = cast("list[object]", value)
            value = items[key] if key < len(items) else None
        else:
            return None
    return value
