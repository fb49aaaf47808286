"""``doctrine doctor`` as Typer shows it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from doctrine.cli.writing import canvas_of, print_text


def doctor(
    path: Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")] = ".",
    *,
    plan: Annotated[
        bool, typer.Option("--plan", help="Also show every command as it would be started.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Show what a check would work with and what stands in its way; exit 1 if anything does.

    Which tool from where in which version, the environment, versions that the lock, the hooks and
    CI do not agree on, and configuration that is never read. No tool is started.
    """
    from doctrine.cli.doctor import doctor as examined

    text, code = examined(path, canvas_of(sys.stdout), plan=plan, json=json)
    print_text(text)
    raise typer.Exit(code)
