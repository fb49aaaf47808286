"""Reading a file of the judged tree without being stopped by what it turns out to be."""

from __future__ import annotations

import stat
from pathlib import Path


class CannotReadError(Exception):
    """A file of the judged tree cannot be read; the message says why, without its path."""


def read_regular(path: str, limit: int) -> bytes:
    """Return the content of a regular file.

    Args:
        path: Absolute path.
        limit: The most bytes it may have.

    Raises:
        CannotReadError: It is missing, forbidden, a folder, a pipe or device, or too large.
    """
    try:
        # A pipe would block at opening, so it has to be told apart before.
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise CannotReadError("not a regular file")
        with Path(path).open("rb") as handle:
            # Not the limit: a buffer of all that may be read is made before any of it is.
            content = handle.read(min(status.st_size, limit) + 1)
    except OSError as error:
        raise CannotReadError(error.strerror or type(error).__name__) from error
    except ValueError as error:  # a null byte in the name
        raise CannotReadError("its name is not a file name") from error
    if len(content) > limit:
        raise CannotReadError(f"larger than {limit:,} bytes")
    return content
