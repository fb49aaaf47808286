"""What ``setup.py`` and ``noxfile.py`` ask for, as far as it is written out in plain strings.

Parsed with tree-sitter: these files may be written for any Python, Python 2 included.
"""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_python
from msgspec import Struct
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_python.language())


class Asked(Struct, frozen=True, kw_only=True):
    """A requirement in a script.

    Attributes:
        what: The argument or function that asks for it (``install_requires``, ``lint``).
        text: The requirement; empty where code builds it.
        line: 1-based line.
    """

    what: str
    text: str
    line: int


def setup_arguments(source: str, names: frozenset[str]) -> Iterator[Asked]:
    """Yield the strings that keyword arguments of these names hold.

    A name is followed to the literal that the script assigns to it.

    Args:
        source: The script.
        names: Keyword arguments to look for.
    """
    root = _parsed(source)
    assigned: dict[str, Node] = {}
    arguments: list[tuple[str, Node]] = []
    for node in _nodes(root):
        if node.type == "assignment":
            assigned.update(_pair(node, "left", "right"))
        elif node.type == "keyword_argument":
            arguments.extend(pair for pair in _pair(node, "name", "value") if pair[0] in names)
    for what, value in arguments:
        literal = assigned.get(_text(value), value) if value.type == "identifier" else value
        yield from _strings(what, literal)


def _pair(node: Node, name: str, value: str) -> tuple[tuple[str, Node], ...]:
    left, right = _field(node, name), _field(node, value)
    if left is None or right is None or left.type != "identifier":
        return ()
    return ((_text(left), right),)


def _strings(what: str, value: Node) -> Iterator[Asked]:
    """Yield the strings in a literal; one empty text for all that is not literal in it."""
    pending = [value]
    built = 0
    while pending:
        node = pending.pop()
        line = node.start_point.row + 1
        if node.type == "string":
            yield Asked(what=what, text=_plain(node), line=line)
        elif node.type == "pair":
            pending.extend(filter(None, (_field(node, "value"),)))
        elif node.type in _CONTAINERS:
            pending.extend(reversed(node.named_children))
        elif node.type != "comment":
            built = built or line
    if built:
        yield Asked(what=what, text="", line=built)


_CONTAINERS = frozenset({"list", "tuple", "dictionary", "set", "parenthesized_expression"})


def session_installs(source: str) -> Iterator[Asked]:
    """Yield what ``session.install`` is called with, by the function that calls it.

    Options come with the value that follows them as one text (``-r requirements.txt``).

    Args:
        source: The script.
    """
    for node in _nodes(_parsed(source)):
        function = _field(node, "function") if node.type == "call" else None
        arguments = _field(node, "arguments")
        if function is None or arguments is None or function.type != "attribute":
            continue
        method = _field(function, "attribute")
        if method is not None and _text(method) in {"install", "conda_install"}:
            yield from _installed(_function_around(node), arguments)


def _installed(what: str, arguments: Node) -> Iterator[Asked]:
    option = ""
    for argument in arguments.named_children:
        if argument.type != "string":
            option = ""
            continue
        text = _plain(argument)
        if text in {"-r", "--requirement", "-e", "--editable", "-c", "--constraint"}:
            option = f"{text} "
        elif text:
            yield Asked(what=what, text=option + text, line=argument.start_point.row + 1)
            option = ""


def _function_around(node: Node) -> str:
    around = node.parent
    while around is not None and around.type != "function_definition":
        around = around.parent
    name = _field(around, "name") if around is not None else None
    return _text(name) if name is not None else ""


def _parsed(source: str) -> Node:
    return Parser(_LANGUAGE).parse(source.encode("utf-8", "replace")).root_node


def _nodes(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.named_children))


def _field(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _plain(node: Node) -> str:
    """Return a string literal's text; empty where it is formatted or has escapes."""
    inner = [child for child in node.named_children if child.type != "string_start"]
    if any(child.type not in {"string_content", "string_end"} for child in inner):
        return ""
    content = [child for child in inner if child.type == "string_content"]
    if any(child.named_children for child in content):
        return ""
    return "".join(map(_text, content))
