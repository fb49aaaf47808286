"""``doctrine fix`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.completion import clause_ids


def fix(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Project folder, or folders and files of one project."),
    ] = None,
    *,
    diff: Annotated[
        bool, typer.Option("--diff", help="Only show; exit 1 if something would change.")
    ] = False,
    clause: Annotated[
        list[str] | None,
        typer.Option(
            help="Mend this clause only, or those whose ids begin so. Can be repeated.",
            autocompletion=clause_ids,
        ),
    ] = None,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe", help="Make repairs as well that may change what the code does."),
    ] = False,
    allow_dirty: Annotated[
        bool,
        typer.Option("--allow-dirty", help="Change files that git could not give back, too."),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            "-y",
            help="Also write the configuration that the clauses ask, without asking; without "
            "--clause, all that `doctrine init` writes.",
        ),
    ] = False,
    lock: Annotated[
        bool,
        typer.Option(
            "--lock",
            help="Run `uv lock` where pyproject.toml was changed: with what is on this machine if "
            "that is enough, else with the network.",
        ),
    ] = False,
) -> None:
    """Mend what can be mended safely.

    Applies the repairs that tools offer for what they find, and the formatter, until nothing
    changes any more. All is tried in a copy and judged again: a file that cannot be parsed any
    more, or has more findings of any rule than before, stays as it was.
    """
    from doctrine.cli.fix import FixOptions
    from doctrine.cli.fix import fix as run_fix

    options = FixOptions(
        paths=tuple(paths or ()),
        diff=diff,
        clauses=tuple(clause or ()),
        unsafe=unsafe,
        allow_dirty=allow_dirty,
        yes=yes,
        lock=lock,
    )
    raise typer.Exit(run_fix(options))
