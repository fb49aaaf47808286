"""A ``tasks.py`` as data: what each task of invoke runs, without running it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.project.automation._python_nodes import (
    first_parameter,
    keywords,
    literal,
    positional,
    text_of,
)
from doctrine.syntax.language import tree_of
from doctrine.syntax.places import line_of

_RUNS = frozenset({"run", "sudo", "local"})
_SETS = frozenset({"assignment", "augmented_assignment"})
_DEEPEST = 50
"""Levels of a sum of texts that are looked at."""
_MOST_NODES = 100_000
_LATER = "$filled_in"
"""What stands for a part of a command that only a run knows."""


class Step(Struct, frozen=True, kw_only=True):
    """A command of a task, or a call of another function with the same context.

    Attributes:
        line: 1-based line.
        command: What the shell is given; empty where only a run knows it.
        calls: Name of the function that is called; empty for a command.
        folder: Folder it runs in, relative to that of the task.
        tolerant: Whether a failure is ignored.
    """

    line: int
    command: str = ""
    calls: str = ""
    folder: str = ""
    tolerant: bool = False


class Task(Struct, frozen=True, kw_only=True):
    """A function of the file.

    Attributes:
        names: What it is asked for by; empty for a helper.
        line: 1-based line of its definition.
        steps: What it does, in order.
        default: Whether it runs when no task is named.
    """

    names: tuple[str, ...]
    line: int
    steps: tuple[Step, ...]
    default: bool = False


def parse_tasks(source: str) -> Mapping[str, Task]:
    """Read a ``tasks.py``: its tasks and helpers by the name of their function."""
    root = tree_of(source.encode("utf-8", "replace"))
    statements = (one for one in root.named_children if one.type == "expression_statement")
    constants = dict(_constants(one.named_children[0] for one in statements if one.named_children))
    tasks: dict[str, Task] = {}
    for node in root.named_children:
        function = node.child_by_field_name("definition") or node
        if function.type == "function_definition":
            decorators = [one for one in node.named_children if one.type == "decorator"]
            name = text_of(function.child_by_field_name("name"))
            tasks[name] = _task(function, decorators, constants)
    return tasks


def _constants(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Yield names with the text that they stand for, where each is set once."""
    found: dict[str, str] = {}
    spoilt: set[str] = set()
    for node in nodes:
        if node.type not in _SETS:
            continue
        name = text_of(node.child_by_field_name("left"))
        told = _told(node.child_by_field_name("right"), {})
        if node.type == "augmented_assignment" or name in found or not told:
            spoilt.add(name)
        else:
            found[name] = told
    yield from ((name, told) for name, told in found.items() if name not in spoilt)


def _task(function: Node, decorators: list[Node], constants: Mapping[str, str]) -> Task:
    mark = next((one for one in decorators if _is_task(one)), None)
    arguments = _arguments(mark)
    options = keywords(arguments)
    steps = (
        *_asked(positional(arguments) if arguments is not None else [], function),
        *_asked(_items(options.get("pre")), function),
        *_steps(function, constants),
        *_asked(_items(options.get("post")), function),
    )
    return Task(
        names=_names(function, options) if mark is not None else (),
        line=line_of(function),
        steps=steps,
        default=text_of(options.get("default")) == "True",
    )


def _arguments(decorator: Node | None) -> Node | None:
    call = decorator.named_children[0] if decorator and decorator.named_children else None
    return call.child_by_field_name("arguments") if call is not None else None


def _names(function: Node, options: Mapping[str, Node]) -> tuple[str, ...]:
    own = options.get("name")
    name = text_of(function.child_by_field_name("name")) if own is None else literal(own)
    aliases = (literal(one) for one in _items(options.get("aliases")) if one.type == "string")
    return (name.replace("_", "-"), *aliases)


def _is_task(decorator: Node) -> bool:
    written = text_of(decorator).removeprefix("@").split("(", 1)[0].strip()
    return written in {"task", "invoke.task", "fabric.task"}


def _items(node: Node | None) -> list[Node]:
    return node.named_children if node is not None and node.type in {"list", "tuple"} else []


def _asked(nodes: list[Node], function: Node) -> Iterator[Step]:
    """Yield a step for each task that runs before or after another."""
    for one in nodes:
        asked = one.child_by_field_name("arguments") if one.type == "call" else None
        inside = positional(asked) if asked is not None else []  # call(clean, which="docs")
        name = text_of(inside[0] if inside else one)
        if name.isidentifier():
            yield Step(line=line_of(function), calls=name)


