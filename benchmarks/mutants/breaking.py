"""All the ways in which the source of a module can be broken; pure.

Each way replaces a few bytes and leaves the rest as it is. Positions are those of ``ast``: lines
1-based, columns 0-based in UTF-8 bytes.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Edit = tuple[str, ast.expr | ast.stmt, str]
"""The kind, what is replaced, and by what."""

KINDS = (
    "return nothing",
    "lose one",
    "lose all",
    "swallow the error",
    "skip the first",
    "claim to have read",
    "ignore how it ended",
    "turn the condition round",
)
_EMPTY = (
    (re.compile(r"tuple\[.*, \.\.\.\]$"), "()"),
    (re.compile(r"list\["), "[]"),
    (re.compile(r"(Sequence|Iterable|Collection)\["), "()"),
    (re.compile(r"(dict|Mapping)\["), "{}"),
    (re.compile(r"(frozenset|set)\["), "frozenset()"),
    (re.compile(r"Iterator\["), "iter(())"),
    (re.compile(r"str$"), "''"),
    (re.compile(r"int$"), "0"),
    (re.compile(r"(Reading|Ignoring|Mended)$"), r"\g<0>()"),
    (re.compile(r".*\| None$"), "None"),
    (re.compile(r"None$"), "None"),
)
_ENDING = re.compile(r"\b(exit_code|returncode|ending|status)\b")
_CLAIMS = {"unread": "{}", "undecided": "{}", "excluded": "0"}


class Mutant(Struct, frozen=True, kw_only=True):
    """One way to break a module.

    Attributes:
        module: Path of the module below ``src/doctrine``.
        function: Qualified name of the function that is broken.
        kind: One of ``KINDS``.
        number: Which one of its kind in the function, from 1.
        line: Of what is replaced.
        was: What is replaced, on one line.
        source: The whole broken module.
    """

    module: str
    function: str
    kind: str
    number: int
    line: int
    was: str
    source: bytes

    @property
    def name(self) -> str:
        """What it is called in tables; it stays the same while its function does."""
        return f"{self.module} {self.function} {self.kind} {self.number}"

    @property
    def digest(self) -> str:
        """Of the broken module: what is known of a mutant holds for this text only."""
        return hashlib.sha256(self.source).hexdigest()[:16]

    @property
    def rank(self) -> str:
        """Something that orders mutants by no property of theirs, and always the same way."""
        return hashlib.sha256(self.name.encode()).hexdigest()


def mutants(module: str, source: bytes) -> Iterator[Mutant]:
    """Yield every way to break a module.

    Args:
        module: Path of the module below ``src/doctrine``.
        source: What it holds.
    """
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    whole = ast.dump(tree)
    for name, function in _functions(tree):
        counts: Counter[str] = Counter()
        for kind, node, text in _edits(function):
            begin = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
            broken = source[:begin] + text.encode() + source[end:]
            if ast.dump(ast.parse(broken)) == whole:
                continue
            counts[kind] += 1
            was = " ".join(source[begin:end].decode().split())
            yield Mutant(
                module=module, function=name, kind=kind, number=counts[kind],
                line=node.lineno, was=was, source=broken,
            )  # fmt: skip


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    stack: list[tuple[str, ast.AST]] = [("", tree)]
    while stack:
        prefix, node = stack.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield f"{prefix}{child.name}", child
                stack.append((f"{prefix}{child.name}.", child))
            elif isinstance(child, ast.ClassDef):
                stack.append((f"{prefix}{child.name}.", child))


def _own(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body without those of functions in it, in no given order."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(node))


def _edits(function: Function) -> Iterator[_Edit]:
    found = sorted(
        (node for node in _own(function) if isinstance(node, ast.expr | ast.stmt)),
        key=lambda node: (node.lineno, node.col_offset, -(node.end_col_offset or 0)),
    )
    yield from _emptied(function)
    for node in found:
        yield from _lost(node, function)
        yield from _swallowed(node, function)
        yield from _skipped(node)
        yield from _claimed(node, function)
        yield from _turned(node)


def _emptied(function: Function) -> Iterator[_Edit]:
    """Return nothing, as if there had been nothing to return."""
    body = function.body[1:] if _is_text(function.body[0]) else function.body
    if not body or isinstance(body[0], ast.Raise):
        return
    first = body[0]
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own(function)):
        yield "return nothing", first, f"return\n{' ' * first.col_offset}yield"
        return
    for empty in _empties(function):
        yield "return nothing", first, f"return {empty}"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _empties(function: Function) -> tuple[str, ...]:
    """Return what stands for nothing where a function returns; none where that is not known."""
    if function.returns is None:
        return ()
    written = ast.unparse(function.returns)
    if written == "bool":
        return ("False", "True")
    for pattern, empty in _EMPTY:
        found = pattern.match(written)
        if found:
            return (found.expand(empty),)
    return ()


def _lost(node: ast.expr | ast.stmt, function: Function) -> Iterator[_Edit]:
    """Lose what was found: the first of it, or all."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg in {"findings", "problems", "checks", "runs"}:
                yield "lose all", keyword.value, "()"
                yield "lose one", keyword.value, f"tuple({ast.unparse(keyword.value)})[1:]"
    elif isinstance(node, ast.Return) and node.value is not None:
        returns = ast.unparse(function.returns) if function.returns else ""
        many = returns.startswith("tuple[") and returns.endswith(", ...]")
        if many and not (isinstance(node.value, ast.Tuple) and not node.value.elts):
            yield "lose one", node.value, f"({ast.unparse(node.value)})[1:]"
    elif isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Yield | ast.YieldFrom):
            yield "lose all", node, "yield from ()"
        elif _grows(node.value):
            yield "lose all", node, "pass"


