"""``doctrine check --since``: judge the commit that work began at, and take what fails for accepted.

Both are whole analyses, so that a finding in a file that nobody touched is seen when a change elsewhere
caused it. What fails in a commit does not change: it is kept in the user's cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from doctrine import __version__
from doctrine.app import check as judge
from doctrine.baseline.document import parsed, rendered
from doctrine.baseline.matching import standard_of
from doctrine.cli.check import settings_of
from doctrine.cli.remembered import place_of, remember
from doctrine.cli.scratch import scratch_folder
from doctrine.errors import UsageError
from doctrine.guide.chosen import load_guide
from doctrine.model.baseline import Baseline
from doctrine.model.project import TomlFile
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.model.run import ToolStatus
from doctrine.model.settings import Settings
from doctrine.project.checkout import Commit, check_out, find_commit
from doctrine.project.environment import find_environment
from doctrine.project.pyproject import read_pyproject
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.project.root import name_of
from doctrine.runner import Listener, capture

_LARGEST = 64 << 20
_KEPT = 50
"""Commits that are remembered; those that were judged longest ago are forgotten first."""


def baseline_since(
    settings: Settings,
    pyproject: TomlFile | None,
    revision: str,
    flags: Mapping[str, object],
    listener: Listener,
) -> Baseline:
    """Return what fails in the commit that a project's work since a revision began at.

    Args:
        settings: Those of the project as it is now.
        pyproject: Its ``pyproject.toml``.
        revision: What is compared with.
        flags: Settings of the command line; they hold for both analyses.
        listener: Told what runs.

    Raises:
        UsageError: There is no such commit, or it cannot be checked out.
    """
    commit = find_commit(settings.root, revision, capture)
    packages: Mapping[str, str] = {}
    environment = find_environment(settings.root, settings, name_of(settings.root, pyproject))
    if environment is not None:
        # Both are judged with the packages of today: a commit has no environment of its own.
        settings = replace(settings, python=environment.python)
        packages = environment.packages
    standard = standard_of(load_guide())
    file = _file(settings, commit, packages, standard.registry)
    known = _remembered(file, commit)
    if known is not None:
        return known
    label = Baseline(path=commit.label, commit=commit.sha, standards=(standard,))
    found, complete = _judged(settings, commit, flags, label, listener)
    if complete and file is not None:
        content = rendered(found).encode("utf-8", "surrogatepass")
        remember(file, content, most=_KEPT)
    return found


def _judged(
    settings: Settings,
    commit: Commit,
    flags: Mapping[str, object],
    label: Baseline,
    listener: Listener,
) -> tuple[Baseline, bool]:
    """Judge a commit in a checkout of its own; say whether every tool had a result."""
    with scratch_folder("since") as scratch:
        # A project without a name is called like its folder.
        folder = scratch / (Path(settings.root).name or "project")
        root = check_out(settings.root, commit, folder, capture)
        if not Path(root).is_dir():
            return label, True
        report = _report(root, settings, flags, label, listener)
    debt = report.baseline
    if debt is None or not report.project.python_files:
        return label, True
    found = replace(label, findings=debt.grown, checks=debt.grown_checks)
    finished = {ToolStatus.OK, ToolStatus.SKIPPED}
    return found, all(run.status in finished for run in report.tools)


def _report(
    root: str,
    settings: Settings,
    flags: Mapping[str, object],
    empty: Baseline,
    listener: Listener,
) -> Report:
    try:
        pyproject = read_pyproject(root)
        own = settings_of(root, pyproject, {**flags, "paths": []})
        own = replace(own, python=settings.python or own.python, outputs=())
        return judge(own, pyproject, listener, baseline=empty)
    except UsageError:
        # Its configuration was none, or names operations that it had not: what it would be judged
        # by today, as far as that goes, is the best there is.
        today = replace(settings, root=root, paths=(), outputs=(), declarations=())
        return judge(today, None, listener, baseline=empty)


def _file(
    settings: Settings, commit: Commit, packages: Mapping[str, str], registry: str
) -> Path | None:
    """Return where a commit is remembered, judged in this way; None where nothing may be."""
    dated = settings.network or settings.entries
    key = (
        __version__,
        registry,
        commit.sha,
        commit.prefix,
        settings.python,
        *(f"{name}=={version}" for name, version in sorted(packages.items())),
        *(str(one) for one in (settings.install, settings.tests, settings.network)),
        str(settings.audit),
        str(settings.today) if dated else "",
    )
    return place_of("commits", settings.root, key, ".txt")


def _remembered(file: Path | None, commit: Commit) -> Baseline | None:
    if file is None:
        return None
    try:
        found = parsed(read_regular(str(file), _LARGEST), file.name)
    except (CannotReadError, UsageError):
        return None
    with suppress(OSError):
        file.touch()
    return replace(found, path=commit.label, commit=commit.sha)
