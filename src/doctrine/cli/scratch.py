"""A folder for as long as a command needs one, such as a copy of the project."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from doctrine.cli.files import ending_cleanly, undisturbed
from doctrine.private import private_folder, remove_folder


@contextmanager
def scratch_folder(purpose: str) -> Generator[Path]:
    """Give a folder that only this user can enter, and remove it whatever ends the command.

    A copy of a project that SIGTERM left behind would lie about for good, with all that is secret
    in it.

    Args:
        purpose: A word for its name.

    Yields:
        Its absolute path, with no link in it.

    Raises:
        TerminatedError: A SIGTERM or SIGHUP came.
        UsageError: There is no place for it.
    """
    with ending_cleanly():
        folder = private_folder(purpose)
        try:
            yield folder.resolve()
        finally:
            with undisturbed():
                remove_folder(folder)
