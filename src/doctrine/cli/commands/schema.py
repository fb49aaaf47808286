"""``doctrine schema`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.schema import Contract
from doctrine.cli.writing import print_text


def schema(
    of: Annotated[
        Contract, typer.Argument(help="pyproject (for editors), settings, or report.")
    ] = Contract.PYPROJECT,
) -> None:
    """Print a JSON Schema: of pyproject.toml, of [tool.doctrine], or of the JSON report."""
    from doctrine.cli.schema import schema as schema_of

    print_text(schema_of(of))