def _grows(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"append", "add", "update", "extend"}
    )


def _swallowed(node: ast.expr | ast.stmt, function: Function) -> Iterator[_Edit]:
    """Go on after what should have stopped it, as if there had been nothing."""
    if isinstance(node, ast.Raise):
        yield "swallow the error", node, "pass"
        for empty in _empties(function)[:1]:
            yield "swallow the error", node, f"return {empty}"
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = ast.unparse(node.value.func).rpartition(".")[2].lstrip("_")
        if called.startswith(("require", "check")):
            kind = "ignore how it ended" if called == "require_exit" else "swallow the error"
            yield kind, node, "pass"
    elif isinstance(node, ast.Try):
        for handler in node.handlers:
            first = handler.body[0]
            for empty in () if isinstance(first, ast.Raise) else _empties(function)[:1]:
                yield "swallow the error", first, f"return {empty}"


def _skipped(node: ast.expr | ast.stmt) -> Iterator[_Edit]:
    """Leave out the first of what it goes through."""
    if isinstance(node, ast.For):
        yield "skip the first", node.iter, f"tuple({ast.unparse(node.iter)})[1:]"
    elif isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
        over = node.generators[0].iter
        yield "skip the first", over, f"tuple({ast.unparse(over)})[1:]"


def _claimed(node: ast.expr | ast.stmt, function: Function) -> Iterator[_Edit]:
    """Claim that everything was read, whatever was."""
    if not isinstance(node, ast.Call):
        return
    arguments = {one.arg for one in function.args.args}
    for keyword in node.keywords:
        if keyword.arg == "analysed" and "request" in arguments:
            every = "frozenset(file.path for file in request.layout.files)"
            yield "claim to have read", keyword.value, every
        elif keyword.arg in _CLAIMS:
            yield "claim to have read", keyword.value, _CLAIMS[keyword.arg]


def _turned(node: ast.expr | ast.stmt) -> Iterator[_Edit]:
    """Do one thing where the other should be done."""
    for condition in _conditions(node):
        written = ast.unparse(condition)
        if _ENDING.search(written):
            yield "ignore how it ended", condition, "False"
        else:
            yield "turn the condition round", condition, f"(not ({written}))"


def _conditions(node: ast.expr | ast.stmt) -> Iterable[ast.expr]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        return (node.test,)
    if isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
        return tuple(one for each in node.generators for one in each.ifs)
    return ()
