"""``doctrine check`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.completion import format_names, outputs
from doctrine.cli.options import CheckOptions
from doctrine.cli.run_flags import Audit, BaselineFile, CacheDir, Jobs, Python, Timeout
from doctrine.cli.view_flags import Level, New, Outcome, Path_, Quiet, Show, Sort, Verbose, viewed


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH", help="Project folder, or a folder inside one; files with --files."
        ),
    ] = None,
    *,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", help="Format of stdout: terminal, json …", autocompletion=format_names
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            help="Also write a report: FORMAT=FILE, or a file whose suffix tells. Can be repeated.",
            autocompletion=outputs,
        ),
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="What the exit code looks at: must, should or never.")
    ] = None,
    jobs: Jobs = None,
    timeout: Timeout = None,
    python: Python = None,
    install: Annotated[
        bool | None,
        typer.Option("--install/--no-install", help="Install the locked packages aside (network)."),
    ] = None,
    tests: Annotated[
        bool | None,
        typer.Option("--tests/--no-tests", help="Run the tests in a copy to measure coverage."),
    ] = None,
    network: Annotated[
        bool | None,
        typer.Option(
            "--network/--no-network",
            help="Ask services about known vulnerabilities and the rule packs that CI names.",
        ),
    ] = None,
    audit: Audit = None,
    baseline: BaselineFile = None,
    no_baseline: Annotated[
        bool | None,
        typer.Option("--no-baseline", help="Let the gate look at accepted findings, too."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Let the gate look at what is new since a commit, which is judged as well.",
        ),
    ] = None,
    staged: Annotated[
        bool,
        typer.Option(
            "--staged",
            help="Judge what is staged, as it would be committed: a partial run over those Python "
            "files, without a grade. For hooks.",
        ),
    ] = False,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help="The same for the files that differ from the last commit, untracked ones "
            "included, as they are.",
        ),
    ] = False,
    files: Annotated[
        bool,
        typer.Option(
            "--files",
            help="The same for the files that are named, as they are. For pre-commit, which names "
            "them.",
        ),
    ] = False,
    untrusted: Annotated[
        bool,
        typer.Option(
            "--untrusted",
            help="Execute and believe nothing of the project: for code from strangers.",
        ),
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    show: Show = None,
    sort: Sort = "",
    outcome: Outcome = None,
    level: Level = None,
    path_: Path_ = None,
    new: New = False,
    base: Annotated[
        str | None,
        typer.Option(help="An earlier JSON report, for formats that say what changed."),
    ] = None,
    no_cache: Annotated[
        bool | None,
        typer.Option("--no-cache", help="Reuse nothing of earlier runs, and keep nothing of this."),
    ] = None,
    cache_dir: CacheDir = None,
    no_history: Annotated[
        bool,
        typer.Option("--no-history", help="Compare with no earlier run, and keep nothing of this."),
    ] = False,
) -> None:
    """Judge a project and print the report."""
    from doctrine.cli.check import check as run_check

    named = tuple(paths or ())
    if len(named) > 1 and not files:
        raise typer.BadParameter("one path at a time, or several files with --files")
    options = CheckOptions(
        path=named[0] if named and not files else ".",
        named=files,
        files=named if files else (),
        format=format_,
        output=tuple(output or ()),
        fail_on=fail_on,
        jobs=jobs,
        timeout=timeout,
        python=python,
        install=install,
        tests=tests,
        network=network,
        audit=audit,
        baseline=baseline,
        no_baseline=no_baseline,
        since=since,
        staged=staged,
        changed=changed,
        untrusted=untrusted,
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
        base=base,
        no_cache=no_cache,
        cache_dir=cache_dir,
        history=not no_history,
    )
    raise typer.Exit(run_check(options))
