"""``doctrine watch``: judge a project again whenever it changes."""

from __future__ import annotations

import os
import sys

from msgspec import Struct

from doctrine.children import capture
from doctrine.cli.check import settings_of
from doctrine.cli.options import CheckOptions
from doctrine.cli.watch_screen import LiveScreen, PlainScreen
from doctrine.errors import UsageError
from doctrine.model.settings import Settings
from doctrine.project.baseline_file import read_baseline
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root
from doctrine.watch.folder import Folder
from doctrine.watch.session import Asked, Loaded
from doctrine.watch.session import watch as follow


class WatchOptions(Struct, frozen=True, kw_only=True):
    """The command line.

    Attributes:
        check: What each judgement is asked.
        poll: Whether to look at the files from time to time instead of being told.
        color: Whether a terminal gets a live view and colour.
    """

    check: CheckOptions
    poll: bool = False
    color: bool = True


def watch(options: WatchOptions) -> int:
    """Judge a project again whenever it changes.

    Args:
        options: The command line.

    Returns:
        The exit code of the documented table.

    Raises:
        DoctrineError: The project or the configuration cannot be used.
    """
    return follow(asked(options), _screen(options))


def asked(options: WatchOptions) -> Asked:
    """Return what is watched, and how.

    Args:
        options: The command line.

    Raises:
        DoctrineError: The project or the configuration cannot be used.
    """
    root, paths = resolve_root(options.check.path)
    flags = {**options.check.overrides(), "paths": list(paths)}

    def load() -> Loaded:
        pyproject = read_pyproject(root)
        settings = settings_of(root, pyproject, flags)
        _require_quick(settings)
        return Loaded(settings=settings, pyproject=pyproject, baseline=read_baseline(settings))

    settings = load().settings
    folder = Folder(root=root, capture=capture, leave_out=_left_out(settings))
    return Asked(root=root, load=load, folder=folder, poll=options.poll)


def _require_quick(settings: Settings) -> None:
    """Refuse what no judgement after each change should do.

    Raises:
        UsageError: The tests would run, or services be asked, on every change.
    """
    asked = {"--tests": settings.tests, "--network": settings.network}
    for flag, wanted in asked.items():
        if wanted:
            raise UsageError(
                f"{flag} cannot be watched: it would run again on every change",
                hint=f"take it out of [tool.doctrine], or use `doctrine check {flag}` now and then",
            )


def _left_out(settings: Settings) -> frozenset[str]:
    """Return the folder of what is kept, if it lies in the project."""
    from doctrine.cache.opening import folder_inside, open_store

    inside = folder_inside(settings, open_store(settings))
    return frozenset({inside} if inside else ())


def _screen(options: WatchOptions) -> LiveScreen | PlainScreen:
    plain = not options.color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if plain or not sys.stdout.isatty():
        return PlainScreen(sys.stdout)
    return LiveScreen(sys.stdout)
