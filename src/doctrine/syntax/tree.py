"""A parsed file: the tree-sitter tree beside what was extracted from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from doctrine.model.project import Module
from doctrine.syntax.language import of_types
from doctrine.syntax.names import Names
from doctrine.syntax.wording import Wording


@dataclass(frozen=True, kw_only=True)
class ParsedFile:
    """A Python file while its syntax tree is alive.

    What several inspectors ask for is worked out once, by the first that asks.

    Attributes:
        module: What parsing told already (imports, definitions, role).
        source: The file's bytes, transcoded to UTF-8 where it declares another encoding.
        tree: Root node; rows are 0-based, columns are 0-based bytes of ``source``.
        wording: The words of the source.
    """

    module: Module
    source: bytes
    tree: Node
    wording: Wording

    @cached_property
    def names(self) -> Names:
        """What the names of the file stand for."""
        return Names(self)

    @property
    def lowered(self) -> bytes:
        """The source in lower case, every byte in its place."""
        return self.wording.lowered.text

    @cached_property
    def calls(self) -> tuple[Node, ...]:
        """Every call of the file, in source order."""
        return tuple(of_types(self.tree, "call"))
