"""``doctrine baseline`` as Typer shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from doctrine.cli.options import absolute
from doctrine.cli.run_flags import Python, Timeout
from doctrine.cli.writing import print_text

baseline_app = typer.Typer(
    name="baseline", help="Accept what fails today, so that only what is new stops the gate."
)

_File = Annotated[str | None, typer.Option("--baseline", help="The file; doctrine-baseline.txt.")]
_Folder = Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")]


_Install = Annotated[
    bool | None,
    typer.Option("--install/--no-install", help="As in the checks that the gate is for."),
]
_Tests = Annotated[bool | None, typer.Option("--tests/--no-tests", help="Likewise.")]
_Network = Annotated[bool | None, typer.Option("--network/--no-network", help="Likewise.")]


@baseline_app.command("create")
def create_baseline(
    path: _Folder = ".",
    *,
    baseline: _File = None,
    python: Python = None,
    install: _Install = None,
    tests: _Tests = None,
    network: _Network = None,
    timeout: Timeout = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the one there is.")] = False,
) -> None:
    """Check the project, and accept every finding and check that fails a clause today."""
    from doctrine.cli.baseline import create

    flags = _flags(
        baseline, python=python, install=install, tests=tests, network=network, timeout=timeout
    )
    print_text(create(path, flags, force=force))


@baseline_app.command("update")
def update_baseline(
    path: _Folder = ".",
    *,
    baseline: _File = None,
    python: Python = None,
    install: _Install = None,
    tests: _Tests = None,
    network: _Network = None,
    timeout: Timeout = None,
    grow: Annotated[
        bool, typer.Option("--grow", help="Accept what is new as well, and say what that is.")
    ] = False,
) -> None:
    """Check the project, drop what is mended, and follow what was renamed. Only shrinks."""
    from doctrine.cli.baseline import update

    flags = _flags(
        baseline, python=python, install=install, tests=tests, network=network, timeout=timeout
    )
    print_text(update(path, flags, grow=grow))


@baseline_app.command("show")
def show_baseline(path: _Folder = ".", *, baseline: _File = None) -> None:
    """Show what is accepted, by clause and by file, without checking anything."""
    from doctrine.cli.baseline import show

    print_text(show(path, {"baseline": absolute(baseline)}))


@baseline_app.command("prune")
def prune_baseline(path: _Folder = ".", *, baseline: _File = None) -> None:
    """Drop entries of files and clauses that are no more, without checking anything."""
    from doctrine.cli.baseline import prune

    print_text(prune(path, {"baseline": absolute(baseline)}))


def _flags(
    baseline: str | None, **others: str | float | bool | None
) -> Mapping[str, str | float | bool | None]:
    """Return what was said on the command line, as settings are called."""
    return {**others, "baseline": absolute(baseline)}
