"""Remedies that name the folders of a project: their commands have to work when they are pasted."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from doctrine.model.guide import Guide
from doctrine.model.replacing import replace

SOURCES = "{sources}"
"""Stands in a remedy of the registry for the folders of the project's source."""
_USUAL = "src"


def usual(remedy: str) -> str:
    """Return a remedy for a project that nobody has looked at.

    Args:
        remedy: As the registry has it.
    """
    return remedy.replace(SOURCES, _USUAL)


def placed(remedy: str) -> str:
    """Return a remedy with its place for folders; empty where it has none.

    Args:
        remedy: As the registry has it.
    """
    return remedy if SOURCES in remedy else ""


def with_sources(guide: Guide, sources: Iterable[str]) -> Guide:
    """Return a guide whose remedies name the folders of a project.

    Args:
        guide: As the registry has it.
        sources: Files and folders of the project's source, relative to its root.
    """
    folders = shlex.join(sources)
    return replace(
        guide,
        clauses=tuple(
            replace(one, remedy=one.remedy_at.replace(SOURCES, folders)) if one.remedy_at else one
            for one in guide.clauses
        ),
        recommendations=tuple(
            replace(one, remedy=one.remedy_at.replace(SOURCES, folders)) if one.remedy_at else one
            for one in guide.recommendations
        ),
    )
