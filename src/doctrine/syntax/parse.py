"""A Python file's bytes as a tree and what it tells, or the reason why there is none."""

from __future__ import annotations

from tree_sitter import Node

from doctrine.model.observation import Location
from doctrine.model.project import Flaw, Module, Role
from doctrine.syntax.comments import suppressions
from doctrine.syntax.decoding import UndecodableError, decode
from doctrine.syntax.definitions import definitions
from doctrine.syntax.features import features
from doctrine.syntax.grammar import syntax_problem
from doctrine.syntax.ignores import ignores
from doctrine.syntax.imports import imports
from doctrine.syntax.language import Pattern, captures, tree_of
from doctrine.syntax.oddities import QUERY
from doctrine.syntax.tree import ParsedFile
from doctrine.syntax.wording import Wording

# One pass for everything: asking once per kind would cost as much as parsing again.
_INTEREST = Pattern(
    f"""
    {QUERY}
    (import_statement) @import
    (import_from_statement) @from
    (future_import_statement) @future
    (comment) @comment
    (function_definition) @definition
    (class_definition) @definition
    (decorated_definition) @decorated
    "async" @async
    (await) @async
    (typed_parameter) @annotations
    (typed_default_parameter) @annotations
    (function_definition return_type: (_) @annotations)
    (assignment type: (_) @annotations)
    (function_definition type_parameters: (_) @pep695)
    (class_definition type_parameters: (_) @pep695)
    (type_alias_statement) @pep695
    (except_clause value: (_) value: (_)) @pep758
    (string (interpolation)) @string701
    """
)


def parse(path: str, role: Role, data: bytes) -> ParsedFile | Module:
    """Parse a Python file.

    Args:
        path: Its POSIX path, relative to the project root.
        role: What it is for.
        data: Its bytes.

    Returns:
        The file with its tree; or the module with its flaw, when its bytes are not text in
        the declared encoding or no Python grammar up to 3.14 accepts it.
    """
    try:
        decoded = decode(data)
    except UndecodableError as error:
        return Module(
            path=path,
            role=role,
            lines=_lines(data),
            flaw=Flaw.UNDECODABLE,
            flaw_location=Location.point(path, error.line, error.column),
            flaw_detail=str(error),
            encoding=error.encoding,
        )
    source = decoded.text.encode("utf-8")
    root = tree_of(source)
    problem = syntax_problem(decoded.text, source, root)
    if problem is not None:
        return Module(
            path=path,
            role=role,
            lines=_lines(source),
            flaw=Flaw.SYNTAX,
            flaw_location=Location.point(path, problem.line, problem.column),
            flaw_detail=problem.detail,
            encoding=decoded.encoding,
        )
    wording = Wording(source)
    module = _module(path, role, wording, root, decoded.encoding)
    return ParsedFile(module=module, source=source, tree=root, wording=wording)


def _module(path: str, role: Role, wording: Wording, root: Node, encoding: str) -> Module:
    source = wording.text
    found = captures(_INTEREST, root)
    statements = (node for node in root.named_children if node.type != "comment")
    first_code = next((node.start_byte for node in statements), len(source))
    seen = features(wording, root, found)
    return Module(
        path=path,
        role=role,
        lines=_lines(source),
        imports=imports(path, source, root, found),
        definitions=definitions(found.get("definition", []), found.get("decorated", [])),
        suppressions=suppressions(path, source, found.get("comment", []), first_code),
        ignores=ignores(path, source, found.get("comment", []), root),
        features=frozenset(seen),
        encoding=encoding,
        feature_lines=tuple(sorted(seen.items())),
    )


def _lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n") if data else 0)
