"""The commands as Typer shows them: help, completion, and messages about mistakes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from doctrine import __version__
from doctrine.app import GUIDE
from doctrine.cli.baseline_app import app as baseline_app
from doctrine.cli.completion import clause_ids, format_names, outputs
from doctrine.cli.options import CheckOptions
from doctrine.cli.report.commands import report_app
from doctrine.cli.schema import Contract
from doctrine.cli.view_flags import Level, New, Outcome, Path_, Quiet, Show, Sort, Verbose
from doctrine.cli.viewing import ViewOptions
from doctrine.cli.writing import canvas_of
from doctrine.cli.writing import print_text as _print
from doctrine.errors import UsageError
from doctrine.guide.loader import load, load_registry, registry_folder
from doctrine.model.stated import EntryKind

app = typer.Typer(
    name="doctrine",
    help="Judge a Python project against a written standard, clause by clause.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
guide_app = typer.Typer(name="guide", help="Look after the registry of clauses.")
app.add_typer(guide_app)
app.add_typer(baseline_app)
app.add_typer(report_app)


def run_typer(argv: Sequence[str]) -> int:
    """Run a command line through Typer and return its exit code."""
    try:
        app(args=list(argv), standalone_mode=True, prog_name="doctrine")
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


@app.command()
def check(
    path: Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")] = ".",
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
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=0, help="Tools at a time; 0: one per core.")
    ] = None,
    timeout: Annotated[float | None, typer.Option(min=0, help="Seconds for each tool.")] = None,
    python: Annotated[
        str | None, typer.Option(help="Interpreter of the project's environment.")
    ] = None,
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
    audit: Annotated[
        bool | None, typer.Option("--audit", help="Judge as if no suppression existed.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="File of the accepted findings; doctrine-baseline.txt.")
    ] = None,
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
    no_history: Annotated[
        bool,
        typer.Option("--no-history", help="Compare with no earlier run, and keep nothing of this."),
    ] = False,
) -> None:
    """Judge a project and print the report."""
    from doctrine.cli.check import check as run_check

    options = CheckOptions(
        path=path,
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
        view=ViewOptions(
            quiet=quiet,
            verbose=verbose,
            show=tuple(show or ()),
            sort=sort,
            outcome=tuple(outcome or ()),
            level=tuple(level or ()),
            paths=tuple(path_ or ()),
            new=new,
        ),
        base=base,
        history=not no_history,
    )
    raise typer.Exit(run_check(options))


@app.command()
def init(
    path: Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")] = ".",
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Only show; exit 1 if something would change."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this section: project, dependencies, ruff, mypy, pyright, pytest, coverage, "
            "vulture, doctrine, hooks, ci, updates or gitignore. Can be repeated."
        ),
    ] = None,
    ci: Annotated[
        str | None,
        typer.Option(
            help="Where CI runs: github or gitlab; found by files and remote if left out."
        ),
    ] = None,
) -> None:
    """Bring a project to the configuration that the guide asks.

    Shows a diff with the reason and the clauses of each change, asks, and writes. What is there
    and complies stays as it is, comments and layout included; running it again changes nothing.
    Without a terminal to ask on, it writes only with --yes.
    """
    from doctrine.cli.init import InitOptions
    from doctrine.cli.init import init as run_init

    options = InitOptions(path=path, yes=yes, diff=diff, only=tuple(only or ()), ci=ci)
    raise typer.Exit(run_init(options))


@app.command()
def explain(
    topic: Annotated[
        str,
        typer.Argument(
            help="A clause (SEC005), a tool's rule (ruff:S311), or a finding's fingerprint.",
            autocompletion=clause_ids,
        ),
    ],
    *,
    report: Annotated[
        Path | None,
        typer.Option(help="Show what a project has of it, from a stored JSON report."),
    ] = None,
    project: Annotated[
        str | None,
        typer.Option(help="Show what a project has of it, by the tools that this needs."),
    ] = None,
) -> None:
    """Show what a clause asks, why, how it is decided, what mends a failure, and examples.

    Of a tool's rule, show the clauses that it is evidence for; of a finding, both.
    """
    from doctrine.cli.explain.command import explain as explained

    _print(explained(topic, canvas_of(sys.stdout), report=report, project=project))


@app.command()
def clauses(
    *,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """List the clauses of the guide and how each is decided."""
    from doctrine.cli.clauses_view import clauses_json, render_clauses

    guide = load(GUIDE)
    _print(clauses_json(guide) if json else render_clauses(guide, canvas_of(sys.stdout)))


@app.command()
def doctor(
    path: Annotated[str, typer.Argument(help="Project folder, or a folder inside one.")] = ".",
    *,
    plan: Annotated[
        bool, typer.Option("--plan", help="Also show every command as it would be started.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Show what a check would work with and what stands in its way; exit 1 if anything does.

    Which tool from where in which version, the environment, versions that the lock, the hooks and
    CI do not agree on, and configuration that is never read. No tool is started.
    """
    from doctrine.cli.doctor import doctor as examined

    text, code = examined(path, canvas_of(sys.stdout), plan=plan, json=json)
    _print(text)
    raise typer.Exit(code)


