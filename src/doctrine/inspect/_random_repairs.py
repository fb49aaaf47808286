"""The call of ``secrets`` that takes the place of a call of ``random``, with the import it needs.

Only where it is the same call: what ``secrets`` has under another name, and otherwise the same
method of ``secrets.SystemRandom``, which is a ``random.Random`` that cannot be seeded. Where the
file seeds the module, its values are meant to come again: such a repair is unsafe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile

from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._calls import called, has_splat
from doctrine.inspect._code import edit_of
from doctrine.model.observation import Applicability, Edit, Fix
from doctrine.syntax.language import of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_MODULE = "secrets"
_SEEDING = frozenset({"random.seed", "random.setstate", "random.getstate"})
_SAME: Mapping[str, tuple[str, int]] = {
    "random.choice": ("secrets.choice", 1),
    "random.getrandbits": ("secrets.randbits", 1),
    "random.randbytes": ("secrets.token_bytes", 1),
    "random.randrange": ("secrets.randbelow", 1),
}
"""Calls that have a counterpart, and how many positional arguments both take then."""
_IMPORTS = frozenset({"import_statement", "import_from_statement"})


def is_seeded(names: Iterable[str]) -> bool:
    """Return whether a file that uses these dotted names wants its values to come again."""
    return not _SEEDING.isdisjoint(names)


def repair(call: Node, dotted: str, parsed: ParsedFile, *, seeded: bool) -> Fix | None:
    """Return what makes a call unpredictable; None where only a person can.

    Args:
        call: A call, or a reference that is passed on.
        dotted: What is called, as ``random.choice``.
        parsed: The file.
        seeded: Whether the file seeds the module.
    """
    if call.type != "call" or not dotted.startswith("random.") or "()" in dotted:
        return None
    insertion = () if _imported(parsed) else _insertion(call, parsed)
    if insertion is None:
        return None
    new = _counterpart(call, dotted)
    applicability = Applicability.UNSAFE if seeded else Applicability.SAFE
    edit = edit_of(called(call), new, parsed)
    return Fix(applicability=applicability, description=f"call {new}", edits=(*insertion, edit))


def _counterpart(call: Node, dotted: str) -> str:
    same, count = _SAME.get(dotted, ("", 0))
    plain = not keywords(call) and not has_splat(call) and len(positional(call)) == count
    if same and plain:
        return same
    return f"secrets.SystemRandom().{dotted.removeprefix('random.')}"


def _imported(parsed: ParsedFile) -> bool:
    """Return whether ``secrets`` is at hand everywhere in the file, under its own name."""
    statements = (one for one in parsed.tree.named_children if one.type == "import_statement")
    names = (name for one in statements for name in one.children_by_field_name("name"))
    return any(text_of(name) == _MODULE for name in names)


def _insertion(call: Node, parsed: ParsedFile) -> tuple[Edit, ...] | None:
    """Return the edit that imports ``secrets`` beside ``random``; None where that may go wrong."""
    if any(text_of(one) == _MODULE for one in of_types(parsed.tree, "identifier")):
        return None  # something else has the name
    statements = parsed.tree.named_children
    place = next((at for at, one in enumerate(statements) if _imports(one, "random")), None)
    if place is None:
        return None
    line = statements[place].start_point.row + 1
    if statements[place].type == "import_statement":
        # Where an import sorter would put it: behind the modules whose names come before.
        rest = takewhile(_comes_before, statements[place:])
        line = max((one.end_point.row for one in rest), default=line) + 2
    if call.start_point.row < line - 1:
        return None
    return (Edit(line=line, column=1, end_line=line, end_column=1, content=f"import {_MODULE}\n"),)


def _imports(statement: Node, module: str) -> bool:
    """Return whether a statement imports a module, or from it, and begins its line."""
    if statement.type not in _IMPORTS or statement.start_point.column:
        return False
    field = "module_name" if statement.type == "import_from_statement" else "name"
    return any(_name(one) == module for one in statement.children_by_field_name(field))


def _comes_before(statement: Node) -> bool:
    names = statement.children_by_field_name("name")
    plain = statement.type == "import_statement" and not statement.start_point.column
    return plain and bool(names) and _name(names[0]) < _MODULE


def _name(imported: Node) -> str:
    return text_of(imported.child_by_field_name("name") or imported)
