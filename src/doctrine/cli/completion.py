"""What a shell completes: clause ids with their statements, and report formats."""

from __future__ import annotations

from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load
from doctrine.reports.discovery import formats


def clause_ids(incomplete: str) -> list[tuple[str, str]]:
    """Return the clauses whose id begins so, each with its statement.

    Args:
        incomplete: What was typed.
    """
    clauses = load(GUIDE).clauses
    return [(one.id, one.statement) for one in clauses if one.id.startswith(incomplete)]


def format_names(incomplete: str) -> list[str]:
    """Return the report formats whose name begins so."""
    return [name for name in formats() if name.startswith(incomplete)]


def outputs(incomplete: str) -> list[str]:
    """Return ``FORMAT=`` for the formats whose name begins so."""
    return [f"{name}=" for name in format_names(incomplete)]
