"""``doctrine cache`` as Typer shows it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from doctrine.cli.writing import print_text

cache_app = typer.Typer(
    name="cache", help="What is kept between runs: where, how much, and why.", no_args_is_help=True
)
_Project = Annotated[str, typer.Option(help="Project folder, or a folder inside one.")]
_Dir = Annotated[str | None, typer.Option(help="Folder of what is kept.")]


@cache_app.command("dir")
def show_dir(*, project: _Project = ".", cache_dir: _Dir = None) -> None:
    """Print the folder, and say on stderr what keeps it from being used."""
    from doctrine.cli.cache import cache_dir as folder

    where, note = folder(project, cache_dir)
    print_text(f"{where}\n")
    if note:
        sys.stderr.write(f"note: {note}\n")


@cache_app.command()
def size(*, project: _Project = ".", cache_dir: _Dir = None) -> None:
    """Show how much is kept, by kind."""
    from doctrine.cli.cache import cache_size

    print_text(cache_size(project, cache_dir))


@cache_app.command()
def clean(*, project: _Project = ".", cache_dir: _Dir = None) -> None:
    """Forget everything that can be found again: results, private environments, judged commits."""
    from doctrine.cli.cache import clean as cleaned

    print_text(cleaned(project, cache_dir))


@cache_app.command()
def why(
    about: Annotated[
        str | None,
        typer.Argument(metavar="[PATH|TOOL|CLAUSE]", help="A file, a tool, or a clause."),
    ] = None,
    *,
    project: _Project = ".",
    cache_dir: _Dir = None,
) -> None:
    """Say whether the next check reuses the last report, what has changed, and which tools ran."""
    from doctrine.cli.cache import why as explained

    print_text(explained(project, cache_dir, about))
