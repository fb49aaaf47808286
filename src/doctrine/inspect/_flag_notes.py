"""Feature flags in one file: where the source asks for them, and where a test sets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._addresses import constants
from doctrine.inspect._arguments import literal
from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._flag_calls import (
    ENVIRONMENT,
    METHODS,
    NEUTRAL,
    OWN_METHODS,
    PROVIDER,
    VENDORS,
    is_many_valued,
    key_of,
)
from doctrine.model.project import Module
from doctrine.syntax.language import of_types, walk
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.scopes import parameters
from doctrine.syntax.tree import ParsedFile

ENV, OWN = "the environment", "the project"
_SOURCE_WORDS = re.compile(
    rb"FEATURE_|is_enabled|is_active|variation|feature_enabled|flag_enabled|get_(?:boolean|string)_value"
    rb"|has_feature|check_gate|get_treatment|is_on\(|feature_flag"
)
_RECEIVER = re.compile(r"(?i)(?:^|[._])(?:feature_?)?(?:flags?|features?|toggles?|waffle|unleash|flagsmith"
                       r"|ld_?client|posthog|growthbook|gb|statsig|openfeature)(?:_?\w*)?$")  # fmt: skip
_COMMON = frozenset({"get_value", "get_variant", "is_active", "is_enabled", "is_off", "is_on"})
"""Methods that much else has, too."""
_ABSTRACT = frozenset(
    {"ABC", "abc.ABC", "Protocol", "typing.Protocol", "typing_extensions.Protocol"}
)
_READS = re.compile(
    r"(?i)(?:environ(?:\.get|\.setdefault|\.pop)?|getenv|(?:^|\.)env(?:\.\w+)?|(?:^|\.)config)$"
)
_RANDOM = ("random.random", "random.randint", "random.choice", "random.uniform", "hash")


class Use(Struct, frozen=True, kw_only=True):
    """A place that asks for a flag.

    Attributes:
        line: Where.
        key: The flag; empty where the key is computed.
        constant: Name of the constant that holds the key, if it is given by one.
        provider: Module of the provider's library, or what stands for it.
        handed_on: Whether the key is a parameter of the function around it.
        many: Whether the answer may be more than on or off.
    """

    line: int
    key: str
    constant: str
    provider: str
    handed_on: bool
    many: bool = False


class Flags(Struct, frozen=True, kw_only=True):
    """What one source file shows.

    Attributes:
        uses: Where it asks for flags.
        constants: Its string constants.
        provider: Line of a class or function of its own that hands out flags; 0 if none.
        abstract: Whether such a class implements an interface.
        lottery: Line on which such a class draws by lot; 0 if none does.
    """

    uses: tuple[Use, ...]
    constants: Mapping[str, str]
    provider: int
    abstract: bool
    lottery: int


def flags(parsed: ParsedFile) -> Flags | None:
    """Return what a source file shows of flags; None if it has nothing to do with them."""
    roots = _roots(parsed.module)
    named = bool(_SOURCE_WORDS.search(parsed.source))
    if not named and not roots & (VENDORS | NEUTRAL):
        return _constants_only(parsed)
    names = parsed.names
    known = constants(parsed.tree)
    nodes = of_types(parsed.tree, "call", "class_definition", "subscript")
    classes = _providers(nodes)
    drawn = (line for one in classes for line in _draws(one, names))
    return Flags(
        uses=tuple(use for node in nodes for use in _uses(node, names, known, roots)),
        constants=known,
        provider=next((line_of(one) for one in classes), 0),
        abstract=any(_implements(one, names) for one in classes),
        lottery=next(drawn, 0),
    )


def _providers(nodes: list[Node]) -> list[Node]:
    """Return the classes that hand out flags."""
    return [one for one in nodes if one.type == "class_definition" and _hands_out(one)]


def _constants_only(parsed: ParsedFile) -> Flags | None:
    """Constants in a module of flags are asked for elsewhere."""
    if not PROVIDER.search(parsed.module.path.rpartition("/")[2].removesuffix(".py")):
        return None
    known = constants(parsed.tree)
    return Flags(uses=(), constants=known, provider=0, abstract=False, lottery=0)


def _roots(module: Module) -> frozenset[str]:
    return frozenset(
        item.module.partition(".")[0] for item in module.imports if not item.typing_only
    )


def _uses(
    node: Node, names: Names, known: Mapping[str, str], roots: frozenset[str]
) -> Iterator[Use]:
    if node.type == "subscript":
        yield from _environment(node, node.child_by_field_name("value"))
        return
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None:
        return
    yield from _environment(node, function)
    method = text_of(function).rpartition(".")[2]
    if method not in METHODS:
        return
    provider = _provider(function, method, names, roots)
    key = key_of(node, method) if provider else None
    if key is not None:
        yield _use(node, key, provider, known, many=is_many_valued(node, method))


def _environment(node: Node, read: Node | None) -> Iterator[Use]:
    """``os.environ["FEATURE_X"]``, ``os.getenv("FEATURE_X")``, ``env.bool("FEATURE_X")``."""
    if read is None or not _READS.search(text_of(read)):
        return
    at = node.child_by_field_name("subscript")
    given = at if node.type == "subscript" else key_of(node, "")
    key = literal(given)
    if key is not None and ENVIRONMENT.match(key):
        yield Use(line=line_of(node), key=key, constant="", provider=ENV, handed_on=False)


def _provider(function: Node, method: str, names: Names, roots: frozenset[str]) -> str:
    """Return whose flag a call asks for; empty if it asks for none."""
    dotted = names.dotted(function)
    root = dotted.partition(".")[0]
    if root in VENDORS | NEUTRAL:
        return root
    owner = function.child_by_field_name("object") if function.type == "attribute" else None
    imported = sorted(roots & (VENDORS | NEUTRAL))
    if imported and not dotted and _asks_client(owner, method):
        return imported[0]
    return OWN if method in OWN_METHODS and _asks_own(owner, method) else ""


def _asks_client(owner: Node | None, method: str) -> bool:
    """Return whether a call on something unknown speaks of flags, by its words."""
    return method not in _COMMON or _is_named(owner) or "client" in _receiver(owner).lower()


def _asks_own(owner: Node | None, method: str) -> bool:
    bare = owner is None and method not in {"is_enabled", "is_active"}
    return bare or _is_named(owner)


def _is_named(owner: Node | None) -> bool:
    """Return whether the receiver of a call is called flags, or as one of the vendors' clients."""
    return bool(_RECEIVER.search(_receiver(owner)))


