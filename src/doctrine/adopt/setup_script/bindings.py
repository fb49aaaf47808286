"""Which names ``setup.py`` gives a value, and whether that is the only one they ever have."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.adopt.setup_script.nodes import inside, part
from doctrine.syntax.language import ancestors, first_named, of_types, walk
from doctrine.syntax.places import text_of
from doctrine.syntax.scopes import BINDERS, bound_by

_PURE_METHODS = frozenset(
    {"copy", "count", "format", "get", "index", "items", "join", "keys", "values"}
)
_PURE_CALLS = frozenset(
    {"chain", "dict", "frozenset", "len", "list", "map", "filter", "set", "setup", "sorted", "sum",
     "tuple"}
)  # fmt: skip
_HOLDERS = frozenset(
    {
        "binary_operator", "boolean_operator", "comparison_operator", "conditional_expression",
        "dictionary_splat", "for_in_clause", "if_clause", "list_splat", "not_operator", "pair",
        "parenthesized_expression", "list", "tuple", "return_statement", "set",
    }
)  # fmt: skip
_READING = frozenset({"assignment", "for_statement", "interpolation"})
_WITHIN = frozenset(
    {
        "as_pattern", "as_pattern_target", "assignment", "block", "expression_statement",
        "import_from_statement", "import_statement", "with_clause", "with_item", "with_statement",
    }
)  # fmt: skip
_ANYWHERE = frozenset({"function_definition", "lambda", "class_definition"})


class Given(Struct, frozen=True, kw_only=True):
    """One place at which a name is given a value.

    Attributes:
        node: The identifier, or the import that binds it.
        value: The expression; None where it is anything else than one.
        dotted: What an import binds it to.
        definition: The function or class that it names.
    """

    node: Node
    value: Node | None = None
    dotted: str = ""
    definition: Node | None = None


class Names(Struct, frozen=True, kw_only=True):
    """The names of a script outside its functions, with every place that gives them a value."""

    given: Mapping[str, list[Given]]
    uses: Mapping[str, list[Node]]

    def before(self, name: str, use: Node) -> Given | str:
        """Return where a name gets the value that it has where it is used, or why that is not known.

        Args:
            name: The name.
            use: Where it is used.
        """
        places = self.given.get(name, [])
        straight = all(_is_plain(one.node) and _attempt(one.node) is None for one in places)
        if len(places) < 2 or not straight or _is_in_function(use):  # noqa: PLR2004
            return self.only(name)
        done = [one for one in places if _end(one) <= use.start_byte]
        return done[-1] if done else f"`{name}` is given no value before"

    def only(self, name: str) -> Given | str:
        """Return where a name gets its value, or why that is not known.

        Args:
            name: The name.
        """
        places = self.given.get(name, [])
        if not places:
            return f"`{name}` is given no value here"
        first = places[0]
        attempt = _attempt(first.node)
        rescued = attempt is not None and all(_rescues(attempt, one) for one in places[1:])
        if len(places) > 1 and not rescued:
            return f"`{name}` is given a value more than once"
        if not (_is_sure(attempt) if attempt is not None else _is_plain(first.node)):
            return f"`{name}` is given a value under a condition"
        return first

    def changed(self, name: str) -> bool:
        """Return whether what a name holds may be changed where it is used."""
        return not all(_is_harmless(one) for one in self.uses.get(name, ()))


def _end(one: Given) -> int:
    inner = one.value or one.definition or one.node
    return max(inner.end_byte, one.node.end_byte)


def _is_in_function(node: Node) -> bool:
    return any(one.type in _ANYWHERE for one in ancestors(node))


def opened_around(name: str, node: Node) -> Given | None:
    """Return the ``with`` around a node that gives a name its value, if there is one.

    Args:
        name: The name.
        node: Where it is used.
    """
    for above in ancestors(node):
        if above.type in _ANYWHERE:
            return None
        if above.type != "with_statement" or above.child_by_field_name("body") is None:
            continue
        for item in of_types(above.named_children[0], "as_pattern"):
            for bound, one in _givens(item):
                if bound == name and node not in walk(item):
                    return one
    return None


def names_of(root: Node) -> Names:
    """Return the names of a script.

    Args:
        root: Its tree.
    """
    given: dict[str, list[Given]] = {}
    for name, one in _given(root):
        given.setdefault(name, []).append(one)
    bound = {one.node.id for places in given.values() for one in places}
    uses: dict[str, list[Node]] = {}
    for node in of_types(root, "identifier"):
        if node.id not in bound and _is_use(node):
            uses.setdefault(text_of(node), []).append(node)
    return Names(given=given, uses=uses)


def _given(root: Node) -> Iterator[tuple[str, Given]]:
    """Yield what gives a value to a name of the script itself, which a function may do as well."""
    declared = {text_of(one) for each in of_types(root, "global_statement") for one in walk(each)}
    for node in of_types(root, "import_statement", "import_from_statement", *sorted(BINDERS)):
        givens = list(_givens(node))
        if not _is_in_function(node) or any(name in declared for name, _ in givens):
            yield from givens


def _is_use(node: Node) -> bool:
    above = node.parent
    if above is None:
        return True
    if above.type == "attribute":
        return above.child_by_field_name("object") == node
    if above.type == "keyword_argument":
        return above.child_by_field_name("value") == node
    return above.type not in {"dotted_name", "aliased_import"}


def _givens(node: Node) -> Iterator[tuple[str, Given]]:
    if node.type in {"import_statement", "import_from_statement"}:
        yield from _imports(node)
        return
    for target, binding in bound_by(node):
        if target.type == "identifier":
            yield (
                text_of(target),
                Given(node=target, value=binding.value, definition=binding.definition),
            )


def _imports(node: Node) -> Iterator[tuple[str, Given]]:
    origin = node.child_by_field_name("module_name")
    prefix = f"{text_of(origin)}." if origin is not None else ""
    for item in node.named_children:
        if item == origin or item.type not in {"dotted_name", "aliased_import"}:
            continue
        alias = item.child_by_field_name("alias")
        written = text_of(item if alias is None else first_named(item) or item)
        name = text_of(alias) if alias is not None else written
        whole = prefix + written
        if not prefix and alias is None:
            name = whole = written.partition(".")[0]
        yield name, Given(node=item, dotted=whole)


def _attempt(node: Node) -> Node | None:
    """Return the ``try`` at the top level in whose body, and in nothing else, a node stands."""
    child = node
    for above in ancestors(node):
        if above.type == "try_statement":
            whole = above.child_by_field_name("body") == child and _is_at_top(above)
            return above if whole else None
        if above.type not in _WITHIN:
            return None
        child = above
    return None


def _is_sure(attempt: Node) -> bool:
    """Return whether nothing in the body of a ``try`` can fail but one statement, which can be told."""
    others = _acting(attempt)
    while len(others) == 1 and others[0].type == "with_statement":
        others = _acting(others[0])
    return len(others) <= 1


def _acting(node: Node) -> list[Node]:
    """Return the statements in a body that are no imports of what is always there."""
    body = inside(node.child_by_field_name("body"))
    return [one for one in body if not _is_known_import(one)]


def _is_known_import(node: Node) -> bool:
    if node.type not in {"import_statement", "import_from_statement"}:
        return False
    names = [one.dotted.partition(".")[0] for _, one in _imports(node)]
    return all(one == "setuptools" or one in sys.stdlib_module_names for one in names)


def _rescues(attempt: Node, one: Given) -> bool:
    """Return whether a place is in a clause that catches what the attempt raises."""
    return any(
        above.type == "except_clause" and above.parent == attempt for above in ancestors(one.node)
    )


def _is_at_top(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "module"


def _is_plain(node: Node) -> bool:
    """Return whether a node is reached by every run, once."""
    for above in ancestors(node):
        if above.type == "module":
            return True
        if above.type in {"if_statement", "while_statement", "for_statement", "match_statement"}:
            return is_main_guard(above)
        if above.type in {"except_clause", "else_clause", "try_statement"}:
            return False
    return True


def is_main_guard(node: Node) -> bool:
    """Return whether a statement is ``if __name__ == "__main__":``, without another branch."""
    condition = node.child_by_field_name("condition")
    if node.type != "if_statement" or condition is None or not _is_at_top(node):
        return False
    written = text_of(condition).replace('"', "'").replace(" ", "").strip("()")
    return written == "__name__=='__main__'" and node.child_by_field_name("alternative") is None


def _is_harmless(node: Node) -> bool:
    """Return whether what stands around a name cannot change what the name holds."""
    above = node.parent
    if above is None or above.type in _HOLDERS:
        return True
    if above.type in {"keyword_argument", "argument_list"}:
        return _is_pure_call(next((one for one in ancestors(node) if one.type == "call"), None))
    if above.type == "attribute":
        return text_of(part(above, "attribute")) in _PURE_METHODS
    if above.type == "subscript":
        return above.child_by_field_name("subscript") == node or _is_harmless_item(above)
    return above.type in _READING and above.child_by_field_name("left") != node


def _is_harmless_item(node: Node) -> bool:
    """Return whether an item of what a name holds is only read."""
    above = node.parent
    if above is not None and above.type in {"assignment", "augmented_assignment"}:
        return above.type == "assignment" and above.child_by_field_name("left") != node
    return _is_harmless(node)


def _is_pure_call(call: Node | None) -> bool:
    function = call.child_by_field_name("function") if call is not None else None
    if function is None:
        return False
    if function.type == "attribute":
        return text_of(function.child_by_field_name("attribute") or function) in {
            "setup", "join", "chain", "exec",
        }  # fmt: skip
    return text_of(function) in _PURE_CALLS | {"exec", "execfile"}
