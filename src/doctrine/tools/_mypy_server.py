"""How mypy's server is started so that it sees what the command sees, and how its words are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec import Struct

from doctrine.model.decoders import json_decoder
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.tool import Request
from doctrine.tools._decode import relative_path
from doctrine.tools._drivers import flawed
from doctrine.tools._mypy_kept import PLACE, carrying
from doctrine.tools._mypy_output import Line

_DRIVER = "mypy_driver.py"
_VERBOSE = "-v"
"""Lets the command tell of the files that it reads; the server is asked."""
_IMPORT = "import"
"""How the codes of errors begin that tell of missing packages."""
_LINE = json_decoder(Line)


class Standing(Struct, frozen=True, kw_only=True):
    """What the server is started with; the same one twice sees the same.

    Attributes:
        argv: The command.
        root: Absolute root of the project, in which it works.
        env: Variables on top of what every child gets.
        files: Files to write into the folder before the start.
    """

    argv: tuple[str, ...]
    root: str
    env: Mapping[str, str]
    files: Mapping[str, bytes]


class Answer(Struct, frozen=True, kw_only=True):
    """What the server says.

    Attributes:
        out: Findings as the command prints them: at first all of them, then those that are new.
        read: The files that are checked, relative to the root or absolute.
        blocked: Whether it had to stop, so that it says nothing.
    """

    out: str = ""
    read: tuple[str, ...] = ()
    blocked: bool = False


def standing(request: Request, planned: tuple[Invocation, ...], folder: str) -> Standing | None:
    """Return what the server is started with; None where it could see something else.

    Args:
        request: What mypy is asked.
        planned: The command that would be run.
        folder: Absolute folder of doctrine's own, for what is written.
    """
    # Where the command may go on from its last run, nothing else is known that it depends on.
    (one,) = carrying(request, planned)
    if not one.carry or flawed(request):
        return None
    words = one.argv[len(request.located.command) :]
    kept = (word for word in words if word != _VERBOSE and not word.startswith(PLACE))
    said = (word.replace("{scratch}", folder) for word in kept)
    return Standing(
        argv=(request.located.python, "-I", f"{request.drivers}/{_DRIVER}", *said),
        root=request.layout.root,
        env=one.env,
        files=one.files,
    )


def missing(
    before: Iterable[str], out: str, changed: Collection[str], root: str
) -> tuple[str, ...]:
    """Return the findings about what cannot be imported, which decide how others are meant.

    Args:
        before: Those that were known.
        out: What the server says.
        changed: Files whose older ones do not count any more, relative to the root.
        root: Absolute root of the project.
    """
    kept = (raw for raw in before if _place(raw, root) not in changed)
    told = (raw for raw in out.splitlines() if _is_missing(raw))
    return tuple(dict.fromkeys((*kept, *told)))


def _place(raw: str, root: str) -> str | None:
    line = _line(raw)
    return None if line is None else relative_path(line.file, root)


def _is_missing(raw: str) -> bool:
    line = _line(raw)
    return line is not None and (line.code or "").startswith(_IMPORT)


def _line(raw: str) -> Line | None:
    try:
        return _LINE.decode(raw)
    except msgspec.MsgspecError:
        return None  # whoever reads the whole says so


def as_completed(
    planned: Invocation, answer: Answer, lacking: Iterable[str], seconds: float
) -> Completed:
    """Return what the command would leave behind, had it found what the server says.

    Args:
        planned: The command.
        answer: What the server says.
        lacking: Findings about what cannot be imported, those from before as well.
        seconds: How long it took.
    """
    lines = tuple(dict.fromkeys((*answer.out.splitlines(), *lacking)))
    failed = any(line is not None and line.severity == "error" for line in map(_line, lines))
    read = "".join(f"LOG:  Parsing {path} ()\n" for path in answer.read)
    log = f"{read}LOG:  Loaded graph with {len(answer.read)} nodes\nLOG:  Build finished in 0\n"
    return Completed(
        invocation=planned,
        ending=Ending.EXITED,
        exit_code=int(failed),
        stdout="\n".join(lines).encode(),
        stderr=log.encode(),
        seconds=seconds,
    )
