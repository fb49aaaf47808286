"""Who closes what is opened: the analysis that ASY005 and ASY006 share.

A resource is *safe* when a ``with`` block, an exit stack or a callback closes it, *passed on* when
it is returned, yielded, or given to an object that may close it, *closed* when ``finally`` or the
end of a generator-made lifespan does, *exposed* when it is closed but an exception comes first,
*owned* by an object that closes it in one of its methods, *abandoned* when no method of its owner is there for closing and the one that opens it can fail afterwards, *kept* under a name that
outlives the function, and *open* when none of these is to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._abandoned import is_abandoned
from doctrine.inspect._calls import last_name
from doctrine.inspect._code import function_around, is_self_attribute, own_nodes
from doctrine.inspect._uses import (
    Use,
    in_finally,
    of_argument,
    use_of,
    whole,
    with_item_of,
)
from doctrine.syntax.language import ancestors, walk
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of


class Fate(StrEnum):
    """What becomes of a resource."""

    SAFE = "safe"
    PASSED_ON = "passed-on"
    CLOSED = "closed"
    EXPOSED = "exposed"
    OWNED = "owned"
    ABANDONED = "abandoned"
    KEPT = "kept"
    OPEN = "open"


class Held(Struct, frozen=True, kw_only=True):
    """A resource's fate.

    Attributes:
        fate: What becomes of it.
        name: The name it is bound to; empty for none.
        shared: For a kept resource: others may have it as well, so that nothing is certain.
    """

    fate: Fate
    name: str = ""
    shared: bool = False


_BY_USE = {
    Use.KEPT_SAFE: Fate.SAFE,
    Use.PASSED_ON: Fate.PASSED_ON,
    Use.READ: Fate.PASSED_ON,
    Use.CLOSED: Fate.CLOSED,
}
_STARTS = frozenset({"__aenter__", "__enter__", "connect", "open", "start"})
"""Methods that give the resource itself, or what closes it."""
_PASSED_ON = Held(fate=Fate.PASSED_ON)
_SAFE = Held(fate=Fate.SAFE)


def fate_of(call: Node, names: Names) -> Held:
    """Return what becomes of the resource that a call opens.

    Args:
        call: The call.
        names: The names of its file.
    """
    value = whole(call)
    above = value.parent
    if above is None or with_item_of(value) is not None:
        return _SAFE
    match above.type:
        case "for_statement":  # ``async for connection in connect(…)`` closes each one
            held = _SAFE
        case "argument_list" | "keyword_argument":
            held = Held(fate=_BY_USE[of_argument(value, names)])
        case "assignment" | "named_expression":
            held = _bound(above, value, names)
        case "attribute":
            held = _used_at_once(above, names)
        case "expression_statement":
            held = Held(fate=Fate.OPEN)
        case _:
            held = _PASSED_ON
    return held


def _used_at_once(attribute: Node, names: Names) -> Held:
    """``httpx.AsyncClient().get(…)``: nothing has a name for it, so nothing can close it."""
    call = attribute.parent
    if call is not None and call.type == "call" and last_name(attribute) in _STARTS:
        return fate_of(call, names)
    return Held(fate=Fate.OPEN)


def _bound(binding: Node, value: Node, names: Names) -> Held:
    targets = list(_targets(binding))
    if value not in {binding.child_by_field_name("right"), binding.child_by_field_name("value")}:
        return _PASSED_ON
    kept = next((target for target in targets if is_self_attribute(target)), None)
    if kept is not None:
        return _kept_on_self(kept, names)
    if len(targets) != 1 or targets[0].type != "identifier":
        return _PASSED_ON
    return _named(targets[0], names)


def _targets(binding: Node) -> Iterator[Node]:
    """Yield what is bound; of ``reader, writer = …`` the writer."""
    here: Node | None = binding
    while here is not None and here.type in {"assignment", "named_expression"}:
        left = here.child_by_field_name("left") or here.child_by_field_name("name")
        if left is not None:
            pair = left.type in {"pattern_list", "tuple_pattern"} and left.named_child_count
            yield left.named_children[-1] if pair else left
        here = here.parent


def _named(target: Node, names: Names) -> Held:
    function = function_around(target)
    name = text_of(target)
    if function is None or _is_global(name, function):
        return Held(fate=Fate.KEPT, name=name)
    return _by_uses(name, function, target, names)


def _is_global(name: str, function: Node) -> bool:
    return any(
        node.type == "global_statement" and name in {text_of(one) for one in node.named_children}
        for node in own_nodes(function)
    )


def _by_uses(name: str, function: Node, target: Node, names: Names) -> Held:
    reads = _reads(name, function, target)
    if any(function_around(node) != function and _escapes(node, names) for node in reads):
        return _PASSED_ON
    uses = {use_of(node, names) for node in reads}
    settled = next((use for use in (Use.KEPT_SAFE, Use.PASSED_ON) if use in uses), None)
    if settled is not None:
        return Held(fate=_BY_USE[settled], name=name)
    closing = [node for node in reads if use_of(node, names) is Use.CLOSED]
    return Held(fate=_by_closing(closing, function), name=name)


def _reads(name: str, function: Node, target: Node) -> list[Node]:
    return [node for node in _identifiers(name, function) if node != target and not _binds(node)]


def _by_closing(closing: list[Node], function: Node) -> Fate:
    if not closing:
        return Fate.OPEN
    certain = any(map(in_finally, closing)) or _is_generator(function)
    return Fate.CLOSED if certain else Fate.EXPOSED


def _escapes(node: Node, names: Names) -> bool:
    """Return whether a nested function may close what it uses, at a time nobody sees."""
    return use_of(node, names) is not Use.READ


def _is_generator(function: Node) -> bool:
    body = function.child_by_field_name("body")
    return body is not None and any(node.type == "yield" for node in own_nodes(body))


def _identifiers(name: str, root: Node) -> Iterator[Node]:
    """Yield the places where a name is written, attributes and keywords of that name left out."""
    for node in walk(root):
        if node.type == "identifier" and text_of(node) == name:
            above = node.parent
            if above is None or node not in {
                above.child_by_field_name("attribute"),
                above.child_by_field_name("name") if above.type == "keyword_argument" else None,
            }:
                yield node


def _binds(node: Node) -> bool:
    above = node.parent
    return above is not None and (
        above.child_by_field_name("left") == node
        or above.type in {"pattern_list", "tuple_pattern", "parameters", "as_pattern_target"}
    )


def _kept_on_self(target: Node, names: Names) -> Held:
    name = last_name(target)
    owner = next((one for one in ancestors(target) if one.type == "class_definition"), None)
    if owner is None:
        return _PASSED_ON
    uses: dict[Use, list[Node]] = {}
    for node in _own_attributes(name, owner):
        if not _binds(node):
            uses.setdefault(use_of(node, names), []).append(node)
    if Use.KEPT_SAFE in uses:
        return Held(fate=Fate.OWNED, name=name)
    if Use.CLOSED in uses:
        abandoned = is_abandoned(target, uses[Use.CLOSED])
        return Held(fate=Fate.ABANDONED if abandoned else Fate.OWNED, name=name)
    return Held(fate=Fate.KEPT, name=name, shared=Use.PASSED_ON in uses)


def _own_attributes(name: str, owner: Node) -> Iterable[Node]:
    return (node for node in walk(owner) if is_self_attribute(node) and last_name(node) == name)
