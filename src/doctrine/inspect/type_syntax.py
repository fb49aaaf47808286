"""Types that are declared as before Python 3.12, where ruff does not see it.

``plain-alias``: a name for a type that is an ordinary assignment, and is used for nothing but
annotations. Only types with parameters are looked at, since others (unions among them) may be meant
for `isinstance`, and neither `Annotated` nor `Literal`, whose parts are often read at run time.
``old-type-variable``: a class is generic by a type variable with a variance, which the syntax of
3.12 works out by itself. Both are advice where a comment waves ruff's rule for the like aside.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from tree_sitter import Node

from doctrine.inspect._arguments import keywords
from doctrine.inspect._calls import called
from doctrine.inspect._code import CodeReporter, name_of
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout
from doctrine.syntax.language import ancestors, first_named, of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "type-syntax"
_ALIAS, _VARIABLE = "plain-alias", "old-type-variable"
_FIRST, _FIRST_WITH_DEFAULTS = (3, 12), (3, 13)
_BUILTINS = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})
_MODULES = ("typing", "typing_extensions", "collections.abc")
_LEFT_ALONE = frozenset({"Annotated", "Generic", "Literal", "Optional", "Protocol", "Union"})
_BASES = frozenset({"Generic", "Protocol"})
_WAVED = frozenset({"UP040", "UP046"})
_VARIANCES = frozenset({"covariant", "contravariant"})


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    floor = layout.target.floor
    if floor is None or floor < _FIRST:
        return
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    assigned = dict(_assigned(parsed))
    candidates = {name: node for name, node in assigned.items() if _is_type(node, parsed, assigned)}
    if candidates:
        yield from _aliases(candidates, reporter)
    if b"variant" in parsed.source and b"TypeVar" in parsed.source:
        yield from _generics(reporter, defaults=floor >= _FIRST_WITH_DEFAULTS)


def _assigned(parsed: ParsedFile) -> Iterator[tuple[str, Node]]:
    """Yield the names that the module assigns without an annotation, and what to."""
    for statement in parsed.tree.named_children:
        node = first_named(statement) if statement.type == "expression_statement" else None
        if node is None or node.type != "assignment" or node.child_by_field_name("type"):
            continue
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and left.type == "identifier":
            yield text_of(left), right


def _is_type(node: Node, parsed: ParsedFile, own: Container[str]) -> bool:
    """Tell whether an expression can be nothing but a type with parameters."""
    if node.type != "subscript":
        return False
    base = node.child_by_field_name("value")
    if base is None:
        return False
    dotted = parsed.names.dotted(base)
    module, _, name = dotted.rpartition(".")
    known = module in _MODULES and name[:1].isupper() and name not in _LEFT_ALONE
    builtin = base.type == "identifier" and text_of(base) in _BUILTINS
    return known or (builtin and not dotted and text_of(base) not in own)


def _aliases(candidates: Mapping[str, Node], reporter: CodeReporter) -> Iterator[Finding]:
    annotating: set[str] = set()
    otherwise: set[str] = set()
    for identifier in of_types(reporter.parsed.tree, "identifier"):
        name = text_of(identifier)
        right = candidates.get(name)
        if right is None or _defines(identifier, right):
            continue
        if any(one.type == "type" for one in ancestors(identifier)):
            annotating.add(name)
        else:
            otherwise.add(name)
    for name in sorted(annotating - otherwise):
        message = (
            f"{name} is a name for a type, declared like a variable: write `type {name} = …`, with "
            "its type variables, if it has any, in brackets behind the name"
        )
        place = candidates[name]
        yield reporter.finding(_ALIAS, place, message, _weight(place, reporter), symbol=name)


def _weight(place: Node, reporter: CodeReporter) -> Severity:
    line = place.start_point.row + 1
    waved = any(
        one.location.line == line and not _WAVED.isdisjoint(one.rules)
        for one in reporter.parsed.module.suppressions
    )
    return Severity.INFO if waved else Severity.WARNING


def _defines(identifier: Node, right: Node) -> bool:
    parent = right.parent
    return parent is not None and parent.child_by_field_name("left") == identifier


def _generics(reporter: CodeReporter, *, defaults: bool) -> Iterator[Finding]:
    parsed = reporter.parsed
    variables = _type_variables(parsed)
    ready = {name for name, given in variables.items() if defaults or "default" not in given}
    varied = ready & _varied(variables)
    for node in of_types(parsed.tree, "class_definition") if varied else ():
        for base, used in _parameters(node, parsed):
            if set(used) <= ready and varied.intersection(used):
                yield _generic(node, base, used, reporter)


def _type_variables(parsed: ParsedFile) -> Mapping[str, frozenset[str]]:
    """Return the names of the keywords that each type variable of a file was made with."""
    return {
        name: frozenset(keywords(right))
        for name, right in _assigned(parsed)
        if right.type == "call" and _dotted_name(called(right), parsed) == "TypeVar"
    }


def _varied(variables: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the type variables that say how they vary, which brackets leave to the checker."""
    return {name for name, given in variables.items() if given & _VARIANCES}


def _generic(node: Node, base: Node, used: tuple[str, ...], reporter: CodeReporter) -> Finding:
    name = name_of(node)
    message = (
        f"{name} is generic by {', '.join(used)}: write the parameters in brackets behind its "
        "name, and leave the variance to the checker"
    )
    return reporter.finding(_VARIABLE, base, message, _weight(base, reporter), symbol=name)


def _parameters(node: Node, parsed: ParsedFile) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield the bases that make a class generic, with what stands in their brackets."""
    bases = node.child_by_field_name("superclasses")
    for base in bases.named_children if bases is not None else ():
        value = base.child_by_field_name("value") if base.type == "subscript" else None
        if value is not None and _dotted_name(value, parsed) in _BASES:
            inner = base.children_by_field_name("subscript")
            yield base, tuple(text_of(one) for one in inner)


def _dotted_name(node: Node | None, parsed: ParsedFile) -> str:
    """Return a name of the typing modules; empty for any other."""
    dotted = parsed.names.dotted(node) if node is not None else ""
    module, _, name = dotted.rpartition(".")
    return name if module in _MODULES else ""


INSPECTOR = FileInspector(name=_NAME, rules=(_ALIAS, _VARIABLE), inspect=_inspect)
