"""``doctrine check``: judge, write the reports, answer with the gate's exit code."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from doctrine.cache.place import is_off
from doctrine.cli.lean import import_asyncio
from doctrine.cli.options import CheckOptions
from doctrine.cli.viewing import view_of
from doctrine.config import load_settings
from doctrine.errors import UsageError
from doctrine.interruption import end_at_once, end_in_order
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doctrine.cache.judged import Judged
    from doctrine.cli.history import History
    from doctrine.cli.reuse import Reuse
    from doctrine.model.baseline import Baseline
    from doctrine.model.project import TomlFile
    from doctrine.model.report import Report
    from doctrine.model.run import ToolRun
    from doctrine.reports._shape import ReportV1
    from doctrine.reports._view import View
    from doctrine.runner import Listener


def check(options: CheckOptions) -> int:
    """Judge a project.

    Args:
        options: The command line.

    Returns:
        The exit code of the documented table.

    Raises:
        DoctrineError: The project or the configuration cannot be used.
    """
    if options.untrusted or options.partial:
        return _elsewhere(options)
    root, paths = resolve_root(options.path)
    pyproject = read_pyproject(root)
    flags = {**options.overrides(), "paths": list(paths)}
    settings = settings_of(root, pyproject, flags)
    view = view_of(options.view, _clause_ids)
    if settings.outputs:
        from doctrine.cli.outputs import settled

        asked = settings.origins.get("output", "").startswith("--")
        outputs = settled(settings.outputs, inside="" if asked else root)
        settings = replace(settings, outputs=outputs)
    reuse = _reuse(settings, pyproject, options, view)
    judged = _known_answer(reuse)
    if judged is not None:
        _say_reused(judged, options)
        return answered(judged.exit_code)
    import_asyncio()
    from doctrine.app import check as judge

    end_in_order()
    baseline = _named_baseline(options, settings)
    base = base_of(options.base)
    with listener(quiet=options.view.quiet) as board:
        if options.since is not None:
            from doctrine.cli.since import baseline_since

            baseline = baseline_since(settings, pyproject, options.since, flags, board)
        finished, report = _apart(judge(settings, pyproject, board, baseline=baseline))
    deliver_report(report, settings, view, options, base=base, reuse=reuse, finished=finished)
    return answered(report.exit_code)


def _elsewhere(options: CheckOptions) -> int:
    """Judge a copy, or a few files."""
    import_asyncio()
    end_in_order()
    if options.untrusted:
        from doctrine.cli.untrusted import check_untrusted

        return check_untrusted(options)
    from doctrine.cli.partly import check_partly

    return check_partly(options)


def _reuse(
    settings: Settings, pyproject: TomlFile | None, options: CheckOptions, view: View
) -> Reuse | None:
    """Return what an earlier run may have left for this one; None where nothing is to be kept."""
    if is_off(settings):
        return None
    from doctrine.cli.reuse import begin

    return begin(settings, pyproject, options, view)


def _known_answer(reuse: Reuse | None) -> Judged | None:
    """Write what an earlier run has left for this one; None where there is nothing."""
    if reuse is None:
        return None
    end_in_order()
    judged = reuse.answer()
    end_at_once()
    return judged


def _say_reused(judged: Judged, options: CheckOptions) -> None:
    if options.view.quiet:
        return
    began = datetime.fromisoformat(judged.started).astimezone()
    today = began.date() == datetime.now(UTC).astimezone().date()
    when = began.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
    sys.stderr.write(f"nothing changed since {when}: reused; --no-cache judges again\n")


def answered(code: int | None) -> int:
    """Return the exit code, and say what to do where there was nothing to judge."""
    usage = UsageError.exit_code
    if code is None or code == usage:
        sys.stderr.write(
            "error: no Python file was found, so there is nothing to judge and no grade\n"
            f"hint: name the folder that holds the code: doctrine check {os.curdir}/FOLDER\n"
        )
    return usage if code is None else code


def _clause_ids() -> Sequence[str]:
    from doctrine.guide.loader import clause_ids

    return clause_ids()


def _named_baseline(options: CheckOptions, settings: Settings) -> Baseline | None:
    """Return the project's baseline; a commit that is compared with takes its place."""
    if options.since is None:
        from doctrine.project.baseline_file import read_baseline

        return read_baseline(settings)
    if options.baseline is not None:
        raise UsageError(
            "--since and --baseline both say what is accepted: give one of them",
            hint="--since leaves the baseline of the project aside",
        )
    return None


