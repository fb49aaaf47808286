"""``doctrine report`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.completion import format_names, outputs
from doctrine.cli.report.choices import CompareFormat, HistoryFormat
from doctrine.cli.view_flags import Level, New, Outcome, Path_, Quiet, Show, Sort, Verbose, viewed
from doctrine.reports._change_conditions import FailOnChange

report_app = typer.Typer(
    name="report",
    help="Draw, compare, merge and follow stored JSON reports.",
    no_args_is_help=True,
)

_Report = Annotated[
    str, typer.Argument(help="A report that `--output json=FILE` wrote; - reads stdin.")
]


@report_app.command()
def render(
    report: _Report,
    *,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Format of stdout, unless --output is given.",
            autocompletion=format_names,
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            help="Write a file: FORMAT=FILE, or a file whose suffix tells. Can be repeated.",
            autocompletion=outputs,
        ),
    ] = None,
    root: Annotated[
        str | None,
        typer.Option(help="The folder that was judged: adds its source lines, and links."),
    ] = None,
    base: Annotated[
        str | None, typer.Option(help="An earlier report, for formats that say what changed.")
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    show: Show = None,
    sort: Sort = "",
    outcome: Outcome = None,
    level: Level = None,
    path_: Path_ = None,
    new: New = False,
) -> None:
    """Draw a stored report in any format; exit 0 whatever it says."""
    from doctrine.cli.report.render import RenderOptions
    from doctrine.cli.report.render import render as rendered

    options = RenderOptions(
        report=report,
        form=format_,
        outputs=tuple(output or ()),
        root=root,
        base=base,
        view=viewed(
            quiet=quiet,
            verbose=verbose,
            show=show,
            sort=sort,
            outcome=outcome,
            level=level,
            path=path_,
            new=new,
        ),
    )
    raise typer.Exit(rendered(options))


@report_app.command()
def compare(
    base: Annotated[str, typer.Argument(help="The earlier report; - reads stdin.")],
    head: Annotated[str, typer.Argument(help="The later report; - reads stdin.")],
    *,
    format_: Annotated[
        CompareFormat, typer.Option("--format", help="How to tell it.")
    ] = CompareFormat.TEXT,
    fail_on: Annotated[
        list[FailOnChange] | None,
        typer.Option(help="What the exit code looks at; regression if left out. Can be repeated."),
    ] = None,
) -> None:
    """Say what changed between two reports, and fail if something got worse.

    Exit 0: nothing that --fail-on looks at is worse. 1: something is. 3: nothing is known to be,
    but the later report could not judge what the earlier one could, or they cannot be compared.
    """
    from doctrine.cli.report.compare import CompareOptions
    from doctrine.cli.report.compare import compare as compared

    given = tuple(dict.fromkeys(fail_on or (FailOnChange.REGRESSION,)))
    options = CompareOptions(base=base, head=head, form=format_, fail_on=given)
    raise typer.Exit(compared(options))


@report_app.command()
def merge(
    shard: Annotated[
        list[str],
        typer.Argument(
            metavar="SHARD...",
            help="The report of a part: FILE, or FOLDER=FILE where the part was judged by itself.",
        ),
    ],
    *,
    output: Annotated[
        str | None, typer.Option(help="The file to write; stdout if left out.")
    ] = None,
    project: Annotated[
        str, typer.Option(help="What the whole is called, if the parts have other names.")
    ] = "",
) -> None:
    """Make one report of the reports of a project's parts: each clause as bad as its worst part."""
    from doctrine.cli.report.merge import merge as merged

    raise typer.Exit(merged(shard, output, project))


@report_app.command()
def history(
    reports: Annotated[
        list[str], typer.Argument(metavar="REPORT...", help="Reports, and folders of them.")
    ],
    *,
    format_: Annotated[
        HistoryFormat, typer.Option("--format", help="How to tell it.")
    ] = HistoryFormat.TEXT,
    output: Annotated[
        str | None, typer.Option(help="The file to write; stdout if left out.")
    ] = None,
) -> None:
    """Show how a project has done over time, from the reports that were kept."""
    from doctrine.cli.report.history.command import history as told

    raise typer.Exit(told(tuple(reports), format_, output))
