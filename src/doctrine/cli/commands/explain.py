"""``doctrine explain`` as Typer shows it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from doctrine.cli.completion import clause_ids
from doctrine.cli.writing import canvas_of, print_text


def explain(
    topic: Annotated[
        str,
        typer.Argument(
            help="A clause (SEC005), a tool's rule (ruff:S311), or a finding's fingerprint.",
            autocompletion=clause_ids,
        ),
    ],
    *,
    report: Annotated[
        Path | None,
        typer.Option(help="Show what a project has of it, from a stored JSON report."),
    ] = None,
    project: Annotated[
        str | None,
        typer.Option(help="Show what a project has of it, by the tools that this needs."),
    ] = None,
) -> None:
    """Show what a clause asks, why, how it is decided, what mends a failure, and examples.

    Of a tool's rule, show the clauses that it is evidence for; of a finding, both.
    """
    from doctrine.cli.explain.command import explain as explained

    print_text(explained(topic, canvas_of(sys.stdout), report=report, project=project))
