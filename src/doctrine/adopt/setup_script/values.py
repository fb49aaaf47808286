"""What an expression of ``setup.py`` comes to, as far as that can be said without running it."""

from __future__ import annotations

from msgspec import Struct
from tree_sitter import Node

ROOT = "."
"""The folder that ``setup.py`` lies in, which a build starts in."""


class Place(Struct, frozen=True):
    """A path within the project.

    Attributes:
        path: POSIX path relative to the project root; ``.`` for the root.
    """

    path: str


class Handle(Struct, frozen=True):
    """An open file of the project.

    Attributes:
        path: The file.
    """

    path: str


class Text(Struct, frozen=True, kw_only=True):
    """The content of files, one after another.

    Attributes:
        paths: The files.
    """

    paths: tuple[str, ...]


class Lines(Struct, frozen=True):
    """The lines of a file that hold something, each stripped.

    Attributes:
        path: The file.
    """

    path: str


class Attr(Struct, frozen=True, kw_only=True):
    """A string that a module of the project is assigned once, at its top level.

    Attributes:
        path: The file.
        name: The name.
        value: What it holds today.
    """

    path: str
    name: str
    value: str


class Found(Struct, frozen=True, kw_only=True):
    """Packages that are looked for.

    Attributes:
        where: The folder.
        include: Patterns of names that are taken.
        exclude: Patterns of names that are not.
        namespaces: Whether folders without ``__init__.py`` count.
    """

    where: str = ROOT
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    namespaces: bool = False


class Module(Struct, frozen=True):
    """A module of the project.

    Attributes:
        path: Its file.
    """

    path: str


class Filled(Struct, frozen=True):
    """A dictionary that a module was executed in.

    Attributes:
        path: The module's file.
    """

    path: str


class Foreign(Struct, frozen=True):
    """Something of the standard library, of setuptools or built in.

    Attributes:
        dotted: Its name.
    """

    dotted: str


class Pattern(Struct, frozen=True):
    """A compiled regular expression.

    Attributes:
        text: The expression.
    """

    text: str


class Match(Struct, frozen=True, kw_only=True):
    """What a regular expression found in a file.

    Attributes:
        pattern: The expression.
        path: The file.
    """

    pattern: str
    path: str


class Function(Struct, frozen=True):
    """A function of the script.

    Attributes:
        node: Its definition.
    """

    node: Node


class Bound(Struct, frozen=True):
    """A method that is about to be called.

    Attributes:
        owner: What it belongs to.
        name: Its name.
    """

    owner: Value
    name: str


Value = (
    None | bool | int | float | str | list["Value"] | dict[str, "Value"]
    | Place | Handle | Text | Lines | Attr | Found | Module | Filled | Foreign | Pattern | Match
    | Function | Bound
)  # fmt: skip
"""What an expression comes to."""


class ComputedError(Exception):
    """An expression whose value cannot be told without running it.

    Attributes:
        line: 1-based line of what cannot be told.
    """

    def __init__(self, message: str, node: Node) -> None:
        """Make the error.

        Args:
            message: Why.
            node: What cannot be told.
        """
        super().__init__(message)
        self.line = node.start_point.row + 1
