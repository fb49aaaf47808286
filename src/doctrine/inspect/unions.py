"""Unions with None that are written with ``Union`` outside of annotations.

``optional-union``: an alias, a ``cast`` or a base made of ``Union[X, None]``. Ruff reports every
``Union`` in such a place, and tells by no word which one is about None. A member in quotes
excuses a union, because the bar fails on text at run time, and so does a project that still runs
where the bar does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.names import Names
from doctrine.syntax.tree import ParsedFile

_NAME = "unions"
_RULE = "optional-union"
_MODULES = frozenset({"typing", "typing_extensions"})
_FIRST_WITH_BAR = (3, 10)


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    floor = layout.target.floor
    imported = {item.module for item in parsed.module.imports}
    if imported.isdisjoint(_MODULES) or (floor is not None and floor < _FIRST_WITH_BAR):
        return
    names = parsed.names
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for node in of_types(parsed.tree, "subscript"):
        if _is_optional(node, names) and not _is_annotation(node):
            message = "Use `X | None` instead of a `Union` with None"
            yield reporter.finding(_RULE, node, message, Severity.ERROR)


def _is_optional(node: Node, names: Names) -> bool:
    members = {member.type for member in node.children_by_field_name("subscript")}
    if "none" not in members or "string" in members:
        return False
    value = node.child_by_field_name("value")
    module, _, name = (names.dotted(value) if value is not None else "").rpartition(".")
    return name == "Union" and module in _MODULES


def _is_annotation(node: Node) -> bool:
    """Whether ruff sees the union in a place where it offers a fix, which shows the None."""
    return any(above.type == "type" for above in ancestors(node))


INSPECTOR = FileInspector(name=_NAME, rules=(_RULE,), inspect=_inspect)
