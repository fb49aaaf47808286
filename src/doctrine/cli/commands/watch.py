"""``doctrine watch`` as Typer shows it."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.run_flags import Audit, BaselineFile, CacheDir, Jobs, Python, Timeout


def watch(
    path: Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")] = ".",
    *,
    jobs: Jobs = None,
    timeout: Timeout = None,
    python: Python = None,
    audit: Audit = None,
    baseline: BaselineFile = None,
    no_baseline: Annotated[
        bool | None,
        typer.Option("--no-baseline", help="Show accepted findings like all others."),
    ] = None,
    cache_dir: CacheDir = None,
    poll: Annotated[
        bool,
        typer.Option("--poll", help="Look for changes, where the system does not tell of them."),
    ] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="Plain lines instead of a live view.")
    ] = False,
) -> None:
    """Judge a project, and again whenever it changes, showing what a change did.

    Nothing is written into the project. It ends with q (exit 0), Ctrl-C (130) or a signal.
    """
    from doctrine.cli.options import CheckOptions
    from doctrine.cli.watch import WatchOptions
    from doctrine.cli.watch import watch as run_watch

    options = WatchOptions(
        check=CheckOptions(
            path=path,
            jobs=jobs,
            timeout=timeout,
            python=python,
            audit=audit,
            baseline=baseline,
            no_baseline=no_baseline,
            cache_dir=cache_dir,
        ),
        poll=poll,
        color=not no_color,
    )
    raise typer.Exit(run_watch(options))
