"""What to show of a report, as it was asked on the command line.

Every command that draws a report takes these flags; what they mean is settled here, for all alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from doctrine.errors import UsageError

if TYPE_CHECKING:
    from enum import StrEnum

    from doctrine.reports._view import View

    Choice = TypeVar("Choice", bound=StrEnum)

_NEAREST = 3


class ViewOptions(Struct, frozen=True, kw_only=True):
    """Flags as given.

    Attributes:
        quiet: The verdict and one line for each failing clause; no progress on stderr either.
        verbose: Everything there is.
        show: Ids of clauses, or how they begin.
        sort: An order; empty for the usual one.
        outcome: Outcomes, several in one word with commas between them.
        level: Levels, likewise.
        paths: gitignore patterns.
        new: Only what is new.
    """

    quiet: bool = False
    verbose: bool = False
    show: tuple[str, ...] = ()
    sort: str = ""
    outcome: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    new: bool = False


USUAL = ViewOptions()


def view_of(options: ViewOptions, ids: Callable[[], Sequence[str]]) -> View:
    """Return the view that was asked for.

    Args:
        options: The flags.
        ids: Gives the ids of the clauses there are; asked only if a clause was named.

    Raises:
        UsageError: A flag contradicts another, or names something that does not exist.
    """
    from doctrine.model.guide import Level
    from doctrine.model.outcome import Outcome
    from doctrine.reports._view import Detail, Sort, View

    if options.quiet and options.verbose:
        raise UsageError("--quiet and --verbose exclude each other", hint="give one of them")
    detail = Detail.QUIET if options.quiet else Detail.NORMAL
    sort = _choices("--sort", (options.sort,), Sort)
    return View(
        detail=Detail.VERBOSE if options.verbose else detail,
        show=named_clauses(options.show, ids) if options.show else (),
        sort=sort[0] if sort else None,
        outcomes=_choices("--outcome", options.outcome, Outcome),
        levels=_choices("--level", options.level, Level),
        paths=_patterns(options.paths),
        new=options.new,
    )


def _choices(flag: str, given: Iterable[str], kind: type[Choice]) -> tuple[Choice, ...]:
    """Return the members that were named, each once."""
    known = {one.value.casefold(): one for one in kind}
    chosen: dict[Choice, None] = {}
    for word in (word.strip() for words in given for word in words.split(",")):
        if not word:
            continue
        if word.casefold() not in known:
            raise UsageError(f"{flag} has no {word!r}", hint=_nearest(word.casefold(), [*known]))
        chosen[known[word.casefold()]] = None
    return tuple(chosen)


def named_clauses(
    given: Iterable[str], ids: Callable[[], Sequence[str]], purpose: str = "to show"
) -> tuple[str, ...]:
    """Return the clauses that were named, by id or by how their ids begin.

    Args:
        given: Words of a flag, several clauses in one with commas between them.
        ids: Gives the ids of the clauses there are.
        purpose: What they are named for, for the message.

    Raises:
        UsageError: One of them names no clause.
    """
    known = ids()
    chosen: dict[str, None] = {}
    for word in (word.strip().upper() for words in given for word in words.split(",")):
        found = [word] if word in known else [one for one in known if word and one.startswith(word)]
        if not found:
            hint = _nearest(word, known, otherwise="`doctrine clauses` lists them all")
            raise UsageError(f"there is no clause {word!r} {purpose}", hint=hint)
        chosen.update(dict.fromkeys(found))
    return tuple(chosen)


def _patterns(given: tuple[str, ...]) -> tuple[str, ...]:
    if given:
        from doctrine.patterns import matcher

        for pattern in given:
            try:
                matcher((pattern,))
            except ValueError as error:
                raise UsageError(f"--path {pattern!r} is no pattern: {error}") from error
    return given


def _nearest(word: str, known: Sequence[str], *, otherwise: str = "") -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=_NEAREST, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return otherwise or f"choose among {', '.join(known)}"
