"""Does some command that gates the code make ruff check as much as the project's configuration does?

A `--select` on the command line takes the place of the configured one: a build that fails on syntax
errors alone keeps out nothing of what the configuration asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doctrine.ages import DEFAULTS
from doctrine.documents import strings
from doctrine.gates import option_values
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._ruff_files import Governed, governed
from doctrine.inspect._ruff_weak import BASIC, WEAKENED
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided
from doctrine.model.project import Command, Project

_SELECTING = frozenset({"--select"})
_ADDING = frozenset({"--extend-select"})
_IGNORING = frozenset({"--ignore", "--extend-ignore"})
_TOOTHLESS = frozenset(
    {"--exit-zero", "-e", "--fix-only", "--diff", "--add-noqa", "--add-ignore", "--show-files",
     "--show-settings", "--watch", "-w", "--help", "-h", "--version", "-V"}
)  # fmt: skip


def narrowed_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield the command that checks too little, where no other that gates the code checks more."""
    gating = [one for one in project.automation.commands if _can_gate(one)]
    if not gating:
        return
    wanted = _wanted(next(governed(project)))
    narrow = [(one, what) for one in gating if (what := _narrowed(one, wanted))]
    if wanted is None or len(narrow) < len(gating):
        return
    command, what = narrow[0]
    if project.automation.unread:
        path, why = min(project.automation.unread.items())
        reason = (
            f"{path} could not be followed ({why}), and it may run `ruff check` without `{what}`"
        )
        yield Undecided(rule=WEAKENED, reason=reason)
        return
    place = command.place
    message = (
        f"no build fails on what ruff's configuration asks for: `{what}` leaves most of it out; run "
        "`ruff check` without it"
    )
    yield report.finding(WEAKENED, Spot(path=place.path, line=place.line), message)


def _can_gate(command: Command) -> bool:
    """Whether a command is `ruff check` in a way that fails on findings."""
    words = set(command.argv)
    if command.argv[:1] != ("ruff",) or "check" not in words or _TOOTHLESS & words:
        return False
    repairs = "--fix" in words and "--exit-non-zero-on-fix" not in words
    settled = command.can_fail and not command.late and not command.perhaps
    return settled and (command.rewrites_fail or not repairs)


def _wanted(root: Governed) -> tuple[str, ...] | None:
    """Return the rules that the configuration of the root selects; None where nobody can tell."""
    if isinstance(root.chain, Unknown):
        return None
    added: list[str] = []
    for config in root.chain:
        tables = [config.table(), config.table("lint")]
        added += [one for table in tables for one in strings(table.get("extend-select"))]
        if any("select" in table for table in tables):
            return (*added, *(one for table in tables for one in strings(table.get("select"))))
    return (*added, *DEFAULTS)


def _narrowed(command: Command, wanted: tuple[str, ...] | None) -> str:
    """Return the option with which a command checks too little; empty if it does not."""
    for one in _values(command.argv, _IGNORING):
        if one in BASIC:
            return f"--ignore {one}"
    selected = tuple(_values(command.argv, _SELECTING))
    if not selected:
        return ""
    chosen = (*selected, *_values(command.argv, _ADDING))
    if _covers(chosen, DEFAULTS) or _covers(chosen, wanted or ()):
        return ""
    return f"--select {','.join(selected)}"


def _covers(chosen: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether every wanted family is among the chosen ones, or in one of them."""
    known = tuple(chosen)
    return "ALL" in known or all(one.startswith(known) for one in wanted)


def _values(argv: tuple[str, ...], names: frozenset[str]) -> Iterator[str]:
    """Yield the values of options, which hold several between commas."""
    for given in option_values(argv, names):
        yield from filter(None, given.split(","))
