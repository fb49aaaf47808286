"""``doctrine init`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer


def init(
    path: Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")] = ".",
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Only show; exit 1 if something would change."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this section: project, dependencies, ruff, mypy, pyright, pytest, coverage, "
            "vulture, doctrine, hooks, ci, updates or gitignore. Can be repeated."
        ),
    ] = None,
    ci: Annotated[
        str | None,
        typer.Option(
            help="Where CI runs: github or gitlab; found by files and remote if left out."
        ),
    ] = None,
    lock: Annotated[
        bool,
        typer.Option(
            "--lock",
            help="Run `uv lock` afterwards: with what is on this machine if that is enough, else "
            "with the network.",
        ),
    ] = False,
) -> None:
    """Bring a project to the configuration that the guide asks.

    Shows a diff with the reason and the clauses of each change, asks, and writes. What is there
    and complies stays as it is, comments and layout included; running it again changes nothing.
    Without a terminal to ask on, it writes only with --yes.
    """
    from doctrine.cli.init import InitOptions
    from doctrine.cli.init import init as run_init

    options = InitOptions(path=path, yes=yes, diff=diff, only=tuple(only or ()), ci=ci, lock=lock)
    raise typer.Exit(run_init(options))
