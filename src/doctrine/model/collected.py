"""Everything that was collected of a project, before it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from doctrine.model.guide import Guide
from doctrine.model.project import Project
from doctrine.model.run import ToolRun
from doctrine.model.settings import Settings

if TYPE_CHECKING:
    from doctrine.model.report import Problem


class Collected(Struct, frozen=True, kw_only=True):
    """What a report is made from.

    Attributes:
        guide: What it is judged by.
        settings: What the user asked for.
        project: Everything known before any tool has spoken.
        runs: Every tool's and inspector's part, sorted by name.
        problems: Trouble on the way.
        scratch: The private folder of the tools, which is no part of what they say.
    """

    guide: Guide
    settings: Settings
    project: Project
    runs: tuple[ToolRun, ...]
    problems: tuple[Problem, ...] = ()
    scratch: str
