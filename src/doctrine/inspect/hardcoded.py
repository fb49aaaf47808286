"""Secrets that are written into the source code.

``credential-format``: a token, key or web hook that its form gives away, anywhere in a file, in
tests and documentation as well, because such a one is real wherever it stands. ``hardcoded-secret``:
a literal behind the name of a password or key that looks like one, or a password inside an address;
in source code only. ``doubtful-secret`` (advice): the value that is taken where the environment has
none, and forms that may be public. ``leaky-comparison`` (advice): ``==`` between secrets.

What is found is never shown, only what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._code import CodeReporter
from doctrine.inspect._credential_literals import Named, Use, named_literals
from doctrine.inspect._inspector import FileInspector
from doctrine.inspect._secret_comparisons import comparisons
from doctrine.inspect._secret_values import (
    is_address_secret,
    is_first_key,
    is_for_development,
    is_key,
    is_password,
    is_placeholder,
    names_password,
)
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout, Role
from doctrine.secret_formats import ANCHORS, PRIVATE_KEY, Credential, credentials
from doctrine.syntax.tree import ParsedFile

_NAME = "hardcoded"
_FORMAT = "credential-format"
_LITERAL = "hardcoded-secret"
_DOUBT = "doubtful-secret"
_COMPARED = "leaky-comparison"

_REVOKE = "take it out, and revoke it: it stays in the history"
_ELSEWHERE = "read it from the environment or a secret store"
_ADDRESS = re.compile(
    rb"(?P<scheme>[a-z][a-z0-9+.-]{1,20})://(?P<user>[^\s:/@\"'<>{}$%\\]{0,60}):"
    rb"(?P<password>[^\s:/@\"'<>{}$%\\]{1,80})@(?P<host>[A-Za-z0-9.-]+)"
)
_SIGNED_IN = re.compile(rb"://[^\s:/@\"'<>{}$%\\]{0,60}:[^\s:/@\"'<>{}$%\\]{1,80}@")
"""The middle of such an address, which begins with letters that are found at once."""
_ALLOWED = re.compile(rb"#.*(?:pragma: ?allowlist secret|gitleaks:allow|trufflehog:ignore)")
"""Comments with which scanners of secrets are told that a place was looked at."""


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    del layout
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    source = parsed.module.role is Role.SOURCE
    found = [*_formats(parsed, reporter)]
    if source:
        found += _literals(parsed, reporter)
        found += _addresses(parsed, reporter)
        found += (
            reporter.finding(_COMPARED, node, message, Severity.INFO)
            for node, message in comparisons(parsed)
        )
    lines = parsed.source.split(b"\n") if found else []
    for one in found:
        if not _ALLOWED.search(lines[one.location.line - 1]):
            yield one


def _formats(parsed: ParsedFile, reporter: CodeReporter) -> Iterator[Finding]:
    if not parsed.wording.holds(*ANCHORS):
        return
    for found in credentials(parsed.source.decode("latin-1")):  # a character is a byte
        node = parsed.tree.descendant_for_byte_range(found.start, found.start + 1)
        if node is None:
            continue
        why_not = found.doubt or _may_be_material(found, parsed.module.role)
        if why_not:
            message = f"a {found.kind} stands here: {why_not}; make sure that it opens nothing"
            yield reporter.finding(_DOUBT, node, message, Severity.INFO, symbol=found.kind)
        else:
            message = f"a {found.kind} stands in the source: {_REVOKE}"
            yield reporter.finding(_FORMAT, node, message, Severity.ERROR, symbol=found.kind)


def _may_be_material(found: Credential, role: Role) -> str:
    if found.kind == PRIVATE_KEY and role is not Role.SOURCE:
        return "tests and examples bring keys of their own"
    return ""


def _literals(parsed: ParsedFile, reporter: CodeReporter) -> Iterator[Finding]:
    first = not is_for_development(parsed.module.path)
    for found in named_literals(parsed):
        judged = _judged(found, first=first)
        if judged is not None:
            rule, severity, message = judged
            yield reporter.finding(rule, found.node, message, severity, symbol=found.name)


def _judged(found: Named, *, first: bool) -> tuple[str, Severity, str] | None:
    """Return rule, severity and message of a literal; None where it is nobody's secret.

    Args:
        found: The literal.
        first: Whether a key that a new project begins with counts.
    """
    password = names_password(found.name)
    likely = is_password(found.value) if password else is_key(found.value)
    if found.use is Use.FALLBACK:
        return _fallback(found, likely=likely)
    if not likely and not (first and is_first_key(found.value)):
        return None
    kind = "password" if password else "secret"
    how = "is compared with" if found.use is Use.COMPARED else "holds"
    message = f"`{found.name}` {how} a {kind} of {len(found.value)} characters: {_ELSEWHERE}"
    return _LITERAL, Severity.ERROR, message


def _fallback(found: Named, *, likely: bool) -> tuple[str, Severity, str] | None:
    if not found.value or not (likely or is_placeholder(found.value)):
        return None
    message = (
        f"`{found.name}` falls back to a value that everybody can read; fail where it is missing"
    )
    return _DOUBT, Severity.INFO, message


def _addresses(parsed: ParsedFile, reporter: CodeReporter) -> Iterator[Finding]:
    for match in _ADDRESS.finditer(parsed.source) if _SIGNED_IN.search(parsed.source) else ():
        user, password, host = (
            match[key].decode("latin-1") for key in ("user", "password", "host")
        )
        node = parsed.tree.descendant_for_byte_range(match.start(), match.start() + 1)
        if node is None or node.type == "comment" or _is_docstring(node):
            continue
        if is_address_secret(user, password, host):
            message = f"the address of {host} holds a password: {_ELSEWHERE}"
            yield reporter.finding(_LITERAL, node, message, Severity.ERROR, symbol=host)


def _is_docstring(node: Node) -> bool:
    while node.type not in {"string", "module"} and node.parent is not None:
        node = node.parent
    return (
        node.type == "string"
        and node.parent is not None
        and (node.parent.type == "expression_statement")
    )


INSPECTOR = FileInspector(
    name=_NAME, rules=(_FORMAT, _LITERAL, _DOUBT, _COMPARED), inspect=_inspect
)
