"""``doctrine schema`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.schema import Contract
from doctrine.cli.writing import print_text


def schema(
    of: Annotated[
        Contract, typer.Argument(help="pyproject is for editors, settings its table alone.")
    ] = Contract.PYPROJECT,
) -> None:
    """Print a JSON Schema of a file that doctrine reads or writes.

    Of pyproject.toml, of [tool.doctrine], of the JSON report, or of what `report compare` and
    `report history` write as JSON.
    """
    from doctrine.cli.schema import schema as schema_of

    print_text(schema_of(of))
