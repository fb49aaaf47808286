"""User-defined type guards, and what they promise to a type checker.

``type-guard``: a guard returns ``TypeGuard`` though it is true exactly for the guarded type, so
that ``TypeIs`` would narrow the other branch as well. ``type-guard-perhaps`` (advice): whether the
test is exact cannot be read off it; one-sided and structural tests are what ``TypeGuard`` is for.
``type-is-inexact`` (advice): ``TypeIs`` with one more condition than the type, which makes the
checker believe that a value that fails the condition is of another type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter, name_of
from doctrine.inspect._guard_test import (
    Types,
    has_extra_condition,
    is_exact,
    members,
    tested_types,
)
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout
from doctrine.syntax.language import of_types, walk
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "type-guards"
_GUARD, _PERHAPS, _INEXACT = "type-guard", "type-guard-perhaps", "type-is-inexact"
_FIRST_WITH_TYPE_IS = (3, 13)
_ANNOTATION = re.compile(r"([\w.]+)\[(.*)\]", re.DOTALL)
_MODULES = ("typing", "typing_extensions")
_ANYTHING = frozenset({"object", "Any", "typing.Any", "t.Any"})
_IMPLICIT = frozenset({"self", "cls"})


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    floor = layout.target.floor
    if floor is not None and floor < _FIRST_WITH_TYPE_IS:
        return
    if not parsed.wording.holds(b"TypeGuard", b"TypeIs"):
        return
    imported = {one.bound: one.dotted for one in parsed.module.imports if not one.dots}
    functions = of_types(parsed.tree, "function_definition")
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for function in functions:
        kind, guarded = _guard(function, imported)
        if kind:
            yield from _judged(function, kind, guarded, reporter)


def _guard(function: Node, imported: Mapping[str, str]) -> tuple[str, Types]:
    """Return ``TypeGuard`` or ``TypeIs`` with the guarded types; empty for other functions."""
    annotation = function.child_by_field_name("return_type")
    text = text_of(annotation).strip().strip("\"'") if annotation is not None else ""
    matched = _ANNOTATION.fullmatch(text)
    if matched is None:
        return "", frozenset()
    head, _, rest = matched[1].partition(".")
    meant = ".".join(part for part in (imported.get(head, ""), rest) if part)
    module, _, name = meant.rpartition(".")
    known = module in _MODULES and name in {"TypeGuard", "TypeIs"}
    return (name, members(matched[2])) if known else ("", frozenset())


def _judged(function: Node, kind: str, guarded: Types, reporter: CodeReporter) -> Iterator[Finding]:
    parameter, annotation = _first_parameter(function)
    name = name_of(function)
    shown = " | ".join(sorted(guarded))
    place = function.child_by_field_name("return_type") or function
    if kind == "TypeIs":
        if has_extra_condition(function, parameter):
            message = (
                f"{name} returns TypeIs[{shown}] and asks for more than the type: where it is "
                "False, a checker takes the value for another type; return TypeGuard or bool"
            )
            yield reporter.finding(_INEXACT, place, message, Severity.INFO, symbol=name)
    elif not _has_body(function):
        return
    elif is_exact(guarded, tested_types(function, parameter)) and _may_narrow(
        annotation, guarded, reporter.parsed.tree
    ):
        message = (
            f"{name} is True exactly for {shown}: return TypeIs[{shown}], which narrows the other "
            "branch as well"
        )
        yield reporter.finding(_GUARD, place, message, Severity.WARNING, symbol=name)
    else:
        message = (
            f"{name} returns TypeGuard[{shown}]: if it is False only for values of other types, "
            "return TypeIs"
        )
        yield reporter.finding(_PERHAPS, place, message, Severity.INFO, symbol=name)


def _first_parameter(function: Node) -> tuple[str, str]:
    """Return name and annotation of the parameter that is guarded."""
    listed = function.child_by_field_name("parameters")
    for item in listed.named_children if listed is not None else ():
        annotation = item.child_by_field_name("type")
        name = item.child_by_field_name("name") or item
        if item.type == "typed_parameter" and item.named_children:
            name = item.named_children[0]
        text = text_of(name)
        if text not in _IMPLICIT and item.type not in {"comment", "positional_separator"}:
            return text, text_of(annotation) if annotation is not None else ""
    return "", ""


def _has_body(function: Node) -> bool:
    """Whether it returns anything: overloads, protocols and stubs do not."""
    body = function.child_by_field_name("body")
    return body is not None and any(node.type == "return_statement" for node in walk(body))


def _may_narrow(annotation: str, guarded: Types, tree: Node) -> bool:
    """Whether the guarded type is surely one of the parameter's, as ``TypeIs`` demands."""
    declared = members(annotation.strip("\"'"))
    if not declared or declared & _ANYTHING or guarded <= declared:
        return True
    return all(declared & _bases(tree, one) for one in guarded)


def _bases(tree: Node, name: str) -> frozenset[str]:
    for node in of_types(tree, "class_definition"):
        if name_of(node) == name:
            bases = node.child_by_field_name("superclasses")
            found = bases.named_children if bases is not None else ()
            return frozenset(text_of(base) for base in found)
    return frozenset()


INSPECTOR = FileInspector(name=_NAME, rules=(_GUARD, _PERHAPS, _INEXACT), inspect=_inspect)
