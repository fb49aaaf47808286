"""``doctrine guide`` as Typer shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doctrine.errors import UsageError
from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load_registry, registry_folder

guide_app = typer.Typer(name="guide", help="Look after the registry of clauses.")


@guide_app.command("check")
def check_guide(
    file: Annotated[Path, typer.Argument(help="The guide's text, as Markdown.")],
    *,
    guide: Annotated[str, typer.Option(help="Which registry to hold against it.")] = GUIDE,
) -> None:
    """Hold the registry against a guide's text, both ways; exit 1 when they disagree."""
    from doctrine.guide.crosscheck import crosscheck

    registry = load_registry(registry_folder(guide))
    found = crosscheck(registry, _read_text(file))
    for one in found:
        typer.echo(f"{file}:{one.line}: {one.flaw}: {one.message}")
    typer.echo(f"{len(found)} discrepancies, {len(registry.guide.clauses)} clauses", err=True)
    raise typer.Exit(int(bool(found)))


def _read_text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
