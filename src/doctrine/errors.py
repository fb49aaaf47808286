"""The errors doctrine raises on purpose, each with what the user can do about it.

    DoctrineError
    ├── UsageError      exit 2: the command line, a path, or the configuration is wrong
    │   └── ConfigError exit 2: a setting in a file is wrong, with its place
    └── RegistryError   exit 4: doctrine's own clause data is damaged

    TerminatedError     exit 128 + number: a signal asked doctrine to end

Trouble with a tool is never an exception: it is a ``ToolRun`` whose status says so.
"""

from __future__ import annotations

import signal
from typing import TypeGuard


class DoctrineError(Exception):
    """Base of every error that is reported without a traceback.

    Attributes:
        message: What is wrong, as one sentence.
        hint: What the user can do about it; empty when the message says it all.
    """

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Store the message and the hint."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(DoctrineError):
    """The command line or a path it names cannot be used."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file cannot be used.

    Attributes:
        path: The file, as shown to the user.
        line: 1-based line, or 0 when the place is not known.
        column: 1-based column, or 0 when the place is not known.
        reason: What is wrong, for a message that has named the file already.
    """

    def __init__(
        self, message: str, *, path: str, line: int = 0, column: int = 0, hint: str = ""
    ) -> None:
        """Store the place beside the message."""
        place = path + (f":{line}" if line else "") + (f":{column}" if line and column else "")
        super().__init__(f"{place}: {message}", hint=hint)
        self.path = path
        self.line = line
        self.column = column
        self.reason = f"line {line}: {message}" if line else message


class RegistryError(DoctrineError):
    """A clause file or another data file of doctrine itself is damaged."""


class TerminatedError(Exception):
    """doctrine was asked to end by a signal.

    Attributes:
        signal: The signal's number.
    """

    def __init__(self, number: int) -> None:
        """Store the signal's number."""
        super().__init__(signal.Signals(number).name)
        self.signal = number


def first_of(error: Exception) -> Exception:
    """Return what went wrong first of all that went wrong at a time."""
    while _is_group(error):
        error = error.exceptions[0]
    return error


def _is_group(error: Exception) -> TypeGuard[ExceptionGroup[Exception]]:
    return isinstance(error, ExceptionGroup)
