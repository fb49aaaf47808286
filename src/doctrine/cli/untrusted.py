"""``doctrine check --untrusted``: judge a copy, in which nothing of the project can have a say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from doctrine.app import check as judge
from doctrine.cli.check import answered, base_of, deliver_report, listener, settings_of
from doctrine.cli.options import CheckOptions
from doctrine.cli.scratch import scratch_folder
from doctrine.cli.viewing import view_of
from doctrine.errors import UsageError
from doctrine.guide.loader import clause_ids
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.project.baseline_file import read_baseline
from doctrine.project.confinement import trust_nothing
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root
from doctrine.project.snapshot import snapshot
from doctrine.runner import capture


def check_untrusted(options: CheckOptions) -> int:
    """Judge a project without executing or believing anything of it.

    Args:
        options: The command line; it alone has settings.

    Returns:
        The exit code of the documented table.

    Raises:
        DoctrineError: The project or the command line cannot be used.
    """
    _refuse_contradictions(options)
    root, paths = resolve_root(options.path)
    _refuse_code_of(root, os.environ)
    # What is remembered or kept of a stranger's project would have a say in later runs.
    options = replace(options, history=False, no_cache=True, cache_dir=None)
    accepted = {} if options.baseline is not None else {"no-baseline": True}
    flags: Mapping[str, object] = {**options.overrides(), **accepted, "paths": list(paths)}
    view = view_of(options.view, clause_ids)
    base = base_of(options.base)
    with scratch_folder("untrusted") as scratch:
        copy = snapshot(root, scratch, capture)
        settings = _settings(copy.root, flags)
        settings = replace(settings, trust=trust_nothing(copy.root, copy.remarks))
        baseline = read_baseline(replace(settings, root=root))
        with listener(quiet=options.view.quiet) as board:
            report = judge(settings, read_pyproject(copy.root), board, baseline=baseline)
        deliver_report(report, settings, view, options, root=root, base=base)
    return answered(report.exit_code)


def _settings(root: str, flags: Mapping[str, object]) -> Settings:
    """Return what the command line says: the project's own table is not looked at."""
    settings = settings_of(root, None, flags)
    if not settings.outputs:
        return settings
    from doctrine.cli.outputs import settled

    return replace(settings, outputs=settled(settings.outputs, inside=""))


def _refuse_contradictions(options: CheckOptions) -> None:
    """Refuse what would execute something of the project.

    Raises:
        UsageError: Something of that kind was asked for.
    """
    asked: Mapping[str, object] = {
        "--install": options.install,
        "--tests": options.tests,
        "--network": options.network,
        "--python": options.python,
        "--since": options.since is not None,
        "--staged": options.staged,
        "--changed": options.changed,
        "--files": options.named,
    }
    for flag, wanted in asked.items():
        if wanted:
            raise UsageError(
                f"--untrusted judges the files as they are and alone, which {flag} does not",
                hint=f"leave {flag} away, or --untrusted if you would also run the project's code",
            )


def _refuse_code_of(root: str, environ: Mapping[str, str]) -> None:
    """Refuse search paths on which the project could have put its own git, or modules of Python.

    Python imports a ``sitecustomize`` from there before the first line of doctrine: what is refused
    here for its sake may have run already, but not unsaid.

    Raises:
        UsageError: A folder of a search path is relative, or lies inside of the project.
    """
    kinds = {"PATH": "programs", "PYTHONPATH": "modules", "PYTHONHOME": "modules"}
    for name, kind in kinds.items():
        value = environ.get(name, "")
        # An empty PATH means the current folder; of the others it means nothing.
        folders = value.split(os.pathsep) if value or name == "PATH" else ()
        for folder in folders:
            if not Path(folder).is_absolute() or _is_inside(folder, root):
                raise UsageError(
                    f"{name} looks for {kind} in {folder or '.'!r}, which can be the project's own",
                    hint="leave the project's environment (`deactivate`), and relative folders, "
                    f"out of {name}",
                )


def _is_inside(folder: str, root: str) -> bool:
    return Path(os.path.realpath(folder)).is_relative_to(root)
