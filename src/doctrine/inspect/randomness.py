"""The ``random`` module where values have to be unpredictable.

``random-secret``: the value goes into a security-named context, which is a target, keyword, key
or parameter, a function that is named after what it makes, or a variable that goes into one of
these. ``random-advice`` (advice): any other use; simulation, sampling and jitter are what the
module is for. Tests, examples and documentation never have to guard a secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter
from doctrine.inspect._inspector import FileInspector
from doctrine.inspect._random_calls import DRAWS, LANGUAGE
from doctrine.inspect._random_repairs import is_seeded, repair
from doctrine.inspect._secret_flow import SecretFlow
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout, Role
from doctrine.model.replacing import replace
from doctrine.syntax.language import of_types
from doctrine.syntax.tree import ParsedFile

_NAME = "randomness"
_SECRET = "random-secret"  # noqa: S105 - a rule, not a secret
_ADVICE = "random-advice"


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    del layout
    imported = {item.module.partition(".")[0] for item in parsed.module.imports}
    if "random" not in imported:
        return
    names = parsed.names
    uses = [(node, dotted) for node in _references(parsed.tree) if (dotted := names.dotted(node))]
    flow = SecretFlow(parsed.tree, parsed.module.path, language=bool(imported & LANGUAGE))
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    seeded = is_seeded(dotted for _, dotted in uses)
    for node, dotted in uses:
        if dotted in DRAWS:
            yield _finding(node, dotted, flow, reporter, seeded=seeded)


def _references(root: Node) -> Iterator[Node]:
    """Yield attributes and bare names that are read, not those that are bound or imported."""
    for node in of_types(root, "attribute", "identifier"):
        above = node.parent
        if above is not None and _is_read(node, above):
            yield node


def _is_read(node: Node, above: Node) -> bool:
    if node.type == "attribute":
        return above.type != "attribute"
    if node.type != "identifier":
        return False
    if above.type in {"attribute", "dotted_name", "aliased_import", "parameters", "type"}:
        return False
    bound = above.child_by_field_name("left") or above.child_by_field_name("name")
    return bound != node


def _finding(
    node: Node, dotted: str, flow: SecretFlow, reporter: CodeReporter, *, seeded: bool
) -> Finding:
    context = flow.context(node)
    shown = _call_of(node)
    if context and reporter.parsed.module.role is Role.SOURCE:
        message = f"{dotted}() is predictable and makes {context}; use the secrets module"
        found = reporter.finding(_SECRET, shown, message, Severity.ERROR, symbol=dotted)
        return replace(found, fix=repair(shown, dotted, reporter.parsed, seeded=seeded))
    message = f"{dotted}() is predictable: not for anything that has to stay secret"
    return reporter.finding(_ADVICE, shown, message, Severity.INFO, symbol=dotted)


def _call_of(node: Node) -> Node:
    above = node.parent
    called = above is not None and above.type == "call" and above.child_by_field_name("function")
    return above if above is not None and called == node else node


INSPECTOR = FileInspector(name=_NAME, rules=(_SECRET, _ADVICE), inspect=_inspect)
