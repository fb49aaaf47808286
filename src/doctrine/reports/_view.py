"""What a reader wants to see of a report: choices that change what is shown, never what is judged."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome


class Detail(StrEnum):
    """How much to tell."""

    QUIET = "quiet"
    """The verdict, a line for each clause that keeps the gate shut, and the exit code."""
    NORMAL = "normal"
    """What fails with its worst places, the rest in a line each."""
    VERBOSE = "verbose"
    """Everything: each finding, each piece of evidence, each check, each command."""


class Sort(StrEnum):
    """The order of the clauses; those that are alike stay in the guide's order."""

    GUIDE = "guide"
    """As the guide has them."""
    POINTS = "points"
    """Those that cost most first."""
    LEVEL = "level"
    """MUST, SHOULD, MAY."""
    SECTION = "section"
    ID = "id"
    FINDINGS = "findings"
    """Those with most findings first."""
    PATH = "path"
    """By the first place of each."""


class View(Struct, frozen=True, kw_only=True):
    """The choices; the default shows what most people want to know.

    Attributes:
        detail: How much to tell.
        show: Ids of clauses to show alone and in full; empty for all. Known to exist.
        sort: The order of the clauses; None for the usual one of a format, mostly by level.
        outcomes: Only clauses of these outcomes; empty for all.
        levels: Only clauses of these levels; empty for all.
        paths: Only findings and evidence in these places, as gitignore patterns; empty for all.
        new: Only what an earlier report did not have.
    """

    detail: Detail = Detail.NORMAL
    show: tuple[str, ...] = ()
    sort: Sort | None = None
    outcomes: tuple[Outcome, ...] = ()
    levels: tuple[Level, ...] = ()
    paths: tuple[str, ...] = ()
    new: bool = False

    @property
    def filters(self) -> bool:
        """Whether anything is left out on request."""
        return bool(self.show or self.outcomes or self.levels or self.paths or self.new)

    @property
    def whole(self) -> bool:
        """Whether all findings and all evidence of what is shown are wanted."""
        return self.detail is Detail.VERBOSE or bool(self.show)


USUAL_VIEW = View()
