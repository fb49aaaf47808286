"""Strings that modules of the project are assigned once, without importing them."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Callable

from tree_sitter import Node

from doctrine.adopt.setup_script.values import Attr
from doctrine.syntax.language import first_named, of_types, tree_of
from doctrine.syntax.places import text_of

Read = Callable[[str], str | None]
"""Returns the text of a file of the project; None where there is none."""
_HOPS = 4
_NAME = re.compile(r"[A-Za-z_]\w{2,}")
_GROUP = re.compile(r"""['"]\]?\((?:\[[^\]]+\]|\.|\\S)[*+]\??\)\[?\\?['"]""")
"""A group that is everything between quotes."""


def module_file(dotted: str, read: Read) -> str:
    """Return the file of a module of the project; empty if it is none.

    Args:
        dotted: Name of the module.
        read: Reads a file.
    """
    stem = dotted.replace(".", "/")
    candidates = (f"{root}{stem}{end}" for root in ("", "src/") for end in ("/__init__.py", ".py"))
    return next((path for path in candidates if read(path) is not None), "")


def attribute(path: str, name: str, read: Read, hops: int = _HOPS) -> Attr | None:
    """Return a string of a module; None where it is not assigned exactly once to a literal.

    Args:
        path: The module's file.
        name: The name that it has there, where the module may have imported it from another one.
        read: Reads a file.
        hops: How many modules away it may lie.
    """
    bound = _bound(read(path) or "", name) if hops else None
    if bound is None:
        return None
    value = _assigned(bound)
    if value is not None:
        return Attr(path=path, name=name, value=value)
    origin = _imported(bound, path)
    file = module_file(origin[0], read) if origin is not None else ""
    return attribute(file, origin[1], read, hops - 1) if origin is not None and file else None


def _bound(source: str, name: str) -> Node | None:
    """Return the one place at which a module gives a name its value."""
    root = tree_of(source.encode("utf-8", "replace"))
    if root.has_error:
        return None
    found = [one for one in of_types(root, "identifier") if text_of(one) == name and _binds(one)]
    return found[0] if len(found) == 1 else None


def searched(pattern: str, path: str, read: Read) -> Attr | None:
    """Return the string that a regular expression looks for in a module.

    The expression is not run, since it may take for ever: it has to name what it looks for, and that
    has to stand in the file once.

    Args:
        pattern: The expression.
        path: The module's file.
        read: Reads a file.
    """
    if pattern.count("(") - pattern.count("(?") != 1 or _GROUP.search(pattern) is None:
        return None
    source = read(path) or ""
    names = sorted({one for one in _NAME.findall(pattern) if one in source})
    found = [one for name in names if (one := attribute(path, name, read, 1))]
    if len(found) != 1 or len(re.findall(rf"\b{found[0].name}\s*[:=]", source)) != 1:
        return None
    return found[0]


def dotted_name(path: str) -> str:
    """Return the name of the module in a file, without ``src``."""
    stem = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return stem.replace("/", ".")


def _binds(node: Node) -> bool:
    """Return whether an identifier is given a value where it stands."""
    above = node.parent
    if above is None or above.type in {"attribute", "keyword_argument"}:
        return False
    if above.type in {"assignment", "augmented_assignment", "named_expression"}:
        return above.child_by_field_name("left") == node or (
            above.child_by_field_name("name") == node
        )
    if above.type in {"dotted_name", "aliased_import"}:
        return _is_imported(above)
    return above.type in {
        "pattern_list", "tuple_pattern", "global_statement", "delete_statement", "for_statement",
        "as_pattern_target", "function_definition", "class_definition",
    } and above.child_by_field_name("body") != node  # fmt: skip


def _is_imported(node: Node) -> bool:
    above = node.parent
    while above is not None and above.type in {"dotted_name", "aliased_import"}:
        node, above = above, above.parent
    if above is None or above.type != "import_from_statement":
        return False
    return above.child_by_field_name("module_name") != node


def _assigned(node: Node) -> str | None:
    """Return the string that a name is assigned at the top level; None where it is another thing."""
    above = node.parent
    if above is None or above.type != "assignment":
        return None
    statement = above.parent
    if statement is None or statement.parent is None or statement.parent.type != "module":
        return None
    right = above.child_by_field_name("right")
    if right is None or right.type not in {"string", "concatenated_string"}:
        return None
    return string_of(right)


def string_of(node: Node) -> str | None:
    """Return the text of a literal; None where it is none, or of another version of Python."""
    try:
        value: object = ast.literal_eval(text_of(node))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, str) else None


def _imported(node: Node, path: str) -> tuple[str, str] | None:
    """Return the module and the name that a name was imported from."""
    above = node.parent
    name = text_of(node)
    while above is not None and above.type != "import_from_statement":
        if above.type == "aliased_import":
            name = text_of(first_named(above) or above)
        above = above.parent
    origin = above.child_by_field_name("module_name") if above is not None else None
    if origin is None or "." in name:
        return None
    written = text_of(origin).replace(" ", "")
    module = _absolute(written, path)
    return (module, name) if module else None


def _absolute(written: str, path: str) -> str:
    """Return the whole name of a module that a file imports from; empty if it leads too far up."""
    dots = len(written) - len(written.lstrip("."))
    if not dots:
        return written
    folder = posixpath.dirname(path)
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    package = folder.removeprefix("src/").replace("/", ".")
    return ".".join(one for one in (package, written.lstrip(".")) if one)
