"""``doctrine waive`` and ``doctrine attest``: put an entry on record, or list those there are."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from doctrine.cli.differences import difference
from doctrine.config.entries import entries
from doctrine.config.place import Place
from doctrine.documents import table
from doctrine.errors import UsageError
from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load
from doctrine.model.guide import Clause, Guide
from doctrine.model.observation import Evidence
from doctrine.model.project import TomlFile
from doctrine.model.stated import Entry, EntryKind
from doctrine.patterns import matcher
from doctrine.project.evidence import missing_files
from doctrine.project.pyproject import NAME, read_pyproject
from doctrine.project.replacing import replace_file
from doctrine.project.root import resolve_root
from doctrine.runner import capture
from doctrine.statements.document import recorded
from doctrine.statements.screening import LONGEST, flaws, is_url, screen, statement_digest

_DAYS = 90
"""How long an entry lasts where nobody says it: until it has to be thought over anyway."""
_BOM = b"\xef\xbb\xbf"


class RecordOptions(Struct, frozen=True, kw_only=True):
    """What the command line asks to record.

    Attributes:
        kind: A waiver or an attestation.
        project: A folder of the project.
        clause: Id of the clause, in any case; None where only a list is asked for.
        words: The reason, or the statement.
        owner: Who answers for it; None to ask git.
        expires: Its last day.
        days: How many days it lasts, where no day is given.
        paths: Patterns of the files that it is about.
        evidence: Files or web addresses that bear it out.
        replace: Whether an entry about the clause may be replaced.
        diff: Show what would be written, and write nothing.
        listing: List the entries instead.
    """

    kind: EntryKind
    project: str = "."
    clause: str | None = None
    words: str | None = None
    owner: str | None = None
    expires: str | None = None
    days: int | None = None
    paths: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    replace: bool = False
    diff: bool = False
    listing: bool = False


def record(options: RecordOptions) -> str:
    """Do what the command line asks.

    Args:
        options: The command line.

    Returns:
        What to print.

    Raises:
        UsageError: The entry would not be honoured, is there already, or cannot be written.
    """
    root, _ = resolve_root(options.project)
    file = read_pyproject(root)
    if file is None:
        hint = "entries live under [tool.doctrine]: make one, or name the project with --project"
        raise UsageError(f"{root} has no {NAME}", hint=hint)
    guide, today = load(GUIDE), datetime.now(UTC).date()
    present = _present(options.kind, file)
    if options.listing:
        return _listed(options.kind, present, guide, today, root)
    entry = _entry(options, guide, today, root)
    same = [index for index, one in enumerate(present) if one.clause == entry.clause]
    if same and not options.replace:
        first = present[same[0]]
        message = f"{NAME}:{first.place.line} has a {entry.kind} of {entry.clause} already"
        raise UsageError(message, hint="--replace writes over it")
    before = Path(root, NAME).read_bytes()
    mark = _BOM if before.startswith(_BOM) else b""
    old = before.removeprefix(_BOM).decode("utf-8")
    new = recorded(old, entry, same)
    if options.diff:
        return difference(NAME, old, new)
    replace_file(root, NAME, before, mark + new.encode("utf-8"))
    days = (entry.expires - today).days if entry.expires else 0
    return (
        f"{NAME}: {entry.kind} of {entry.clause} by {entry.owner} until {entry.expires} "
        f"({days} days)\n"
    )


def _present(kind: EntryKind, file: TomlFile) -> tuple[Entry, ...]:
    value = table(file.data, "tool", "doctrine").get(kind.table, [])
    return entries(kind, value, Place(keys=(kind.table,), file=file))


def _entry(options: RecordOptions, guide: Guide, today: date, root: str) -> Entry:
    """Return the entry that is asked for, if it would be honoured."""
    kind = options.kind
    clause_id = (options.clause or "").strip().upper()
    clause = guide.clause(clause_id)
    words = (options.words or "").strip()
    _check_patterns(options.paths)
    for value, flag, example in (
        (clause_id, "the clause", f"doctrine {_verb(kind)} CPX002 --{kind.words} … --owner …"),
        (words, f"--{kind.words}", "say what a reader can check"),
    ):
        if not value:
            raise UsageError(f"{flag} is missing", hint=example)
    entry = Entry(
        kind=kind,
        clause=clause_id,
        words=words,
        owner=_owner(options, root),
        date=today,
        expires=_expires(options, clause, today),
        paths=options.paths,
        evidence=options.evidence,
        digest=statement_digest(clause) if clause else "",
        place=Evidence(path=NAME, line=0, detail=""),
    )
    wrong = [*flaws(entry, guide, today, _missing(root, entry))]
    if wrong:
        raise UsageError(
            f"this {kind} of {clause_id} would not be honoured: {'; '.join(wrong)}",
            hint="nothing was written",
        )
    return entry


def _check_patterns(lines: tuple[str, ...]) -> None:
    for line in lines:
        try:
            matcher([line])
        except ValueError as error:
            message = f"--path {line!r} is an unusable pattern"
            raise UsageError(message, hint="write it as in .gitignore: src/old/") from error


def _missing(root: str, *present: Entry) -> frozenset[str]:
    named = (item for entry in present for item in entry.evidence if not is_url(item))
    return missing_files(root, named)


def _owner(options: RecordOptions, root: str) -> str:
    """Return the owner as given, or whom git knows to work here."""
    if options.owner is not None:
        if not options.owner.strip():
            raise UsageError("--owner is empty", hint="name who answers for it")
        return options.owner.strip()
    name, email = (_git(root, key) for key in ("user.name", "user.email"))
    if not (name or email):
        raise UsageError("--owner is missing, and git knows no user", hint="--owner 'Your team'")
    return f"{name} <{email}>" if name and email else name or email


def _git(root: str, key: str) -> str:
    code, said = capture(("git", "config", "--get", key), root)
    return said.decode("utf-8", "replace").strip() if code == 0 else ""


def _expires(options: RecordOptions, clause: Clause | None, today: date) -> date:
    if options.expires is not None and options.days is not None:
        raise UsageError("--expires and --days say the same: give one of them")
    if options.expires is not None:
        try:
            return date.fromisoformat(options.expires)
        except ValueError:
            message = f"--expires {options.expires!r} is no day that exists"
            raise UsageError(message, hint="write a date such as 2030-01-31") from None
    longest = LONGEST.get(clause.level, _DAYS) if clause else _DAYS
    days = options.days if options.days is not None else min(_DAYS, longest)
    if not 0 < days <= max(LONGEST.values()):
        raise UsageError(
            f"--days {days} is out of range",
            hint=f"at most {longest} for {clause.id if clause else 'a MUST'}, and at least 1",
        )
    return today + timedelta(days=days)


def _verb(kind: EntryKind) -> str:
    return "waive" if kind is EntryKind.WAIVER else "attest"


def _listed(
    kind: EntryKind, present: tuple[Entry, ...], guide: Guide, today: date, root: str
) -> str:
    """Return a line for each entry: how long it lasts, or why it is not honoured."""
    screened = screen(present, guide, today, _missing(root, *present))
    sound = [one for one in present if screened.entry(kind, one.clause) is one]
    lines = [
        f"{one.clause}  {(one.expires - today).days} days left, until {one.expires}  {one.owner}  "
        f"{one.words}"
        for one in sorted(sound, key=lambda one: (one.expires or today, one.clause))
        if one.expires is not None
    ]
    if not present:
        sys.stderr.write(f"{NAME} holds no {kind.table}\n")
    return "".join(f"{line}\n" for line in (*lines, *screened.refused))
