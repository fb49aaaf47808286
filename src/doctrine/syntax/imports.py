"""What a file imports, by statement or by name at run time, and under which guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.model.project import Import
from doctrine.syntax.language import Pattern, ancestors, captures
from doctrine.syntax.places import location, text_of

_DYNAMIC_WORDS = (b"import_module", b"__import__", b"importorskip")
_DYNAMIC = Pattern(
    """
    (call function: (identifier) @called arguments: (argument_list . (string)))
    (call function: (attribute attribute: (identifier) @called)
          arguments: (argument_list . (string)))
    """
)
_GUARDS = frozenset({"try_statement", "if_statement", "with_statement"})

_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_VERSIONS = (b"version_info", b"hexversion", b"PY2", b"PY3")


class _Spans(Struct, frozen=True, kw_only=True):
    """Byte ranges in which an import is guarded, or seen by type checkers only."""

    guarded: tuple[tuple[int, int], ...] = ()
    typing_only: tuple[tuple[int, int], ...] = ()


def imports(
    path: str, source: bytes, root: Node, found: Mapping[str, list[Node]]
) -> tuple[Import, ...]:
    """Return every import of a file, nested ones included, in source order.

    Args:
        path: POSIX path of the file, relative to the project root.
        source: Its bytes.
        root: Its tree.
        found: Its import statements, by capture (``import``, ``from``, ``future``).
    """
    statements = [node for kind in ("import", "from", "future") for node in found.get(kind, [])]
    calls = list(_dynamic(source, root))
    nodes = [*statements, *(call for call, _ in calls)]
    spans = _spans(nodes) if any(node.start_point.column for node in nodes) else _Spans()
    every = [
        *(item for node in statements for item in _statement(path, source, node, spans)),
        *(_run_time(path, source, call, module, spans) for call, module in calls),
    ]
    return tuple(sorted(every, key=lambda item: (item.location.line, item.location.column)))


def _statement(path: str, source: bytes, node: Node, spans: _Spans) -> Iterator[Import]:
    plain = node.type == "import_statement"
    module, dots = ("__future__", 0) if plain else _module(node)
    names = node.children_by_field_name("name")
    stars = [child for child in node.named_children if child.type == "wildcard_import"]
    for item in (*names, *stars):
        name, bound = _names(item)
        yield Import(
            module=name if plain else module,
            name="" if plain else name,
            bound=bound if bound or not plain else name.partition(".")[0],
            dots=dots,
            location=location(path, source, item),
            guarded=_within(node, spans.guarded),
            typing_only=_within(node, spans.typing_only),
            renamed=item.child_by_field_name("alias") is not None,
        )


def _names(item: Node) -> tuple[str, str]:
    """Return what is imported, and the name it is bound to where that is said or the same."""
    if item.type == "wildcard_import":
        return "*", ""
    name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
    dotted = "".join(text_of(name or item).split())
    if alias is not None:
        return dotted, text_of(alias)
    return dotted, "" if "." in dotted else dotted


def _module(node: Node) -> tuple[str, int]:
    module = node.child_by_field_name("module_name")
    if module is None:
        return "__future__", 0
    dotted = "".join(text_of(module).split())
    bare = dotted.lstrip(".")
    return bare, len(dotted) - len(bare)


def _dynamic(source: bytes, root: Node) -> Iterator[tuple[Node, str]]:
    """Yield the calls that import a module by its name, with the name."""
    if not any(word in source for word in _DYNAMIC_WORDS):
        return
    for called in captures(_DYNAMIC, root).get("called", []):
        call = _call_of(called)
        module = _first_literal(call) if call is not None else ""
        if call is not None and module and called.text in _DYNAMIC_WORDS:
            yield call, module


def _first_literal(call: Node) -> str:
    arguments = call.child_by_field_name("arguments")
    inside = arguments.named_children if arguments is not None else []
    literal = next((child for child in inside if child.type == "string"), None)
    return _literal(literal) if literal is not None else ""


def _call_of(called: Node) -> Node | None:
    above = called.parent
    return above.parent if above is not None and above.type == "attribute" else above


def _literal(string: Node) -> str:
    if any(child.type == "interpolation" for child in string.named_children):
        return ""
    content = "".join(text_of(c) for c in string.named_children if c.type == "string_content")
    return content if all(part.isidentifier() for part in content.lstrip(".").split(".")) else ""


def _run_time(path: str, source: bytes, call: Node, module: str, spans: _Spans) -> Import:
    bare = module.lstrip(".")
    function = call.child_by_field_name("function")
    skips = function is not None and text_of(function).endswith("importorskip")
    return Import(
        module=bare,
        name="",
        bound="",
        dots=len(module) - len(bare),
        location=location(path, source, call),
        guarded=skips or _within(call, spans.guarded),
        typing_only=_within(call, spans.typing_only),
    )


def _within(node: Node, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= node.start_byte < end for start, end in spans)


def _spans(nodes: Iterable[Node]) -> _Spans:
    """Return the spans of what is around some nodes."""
    kinds = _around(nodes)
    tests = [(node, _condition(node)) for node in kinds.get("if_statement", [])]
    bodies = (
        node.child_by_field_name("consequence")
        for node, text in tests
        if text.rpartition(b".")[2] == b"TYPE_CHECKING"
    )
    guards = [
        *filter(_catches, kinds.get("try_statement", [])),
        *filter(_suppresses, kinds.get("with_statement", [])),
        *(node for node, text in tests if any(word in text for word in _VERSIONS)),
    ]
    return _Spans(
        guarded=tuple(node.byte_range for node in guards),
        typing_only=tuple(body.byte_range for body in bodies if body is not None),
    )


def _around(nodes: Iterable[Node]) -> Mapping[str, list[Node]]:
    """Return the statements around some nodes that may guard them, each once, by type."""
    kinds: dict[str, list[Node]] = {}
    for one in {one.id: one for node in nodes for one in ancestors(node)}.values():
        if one.type in _GUARDS:
            kinds.setdefault(one.type, []).append(one)
    return kinds


def _condition(node: Node) -> bytes:
    condition = node.child_by_field_name("condition")
    return (condition.text or b"") if condition is not None else b""


def _catches(node: Node) -> bool:
    """Return whether a ``try`` survives a failing import."""
    for clause in node.named_children:
        if clause.type != "except_clause" or _raises(clause):
            continue
        values = clause.children_by_field_name("value")
        if not values or any(_named(value) & _CATCHING for value in values):
            return True
    return False


def _raises(clause: Node) -> bool:
    """Return whether an ``except`` ends in an error of its own, or in the one it caught."""
    block = next((one for one in clause.named_children if one.type == "block"), None)
    statements = block.named_children if block is not None else []
    last = next((one for one in reversed(statements) if one.type != "comment"), None)
    return last is not None and last.type == "raise_statement"


def _suppresses(node: Node) -> bool:
    """Return whether a ``with`` is a ``contextlib.suppress`` of failing imports."""
    head = next((child for child in node.named_children if child.type == "with_clause"), None)
    if head is None or b"suppress" not in (head.text or b""):
        return False
    return bool(_named(head) & _CATCHING)


def _named(node: Node) -> set[str]:
    text = text_of(node)
    return set("".join(char if char.isalnum() or char == "_" else " " for char in text).split())
