"""Writes what came from outside into GitHub Flavored Markdown so that it stays text.

Markdown has two languages at once: inline syntax, where a backslash escapes, and raw HTML, where
only entities do. Beyond both, GitHub reads the text that comes out: ``@name`` notifies a person,
``#12`` and web addresses refer to issues, which then mention the report, ``:boom:`` is a picture
and ``$x$`` a formula. It reads none of that in code, so such words become code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from doctrine.reports._format import Canvas
from doctrine.reports._text import sentence, visible

PROJECT = "."
LIMIT = 400
"""Characters of a message that are shown."""
_LONGEST_CODE = 200
_CODE = re.compile(r"`([^`]+)`")
_ACTIVE = re.compile(
    # A word with something in it that GitHub acts on, without the punctuation around it. It is
    # looked for where a word begins only: from every character on, a long word takes for ever.
    r"(?<![^\s`(\[{\"'])[^\s`(\[{\"']*(?:@|://|www\.|\$|#\d|\bGH-\d)(?:[^\s`]*[^\s`.,;:!?)\]}\"'])?"
    r"|:[\w+-]+:"
    # What looks like the id of a commit.
    r"|\b[0-9a-f]{7,40}\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"[^\s`|\\](?:[^`|\\]*[^\s`|\\])?\Z")
"""Code that can stand between backticks, in a table too: there is no way to write others."""
_SPECIAL = re.compile(r"[\\`*\[\]~]|(?<![^\W_])_|_(?![^\W_])")
_OPENING = re.compile(r"(\d+(?=[.)])|(?=[-+#=]))(.)")
"""What would open a list, a heading or an underline at the start of a line."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"})
_NOT_WORDS = re.compile(r"[!-/:-@\[-`{-~]")


def prose(text: str, *, limit: int = LIMIT) -> str:
    """Return a message as inline Markdown that shows it; what it has in backticks is code.

    Args:
        text: Anything.
        limit: Most characters to show; what is cut is counted.
    """
    written = _written(sentence(text, limit=limit), _escaped, code)
    return _OPENING.sub(r"\1\\\2", written, count=1) if _OPENING.match(written) else written


def html(text: str, *, limit: int = LIMIT) -> str:
    """Return a message as it is shown inside a block of HTML.

    Args:
        text: Anything.
        limit: Most characters to show; what is cut is counted.
    """
    return _written(sentence(text, limit=limit), _encoded, _tagged)


def code(text: str) -> str:
    """Return text as code, in which nothing means anything; nothing for nothing.

    Args:
        text: Anything; it is cut when no reader would want it whole.
    """
    shown = visible(text[:_LONGEST_CODE])
    if len(text) > _LONGEST_CODE:
        shown += "…"
    return f"`{shown}`" if _SPAN.match(shown) else _tagged(shown)


def place(canvas: Canvas, path: str, line: int = 0) -> str:
    """Return a place as code, linked where the address of the judged commit is known.

    Args:
        canvas: Knows the address.
        path: POSIX, relative to the project's root; ``.`` is the project.
        line: 1-based; 0 for the whole file.
    """
    if path in {"", PROJECT}:
        return "the project"
    shown = code(f"{path}:{line}" if line else path)
    parts = [*filter(None, canvas.folder.split("/")), *path.split("/")]
    if not canvas.blobs or any(one in {"", ".", ".."} for one in parts):
        return shown
    address = quote("/".join(parts).encode("utf-8", "backslashreplace"))
    return f"[{shown}]({canvas.blobs}{address}{f'#L{line}' if line else ''})"


def row(cells: Iterable[str]) -> str:
    """Return a row of a table; its cells are Markdown already."""
    return f"| {' | '.join(cells)} |\n"


def header(titles: Iterable[str]) -> str:
    """Return the head of a table; a title that ends with a colon is of numbers."""
    names = tuple(titles)
    rule = ("--:" if name.endswith(":") else "---" for name in names)
    return row(name.removesuffix(":") for name in names) + row(rule)


def _written(text: str, plain: Callable[[str], str], coded: Callable[[str], str]) -> str:
    pieces: list[str] = []
    for index, part in enumerate(_CODE.split(text)):
        if index % 2:
            _add(pieces, coded(part))
            continue
        start = 0
        for found in _ACTIVE.finditer(part):
            _add(pieces, plain(part[start : found.start()]))
            _add(pieces, coded(found[0]))
            start = found.end()
        _add(pieces, plain(part[start:]))
    return "".join(pieces)


def _add(pieces: list[str], piece: str) -> None:
    """Add a piece; two spans side by side would be one with other ends."""
    if piece.startswith("`") and pieces and pieces[-1].endswith("`"):
        piece = _tagged(piece[1:-1])
    if piece:
        pieces.append(piece)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text).translate(_ENTITIES)


def _encoded(text: str) -> str:
    return text.translate(_ENTITIES)


def _tagged(text: str) -> str:
    """Return code between tags: entities show there whether or not Markdown is read."""
    if not text:
        return ""
    inside = _NOT_WORDS.sub(lambda one: f"&#{ord(one[0])};", text)
    # Read before the tags mean anything, what is on both sides of an "@" may be an address for mail.
    return f"<code>{inside.replace('&#64;', '</code><code>&#64;')}</code>"
