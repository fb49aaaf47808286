"""Which waivers and attestations are sound, whatever became of their clauses. Pure."""

from __future__ import annotations

import datetime
import difflib
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct, field

from doctrine.model.guide import Clause, Guide, Level
from doctrine.model.stated import Entry, EntryKind
from doctrine.statements.placeholders import names_nobody, says_nothing

LONGEST = {Level.MUST: 90, Level.SHOULD: 365}
"""Days after which an entry has to be thought over again."""
_DIGITS = 16


class Screened(Struct, frozen=True, kw_only=True):
    """Entries that can be honoured, and what is the matter with the others.

    Attributes:
        sound: By kind and clause.
        refused: One message for each entry that is not honoured.
        today: The day they were looked at, in UTC.
    """

    sound: Mapping[tuple[EntryKind, str], Entry] = field(
        default_factory=dict[tuple[EntryKind, str], Entry]
    )
    refused: tuple[str, ...] = ()
    today: datetime.date = datetime.date.min

    def entry(self, kind: EntryKind, clause_id: str) -> Entry | None:
        """Return the sound entry of a kind about a clause."""
        return self.sound.get((kind, clause_id))


def screen(
    entries: Iterable[Entry],
    guide: Guide,
    today: datetime.date | None,
    missing: Collection[str],
) -> Screened:
    """Part the entries that can be honoured from those that cannot.

    Args:
        entries: As they are written.
        guide: The clauses they can be about.
        today: The day, in UTC; where nobody says it, nothing dated is honoured.
        missing: Files named as evidence that do not exist.
    """
    sound: dict[tuple[EntryKind, str], Entry] = {}
    refused: list[str] = []
    for entry in entries:
        wrong = [*flaws(entry, guide, today or datetime.date.min, missing)]
        if today is None:
            wrong = ["what day it is was not said"]
        elif not wrong and (first := sound.get((entry.kind, entry.clause))):
            wrong = [f"line {first.place.line} has one already: make one of the two"]
        if wrong:
            refused.append(refusal(entry, "; ".join(wrong)))
        else:
            sound[entry.kind, entry.clause] = entry
    return Screened(sound=sound, refused=tuple(refused), today=today or datetime.date.min)


def refusal(entry: Entry, why: str) -> str:
    """Return the message about an entry that is not honoured."""
    place = f"{entry.place.path}:{entry.place.line}" if entry.place.line else entry.place.path
    about = f" of {entry.clause}" if entry.clause else ""
    return f"{place}: the {entry.kind}{about} is not honoured: {why}"


def flaws(
    entry: Entry, guide: Guide, today: datetime.date, missing: Collection[str]
) -> Iterator[str]:
    """Yield what keeps an entry from being honoured, each with what mends it.

    Args:
        entry: The entry.
        guide: The clauses it can be about.
        today: The day, in UTC.
        missing: Files named as evidence that do not exist.
    """
    yield from entry.flaws
    if entry.words and says_nothing(entry.words):
        yield f"its {entry.kind.words} {entry.words!r} says nothing: write what a reader can check"
    if entry.owner and names_nobody(entry.owner):
        yield f"its owner {entry.owner!r} is nobody: name who answers for it"
    clause = guide.clause(entry.clause)
    if clause is None:
        if entry.clause:
            yield f"the guide has no clause {entry.clause!r}{_near(entry.clause, guide)}"
        yield from _wrong_dates(entry, Level.SHOULD, today)
    else:
        yield from _wrong_clause(entry, clause)
        yield from _wrong_dates(entry, clause.level, today)
    for item in entry.evidence:
        if not is_url(item) and item in missing:
            yield f"its evidence {item!r} does not exist"


def statement_digest(clause: Clause) -> str:
    """Return what an entry records of the clause it is about, to be held against it later."""
    text = f"{clause.level} {' '.join(clause.statement.split())}"
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


def is_url(item: str) -> bool:
    """Return whether evidence is a web address and not a file."""
    scheme, _, rest = item.partition("://")
    return scheme.lower() in {"http", "https"} and bool(rest.strip("/"))


def _near(wanted: str, guide: Guide) -> str:
    ids = [clause.id for clause in guide.clauses]
    near = difflib.get_close_matches(wanted.upper(), ids, n=1, cutoff=0.5)
    return f", did you mean {near[0]}?" if near else "; `doctrine clauses` lists them"


def _wrong_clause(entry: Entry, clause: Clause) -> Iterator[str]:
    if clause.level is Level.MAY:
        yield "the clause permits something and cannot fail, so remove the entry"
    elif clause.umbrella:
        members = ", ".join(clause.members)
        yield f"the clause restates others and follows them: write it for {members}"
    elif entry.kind is EntryKind.WAIVER and not clause.waivable:
        yield f"the clause cannot be waived; what mends it: {clause.remedy}"
    if entry.digest and entry.digest != statement_digest(clause):
        yield (
            f"the clause has changed since ({entry.digest}, now {statement_digest(clause)}): read "
            f"`doctrine explain {clause.id}` and make it anew"
        )


def _wrong_duration(made: datetime.date, expires: datetime.date, level: Level) -> Iterator[str]:
    longest = LONGEST.get(level, LONGEST[Level.SHOULD])
    if expires < made:
        yield f"it expires on {expires}, before its date {made}"
    elif (expires - made).days > longest:
        yield (
            f"it would last {(expires - made).days:,} days, and one of a {level} clause lasts "
            f"{longest} at most: let it expire on {made + datetime.timedelta(days=longest)}"
        )


def _wrong_dates(entry: Entry, level: Level, today: datetime.date) -> Iterator[str]:
    made, expires = entry.date, entry.expires
    if made is not None and made > today:
        yield f"its date {made} is in the future (today is {today}, UTC)"
    if made is not None and expires is not None:
        yield from _wrong_duration(made, expires, level)
    if expires is not None and expires < today and (made is None or expires >= made):
        ago = (today - expires).days
        yield (
            f"it expired on {expires}, {ago:,} day{'s' if ago != 1 else ''} ago: mend what it "
            "excused, or think it over and renew it"
        )
