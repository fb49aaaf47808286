"""What changes in a file, as a unified diff that ``git apply`` takes."""

from __future__ import annotations

import difflib
import re

_STYLES = (("+++", "1"), ("---", "1"), ("@@", "36"), ("+", "32"), ("-", "31"), ("#", "2"))
"""How lines begin, and the terminal's code for them; the first one that fits counts."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def difference(name: str, old: str | None, new: str) -> str:
    """Return the difference between two texts of a file.

    Args:
        name: The file's path.
        old: Its text; None where it does not exist.
        new: What it is to hold.
    """
    lines = difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        new.splitlines(keepends=True),
        "/dev/null" if old is None else f"a/{name}",
        f"b/{name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline\n" for line in lines)


def coloured(text: str) -> str:
    """Return a difference for a terminal: in colour, and with control characters shown."""
    return "".join(f"{_styled(line)}\n" for line in text.splitlines())


def _styled(line: str) -> str:
    shown = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line)
    code = next((code for start, code in _STYLES if line.startswith(start)), "")
    return f"\x1b[{code}m{shown}\x1b[0m" if code else shown