def settings_of(root: str, pyproject: TomlFile | None, flags: Mapping[str, object]) -> Settings:
    """Load the settings of today, and hold the names in them against what exists if there are any.

    Args:
        root: Absolute project root.
        pyproject: The project's ``pyproject.toml``.
        flags: Settings of the command line.

    Raises:
        UsageError: A setting cannot be used.
    """
    settings = load_settings(root, pyproject, flags)
    plain = Settings(root=root)
    named = settings.facts or settings.outputs or settings.gate.clauses
    if named or settings.format != plain.format:
        from doctrine.reports.discovery import formats

        load_settings(
            root,
            pyproject,
            flags,
            fact_ids=_fact_ids() if settings.facts else (),
            formats=tuple(formats()),
            clause_ids=_clause_ids(),
        )
    return replace(settings, today=datetime.now(UTC).date())


def _fact_ids() -> frozenset[str]:
    """Return the facts there are; they stand in the clauses, all of which have to be read."""
    from doctrine.guide.chosen import GUIDE
    from doctrine.guide.loader import load
    from doctrine.plan import facts_of

    return facts_of(load(GUIDE))


class Silence(AbstractContextManager["Silence"]):
    """Nobody wants to know what is running."""

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def started(self, name: str) -> None:
        """Say nothing."""

    def finished(self, name: str, seconds: float) -> None:
        """Say nothing."""

    def reported(self, run: ToolRun) -> None:
        """Say nothing."""


def listener(*, quiet: bool) -> AbstractContextManager[Listener]:
    """Return who shows what is running: nobody where it is not wanted or stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        return Silence()
    from doctrine.cli.progress import Board

    return Board(enabled=True)


def base_of(name: str | None) -> ReportV1 | None:
    """Return the report to compare with; read early, so that a wrong name costs no time."""
    if name is None:
        return None
    from doctrine.cli.report.reading import read_whole_report

    return read_whole_report(name)


def _apart(report: Report) -> tuple[ReportV1, Report]:
    """Return a report as it is stored, and the rest of it: no finding is in memory twice."""
    from doctrine.reports._stored import stored

    return stored(report), replace(report, findings=())


def deliver_report(
    report: Report,
    settings: Settings,
    view: View,
    options: CheckOptions,
    *,
    root: str = "",
    base: ReportV1 | None = None,
    reuse: Reuse | None = None,
    finished: ReportV1 | None = None,
) -> None:
    """Write the report everywhere it was asked for.

    Args:
        report: The finished report; its root is where the judged sources are.
        settings: The formats and the files.
        view: What the reader wants to see.
        options: The command line.
        root: Absolute folder of the project, where its sources were judged elsewhere.
        base: A stored report to compare with.
        reuse: What keeps it for the next run; None keeps nothing.
        finished: The same as it is stored, where it is known; then the report needs no findings.
    """
    from doctrine.cli.delivery import deliver
    from doctrine.excerpts import Excerpts
    from doctrine.reports._last_run import summarised, written
    from doctrine.reports._stored import stored

    finished = finished or stored(report)
    remembering = options.history and report.partial is None
    history = _history(report, settings) if remembering else None
    try:
        deliver(
            finished,
            form=settings.format,
            outputs=settings.outputs,
            root=root or report.root,
            sources=Excerpts(report.root, finished.findings),
            base=base,
            last=history.last() if history else None,
            view=view,
            again=options.again(),
        )
    finally:
        # Whoever reads no further than the first page has seen this run all the same.
        summary = written(summarised(finished)) if history or reuse else b""
        if history is not None:
            history.keep_raw(summary)
    if reuse is not None:
        reuse.keep(report, finished, summary)


def _history(report: Report, settings: Settings) -> History | None:
    """Return what is remembered of the project; None where there was nothing to judge."""
    from doctrine.cli.history import History

    if report.grade.score is None:
        return None
    return History(report.root, settings.paths, audit=settings.audit)
