"""What happens while a project is watched, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from doctrine.reports._difference import Difference
from doctrine.reports._shape import ReportV1


class Changed(Struct, frozen=True, kw_only=True):
    """Files were changed.

    Attributes:
        paths: Those that hold something else than before; relative to the root, POSIX, sorted.
        touched: All that were touched: a judgement that read one meanwhile does not count.
    """

    paths: tuple[str, ...]
    touched: tuple[str, ...] = ()


class Began(Struct, frozen=True, kw_only=True):
    """A tool was started."""

    tool: str


class Ended(Struct, frozen=True, kw_only=True):
    """A tool has ended, one way or another."""

    tool: str


class Told(Struct, frozen=True, kw_only=True):
    """A judgement has said something.

    Attributes:
        number: Which judgement.
        report: Its report.
        waiting: Tools that are still at work; empty if the report is complete.
        programs: The same as findings name them, each with the files of which it has said all that it
            has to say.
        asked: Ids of the clauses of which these have something to say.
        residents: Tools whose word is that of a process that stays, and is to be confirmed.
    """

    number: int
    report: ReportV1
    waiting: frozenset[str] = frozenset()
    programs: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    asked: frozenset[str] = frozenset()
    residents: frozenset[str] = frozenset()


class Refused(Struct, frozen=True, kw_only=True):
    """A judgement could not be made, for what the user can mend.

    Attributes:
        number: Which judgement.
        message: What is wrong.
        hint: What to do about it.
    """

    number: int
    message: str
    hint: str = ""


class Gone(Struct, frozen=True, kw_only=True):
    """The project's folder is not there any more."""


class Idle(Struct, frozen=True, kw_only=True):
    """Nothing has happened since a judgement for as long as was to be waited.

    Attributes:
        number: Which judgement.
    """

    number: int


class Broke(Struct, frozen=True, kw_only=True):
    """A judgement ended by surprise: files vanish under a tool's hands.

    Attributes:
        number: Which judgement.
        text: By what.
    """

    number: int
    text: str


class Noted(Struct, frozen=True, kw_only=True):
    """Something that the user should know."""

    text: str


class Pressed(Struct, frozen=True, kw_only=True):
    """A key was pressed."""

    key: str


class Signalled(Struct, frozen=True, kw_only=True):
    """A signal asked for the end."""

    number: int


Event = Changed | Began | Ended | Told | Refused | Broke | Gone | Idle | Noted | Pressed | Signalled


class Judge(Struct, frozen=True, kw_only=True):
    """Judge the project as it is now; whatever judges an earlier state ends first.

    Attributes:
        number: Which judgement it is.
        anew: Whether to trust nothing that stays in memory.
        confirming: Whether to run every tool as a check does, and not to ask one that stays.
    """

    number: int
    anew: bool = False
    confirming: bool = False


class Wait(Struct, frozen=True, kw_only=True):
    """Say so if nothing happens for a while.

    Attributes:
        number: After which judgement.
    """

    number: int


class Show(Struct, frozen=True, kw_only=True):
    """Write down what a judgement has changed.

    Attributes:
        report: What is known now.
        difference: What changed; None for the first report.
        undecided: Ids of the clauses that are not decided yet.
        seconds: From the change to now.
        paths: The files that were changed.
    """

    report: ReportV1
    difference: Difference | None
    undecided: frozenset[str]
    seconds: float
    paths: tuple[str, ...] = ()


class List(Struct, frozen=True, kw_only=True):
    """Write down everything that fails."""

    report: ReportV1
    undecided: frozenset[str]


class Say(Struct, frozen=True, kw_only=True):
    """Write down a sentence.

    Attributes:
        text: The sentence.
        hint: What to do about it.
        bad: Whether something is wrong.
    """

    text: str
    hint: str = ""
    bad: bool = False


class End(Struct, frozen=True, kw_only=True):
    """Stop watching."""

    code: int


class Forget(Struct, frozen=True, kw_only=True):
    """Trust nothing that stays in memory: it has told otherwise than a tool that was run."""


Effect = Judge | Wait | Forget | Show | List | Say | End
