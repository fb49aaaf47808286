"""Models and tables that a project defines, and what their constraints forbid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.model.project import Sight
from doctrine.syntax.language import Pattern, captures, of_types
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NEEDLES = (
    b"Column(",
    b"mapped_column(",
    b".Model",
    b"table=True",
    b"Field(",
    b"CREATE TABLE",
    b"Table(",
)
_MIGRATIONS = re.compile(r"(?:^|/)(?:versions|migrations|south_migrations|alembic)/")
_TABLES = Pattern(
    "(assignment left: (identifier) @name right: (call function: (_) @called)) @table"
)
_COLUMN = re.compile(
    r"(?m)^[ \t]+(\w+)\s*(?::[^=\n]+)?=\s*(?:[\w]+\.)*(?:Column|mapped_column|ForeignKey|OneToOneField"
    r"|ForeignKeyField|ManyToManyField|\w*(?:Char|Text|Integer|Boolean|Date|DateTime|Auto|UUID|Decimal|Float|Slug"
    r"|Email|URL|JSON|File|Image|Time|BigInt|Int|Binary)\w*Field)\("
)
_ELSEWHERE = re.compile(r"\b(?:forms|serializers|filters|wtforms|fields|ma|graphene)\.\w*Field\(")
_NO_MODELS = re.compile(
    r"(?:Form|Serializer|Schema|FilterSet|Filter|Widget|Field|TestCase|Enum|TypeDecorator|Admin|Command|View|Factory|ViewSet)\b|TypedDict"
)
_PASSWORD = re.compile(
    r"(?m)^[ \t]+(?P<name>(?:(?:user|hashed|encrypted)_?)?(?:password|passwd|passphrase|pwd)(?:_?(?:hash|digest|hashed))?"
    r"|pw_?hash)\s*(?P<typed>:[^=\n]+)?(?:=|$)"
)
"""A column that keeps what people sign in with, and not a password for another service."""
_ABSTRACT = re.compile(r"\babstract\s*=\s*True\b|__abstract__\s*=\s*True")
_FORBIDS = (
    (
        "unique",
        re.compile(
            r"\bunique\s*=\s*True\b|\bunique_together\s*=|\bOneToOneField\(|\bSlugField\([^)\n]*unique"
        ),
    ),
    ("unique", re.compile(r"\bUniqueConstraint\(|\bunique_for_date\s*=")),
    ("check", re.compile(r"\bCheckConstraint\(|\bExclusionConstraint\(|\bExcludeConstraint\(")),
)
_RELATES = (
    ("foreign key", re.compile(r"\bForeignKey(?:Field|Constraint)?\(|\bforeign_key\s*=")),
    ("not null", re.compile(r"\bnullable\s*=\s*False\b")),
)
_TABLE = re.compile(
    r"(?is)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[\"'`\[]?([\w.{}]+)[^(]*\((.*)"
)
_DDL_FORBIDS = (
    ("unique", re.compile(r"(?i)\bUNIQUE\b")),
    ("check", re.compile(r"(?i)\bCHECK\s*\(")),
)
_DDL_RELATES = (("foreign key", re.compile(r"(?i)\bREFERENCES\b")),)


def schema_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield the models of a source file, with the constraints each declares.

    ``model`` is one without, ``model-related`` has foreign keys or columns that must be filled,
    ``model-constrained`` forbids values that a caller could well send. ``password-column`` is a column
    for passwords, hashed or not.

    Args:
        parsed: The file.
    """
    source = parsed.source
    if not parsed.wording.holds(*_NEEDLES) or _MIGRATIONS.search(parsed.module.path):
        return
    for node in of_types(parsed.tree, "class_definition"):
        if _is_model(node):
            body = _without_text(node)
            yield _model(node, _name(node), body, _FORBIDS, _RELATES)
            yield from _passwords(node, body)
    if b"Table(" in source:
        yield from _tables(parsed.tree)
    if b"CREATE TABLE" in source:
        yield from _statements(parsed.tree)


def _is_model(node: Node) -> bool:
    bases = node.child_by_field_name("superclasses")
    above = text_of(bases) if bases is not None else ""
    if not above or _NO_MODELS.search(above):
        return False
    body = text_of(node)
    if "table=True" in above.replace(" ", ""):
        return True
    own = "__tablename__" in body or re.search(r"\b(?:models|db|orm|peewee)\.Model\b", above)
    columns = [one for one in _COLUMN.finditer(body) if not _ELSEWHERE.search(one.group())]
    return bool(columns) and bool(own or re.search(r"Model|Base|Mixin|Entity", above))


def _model(
    node: Node,
    name: str,
    body: str,
    forbids: tuple[tuple[str, re.Pattern[str]], ...],
    relates: tuple[tuple[str, re.Pattern[str]], ...],
) -> Sight:
    start = line_of(node)
    for sight, rows in (("model-constrained", forbids), ("model-related", relates)):
        for kind, pattern in rows:
            if (found := pattern.search(body)) and not _ABSTRACT.search(body):
                line = start + body.count("\n", 0, found.start())
                return Sight(
                    name=sight, line=line, detail=f"{name} has a {kind} constraint", symbol=name
                )
    return Sight(name="model", line=start, detail=f"{name} is a model", symbol=name)


def _passwords(node: Node, body: str) -> Iterator[Sight]:
    """Yield the columns of a model that keep passwords; SQLModel needs no more than a type."""
    columns = {one.group(1) for one in _COLUMN.finditer(body)}
    for found in _PASSWORD.finditer(body):
        name = found["name"]
        if name in columns or (found["typed"] and "table=True" in body.replace(" ", "")):
            line = line_of(node) + body.count("\n", 0, found.start("name"))
            symbol = f"{_name(node)}.{name}"
            yield Sight(
                name="password-column", line=line, detail=f"{symbol} is a column", symbol=symbol
            )


def _tables(root: Node) -> Iterator[Sight]:
    for node in captures(_TABLES, root).get("table", []):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        called = right.child_by_field_name("function") if right is not None else None
        if left is None or right is None or called is None:
            continue
        body = _without_text(right)
        if text_of(called).rpartition(".")[2] == "Table" and "Column(" in body:
            yield _model(right, text_of(left), body, _FORBIDS, _RELATES)


def _statements(root: Node) -> Iterator[Sight]:
    """Yield the tables that SQL in strings creates; a key alone is no constraint to be tested."""
    for node in of_types(root, "string"):
        if node.parent is not None and node.parent.type == "expression_statement":
            continue
        if found := _TABLE.search(text_of(node)):
            sight = _model(node, found[1], text_of(node), _DDL_FORBIDS, _DDL_RELATES)
            if sight.name != "model":
                yield sight


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return text_of(name) if name is not None else ""


_VISIBLE = re.compile(rb"[^\n]")


def _without_text(node: Node) -> str:
    """Return a node's source with comments and strings blanked out, its lines kept."""
    source = bytearray(node.text or b"")
    offset = node.start_byte
    for inner in of_types(node, "comment", "string"):
        start, end = inner.start_byte - offset, inner.end_byte - offset
        if start >= 0:
            source[start:end] = _VISIBLE.sub(b" ", source[start:end])
    return source.decode("utf-8", "replace")