def _receiver(owner: Node | None) -> str:
    return text_of(owner).removesuffix("()") if owner is not None else ""


def _use(node: Node, key: Node, provider: str, known: Mapping[str, str], *, many: bool) -> Use:
    written = text_of(key)
    constant = "" if key.type == "string" else written.rpartition(".")[2]
    value = literal(key)
    if value is None and key.type in {"identifier", "attribute"}:
        value = known.get(constant)
    around = function_around(node)
    given = {text_of(one) for one, _ in parameters(around)} if around is not None else set[str]()
    return Use(
        line=line_of(node),
        key=value or "",
        constant=constant if constant.isidentifier() else "",
        provider=provider,
        handed_on=key.type == "identifier" and written in given,
        many=many,
    )


def _hands_out(node: Node) -> bool:
    """Return whether a class hands out flags: named so, with a method that is asked for one."""
    body = node.child_by_field_name("body")
    inside = body.named_children if body is not None else []
    methods = {name_of(_definition(one)) for one in inside}
    return bool(methods & OWN_METHODS) and bool(PROVIDER.search(name_of(node)))


def _definition(node: Node) -> Node:
    return node.child_by_field_name("definition") or node


def _implements(node: Node, names: Names) -> bool:
    bases = node.child_by_field_name("superclasses")
    written = bases.named_children if bases is not None else []
    return any(
        names.dotted(one) in _ABSTRACT or text_of(one) in _ABSTRACT or PROVIDER.search(text_of(one))
        for one in written
    )


def _draws(node: Node, names: Names) -> Iterator[int]:
    for inner in walk(node):
        function = inner.child_by_field_name("function") if inner.type == "call" else None
        if function is not None and (names.dotted(function) or text_of(function)) in _RANDOM:
            yield line_of(inner)
