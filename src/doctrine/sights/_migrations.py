"""Migrations that cannot be taken back, and say nothing about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.model.project import Sight
from doctrine.syntax.language import Pattern, captures
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_FOLDERS = re.compile(r"(?:^|/)(?:versions|migrations|alembic)/[^/]+\.py$")
_DELIBERATE = re.compile(
    r"(?i)irreversib|not reversib|can(?:no|')t be (?:revers|undone|rolled)|one[- ]way|no way back"
    r"|not possible to (?:revers|downgrade|undo)|no (?:downgrade|reverse|rollback)|noop|no-op"
    r"|nothing to (?:do|undo|revert|reverse|downgrade)|(?:not|n't|never) (?:support|downgrade|revert|reverse|undo|roll)"
)
"""Words with which people say that they meant it."""
_CALLS = Pattern("(call function: (_) @name) @call")
_REVERSE = {"RunPython": "reverse_code", "RunSQL": "reverse_sql"}


def migration_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield what cannot be taken back in a migration of Alembic or Django.

    Args:
        parsed: The file.
    """
    if not _FOLDERS.search(parsed.module.path):
        return
    if b"def downgrade" in parsed.source and b"def upgrade" in parsed.source:
        yield from _revision(parsed)
    elif any(word.encode() in parsed.source for word in _REVERSE):
        yield from _operations(parsed)


def _revision(parsed: ParsedFile) -> Iterator[Sight]:
    functions = {
        text_of(name): node
        for node in parsed.tree.named_children
        if node.type == "function_definition" and (name := node.child_by_field_name("name"))
    }
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    if upgrade is None or downgrade is None:
        return
    yield Sight(name="migration", line=line_of(upgrade), detail="an Alembic revision")
    if _is_empty(downgrade) and not _is_empty(upgrade) and not _is_meant(downgrade):
        detail = "downgrade() is empty, and upgrade() is not"
        yield Sight(name="migration-one-way", line=line_of(downgrade), detail=detail)


def _operations(parsed: ParsedFile) -> Iterator[Sight]:
    for node in captures(_CALLS, parsed.tree).get("call", []):
        called = node.child_by_field_name("function")
        name = text_of(called).rpartition(".")[2] if called is not None else ""
        argument = _REVERSE.get(name)
        if argument is None or _reverses(node, argument) or _is_meant(parsed.tree):
            continue
        detail = f"{name} has no {argument}"
        yield Sight(name="migration-one-way", line=line_of(node), detail=detail)


def _reverses(call: Node, argument: str) -> bool:
    listed = call.child_by_field_name("arguments")
    positional = 0
    for one in listed.named_children if listed is not None else ():
        if one.type in {"list_splat", "dictionary_splat"}:
            return True
        if one.type == "keyword_argument":
            name = one.child_by_field_name("name")
            if name is not None and text_of(name) == argument:
                return True
        elif one.type != "comment":
            positional += 1
    return positional > 1


def _is_empty(function: Node) -> bool:
    body = function.child_by_field_name("body")
    statements = body.named_children if body is not None else []
    return all(
        one.type in {"pass_statement", "comment"}
        or (one.type == "expression_statement" and _says_nothing(one))
        for one in statements
    )


def _says_nothing(statement: Node) -> bool:
    return all(one.type in {"string", "ellipsis"} for one in statement.named_children)


def _is_meant(node: Node) -> bool:
    return bool(_DELIBERATE.search(text_of(node)))
