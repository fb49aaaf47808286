"""``doctrine clauses`` as Typer shows it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from doctrine.cli.writing import canvas_of, print_text
from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load


def clauses(
    *,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """List the clauses of the guide and how each is decided."""
    from doctrine.cli.clauses_view import clauses_json, render_clauses

    guide = load(GUIDE)
    print_text(clauses_json(guide) if json else render_clauses(guide, canvas_of(sys.stdout)))
