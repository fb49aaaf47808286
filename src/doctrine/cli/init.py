"""``doctrine init``: show what brings a project to the configuration, ask, and write it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from msgspec import Struct

from doctrine.adopt.edits import PYPROJECT, Edit, Plan, Section
from doctrine.adopt.situation import Platform
from doctrine.adoption import adoption
from doctrine.cli.differences import coloured, difference
from doctrine.cli.locking import LOCK, lock_fits
from doctrine.cli.writing import canvas_of
from doctrine.errors import UsageError
from doctrine.project.pins import HOOKS
from doctrine.project.replacing import Replacement, replace_files
from doctrine.project.root import resolve_root

_CHANGES = _UNLOCKED = 1
_YES = frozenset({"y", "yes"})


class InitOptions(Struct, frozen=True, kw_only=True):
    """What the command line asks.

    Attributes:
        path: A folder of the project.
        yes: Write without asking.
        diff: Show, and write nothing.
        only: Sections to look at; none means all.
        ci: Where CI is to run; None to go by what is there.
        lock: Bring the lock file up to date with what was written.
    """

    path: str = "."
    yes: bool = False
    diff: bool = False
    only: tuple[str, ...] = ()
    ci: str | None = None
    lock: bool = False


def init(options: InitOptions) -> int:
    """Do what the command line asks.

    Args:
        options: The command line.

    Returns:
        0 where nothing changes or everything was written, 1 where ``--diff`` shows changes, the
        user declined them, or the lock could not be brought up to date.

    Raises:
        UsageError: An option is none, a file cannot be edited, or nobody can be asked.
    """
    if options.yes and options.diff:
        raise UsageError("--yes writes and --diff does not: give one of them")
    sections, platform = _sections(options.only), _platform(options.ci)
    root, _ = resolve_root(options.path)
    plan = adoption(root, sections, platform)
    show_plan(plan, root)
    if not plan.edits:
        return 0
    if options.diff:
        return _CHANGES
    if not (options.yes or agreed(len(plan.edits))):
        sys.stderr.write("nothing was written\n")
        return _CHANGES
    return _written(root, plan, lock=options.lock)


def _written(root: str, plan: Plan, *, lock: bool) -> int:
    """Write what was agreed, say what comes next, and return the exit code."""
    replace_files(root, [replacement_of(edit) for edit in plan.edits])
    sys.stderr.write("".join(f"{_done(edit)} {edit.path}\n" for edit in plan.edits))
    edited = tuple(edit.path for edit in plan.edits) if plan.managed else ()
    fits = lock_fits(root, edited, lock=lock)
    sys.stderr.write(_next(plan, stale=PYPROJECT in edited, locked=fits) + "".join(_strict(plan)))
    return _UNLOCKED if lock and not fits else 0


def _sections(names: Iterable[str]) -> tuple[Section, ...]:
    chosen = frozenset(_section(name) for name in names)
    return tuple(one for one in Section if not chosen or one in chosen)


def _section(name: str) -> Section:
    try:
        return Section(name.strip().lower())
    except ValueError:
        hint = f"one of {', '.join(Section)}"
        raise UsageError(f"--only {name!r} is no section", hint=hint) from None


def _platform(name: str | None) -> Platform | None:
    try:
        return None if name is None else Platform(name.strip().lower())
    except ValueError:
        hint = f"one of {', '.join(Platform)}"
        raise UsageError(f"--ci {name!r} is no platform", hint=hint) from None


def show_plan(plan: Plan, root: str) -> None:
    """Print the edits to stdout, and what is left to do by hand to stderr.

    Args:
        plan: The edits.
        root: Absolute project root.
    """
    canvas = canvas_of(sys.stdout)
    text = "\n".join(map(_shown, plan.edits))
    encoding = sys.stdout.encoding or "utf-8"
    shown = coloured(text) if canvas.color else text
    sys.stdout.write(shown.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
    for one in dict.fromkeys(plan.left):  # several movers stop at the same
        hint = f"\n  hint: {one.hint}" if one.hint else ""
        sys.stderr.write(f"not done ({one.section}): {one.text}{hint}\n")
    if not plan.edits:
        rest = "what is left above is yours to do" if plan.left else "the configuration is there"
        sys.stderr.write(f"{root}: nothing to write, {rest}\n")


def _done(edit: Edit) -> str:
    return "removed" if edit.after is None else "wrote"


def _shown(edit: Edit) -> str:
    reasons = "".join(f"# {line}\n" for line in _reasons(edit))
    return reasons + difference(edit.path, _text(edit.before), _text(edit.after))


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8")


def _reasons(edit: Edit) -> Iterator[str]:
    for reason in edit.reasons:
        clauses = f" ({', '.join(reason.clauses)})" if reason.clauses else ""
        yield f"{edit.path}: {reason.section}: {reason.text}{clauses}"


def agreed(count: int) -> bool:
    """Ask whether to write; an end of input is a no.

    Args:
        count: How many files.

    Raises:
        UsageError: Nobody can be asked.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        hint = "--yes writes without asking, --diff only shows"
        raise UsageError("nothing was written: there is no terminal to ask on", hint=hint)
    sys.stderr.write(f"Write {count} file{'s' * (count > 1)}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in _YES


def replacement_of(edit: Edit) -> Replacement:
    """Return an edit as it is written."""
    return Replacement(name=edit.path, before=edit.before, after=edit.after)


def _next(plan: Plan, *, stale: bool, locked: bool) -> str:
    """Return what to do now: what only a machine with a network, or a person, can."""
    lines = ["next:"]
    if stale:
        lock = "" if locked else f"{LOCK} && "
        lines += [f"  {lock}git add uv.lock    # the lock that CI asks for", "  uv sync"]
    if not plan.managed:
        lines.append(
            "  doctrine doctor              # names what makes its environment, without uv.lock"
        )
    lines += [
        "  doctrine fix                 # once this is committed: what can be mended by itself",
        "  doctrine baseline create     # accept what is left for now, and hold the line",
        "  doctrine check",
    ]
    return "\n".join(lines) + "\n"


def _strict(plan: Plan) -> Iterator[str]:
    """Yield which of the new files stop what the baseline lets pass."""
    paths = [one.path for one in plan.edits if one.path == HOOKS or _is_ci(one)]
    if paths:
        yield (
            f"note: what is new in {' and '.join(paths)} runs the tools themselves,\n"
            "  which know no baseline: it fails until what they find is mended or narrowed; to hold\n"
            "  the line before that, let `doctrine check` take its place in commits and CI\n"
        )


def _is_ci(edit: Edit) -> bool:
    return any(reason.section is Section.CI for reason in edit.reasons)
