"""The shape of an inspector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tree_sitter import Node

from doctrine.model.observation import Finding, Support
from doctrine.model.project import Layout, Module, Project
from doctrine.model.run import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """A Python file while its syntax tree is alive.

    Attributes:
        module: What parsing told already (imports, definitions, role).
        source: The file's bytes, decoded to UTF-8 where it declares another encoding.
        tree: Root node of the tree; rows are 0-based and columns are 0-based bytes.
    """

    module: Module
    source: bytes
    tree: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInspector:
    """Looks at one file at a time, so that it grows linearly and its tree can be dropped.

    Attributes:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        inspect: Findings (rule names without the inspector's name) in a parsed file.
    """

    name: str
    rules: tuple[str, ...]
    inspect: Callable[[ParsedFile, Layout], Iterable[Finding | Support]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectInspector:
    """Looks at the project's facts and configuration.

    Attributes:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        inspect: What it sees. ``Reading.analysed`` names the files it looked at; a rule
            that it cannot decide is an entry of ``Reading.undecided``, never silence.
    """

    name: str
    rules: tuple[str, ...]
    inspect: Callable[[Project], Reading]
