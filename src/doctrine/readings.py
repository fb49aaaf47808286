"""From what a child process left behind to a tool run that can, or cannot, be believed.

Pure. This is where "it printed nothing" is kept from meaning "there is nothing to find".
"""

from __future__ import annotations

from doctrine.model.process import Completed, Ending
from doctrine.model.run import Covers, Origin, Reading, ToolRun, ToolStatus
from doctrine.model.tool import CrashedError, Located, Request, Skip, Tool, UnreadableError

_SURPRISES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a bug in a reader raises: the run is unreadable then, and all other results are kept."""
_STDERR_LINES = 3
_STDERR_BYTES = 400


def located_run(tool: Tool, located: Located | None) -> ToolRun:
    """Return the run of a tool that has not said anything yet.

    Args:
        tool: The adapter.
        located: Where it was found; None when it was not.

    Returns:
        A run with status ``missing`` when there is nothing to start, else ``skipped``.
    """
    if located is None:
        return ToolRun(
            name=tool.name,
            program=tool.distribution,
            version="",
            origin=Origin.DOCTRINE,
            status=ToolStatus.MISSING,
            covers=tool.covers,
            message=f"{tool.distribution} is not installed: reinstall doctrine-check, which "
            f"brings it, or add {tool.distribution} to the project's environment.",
        )
    return ToolRun(
        name=tool.name,
        program=tool.distribution,
        version=located.version,
        origin=located.origin,
        status=ToolStatus.SKIPPED,
        covers=tool.covers,
    )


def skipped_run(tool: Tool, located: Located, skip: Skip) -> ToolRun:
    """Return the run of a tool that had a reason not to start."""
    return _run(tool, located, (), ToolStatus.SKIPPED, message=skip.reason)


def finished_run(tool: Tool, request: Request, completed: tuple[Completed, ...]) -> ToolRun:
    """Judge what became of a tool.

    Args:
        tool: The adapter.
        request: What it was asked.
        completed: Its invocations, as far as they were started; at least one.

    Returns:
        A run whose status is ``ok`` only when every invocation exited by itself and the adapter
        could read what was printed.
    """
    last = completed[-1]
    stopped = _stopped(tool, completed)
    if stopped is not None:
        status, message = stopped
        return _run(tool, request.located, completed, status, message=message)
    try:
        reading = tool.read(request, completed)
    except CrashedError as error:
        message = str(error) or _words(last)
        return _run(tool, request.located, completed, ToolStatus.CRASHED, message=message)
    except UnreadableError as error:
        message = f"{tool.name} printed something unexpected: {error}"
        return _run(tool, request.located, completed, ToolStatus.UNREADABLE, message=message)
    except _SURPRISES as error:
        message = (
            f"{tool.name}'s output could not be interpreted ({type(error).__name__}: {error}); "
            "this is a defect of doctrine, please report it."
        )
        return _run(tool, request.located, completed, ToolStatus.UNREADABLE, message=message)
    return _run(
        tool, request.located, completed, ToolStatus.OK, reading=reading, message=reading.note
    )


def _stopped(tool: Tool, completed: tuple[Completed, ...]) -> tuple[ToolStatus, str] | None:
    """Return what kept a tool from coming to its end; None where nothing did."""
    last = completed[-1]
    if last.ending is not Ending.EXITED:
        return _trouble(tool, last)
    for one in completed:
        if one.exit_code is not None and one.exit_code < 0:
            # Whatever it printed before: nobody knows what else it would have said.
            return ToolStatus.CRASHED, (
                f"{tool.name} was killed by signal {-one.exit_code}{_tail(one)}"
            )
    return None


def _trouble(tool: Tool, last: Completed) -> tuple[ToolStatus, str]:
    if last.ending is Ending.MISSING:
        return ToolStatus.MISSING, f"{tool.name} could not be found: {last.detail}"
    if last.ending is Ending.TIMEOUT:
        return (
            ToolStatus.TIMEOUT,
            (
                f"{tool.name} was stopped after {last.invocation.timeout:g} s; give it more time "
                "with --timeout SECONDS."
            ),
        )
    if last.ending is Ending.STALLED:
        return (
            ToolStatus.CRASHED,
            (
                f"{tool.name} did nothing for a minute and was stopped; the limit of its memory is the "
                "likely reason (`ulimit -v`): raise it."
            ),
        )
    if last.ending is Ending.FLOODED:
        return (
            ToolStatus.UNREADABLE,
            f"{tool.name} wrote more than doctrine is willing to read; narrow what it looks at.",
        )
    return ToolStatus.CRASHED, f"{tool.name} could not be run: {last.detail}"


def _words(last: Completed) -> str:
    code = last.exit_code if last.exit_code is not None else "none"
    return f"exit code {code}{_tail(last)}"


def _tail(last: Completed) -> str:
    """Return the last words of a child on stderr, for people; there may be a gigabyte of them."""
    end = last.stderr[-_STDERR_BYTES:].decode("utf-8", "replace")
    lines = [line.strip() for line in end.splitlines() if line.strip()]
    return f": {' / '.join(lines[-_STDERR_LINES:])}" if lines else ""


def _run(
    tool: Tool,
    located: Located,
    completed: tuple[Completed, ...],
    status: ToolStatus,
    *,
    reading: Reading | None = None,
    message: str = "",
) -> ToolRun:
    return ToolRun(
        name=tool.name,
        program=tool.distribution,
        version=located.version,
        origin=located.origin,
        argv=completed[0].invocation.argv if completed else (),
        status=status,
        exit_code=completed[0].exit_code if completed else None,
        seconds=sum(one.seconds for one in completed),
        cpu=sum(one.cpu for one in completed),
        reading=reading or Reading(),
        message=message,
        covers=tool.covers,
    )


def inspector_run(
    name: str, version: str, reading: Reading | None, *, covers: Covers, trouble: str = ""
) -> ToolRun:
    """Return the run of an inspector.

    Args:
        name: Its name.
        version: doctrine's own version.
        reading: What it saw; None when it broke.
        covers: What it must prove to have read.
        trouble: Why it broke.
    """
    return ToolRun(
        name=name,
        program="doctrine",
        version=version,
        origin=Origin.DOCTRINE,
        status=ToolStatus.OK if reading is not None else ToolStatus.CRASHED,
        reading=reading or Reading(),
        message=trouble,
        covers=covers,
    )
