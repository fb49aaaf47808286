"""``doctrine check --staged``, ``--changed`` and ``--files``: judge a few files, promise no more.

What is staged is judged as it would be committed: the index is checked out into a private folder,
with the configuration that is staged as well, so that neither the working tree nor the index is
touched, and what is not staged has no say.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from doctrine.app import check as judge
from doctrine.cli.check import deliver_report, listener, settings_of
from doctrine.cli.options import CheckOptions
from doctrine.cli.scratch import scratch_folder
from doctrine.cli.viewing import view_of
from doctrine.errors import UsageError
from doctrine.gate import INTERNAL, SATISFIED
from doctrine.guide.loader import clause_ids
from doctrine.model.baseline import Baseline
from doctrine.model.partial import Partial, Picked
from doctrine.model.replacing import replace
from doctrine.model.settings import Output, Settings
from doctrine.project.baseline_file import exists, read_baseline
from doctrine.project.environment import find_environment
from doctrine.project.listing import PYTHON_SUFFIXES, displayed_bytes
from doctrine.project.picking import Repository, check_out_index, find_repository, picked_paths
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import name_of, resolve_root
from doctrine.runner import capture

_WITH_NOTHING = frozenset({None, "terminal", "concise", "compact"})
"""Formats for readers, who are told in a line that there is nothing to judge."""
_NOTHING = {
    Picked.STAGED: "no Python file is staged",
    Picked.CHANGED: "no Python file differs from the last commit",
    Picked.GIVEN: "none of the named files is a Python file of this project",
}


class _Choice(Struct, frozen=True, kw_only=True):
    """What is looked at.

    Attributes:
        picked: How the files were picked.
        root: Absolute project root.
        paths: POSIX paths of the files relative to it, of whatever kind.
        foreign: How many more files are none of the project's.
        folder: The project as the command line names it.
        repository: The project's repository, where git picks.
    """

    picked: Picked
    root: str
    paths: tuple[str, ...]
    foreign: int = 0
    folder: str = "."
    repository: Repository | None = None


def check_partly(options: CheckOptions) -> int:
    """Judge what is staged, changed or named.

    Args:
        options: The command line.

    Returns:
        The exit code of the documented table; 0 where there is nothing to look at.

    Raises:
        DoctrineError: The project, its repository or the configuration cannot be used.
    """
    _refuse_contradictions(options)
    choice = _named(options.files) if options.named else _by_git(options)
    files = tuple(path for path in choice.paths if path.endswith(PYTHON_SUFFIXES))
    plain = replace(options, path=choice.folder, staged=False, changed=False, named=False)
    whole = plain.again()
    if not files and options.format in _WITH_NOTHING and not options.output:
        sys.stdout.write(
            f"{_NOTHING[choice.picked]}: nothing to judge in this run (`{whole}` judges the "
            "project)\n"
        )
        return SATISFIED
    others = len(choice.paths) - len(files) + choice.foreign
    partial = Partial(picked=choice.picked, files=files, others=others, whole=whole)
    with _tree(choice) as tree:
        return _check(options, choice.root, tree, partial)


def _by_git(options: CheckOptions) -> _Choice:
    """Return what git says is staged or changed."""
    picked = Picked.STAGED if options.staged else Picked.CHANGED
    root, inside = resolve_root(options.path)
    repository = find_repository(root, capture, os.environ, picked.flag)
    # A commit is made of everything that is staged, wherever its author stands.
    wanted = () if options.path == "." else inside
    paths = tuple(
        path for path in picked_paths(repository, picked, capture) if _is_wanted(path, wanted)
    )
    return _Choice(
        picked=picked,
        root=repository.root,
        paths=paths,
        folder=options.path,
        repository=repository,
    )


def _named(names: tuple[str, ...]) -> _Choice:
    """Return the files that are named; a folder among them is the project, else the current one.

    Raises:
        UsageError: A file does not exist, or more than one folder is named.
    """
    folders = [name for name in names if Path(name).is_dir()]
    if len(folders) > 1:
        raise UsageError(
            f"--files takes one folder, the project's: {folders[0]} and {folders[1]} are two",
            hint="check one project at a time",
        )
    root, _ = resolve_root(*folders)
    places = [_place(name) for name in names if name not in folders]
    # As everywhere: bytes that are no UTF-8 are shown, and a file is found by what is shown.
    inside = {
        displayed_bytes(os.fsencode(one.relative_to(root).as_posix()))
        for one in places
        if one.is_relative_to(root)
    }
    return _Choice(
        picked=Picked.GIVEN,
        root=root,
        paths=tuple(sorted(inside)),
        foreign=sum(not one.is_relative_to(root) for one in places),
        folder=folders[0] if folders else ".",
    )


def _place(name: str) -> Path:
    """Return where a file is; a link stays one, as its target is judged where it is."""
    try:
        place = Path(name)
        folder = place.parent.resolve(strict=True)
        place.lstat()
    except (OSError, RuntimeError, ValueError) as error:
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        raise UsageError(
            f"{shown} does not exist or cannot be reached", hint="name files that are there"
        ) from error
    return folder / place.name


def _is_wanted(path: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(path == one or path.startswith(f"{one}/") for one in wanted)


def _refuse_contradictions(options: CheckOptions) -> None:
    """Refuse what a partial run cannot do.

    Raises:
        UsageError: Something of that kind was asked for.
    """
    flag = options.partial
    if options.staged + options.changed + options.named > 1:
        raise UsageError(
            "--staged, --changed and --files judge different files: give one of them",
            hint="--staged is for a commit, --changed for what you work on, --files for hooks",
        )
    if options.since is not None:
        raise UsageError(
            f"{flag} looks at a few files, and --since compares two whole projects",
            hint="without --since, the baseline of the project says what is accepted; without "
            f"{flag}, the whole project is judged and compared",
        )
    if options.base is not None:
        raise UsageError(
            f"{flag} makes a partial report, which cannot be compared with --base",
            hint=f"leave {flag} or --base away",
        )
    asked = {"--install": options.install, "--tests": options.tests, "--network": options.network}
    for name, wanted in asked.items():
        if wanted:
            raise UsageError(
                f"{name} serves checks of the whole project, which {flag} leaves out",
                hint=f"leave {name} or {flag} away",
            )


@contextmanager
def _tree(choice: _Choice) -> Generator[str]:
    """Give the absolute root of what is judged; what was made for it is removed."""
    repository = choice.repository
    if repository is None or choice.picked is not Picked.STAGED:
        yield choice.root
        return
    with scratch_folder("staged") as scratch:
        # A project without a name is called like its folder.
        folder = scratch / (repository.top.name or "project")
        yield check_out_index(repository, folder, capture)


def _check(options: CheckOptions, root: str, tree: str, partial: Partial) -> int:
    """Judge files in a tree that is the project's, or what is staged of it."""
    flags: Mapping[str, object] = {**options.overrides(), "paths": []}
    pyproject = read_pyproject(tree)
    settings = settings_of(tree, pyproject, flags)
    view = view_of(options.view, clause_ids)
    settings = replace(settings, outputs=_outputs(settings))
    own = replace(settings, root=root)
    baseline = _baseline(options, settings, own)
    if tree != root:
        # A checkout has no environment: the packages are those of the project's own.
        environment = find_environment(root, own, name_of(root, pyproject))
        settings = replace(settings, python=environment.python if environment else "")
    with listener(quiet=options.view.quiet) as board:
        report = judge(settings, pyproject, board, baseline=baseline, partial=partial)
    deliver_report(report, settings, view, options, root=root)
    return INTERNAL if report.exit_code is None else report.exit_code


def _outputs(settings: Settings) -> tuple[Output, ...]:
    """Return the reports to write: those of the command line alone.

    What the configuration names is for whole reports, and a partial one must not take their place.
    """
    if not settings.outputs or not settings.origins.get("output", "").startswith("--"):
        return ()
    from doctrine.cli.outputs import settled

    return settled(settings.outputs, inside="")


def _baseline(options: CheckOptions, settings: Settings, own: Settings) -> Baseline | None:
    """Return the baseline: as it is staged, unless it is named on the command line or not staged."""
    if options.baseline is None and exists(settings):
        return read_baseline(settings)
    return read_baseline(own)
