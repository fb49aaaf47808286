"""What of a job depends on a matrix that only a run resolves.

Most such matrices hold versions of Python and systems: what a job runs is the same on each of them, and
decides what it decides. Where a command holds such a value, nobody can tell what it comes to; where a
condition does, nobody can tell whether it comes to the command at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from doctrine.model.observation import Evidence
from doctrine.model.replacing import replace
from doctrine.project.automation._conditions import surely_runs, tolerated
from doctrine.project.automation._expressions import Context, substitute
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import Node

_VALUE = re.compile(r"\$\{\{(?:(?!\}\}).)*\bmatrix\b", re.DOTALL)
_ASKED = re.compile(r"\bmatrix\b|\brunner\.os\b")
_INPUT = re.compile(r"\binputs\.[\w-]+")
_NEEDED = re.compile(r"\bneeds\.[\w.-]+")
_ABOUT_PLATFORMS = (
    r"(?:UV|HATCH)_PYTHON|PY(?:THON)?(?:_?VER(?:SION)?)?|(?:RUNNER_|MATRIX_)?OS|PLATFORM"
)
_PLATFORM = re.compile(_ABOUT_PLATFORMS)
"""Variables that say on what something runs, and not what."""
_USED = re.compile(rf"(?:\$\{{?(?:env:)?|\benv\.)(?:{_ABOUT_PLATFORMS})\b")
_WHY = "a matrix is an expression that only a run resolves"


def open_matrix(walk: Walk, frame: Frame, matrix: Node, line: int, condition: str) -> Frame:
    """Return what holds for the jobs of a matrix that only a run resolves.

    Args:
        walk: Where it is noted that they may run on anything.
        frame: What holds around them.
        matrix: How it is written.
        line: Where the part is that nobody can tell.
        condition: The condition of these jobs, which may leave all of them out by what fills the matrix.
    """
    walk.computed.setdefault(frame.path, f"line {line}: {_WHY}")
    place = Evidence(path=frame.path, line=line, detail=_WHY)
    filling = {name for text in _texts(matrix) for name in _NEEDED.findall(text)}
    perhaps = frame.perhaps
    if filling & set(_NEEDED.findall(condition)):
        perhaps = f"whether these jobs run depends on what fills their matrix ({_at(place)})"
    return replace(frame, unresolved=place, perhaps=perhaps)


def _texts(node: Node) -> Iterable[str]:
    yield node.text
    for _, value in node.entries():
        yield value.text


def notice(walk: Walk, frame: Frame, texts: Iterable[str]) -> None:
    """Note that nobody can tell what a job runs, where a text of it holds a value of the matrix.

    Args:
        walk: Where it is noted.
        frame: What holds for the job.
        texts: Texts that decide what is run, with everything filled in that is known.
    """
    if frame.unresolved is not None and any(map(_VALUE.search, texts)):
        walk.note(frame.unresolved.path, f"line {frame.unresolved.line}: {_WHY}")


def notice_script(walk: Walk, frame: Frame, shell: str, script: str) -> None:
    """Note the same of a script, which may hold such a value in a variable too."""
    if frame.unresolved is not None and _USED.search(script):
        walk.note(frame.unresolved.path, f"line {frame.unresolved.line}: {_WHY}")
    notice(walk, frame, (shell, script))


def notice_variables(walk: Walk, frame: Frame, variables: Iterable[Node], context: Context) -> None:
    """Note the same of variables, unless they only say on what something runs."""
    notice(
        walk,
        frame,
        (
            substitute(value.scalar, context)
            for node in variables
            for name, value in node.entries()
            if not _PLATFORM.fullmatch(name)
        ),
    )


def doubt(written: str, context: Context, frame: Frame, events: tuple[str, ...]) -> str:
    """Return why only a run can tell whether a step runs; empty where the matrix does not decide."""
    place = frame.unresolved
    if place is None or not _names_matrix(written, context):
        return ""
    if surely_runs(written, context, events):
        return ""
    return f"its condition depends on a matrix that only a run resolves ({_at(place)})"


def tolerance(node: Node, context: Context, frame: Frame, *, where: tuple[str, str]) -> Frame:
    """Return the frame with why a failure is hidden by ``continue-on-error``, or may be.

    Args:
        node: The value.
        context: What it can look up.
        frame: What holds without it.
        where: The file, and whether it belongs to a job or to a step.
    """
    why = tolerated(node, context, *where)
    if not why or frame.why_not:
        return frame
    if frame.unresolved is not None and _names_matrix(node.text, context):
        return replace(frame, perhaps=f"{why} depends on a matrix that only a run resolves")
    return replace(frame, why_not=why)


def _names_matrix(written: str, context: Context) -> bool:
    given = (context.values.get(name, "") for name in _INPUT.findall(written))
    return bool(_ASKED.search(written)) or any(map(_VALUE.search, given))


def _at(place: Evidence) -> str:
    return f"{place.path}:{place.line}"