def _steps(function: Node, constants: Mapping[str, str]) -> Iterator[Step]:
    """Yield what the body of a function runs, in order; both sides of a condition count."""
    context = first_parameter(function)
    nodes = _inside(function.child_by_field_name("body"), context)
    assigned = {
        text_of(node.child_by_field_name("left")) for node, _ in nodes if node.type in _SETS
    }
    outside = {name: told for name, told in constants.items() if name not in assigned}
    known = {**outside, **dict(_constants(node for node, _ in nodes))}
    for node, folder in nodes:
        if node.type == "call" and (step := _step(node, context, known, folder)) is not None:
            yield step


def _inside(body: Node | None, context: str) -> list[tuple[Node, str]]:
    """Return what a body is made of, in order, each with the folder in which it runs."""
    stack = [(body, "")] if body is not None and context else []
    nodes: list[tuple[Node, str]] = []
    while stack and len(nodes) < _MOST_NODES:
        node, folder = stack.pop()
        nodes.append((node, folder))
        folder = _folder(node, context, folder)
        stack.extend((child, folder) for child in reversed(node.named_children))
    return nodes


def _folder(node: Node, context: str, folder: str) -> str:
    """Return the folder inside a ``with c.cd("…"):``."""
    if node.type != "with_statement":
        return folder
    for call in (one for item in node.named_children[:1] for one in _calls_of(item)):
        changed = _changed(call, context)
        folder = "/".join(part for part in (folder, changed) if part)
    return folder


def _changed(call: Node, context: str) -> str:
    """Return what a call changes the folder to; empty where it is another call."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or text_of(call.child_by_field_name("function")) != f"{context}.cd":
        return ""
    given = positional(arguments)
    return (_told(given[0], {}) if given else None) or _LATER


def _calls_of(clause: Node) -> Iterator[Node]:
    for item in clause.named_children:
        value = item.child_by_field_name("value")
        if value is not None and value.type == "call":
            yield value


def _step(node: Node, context: str, known: Mapping[str, str], folder: str) -> Step | None:
    function = text_of(node.child_by_field_name("function"))
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.type != "argument_list":
        return None
    given, options = positional(arguments), keywords(arguments)
    owner, _, verb = function.rpartition(".")
    if owner == context and verb in _RUNS:
        first = given[0] if given else options.get("command")
        return Step(
            line=line_of(node),
            command=_told(first, known) or "",
            folder=folder,
            tolerant=text_of(options.get("warn")) == "True",
        )
    if function.isidentifier() and given and text_of(given[0]) == context:
        return Step(line=line_of(node), calls=function, folder=folder)
    return None


def _told(node: Node | None, known: Mapping[str, str], depth: int = 0) -> str | None:
    """Return a text as far as it is written down; None where not even its beginning is."""
    if node is None or depth > _DEEPEST:
        return None
    if node.type in {"string", "concatenated_string"}:
        return _joined(node)
    if node.type == "parenthesized_expression":
        return _told(node.named_children[0] if node.named_children else None, known, depth + 1)
    if node.type == "binary_operator":
        return _sum(node, known, depth + 1)
    return known.get(text_of(node)) if node.type == "identifier" else None


def _sum(node: Node, known: Mapping[str, str], depth: int) -> str | None:
    if text_of(node.child_by_field_name("operator")) != "+":
        return None
    left = _told(node.child_by_field_name("left"), known, depth)
    right = _told(node.child_by_field_name("right"), known, depth)
    return left and left + (right or _LATER)


def _joined(node: Node) -> str | None:
    """Return the text of one literal, or of several side by side."""
    literals = node.named_children if node.type == "concatenated_string" else [node]
    parts = [_string(one) for one in literals if one.type == "string"]
    return parts[0] and "".join(one or _LATER for one in parts) if parts else None


def _string(node: Node) -> str | None:
    """Return the text of a literal, with a mark for each part that an f-string fills in."""
    inside = [one for one in node.named_children if one.type not in {"string_start", "string_end"}]
    if inside and inside[0].type == "interpolation":
        return None
    return "".join(_LATER if one.type == "interpolation" else text_of(one) for one in inside)
