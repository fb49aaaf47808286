"""The command line as Typer reads it: every command in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated

import typer

from doctrine import __version__
from doctrine.cli.commands.baseline import baseline_app
from doctrine.cli.commands.cache import cache_app
from doctrine.cli.commands.check import check
from doctrine.cli.commands.clauses import clauses
from doctrine.cli.commands.doctor import doctor
from doctrine.cli.commands.explain import explain
from doctrine.cli.commands.fix import fix
from doctrine.cli.commands.guide import guide_app
from doctrine.cli.commands.init import init
from doctrine.cli.commands.report import report_app
from doctrine.cli.commands.schema import schema
from doctrine.cli.commands.statements import attest, waive
from doctrine.cli.commands.watch import watch

app = typer.Typer(
    name="doctrine",
    help="Judge a Python project against a written standard, clause by clause.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The order in which `doctrine --help` lists them.
for _command in (check, watch, fix, init, explain, clauses, doctor, schema, waive, attest):
    app.command()(_command)
for _family in (guide_app, baseline_app, report_app, cache_app):
    app.add_typer(_family)


@cache
def reader() -> Callable[..., object]:
    """Return what reads a command line: typer would make it anew for each, which takes longest."""
    return typer.main.get_command(app)


def run_typer(argv: Sequence[str]) -> int:
    """Run a command line through Typer and return its exit code."""
    try:
        reader()(args=list(argv), standalone_mode=True, prog_name="doctrine")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Judge a Python project against a written standard, clause by clause."""
    if version:
        typer.echo(f"doctrine {__version__}")
        raise typer.Exit
