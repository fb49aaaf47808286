"""The shape of an inspector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from doctrine.model.observation import Finding, Support
from doctrine.model.project import Layout, Project
from doctrine.model.run import Reading
from doctrine.syntax.tree import ParsedFile


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
