"""The flags that choose what a drawn report shows, as Typer declares them."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.completion import clause_ids
from doctrine.cli.viewing import ViewOptions

_PANEL = "What to show (never what is judged)"

Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        rich_help_panel=_PANEL,
        help="The verdict, a line for each failing clause, the exit code; no progress on stderr.",
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        rich_help_panel=_PANEL,
        help="Every finding, every piece of evidence, every check and every command.",
    ),
]
Show = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CLAUSE",
        autocompletion=clause_ids,
        rich_help_panel=_PANEL,
        help="Only this clause, in full: SEC005, or SEC for all of them. Can be repeated.",
    ),
]
Sort = Annotated[
    str,
    typer.Option(
        metavar="ORDER",
        rich_help_panel=_PANEL,
        help="Order of the clauses: guide, points, level, section, id, findings or path.",
    ),
]
Outcome = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OUTCOME",
        rich_help_panel=_PANEL,
        help="Only clauses of these outcomes, as in fail,error. Can be repeated.",
    ),
]
Level = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LEVEL",
        rich_help_panel=_PANEL,
        help="Only clauses of these levels: must, should or may. Can be repeated.",
    ),
]
Path_ = Annotated[
    list[str] | None,
    typer.Option(
        "--path",
        metavar="GLOB",
        rich_help_panel=_PANEL,
        help="Only what was found in these files (gitignore patterns). Can be repeated.",
    ),
]
New = Annotated[
    bool,
    typer.Option(
        "--new",
        rich_help_panel=_PANEL,
        help="Only what is new since the last run, or since the report that --base names.",
    ),
]


def viewed(
    *,
    quiet: bool,
    verbose: bool,
    show: list[str] | None,
    sort: str,
    outcome: list[str] | None,
    level: list[str] | None,
    path: list[str] | None,
    new: bool,
) -> ViewOptions:
    """Return what the flags ask for; a list that Typer leaves out is an empty one."""
    return ViewOptions(
        quiet=quiet,
        verbose=verbose,
        show=tuple(show or ()),
        sort=sort,
        outcome=tuple(outcome or ()),
        level=tuple(level or ()),
        paths=tuple(path or ()),
        new=new,
    )
