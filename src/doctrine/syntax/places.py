"""From tree-sitter's rows and byte columns to lines and characters."""

from __future__ import annotations

from tree_sitter import Node

from doctrine.model.observation import Location


def location(path: str, source: bytes, node: Node) -> Location:
    """Return the span of a node, counted from 1 and in characters.

    Args:
        path: POSIX path of the file, relative to the project root.
        source: The file's bytes as they were parsed.
        node: The node.
    """
    start, end = node.start_point, node.end_point
    return Location(
        path=path,
        line=start.row + 1,
        column=_characters(source, node.start_byte, start.column) + 1,
        end_line=end.row + 1,
        end_column=_characters(source, node.end_byte, end.column) + 1,
    )


def text_of(node: Node) -> str:
    """Return the source text of a node."""
    content = node.text
    return content.decode("utf-8", "replace") if content else ""


def line_of(node: Node) -> int:
    """Return the 1-based first line of a node."""
    return node.start_point.row + 1


def _characters(source: bytes, byte: int, column: int) -> int:
    return len(source[byte - column : byte].decode("utf-8", "replace"))
