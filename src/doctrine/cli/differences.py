"""What changes in a file, as a unified diff that ``git apply`` takes."""

from __future__ import annotations

import difflib
import re

_STYLES = (("+++", "1"), ("---", "1"), ("@@", "36"), ("+", "32"), ("-", "31"), ("#", "2"))
"""How lines begin, and the terminal's code for them; the first one that fits counts."""
_UNENDED = "\n\\ No newline at end of file\n"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def difference(name: str, old: str | None, new: str | None) -> str:
    """Return the difference between two texts of a file.

    Args:
        name: The file's path.
        old: Its text; None where it does not exist.
        new: What it is to hold; None where it is to go.
    """
    if new is None and not old:
        return f"diff --git a/{name} b/{name}\ndeleted file mode 100644\n"
    lines = difflib.unified_diff(
        _lines(old or ""),
        _lines(new or ""),
        "/dev/null" if old is None else f"a/{name}",
        "/dev/null" if new is None else f"b/{name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}{_UNENDED}" for line in lines)


def _lines(text: str) -> list[str]:
    """Return the lines as git has them: only a line feed ends one."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def coloured(text: str) -> str:
    """Return a difference for a terminal: in colour, and with control characters shown."""
    return "".join(_styled(line.rstrip("\r\n")) + "\n" for line in _lines(text))


def _styled(line: str) -> str:
    shown = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line)
    code = next((code for start, code in _STYLES if line.startswith(start)), "")
    return f"\x1b[{code}m{shown}\x1b[0m" if code else shown
