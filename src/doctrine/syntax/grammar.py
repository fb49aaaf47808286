"""Whether any Python up to 3.14 accepts a file.

Neither witness is enough alone. tree-sitter takes much that Python never took or no longer
takes (``print "x"``, ``0777``, an empty block), and stumbles over a little that is valid. The
interpreter that runs doctrine is exact, but knows the syntax of its own version only. So newer
syntax is lowered, guided by the tree, to what every supported interpreter knows, and the
interpreter judges the result.
"""

from __future__ import annotations

import ast
import symtable
import warnings

from msgspec import Struct
from tree_sitter import Node

from doctrine.syntax.language import Pattern, captures
from doctrine.syntax.lowering import lowered

_EXACT_LIMIT = 4 * 1024 * 1024
"""The interpreter needs about a hundred times a file's size: larger files are the tree's."""

_DEAD = Pattern('(print_statement) @dead (exec_statement) @dead "<>" @dead (ERROR) @broken')


class SyntaxProblem(Struct, frozen=True, kw_only=True):
    """Why no Python accepts a file.

    Attributes:
        line: 1-based line.
        column: 1-based column.
        detail: What is wrong there.
    """

    line: int
    column: int
    detail: str


def syntax_problem(text: str, source: bytes, root: Node) -> SyntaxProblem | None:
    """Return what is wrong with a file, or None if some Python up to 3.14 accepts it.

    Args:
        text: The file's text.
        source: The same as UTF-8.
        root: Its syntax tree.
    """
    if len(source) > _EXACT_LIMIT:
        return _tree_problem(root)
    try:
        problem = _interpreter_problem(text)
        if problem is None:
            return None
        older = lowered(source, root)
        return problem if older == source else _interpreter_problem(older.decode("utf-8"))
    except (MemoryError, RecursionError):  # nested too deeply for the interpreter
        return _tree_problem(root)


def _interpreter_problem(text: str) -> SyntaxProblem | None:
    # Making Python objects of its tree is half of the interpreter's work, and a symbol table needs
    # none. It refuses more than the grammar does (an argument that occurs twice), so that what it
    # refuses is looked at again.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symtable.symtable(text, "<source>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return _grammar_problem(text)
    return None


def _grammar_problem(text: str) -> SyntaxProblem | None:
    try:
        # The judged code's own warnings (an invalid escape) must neither be printed nor,
        # under -W error, be taken for syntax errors.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<source>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        lines = text.count("\n") + 1
        return SyntaxProblem(
            line=min(max(error.lineno or 1, 1), lines),
            column=max(error.offset or 1, 1),
            detail=error.msg,
        )
    except ValueError:  # before 3.12, null bytes are no syntax error
        before = text[: text.find("\0")]
        column = len(before) - (before.rfind("\n") + 1) + 1
        return SyntaxProblem(line=before.count("\n") + 1, column=column, detail="a null byte")
    return None


def _tree_problem(root: Node) -> SyntaxProblem | None:
    found = captures(_DEAD, root)
    dead, broken = found.get("dead", []), found.get("broken", [])
    if not dead and not root.has_error:
        return None
    first = min((*dead, *broken), key=lambda node: node.start_byte, default=root)
    return SyntaxProblem(
        line=first.start_point.row + 1,
        column=first.start_point.column + 1,
        detail="Python 2 syntax" if first in dead else "invalid syntax",
    )
