"""``doctrine fix``: mend in a copy, show or write what holds, and say what is left."""

from __future__ import annotations

import shlex
import sys

from msgspec import Struct

from doctrine.adopt.edits import Plan
from doctrine.cli.check import listener, settings_of
from doctrine.cli.differences import coloured, difference
from doctrine.cli.files import ending_cleanly
from doctrine.cli.fix_configuration import configured
from doctrine.cli.locking import lock_fits
from doctrine.cli.mended_view import told_of
from doctrine.cli.scratch import scratch_folder
from doctrine.cli.viewing import named_clauses
from doctrine.cli.writing import canvas_of, print_text
from doctrine.errors import UsageError
from doctrine.guide.loader import clause_ids
from doctrine.lockable import is_lockable
from doctrine.mend.choosing import Wish
from doctrine.mend.engine import Mended
from doctrine.mend.summary import summarised
from doctrine.mending import mending
from doctrine.model.settings import Settings
from doctrine.project.pyproject import read_pyproject
from doctrine.project.replacing import Replacement, replace_files
from doctrine.project.root import resolve_root
from doctrine.project.uncommitted import uncommitted
from doctrine.runner import capture

_CHANGES = _UNLOCKED = 1


class FixOptions(Struct, frozen=True, kw_only=True):
    """What the command line asks.

    Attributes:
        paths: Folders or files of one project; none means the current folder.
        diff: Show, and write nothing.
        clauses: Clauses to mend; none means all.
        unsafe: Make repairs as well that may change what the code does.
        allow_dirty: Change files that git could not give back.
        yes: Configure without asking: what the named clauses ask, or all of them.
        lock: Bring the lock file up to date with what was written.
    """

    paths: tuple[str, ...] = ()
    diff: bool = False
    clauses: tuple[str, ...] = ()
    unsafe: bool = False
    allow_dirty: bool = False
    yes: bool = False
    lock: bool = False

    def again(self, *flags: str) -> str:
        """Return the command that asks the same, with some more flags."""
        words = ["doctrine", "fix", *self.paths]
        words += [word for one in self.clauses for word in ("--clause", one)]
        switches = (
            ("--unsafe", self.unsafe),
            ("--allow-dirty", self.allow_dirty),
            ("--yes", self.yes),
            ("--lock", self.lock),
        )
        words += [flag for flag, given in switches if given]
        return shlex.join((*words, *(one for one in flags if one not in words)))


def fix(options: FixOptions) -> int:
    """Do what the command line asks.

    Args:
        options: The command line.

    Returns:
        0 where nothing changes or everything was written, 1 where ``--diff`` shows changes or the
        lock could not be brought up to date.

    Raises:
        UsageError: An option is none, git could give nothing back, or a file cannot be written.
    """
    _refuse_contradiction(options)
    root, inside = resolve_root(*options.paths)
    chosen = named_clauses(options.clauses, clause_ids, "to mend")
    wish = Wish(
        clauses=frozenset(chosen) if chosen else None,
        unsafe=options.unsafe,
        spared=_spared(root, options),
    )
    configuration = Plan() if inside else configured(root, wish, yes=options.yes, diff=options.diff)
    settings = settings_of(root, read_pyproject(root), {"paths": list(inside)})
    done = _mended(settings, wish, configuration)
    wanted = _replacements(done, configuration)

    def told(*, fits: bool) -> str:
        written = not options.diff
        return told_of(
            done, summarised(done), options.again, configuration, written=written, locked=fits
        )

    if options.diff:
        _show(wanted)
        sys.stderr.write(told(fits=True))
        return _CHANGES if wanted else 0
    with ending_cleanly():
        replace_files(root, wanted)
    asked = options.lock or is_lockable(read_pyproject(root))
    fits = not asked or lock_fits(root, (one.name for one in wanted), lock=options.lock)
    print_text(told(fits=fits))
    return _UNLOCKED if options.lock and not fits else 0


def _refuse_contradiction(options: FixOptions) -> None:
    if options.yes and options.diff and not options.clauses:
        raise UsageError(
            "--yes configures and --diff only shows: give one of them",
            hint="`doctrine init --diff` shows what would be configured",
        )


def _spared(root: str, options: FixOptions) -> frozenset[str]:
    """Return the files that are left alone, because git could not give back what they hold."""
    if options.allow_dirty:
        return frozenset()
    found = uncommitted(root, capture)
    if found is not None:
        return found
    if options.diff:
        return frozenset()
    raise UsageError(
        f"git does not look after {root}, so nothing could give back what is changed",
        hint="--diff only shows the changes, --allow-dirty makes them all the same",
    )


def _mended(settings: Settings, wish: Wish, configuration: Plan) -> Mended:
    with (
        scratch_folder("fix") as scratch,
        listener(quiet=False) as board,
    ):
        return mending(settings, scratch, board, wish, configuration)


def _replacements(done: Mended, configuration: Plan) -> list[Replacement]:
    """Return what is written: the configuration, and what was mended with it in place."""
    changes = dict(done.changes)
    wanted = [
        Replacement(name=one.path, before=one.before, after=changes.pop(one.path, one.after))
        for one in configuration.edits
    ]
    for path, after in changes.items():
        wanted.append(Replacement(name=path, before=done.before[path], after=after))
    return sorted(wanted, key=lambda one: one.name)


def _show(wanted: list[Replacement]) -> None:
    """Print the changes to stdout, as ``git apply`` takes them."""
    text = "".join(difference(one.name, _text(one.before), _text(one.after)) for one in wanted)
    print_text(coloured(text) if canvas_of(sys.stdout).color else text)


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "backslashreplace")
