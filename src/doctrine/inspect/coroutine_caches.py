"""Caches around coroutines.

``keeps-coroutine``: a synchronous cache keeps the coroutine object, which can be awaited once.
``other-async-cache`` (advice): a cache made for coroutines that is not aiocache.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from doctrine.inspect._calls import called
from doctrine.inspect._code import CodeReporter, is_coroutine, name_of
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Evidence, Finding, Severity, Support
from doctrine.model.project import Layout, Role
from doctrine.syntax.language import first_named, of_types
from doctrine.syntax.places import line_of
from doctrine.syntax.tree import ParsedFile

_NAME = "coroutine-caches"
_KEEPS = "keeps-coroutine"
_OTHER = "other-async-cache"

_SYNC = frozenset(
    {
        "cachetools.cached",
        "cachetools.cachedmethod",
        "cachetools.func.lfu_cache",
        "cachetools.func.lru_cache",
        "cachetools.func.ttl_cache",
        "django.utils.functional.cached_property",
        "functools.cache",
        "functools.cached_property",
        "functools.lru_cache",
    }
)
_ASYNC = {"async_lru", "cashews", "asyncache", "aiocached", "async_cache"}
_OURS = "aiocache"
_WORDS = (b"cache", b"lru", b"memoize")


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding | Support]:
    del layout
    module = parsed.module
    if module.role is not Role.SOURCE or "async" not in module.features:
        return
    if not parsed.wording.holds(*_WORDS):
        return
    report = CodeReporter(tool=_NAME, parsed=parsed)
    for node in of_types(parsed.tree, "decorated_definition"):
        function = node.child_by_field_name("definition")
        if is_coroutine(function):
            yield from _decorated(node, function, report)


def _decorated(
    node: Node, function: Node | None, report: CodeReporter
) -> Iterator[Finding | Support]:
    decorators = [child for child in node.named_children if child.type == "decorator"]
    for decorator in decorators:
        expression = first_named(decorator)
        if expression is None:
            continue
        target = called(expression) if expression.type == "call" else expression
        dotted = report.parsed.names.dotted(target)
        if dotted in _SYNC:
            # What stands between the cache and the coroutine may turn it into something else.
            nearest = decorator == decorators[-1]
            yield _keeps(decorator, dotted, name_of(function), report, nearest=nearest)
        elif dotted.partition(".")[0] in _ASYNC:
            message = f"{dotted} caches a coroutine as it should; the guide names aiocache for that"
            yield report.finding(_OTHER, decorator, message, Severity.INFO, symbol=dotted)
        elif dotted.partition(".")[0] == _OURS:
            detail = f"{dotted} caches {name_of(function)}()"
            path, line = report.parsed.module.path, line_of(decorator)
            yield Support(rule=_KEEPS, evidence=Evidence(path=path, line=line, detail=detail))


def _keeps(
    decorator: Node, dotted: str, name: str, report: CodeReporter, *, nearest: bool
) -> Finding:
    message = (
        f"{dotted} keeps the coroutine of {name}() instead of its result, and the second await "
        "raises RuntimeError: cache it with aiocache"
    )
    severity = Severity.WARNING if nearest else Severity.INFO
    return report.finding(_KEEPS, decorator, message, severity, symbol=dotted)


INSPECTOR = FileInspector(name=_NAME, rules=(_KEEPS, _OTHER), inspect=_inspect)