@app.command()
def schema(
    of: Annotated[
        Contract, typer.Argument(help="pyproject (for editors), settings, or report.")
    ] = Contract.PYPROJECT,
) -> None:
    """Print a JSON Schema: of pyproject.toml, of [tool.doctrine], or of the JSON report."""
    from doctrine.cli.schema import schema as schema_of

    _print(schema_of(of))


_Clause = Annotated[
    str | None,
    typer.Argument(help="Id of a clause, such as CPX002.", autocompletion=clause_ids),
]
_Owner = Annotated[str | None, typer.Option(help="Who answers for it; git's user if left out.")]
_Expires = Annotated[str | None, typer.Option(help="Its last day, such as 2030-01-31.")]
_Days = Annotated[
    int | None,
    typer.Option(help="How long it lasts: at most 90 days for a MUST, 365 for a SHOULD."),
]
_Evidence = Annotated[
    list[str] | None,
    typer.Option(help="File of the project, or URL, that bears it out. Can be repeated."),
]
_Replace = Annotated[bool, typer.Option("--replace", help="Write over the one there is.")]
_Diff = Annotated[bool, typer.Option("--diff", help="Show what would be written; write nothing.")]
_List = Annotated[bool, typer.Option("--list", help="List those there are, with the days left.")]
_Project = Annotated[str, typer.Option(help="A folder of the project.")]


@app.command()
def waive(
    clause: _Clause = None,
    *,
    reason: Annotated[str | None, typer.Option(help="Why the clause is not kept.")] = None,
    owner: _Owner = None,
    expires: _Expires = None,
    days: _Days = None,
    path: Annotated[
        list[str] | None,
        typer.Option(help="Waive only findings in files of this pattern. Can be repeated."),
    ] = None,
    evidence: _Evidence = None,
    replace: _Replace = False,
    diff: _Diff = False,
    list_: _List = False,
    project: _Project = ".",
) -> None:
    """Excuse a clause that fails, with a reason and until a day, in pyproject.toml."""
    from doctrine.cli.record import RecordOptions, record

    options = RecordOptions(
        kind=EntryKind.WAIVER,
        project=project,
        clause=clause,
        words=reason,
        owner=owner,
        expires=expires,
        days=days,
        paths=tuple(path or ()),
        evidence=tuple(evidence or ()),
        replace=replace,
        diff=diff,
        listing=list_,
    )
    _print(record(options))


@app.command()
def attest(
    clause: _Clause = None,
    *,
    statement: Annotated[
        str | None, typer.Option(help="What you know that shows that the clause is kept.")
    ] = None,
    owner: _Owner = None,
    expires: _Expires = None,
    days: _Days = None,
    evidence: _Evidence = None,
    replace: _Replace = False,
    diff: _Diff = False,
    list_: _List = False,
    project: _Project = ".",
) -> None:
    """State that a clause is kept which nothing could verify, in pyproject.toml."""
    from doctrine.cli.record import RecordOptions, record

    options = RecordOptions(
        kind=EntryKind.ATTESTATION,
        project=project,
        clause=clause,
        words=statement,
        owner=owner,
        expires=expires,
        days=days,
        evidence=tuple(evidence or ()),
        replace=replace,
        diff=diff,
        listing=list_,
    )
    _print(record(options))


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
