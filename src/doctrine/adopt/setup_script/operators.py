"""What operators and subscripts make of values."""

from __future__ import annotations

import posixpath

from tree_sitter import Node

from doctrine.adopt.setup_script.modules import Read, attribute, searched
from doctrine.adopt.setup_script.values import (
    ROOT,
    Attr,
    ComputedError,
    Filled,
    Match,
    Place,
    Text,
    Value,
)
from doctrine.syntax.places import text_of

_WIDTH = 50


def short(node: Node) -> str:
    """Return the source of a node on one line, cut where it is long.

    Args:
        node: The node.
    """
    line = " ".join(text_of(node).split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def as_text(value: Value, node: Node) -> str:
    """Return a value as a string.

    Args:
        value: The value.
        node: What it comes from.

    Raises:
        ComputedError: It is none.
    """
    if isinstance(value, Attr):
        return value.value
    if isinstance(value, Place):
        return value.path
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ComputedError(f"`{short(node)}` is no plain text", node)


def below(folder: Place, name: str, node: Node) -> Place:
    """Return a path below another one.

    Args:
        folder: The folder.
        name: What is below.
        node: What it comes from.

    Raises:
        ComputedError: It leads out of the project.
    """
    path = posixpath.normpath(posixpath.join(folder.path, name))
    if path.startswith(("/", "..")) or "\\" in path or "\0" in path:
        raise ComputedError(f"`{short(node)}` leads out of the project", node)
    return Place(path)


def parent_of(place: Place) -> Place:
    """Return the folder that something lies in; the root's is the root's."""
    return Place(posixpath.dirname(place.path) or ROOT)


def added(operator: str, left: Value, right: Value, node: Node) -> Value:
    """Return what an operator makes of two values.

    Args:
        operator: The operator.
        left: What stands before it.
        right: What stands behind it.
        node: What it comes from.

    Raises:
        ComputedError: That cannot be told.
    """
    if operator == "/" and isinstance(left, Place):
        return below(left, as_text(right, node), node)
    if operator == "%" and isinstance(left, str):
        return _filled_in(left, right, node)
    if operator == "+":
        return _sum(left, right, node)
    if operator == "|" and isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    raise ComputedError(f"`{short(node)}` is computed", node)


def _sum(left: Value, right: Value, node: Node) -> Value:
    if isinstance(left, list) and isinstance(right, list):
        return [*left, *right]
    if isinstance(left, Text) or isinstance(right, Text):
        return _texts(left, right, node)
    return as_text(left, node) + as_text(right, node)


def _texts(left: Value, right: Value, node: Node) -> Text:
    """Return files one after another, white space between them left out of account."""
    paths: list[str] = []
    for one in (left, right):
        if isinstance(one, Text):
            paths += one.paths
        elif as_text(one, node).strip():
            raise ComputedError(f"`{short(node)}` has more in it than files", node)
    return Text(paths=tuple(paths))


def _filled_in(pattern: str, value: Value, node: Node) -> str:
    items = value if isinstance(value, list) else [value]
    parts = pattern.split("%s")
    if "%" in "".join(parts) or len(parts) != len(items) + 1:
        raise ComputedError(f"`{short(node)}` is computed", node)
    texts = [as_text(one, node) for one in items]
    return parts[0] + "".join(text + part for text, part in zip(texts, parts[1:], strict=True))


def item_of(owner: Value, key: Value, node: Node, read: Read) -> Value:
    """Return an item of a value.

    Args:
        owner: The value.
        key: Which item.
        node: What it comes from.
        read: Reads a file of the project.

    Raises:
        ComputedError: It cannot be told.
    """
    found: Value = None
    if isinstance(owner, Filled) and isinstance(key, str):
        found = attribute(owner.path, key, read, 1)
    elif isinstance(owner, Match) and key == 1:
        found = searched(owner.pattern, owner.path, read)
    elif isinstance(owner, dict) and isinstance(key, str):
        found = owner.get(key)
    elif isinstance(owner, list) and isinstance(key, int):
        found = dict(enumerate(owner)).get(key)
    if found is None:
        raise ComputedError(f"`{short(node)}` is computed", node)
    return found
