"""``# doctrine: ignore[…] reason``: what such a comment names, and which lines it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from doctrine.model.project import Ignore, IgnoreScope
from doctrine.syntax.places import location, text_of
from doctrine.syntax.statements import header_end, statement_at, suite_of

_MENTIONS = re.compile(rb"doctrine\s*:\s*ignore", re.IGNORECASE)
# What is quoted in backquotes speaks of such a comment, and is none.
_DIRECTIVE = re.compile(
    r"(?<!`)#\s*doctrine\s*:\s*(?P<word>ignore[\w-]*)"
    r"\s*(?P<list>\[(?P<ids>[^\]]*)\])?(?P<rest>.*?)(?=\s#\s|$)",
    re.IGNORECASE,
)
_LEAD = " \t:-–—,;"  # noqa: RUF001 - both dashes are typed in front of a reason
_SCOPES = {
    "ignore": IgnoreScope.LINE,
    "ignore-block": IgnoreScope.BLOCK,
    "ignore-file": IgnoreScope.FILE,
}


def ignores(path: str, source: bytes, comments: Iterable[Node], tree: Node) -> tuple[Ignore, ...]:
    """Return the comments of a file that ask doctrine to ignore something, in source order.

    Args:
        path: POSIX path of the file, relative to the project root.
        source: Its bytes.
        comments: Its comments; text inside a string is none.
        tree: Root of its syntax tree.
    """
    found = [one for node in comments for one in _of_comment(path, source, node, tree)]
    return tuple(sorted(found, key=lambda one: (one.location.line, one.location.column)))


def _of_comment(path: str, source: bytes, node: Node, tree: Node) -> Iterator[Ignore]:
    if not _MENTIONS.search(node.text or b""):
        return
    for match in _DIRECTIVE.finditer(text_of(node)):
        word = match["word"].lower()
        scope = _SCOPES.get(word, IgnoreScope.NONE)
        first, last = _covered(scope, source, node, tree)
        yield Ignore(
            word=word,
            scope=scope,
            clauses=tuple(one for part in (match["ids"] or "").split(",") if (one := part.strip())),
            reason=match["rest"].strip(_LEAD).strip(),
            location=location(path, source, node),
            first_line=first,
            last_line=last,
        )


def _covered(scope: IgnoreScope, source: bytes, node: Node, tree: Node) -> tuple[int, int]:
    """Return the first and the last line, counted from 1; zeros where there is nothing to cover."""
    if scope is IgnoreScope.FILE:
        return 1, source.count(b"\n") + 1
    row = node.start_point.row
    start = node.start_byte - node.start_point.column
    alone = not source[start : node.start_byte].strip()
    code = _next_code(source, row) if alone else row
    statement = None if code is None else statement_at(tree, source, code)
    if code is None or statement is None:
        return 0, 0
    if statement.type == "decorator" and statement.parent is not None:
        statement = statement.parent
    if scope is IgnoreScope.BLOCK:
        return _block(statement, code)
    return _line(statement, code, alone=alone)


def _next_code(source: bytes, row: int) -> int | None:
    """Return the row of the next line that holds more than a comment."""
    for number, line in enumerate(source.split(b"\n")[row + 1 :], row + 1):
        text = line.strip()
        if text and not text.startswith(b"#"):
            return number
    return None


def _line(statement: Node, row: int, *, alone: bool) -> tuple[int, int]:
    """Return the lines of a statement, or of its header, where the comment is about all of it.

    It is where it stands above it, or behind its end; inside a statement it is about its own line.
    """
    first, last = statement.start_point.row, header_end(statement)
    if first <= row <= last and row == (first if alone else last):
        return first + 1, last + 1
    return row + 1, row + 1


def _block(statement: Node, row: int) -> tuple[int, int]:
    """Return the lines of a compound statement whose header a line belongs to."""
    if suite_of(statement) is None or row > header_end(statement):
        return 0, 0
    around = statement.parent
    if around is not None and around.type == "decorated_definition":
        statement = around
    return statement.start_point.row + 1, statement.end_point.row + 1
