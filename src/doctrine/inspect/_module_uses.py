"""What a file uses of modules that it imports by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tree_sitter import Node

from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.places import location, text_of
from doctrine.syntax.tree import ParsedFile

Place = tuple[int, int]
"""Line and column of an imported name."""

_IMPORTS = ("import_statement", "import_from_statement")


def attributes_used(
    parsed: ParsedFile, modules: Collection[str]
) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield what a file takes of the modules that it imports: the import's place, and dotted names.

    Args:
        parsed: The file.
        modules: Dotted names of the modules that matter.
    """
    found = (*bindings(parsed, modules).items(), *_out_of_packages(parsed, modules).items())
    for (bound, dotted), items in found:
        used = dict.fromkeys(_longest(name, dotted) for name in names_of(bound, parsed))
        for item in items:
            yield place_of(item, parsed), tuple(used)


def _longest(name: Node, dotted: str) -> str:
    """Return the longest dotted name that begins with a name in the file."""
    return [dotted, *(one for _, one in attributes(name, dotted))][-1]


def attributes(name: Node, dotted: str) -> Iterator[tuple[Node, str]]:
    """Yield the attributes that are taken of a name, one of the other, with their dotted names.

    Args:
        name: Where the name stands.
        dotted: What it stands for.
    """
    node = name
    while (above := node.parent) is not None and above.type == "attribute":
        attribute = above.child_by_field_name("attribute")
        if attribute is None:
            return
        node, dotted = above, f"{dotted}.{text_of(attribute)}"
        yield node, dotted


def bindings(parsed: ParsedFile, modules: Collection[str]) -> Mapping[tuple[str, str], list[Node]]:
    """Return where some modules are imported by themselves, by the name and what the name stands for.

    Args:
        parsed: The file.
        modules: Their dotted names.
    """
    found: dict[tuple[str, str], list[Node]] = {}
    for statement in of_types(parsed.tree, "import_statement"):
        for item in statement.children_by_field_name("name"):
            dotted, alias = dotted_of(imported(item)), item.child_by_field_name("alias")
            if dotted in modules:
                top = dotted.partition(".")[0]
                key = (text_of(alias), dotted) if alias is not None else (top, top)
                found.setdefault(key, []).append(item)
    return found


def _out_of_packages(
    parsed: ParsedFile, modules: Collection[str]
) -> Mapping[tuple[str, str], list[Node]]:
    """Return the same for modules that are imported out of their package (``from a import b``)."""
    found: dict[tuple[str, str], list[Node]] = {}
    for statement in of_types(parsed.tree, "import_from_statement"):
        package = statement.child_by_field_name("module_name")
        if package is None:
            continue
        for item in statement.children_by_field_name("name"):
            name = dotted_of(imported(item))
            dotted = f"{dotted_of(package)}.{name}"
            if dotted in modules:
                alias = item.child_by_field_name("alias")
                bound = text_of(alias) if alias is not None else name
                found.setdefault((bound, dotted), []).append(item)
    return found


def names_of(bound: str, parsed: ParsedFile) -> Iterator[Node]:
    """Yield where a name stands by itself, neither behind a dot nor in an import.

    Args:
        bound: The name.
        parsed: The file.
    """
    for node in of_types(parsed.tree, "identifier"):
        above = node.parent
        if text_of(node) != bound or above is None:
            continue
        behind = above.type == "attribute" and above.child_by_field_name("attribute") == node
        keyword = above.type == "keyword_argument" and above.child_by_field_name("name") == node
        if not behind and not keyword and not any(one.type in _IMPORTS for one in ancestors(node)):
            yield node


def imported(item: Node) -> Node:
    """Return the name in an import, without its alias."""
    return item.child_by_field_name("name") or item


def dotted_of(node: Node) -> str:
    """Return a dotted name as it is meant, however it is laid out."""
    return "".join(text_of(node).split())


def place_of(item: Node, parsed: ParsedFile) -> Place:
    """Return where an imported name stands."""
    where = location(parsed.module.path, parsed.source, item)
    return where.line, where.column
