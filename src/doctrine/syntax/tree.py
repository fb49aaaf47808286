"""A parsed file: the tree-sitter tree beside what was extracted from it."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from doctrine.model.project import Module


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """A Python file while its syntax tree is alive.

    Attributes:
        module: What parsing told already (imports, definitions, role).
        source: The file's bytes, transcoded to UTF-8 where it declares another encoding.
        tree: Root node; rows are 0-based, columns are 0-based bytes of ``source``.
    """

    module: Module
    source: bytes
    tree: Node
