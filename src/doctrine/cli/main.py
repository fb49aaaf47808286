"""The entry point: choose the command, and map everything that can go wrong to an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
import warnings
from collections.abc import Sequence

from doctrine import __version__
from doctrine.errors import DoctrineError, TerminatedError, UsageError, first_of
from doctrine.interruption import INTERRUPTED, end_at_once, end_in_order

_SCARCE = frozenset(
    {errno.EAGAIN, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC}
)
"""What the system says when there is not enough of something: no defect of doctrine."""
INTERNAL = 4


def main() -> None:
    """Run the command line of this process and exit."""
    # The findings of a check live to its end, in no cycles: collecting would only look at all of
    # them again and again (a third of the time after the last tool), and slow the imports before.
    gc.disable()
    code = run(sys.argv[1:])
    code = _flushed(code)
    # All is said: an exception while the interpreter takes itself apart would only be a traceback.
    end_at_once()
    sys.exit(code)


def _flushed(code: int) -> int:
    """Bring out what is still to be written, and return the exit code.

    A reader that went away (``doctrine … | head``) changes nothing: the code is what a gate looks
    at. What could not be written for another reason is no success.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        # The interpreter must not try again at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            sys.stderr.write(f"error: stdout cannot be written: {error.strerror}\n")
            return code or UsageError.exit_code
    return code


def run(argv: Sequence[str]) -> int:
    """Run a command line.

    Args:
        argv: Arguments after the program's name.

    Returns:
        The exit code of the documented table.
    """
    try:
        return _dispatch(list(argv))
    except DoctrineError as error:
        print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except TerminatedError as error:
        sys.stderr.write(f"ended by {error}\n")
        return 128 + error.signal
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: a report instead of a traceback
        return _unexpected(first_of(error), argv)


def _unexpected(error: Exception, argv: Sequence[str]) -> int:
    """Tell what the system refuses from what is wrong with doctrine."""
    if isinstance(error, DoctrineError):
        print_error(error)
        return error.exit_code
    if not _is_scarcity(error):
        return _internal(error, argv)
    # What cannot be taken apart for want of the same is not told a second time, in Python's words.
    sys.unraisablehook = lambda _: None
    warnings.simplefilter("ignore", RuntimeWarning)
    why = "out of memory" if isinstance(error, MemoryError) else str(error)
    refused = UsageError(
        f"the system refuses what doctrine needs ({why}), so nothing was judged",
        hint="raise the limit (`ulimit -a` shows them), make room, or run fewer `--jobs`",
    )
    print_error(refused)
    return refused.exit_code


def _is_scarcity(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in _SCARCE
    if isinstance(error, ImportError):  # a library that could not be opened: only the words tell
        return any(os.strerror(code) in str(error) for code in _SCARCE)
    threadless = isinstance(error, RuntimeError) and str(error) == "can't start new thread"
    return threadless or isinstance(error, MemoryError)


def print_error(error: DoctrineError) -> None:
    """Say on stderr what is wrong and what to do about it."""
    text = f"error: {error.message}\n"
    if error.hint:
        text += f"hint: {error.hint}\n"
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def _dispatch(argv: list[str]) -> int:
    if argv[:1] == ["--version"]:
        sys.stdout.write(f"doctrine {__version__}\n")
        return 0
    from doctrine.cli.lean import import_asyncio, import_msgspec

    import_msgspec()
    if argv[:1] == ["check"]:
        from doctrine.cli.quick import read

        options = read(argv[1:])
        if options is not None:
            from doctrine.cli.check import check

            return check(options)
    import_asyncio()
    from doctrine.cli.command_line import run_typer

    end_in_order()
    return run_typer(argv)


def _internal(error: Exception, argv: Sequence[str]) -> int:
    """Write what a bug report needs to a file and name it."""
    # Not before: until this module is imported, an interruption is answered by a traceback.
    import platform
    import tempfile
    import traceback

    body = "\n".join(
        (
            f"doctrine {__version__}",
            f"Python {platform.python_version()} on {platform.platform()}",
            f"arguments: {list(argv)!r}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="doctrine-bug-",
            suffix=".txt",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file:
            file.write(body)
        where = f"please attach {file.name} to a bug report"
    except OSError:
        where = f"please report this:\n{body}"
    sys.stderr.write(
        f"internal error: {type(error).__name__}: {error}\nNothing was judged; {where}\n"
    )
    return INTERNAL
