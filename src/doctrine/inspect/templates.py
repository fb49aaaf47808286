"""Template strings (PEP 750): where they are, and the ways to lose what they are for.

``template-string`` counts them. ``template-as-text`` (advice): ``str`` of a template gives its
representation and not the text, ``is_safe`` does not exist, and what expects text gets none from a
template that no renderer has seen. ``template-below-floor`` (advice): ``requires-python`` admits
versions for which the file is a syntax error.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout
from doctrine.syntax.language import walk
from doctrine.syntax.modern import is_template
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "templates"
_USED, _AS_TEXT, _BELOW = "template-string", "template-as-text", "template-below-floor"
_FIRST_WITH_TEMPLATES = (3, 14)
_TAKES_TEXT = frozenset({"execute", "executemany", "print", "HTMLResponse", "write", "system"})
"""Last part of the names of what wants text."""


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding | Support]:
    if "pep750" not in parsed.module.features:
        return
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    nodes = tuple(walk(parsed.tree))
    used = [node for node in nodes if node.type == "string" and is_template(node)]
    for node in used:
        path = parsed.module.path
        evidence = Evidence(path=path, line=line_of(node), detail="a template string")
        yield Support(rule=_USED, evidence=evidence)
    if used:
        yield from _below_floor(used[0], layout, reporter)
    named = _names(nodes)
    for node in nodes:
        if node.type == "call":
            yield from _in_call(node, named, reporter)


def _below_floor(used: Node, layout: Layout, reporter: CodeReporter) -> Iterator[Finding]:
    floor = layout.target.floor
    if floor is not None and floor < _FIRST_WITH_TEMPLATES:
        message = (
            f"a template string is a syntax error on Python {layout.target.text}, which "
            "requires-python admits"
        )
        yield reporter.finding(_BELOW, used, message, Severity.INFO)


def _names(nodes: tuple[Node, ...]) -> frozenset[str]:
    """Return the names that the file binds to template strings only."""
    templates, others = set[str](), set[str]()
    for node in nodes:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if node.type == "assignment" and left is not None and left.type == "identifier":
            found = templates if right is not None and _is_template(right, frozenset()) else others
            found.add(text_of(left))
    return frozenset(templates - others)


def _is_template(node: Node, named: frozenset[str]) -> bool:
    if node.type == "identifier":
        return text_of(node) in named
    return node.type == "string" and is_template(node)


def _in_call(call: Node, named: frozenset[str], reporter: CodeReporter) -> Iterator[Finding]:
    called, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if called is None or given is None:
        return
    message = _asks_template(called, named) or _takes_template(called, given, named)
    if message:
        yield reporter.finding(_AS_TEXT, call, message, Severity.INFO)


def _asks_template(called: Node, named: frozenset[str]) -> str:
    """Return what is wrong with a method that a template is asked for; empty if nothing is."""
    name = text_of(called).rpartition(".")[2]
    owner = called.child_by_field_name("object")
    if name == "is_safe" and owner is not None and _is_template(owner, named):
        return "a Template has no `is_safe`: escape its values in a renderer"
    return ""


def _takes_template(called: Node, given: Node, named: frozenset[str]) -> str:
    """Return what is wrong with a call that is handed a template; empty if nothing is."""
    first = given.named_children[0] if given.named_children else None
    if first is None or not _is_template(first, named):
        return ""
    name = text_of(called).rpartition(".")[2]
    if text_of(called) == "str":
        return "`str` of a Template is its representation, not the text: give it to a renderer"
    if name in _TAKES_TEXT:
        return f"`{name}` wants text and gets a Template: render it first"
    return ""


INSPECTOR = FileInspector(name=_NAME, rules=(_USED, _AS_TEXT, _BELOW), inspect=_inspect)
