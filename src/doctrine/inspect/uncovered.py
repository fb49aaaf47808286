"""Do comments take whole modules out of the coverage figure?

`# pragma: no cover` on a line that opens a block takes the block out. On the class or the `if`
that holds a module it leaves nothing of the module to be measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._inspector import gathering
from doctrine.inspect._sightings import Reporter, Spot, reading
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.tree import ParsedFile

_RULE = "coverage-pragma"
_REPORT = Reporter(tool="uncovered")
_PRAGMA = re.compile(rb"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:cover|COVER)")
"""What coverage itself looks for."""
_MOST = 0.5
"""Share of a file, and of all source, from which on little is left to measure."""
_FEW = 10
"""Lines that are not worth a word: an entry point is often left out, and rightly."""


class _Hidden(Struct, frozen=True, kw_only=True):
    """A file of which comments hide most.

    Attributes:
        line: The first comment that hides something.
        hidden: Lines that are hidden.
    """

    line: int
    hidden: int


def _note(parsed: ParsedFile, _layout: Layout) -> _Hidden | None:
    if parsed.module.role is not Role.SOURCE or not parsed.wording.lowered.holds(b"cover"):
        return None
    starts = (found.start() for found in _PRAGMA.finditer(parsed.source))
    rows = {parsed.source.count(b"\n", 0, start) for start in starts}
    if not rows:
        return None
    spans = tuple(_spans(parsed.tree, rows))
    hidden = sum(last - first + 1 for first, last, _ in spans)
    if hidden < _FEW or hidden < _MOST * parsed.module.lines:
        return None
    return _Hidden(line=min(row for *_, row in spans) + 1, hidden=hidden)


def _spans(holder: Node, rows: set[int]) -> Iterator[tuple[int, int, int]]:
    """Yield first and last row of what is hidden at the top and in classes, and the comment's row."""
    for node in holder.named_children:
        if node.type == "comment":  # on a line of its own it hides nothing
            continue
        body = _body(node)
        head = _head(node, body)
        commented = next((row for row in head if row in rows), None)
        if commented is not None:
            last = body.end_point.row if body else node.end_point.row
            yield node.start_point.row, last, commented
        elif body is not None and _defined(node).type == "class_definition":
            yield from _spans(body, rows)


def _defined(node: Node) -> Node:
    return node.child_by_field_name("definition") or node


def _body(node: Node) -> Node | None:
    definition = _defined(node)
    return definition.child_by_field_name("body") or definition.child_by_field_name("consequence")


def _head(node: Node, body: Node | None) -> range:
    """Return the rows up to the colon, or of the whole statement where no block follows."""
    if body is None:
        return range(node.start_point.row, node.end_point.row + 1)
    before = body.prev_sibling
    while before is not None and before.type == "comment":
        before = before.prev_sibling
    end = before.end_point.row if before is not None else body.start_point.row
    return range(node.start_point.row, end + 1)


def _conclude(project: Project, notes: Mapping[str, _Hidden]) -> Reading:
    total = sum(one.lines for one in project.modules if one.role is Role.SOURCE)
    hidden = sum(one.hidden for one in notes.values())
    severity = Severity.ERROR if notes and hidden >= _MOST * total else Severity.INFO
    lines = {one.path: one.lines for one in project.modules}
    findings = (
        _REPORT.finding(
            _RULE,
            Spot(path=path, line=one.line),
            f"`# pragma: no cover` keeps {one.hidden:,} of {lines.get(path, 0):,} lines of this file "
            "from being measured: keep it for single lines that no test can reach",
            severity,
        )
        for path, one in notes.items()
    )
    return reading(findings, (PROJECT_PATH,))


INSPECTOR = gathering(name="uncovered", rules=(_RULE,), note=_note, conclude=_conclude)
