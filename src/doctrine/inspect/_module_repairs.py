"""Moves imports of removed modules, and what uses them, to what takes their place.

All of a file's uses move together or none does: a module that is still needed has to stay imported.
A ``from`` import keeps the names that it binds, so that nothing else in the file changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._calls import called, has_splat
from doctrine.inspect._code import edit_of
from doctrine.inspect._module_uses import (
    Place,
    attributes,
    bindings,
    dotted_of,
    imported,
    names_of,
    place_of,
)
from doctrine.inspect._successors import MODULES, SUCCESSORS, Successor
from doctrine.model.observation import Applicability, Edit, Fix
from doctrine.syntax.language import of_types
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile


class _Use(Struct, frozen=True):
    """A use of a removed name: the expression, and what takes its place."""

    node: Node
    successor: Successor


def module_repairs(parsed: ParsedFile) -> Mapping[Place, Fix]:
    """Return what moves the imports of a file to the successors, where that is a matter of names.

    Args:
        parsed: The file.

    Returns:
        By the place of the imported name.
    """
    if not any(one.module in MODULES for one in parsed.module.imports):
        return {}
    return {**dict(_from_imports(parsed)), **dict(_plain_imports(parsed))}


def _from_imports(parsed: ParsedFile) -> Iterator[tuple[Place, Fix]]:
    for statement in of_types(parsed.tree, "import_from_statement"):
        module = statement.child_by_field_name("module_name")
        if module is None or dotted_of(module) not in MODULES:
            continue
        items = statement.children_by_field_name("name")
        successors = _successors(dotted_of(module), items)
        if successors:
            fix = _fix(successors, tuple(_moved(statement, module, items, successors, parsed)))
            yield from ((place_of(one, parsed), fix) for one in items)


def _successors(module: str, items: Iterable[Node]) -> list[Successor]:
    """Return what takes the place of each name; nothing where one of them has none."""
    found: list[Successor] = []
    for item in items:
        one = SUCCESSORS.get(f"{module}.{dotted_of(imported(item))}")
        if one is None or one.more:
            return []
        found.append(one)
    return found


def _moved(
    statement: Node,
    module: Node,
    items: Sequence[Node],
    successors: Sequence[Successor],
    parsed: ParsedFile,
) -> Iterator[Edit]:
    targets = list(dict.fromkeys(one.module for one in successors))
    if len(targets) == 1:
        yield edit_of(module, targets[0], parsed)
        for item, successor in zip(items, successors, strict=True):
            if dotted_of(imported(item)) != successor.name:
                yield edit_of(item, _bound_as(item, successor), parsed)
        return
    lines = (
        f"from {target} import "
        + ", ".join(
            _bound_as(item, one)
            for item, one in zip(items, successors, strict=True)
            if one.module == target
        )
        for target in targets
    )
    yield edit_of(statement, _below_each_other(statement, lines), parsed)


def _bound_as(item: Node, successor: Successor) -> str:
    """Return an imported name that is bound to what it was bound to."""
    alias = item.child_by_field_name("alias")
    bound = text_of(alias) if alias is not None else dotted_of(item)
    return successor.name if bound == successor.name else f"{successor.name} as {bound}"


def _plain_imports(parsed: ParsedFile) -> Iterator[tuple[Place, Fix]]:
    """Yield the repairs of ``import module``, which take its uses along."""
    for (bound, dotted), items in bindings(parsed, MODULES).items():
        uses = _uses(bound, dotted, parsed)
        edits = _taken_along(bound, items, uses, parsed)
        if edits:
            fix = _fix([one.successor for one in uses], edits)
            yield from ((place_of(one, parsed), fix) for one in items)


def _uses(bound: str, dotted: str, parsed: ParsedFile) -> list[_Use]:
    """Return what a name is used for; nothing where one use has no successor."""
    found: list[_Use] = []
    for name in names_of(bound, parsed):
        use = _use(name, dotted)
        if use is None:
            return []
        found.append(use)
    return found


def _use(name: Node, dotted: str) -> _Use | None:
    for node, written in attributes(name, dotted):
        if (successor := SUCCESSORS.get(written)) is not None:
            return _Use(node, successor) if _fits(node, successor) else None
    return None


def _fits(node: Node, successor: Successor) -> bool:
    """Return whether an argument can be added where one has to be."""
    call = node.parent
    if not successor.more:
        return True
    if call is None or call.type != "call" or called(call) != node:
        return False
    return len(positional(call)) == 1 and not keywords(call) and not has_splat(call)


def _taken_along(
    bound: str, items: Sequence[Node], uses: Sequence[_Use], parsed: ParsedFile
) -> tuple[Edit, ...]:
    """Return the edits of imports and uses; none where that could change what a name means."""
    modules = sorted({one.successor.module for one in uses})
    aliased = items[0].child_by_field_name("alias") is not None
    lasting = len(modules) == 1 if aliased else _are_free(modules, parsed)
    if not lasting or len(modules) > 1 < len(items):
        return ()
    imports = (_imported_instead(item, modules, parsed) for item in items)
    renamed = (_used(use, bound if aliased else "", parsed) for use in uses)
    return tuple(chain.from_iterable((*imports, *renamed)))


def _used(use: _Use, alias: str, parsed: ParsedFile) -> Iterator[Edit]:
    """Yield what makes a use one of the successor, behind an alias or by its own name."""
    new = f"{alias}.{use.successor.name}" if alias else use.successor.dotted
    if text_of(use.node) != new:
        yield edit_of(use.node, new, parsed)
    call = use.node.parent
    if use.successor.more and call is not None:
        argument = positional(call)[0]
        yield edit_of(argument, f"{text_of(argument)}, {use.successor.more}", parsed)


def _are_free(modules: Sequence[str], parsed: ParsedFile) -> bool:
    """Return whether there are modules, and each can be had under its own name in a file."""
    return bool(modules) and all(_is_free(one.partition(".")[0], parsed) for one in modules)


def _is_free(name: str, parsed: ParsedFile) -> bool:
    """Return whether a name means nothing but the module of that name in all of a file."""
    mine = (one for one in parsed.module.imports if one.bound == name)
    modules = {one.module.partition(".")[0] if not one.name else "" for one in mine}
    return modules == {name} or (not modules and not any(names_of(name, parsed)))


def _imported_instead(item: Node, modules: Sequence[str], parsed: ParsedFile) -> Iterator[Edit]:
    """Yield what imports other modules where one was imported."""
    statement = item.parent
    alone = statement is not None and len(statement.children_by_field_name("name")) == 1
    if statement is not None and alone and len(modules) > 1:
        lines = (f"import {one}" for one in modules)
        yield edit_of(statement, _below_each_other(statement, lines), parsed)
    else:
        yield edit_of(imported(item), ", ".join(modules), parsed)


def _below_each_other(statement: Node, lines: Iterable[str]) -> str:
    return f"\n{' ' * statement.start_point.column}".join(lines)


def _fix(successors: Iterable[Successor], edits: tuple[Edit, ...]) -> Fix:
    every = list(successors)
    names = ", ".join(sorted({one.dotted for one in every}))
    same = all(one.same for one in every)
    applicability = Applicability.SAFE if same else Applicability.UNSAFE
    return Fix(applicability=applicability, description=f"use {names}", edits=edits)
