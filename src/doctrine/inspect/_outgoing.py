"""Calls that leave the process for a service, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._addresses import address, constants, foreign_host
from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._code import function_around, is_coroutine, name_of
from doctrine.inspect._word_set import word_set
from doctrine.model.project import Layout, Module, Role
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

LIMITERS = frozenset({"limits", "pyrate_limiter", "requests_ratelimiter"})
"""Modules of the libraries that the guide names, and of what is built on them."""
OTHER_LIMITERS = word_set("""aiolimiter asyncio_throttle aiometer throttled ratelimiter httpx_limiter
    aiohttp_ratelimiter upstash_ratelimit""")
_RATELIMIT = frozenset({"ratelimit.limits", "ratelimit.sleep_and_retry", "ratelimit.rate_limited"})
BREAKERS = frozenset({"pybreaker", "aiobreaker"})
OTHER_BREAKERS = frozenset({"circuitbreaker", "purgatory", "lasier", "fastapi_cb", "hyx"})
_CLIENTS = frozenset({"requests", "httpx", "aiohttp", "urllib", "urllib3"})
_ROOTS = _CLIENTS | LIMITERS | OTHER_LIMITERS | BREAKERS | OTHER_BREAKERS

_VERB = r"(?:get|post|put|patch|delete|head|options|request|stream|send)"
_OUTGOING = re.compile(
    rf"^(?:requests\.{_VERB}|requests\.(?:sessions\.)?[Ss]ession\(\)\.{_VERB}"
    rf"|httpx\.{_VERB}|httpx\.(?:Async)?Client\(\)\.{_VERB}"
    rf"|aiohttp\.request|aiohttp\.(?:client\.)?ClientSession\(\)\.(?:{_VERB}|ws_connect)"
    r"|urllib\.request\.urlopen|urllib3\.request|urllib3\.PoolManager\(\)\.(?:request|urlopen))$"
)
_USUAL: Mapping[str, int] = {"fail_max": 5, "reset_timeout": 60}
"""Failures until a breaker opens, and seconds until it tries again, in the order of arguments."""
_SETTINGS = re.compile(r"^pybreaker\.CircuitBreaker$|^aiobreaker\.CircuitBreaker$")
_ASIDE = frozenset(
    {"scripts", "tools", "bin", "ci", "dev", ".github", "migrations", "notebooks", "commands"}
)
_ONCE = re.compile(
    r"(?:^|_)(?:install|installer|setup|bootstrap|update|updater|upgrade|upgrader)(?:_|$)"
)
"""Modules that somebody starts once: to set things up, or to look for a newer version."""
_GUARDING = {"decorated_definition": "decorator", "with_statement": "with_clause"}
"""The part that can guard what is inside, by what has it."""
_NAME = re.compile(r"\w+")
_LIMITING = re.compile(r"(?i)limiter|rate_?limit|throttl|acquire|bucket|\.hit\(|@\w*limits?\b")
_BREAKING = re.compile(r"(?i)breaker|circuit")
_TESTS = re.compile(r"(?:^|[_-])tests?(?:$|[_-])|^e2e$")


class Site(Struct, frozen=True, kw_only=True):
    """A call that leaves the process.

    Attributes:
        line: Where.
        name: What is called (``requests.get``).
        host: The public host it goes to; empty where the file does not say.
        repeated: Whether it stands in a function of the program proper, and can happen at any
            time; not where a person starts it once, in a command or a script that installs.
        guards: Decorators and ``with`` of what surrounds it, as written.
        limited: Whether the function around it speaks of a limiter, or what does names it.
        broken: The same of a circuit breaker.
    """

    line: int
    name: str
    host: str
    repeated: bool
    guards: tuple[str, ...]
    limited: bool
    broken: bool


class Breaker(Struct, frozen=True, kw_only=True):
    """A circuit breaker that a file makes.

    Attributes:
        line: Where.
        library: Whose it is.
        name: The name it is bound to; empty if none.
        settings: Names of the arguments it is given.
        seconds: Whether a duration is given as a bare number.
        patience: Failures and seconds beyond the usual, as people read them; empty if none.
    """

    line: int
    library: str
    name: str
    settings: frozenset[str]
    seconds: bool
    patience: str


class Guarded(Struct, frozen=True, kw_only=True):
    """A coroutine with a decorator that may be a breaker.

    Attributes:
        line: Line of the decorator.
        decorator: The decorator's name as written (``breaker``, ``deps.breaker``).
        coroutine: The coroutine's name.
        library: Whose breaker it is, where this file makes it.
    """

    line: int
    decorator: str
    coroutine: str
    library: str


class Outgoing(Struct, frozen=True, kw_only=True):
    """What one file shows.

    Attributes:
        sites: Calls that leave the process.
        limiter: Where a limiter library is used, with its module.
        breakers: Breakers it makes.
        breaker_use: Line on which a breaker library is imported, with the module.
        guarded: Decorated coroutines.
        stale: Line that uses pyrate-limiter as its version 2 was used.
    """

    sites: tuple[Site, ...]
    limiter: tuple[int, str] | None
    breakers: tuple[Breaker, ...]
    breaker_use: tuple[int, str] | None
    guarded: tuple[Guarded, ...]
    stale: int


def outgoing(parsed: ParsedFile, layout: Layout) -> Outgoing | None:
    """Return what a source file shows; None if it has nothing to do with it."""
    del layout
    module = parsed.module
    roots = _roots(module)
    decorated = b"reaker" in parsed.source
    if module.role is not Role.SOURCE or not (roots & _ROOTS or decorated):
        return None
    names = parsed.names
    calls = parsed.calls
    known: Mapping[str, str] = constants(parsed.tree) if roots & _CLIENTS else {}
    return Outgoing(
        sites=tuple(_sites(parsed, known)) if roots & _CLIENTS else (),
        limiter=_used(module, LIMITERS) or _used(module, OTHER_LIMITERS),
        breakers=tuple(_breakers(calls, names)),
        breaker_use=_used(module, BREAKERS) or _used(module, OTHER_BREAKERS),
        guarded=tuple(_guarded(parsed.tree, names)) if decorated else (),
        stale=_stale(calls, names),
    )


def _roots(module: Module) -> frozenset[str]:
    return frozenset(
        item.module.partition(".")[0] for item in module.imports if not item.typing_only
    )


def _used(module: Module, libraries: frozenset[str]) -> tuple[int, str] | None:
    for item in module.imports:
        root = item.module.partition(".")[0]
        named = root in libraries or (
            # ``ratelimit`` is also a middleware for what comes in.
            libraries is OTHER_LIMITERS and item.dotted in _RATELIMIT
        )
        if named and not item.typing_only and not item.dots:
            return item.location.line, root
    return None


def _sites(parsed: ParsedFile, known: Mapping[str, str]) -> Iterator[Site]:
    aside = _is_aside(parsed.module.path)
    limited, broken = (_named_beside(parsed, words) for words in (_LIMITING, _BREAKING))
    for call in parsed.calls:
        function = call.child_by_field_name("function")
        dotted = parsed.names.dotted(function) if function is not None else ""
        if not _OUTGOING.match(dotted):
            continue
        around = function_around(call)
        name = name_of(around)
        yield Site(
            line=line_of(call),
            name=dotted.replace("()", ""),
            host=foreign_host(address(call, known)),
            repeated=not aside and around is not None,
            guards=tuple(_guards(call)),
            limited=name in limited,
            broken=name in broken,
        )


def _named_beside(parsed: ParsedFile, words: re.Pattern[str]) -> frozenset[str]:
    """Return every name in the functions that hold some words, and on the lines that do."""
    source = parsed.source.decode("utf-8", "replace")
    if not words.search(source):
        return frozenset()
    functions = (_whole(one) for one in of_types(parsed.tree, "function_definition"))
    texts = (*map(text_of, functions), *source.splitlines())
    return frozenset(name for text in texts if words.search(text) for name in _NAME.findall(text))


def _whole(function: Node) -> Node:
    """Return a function with its decorators."""
    above = function.parent
    return above if above is not None and above.type == "decorated_definition" else function


def _is_aside(path: str) -> bool:
    """Return whether a file holds what people start now and then, and no service runs."""
    *folders, name = path.removesuffix(".py").split("/")
    return (
        not _ASIDE.isdisjoint(folders)
        or any(_TESTS.search(one) for one in folders)
        or bool(_ONCE.search(name))
    )


def _guards(call: Node) -> Iterator[str]:
    for above in ancestors(call):
        part = _GUARDING.get(above.type)
        if part is not None:
            yield from (text_of(one) for one in above.named_children if one.type == part)
        elif above.type == "call":
            function = above.child_by_field_name("function")
            yield text_of(function) if function is not None else ""


def _breakers(calls: Iterable[Node], names: Names) -> Iterator[Breaker]:
    for call in calls:
        function = call.child_by_field_name("function")
        dotted = names.dotted(function) if function is not None else ""
        if not _SETTINGS.match(dotted):
            continue
        above = call.parent
        target = above.child_by_field_name("left") if above is not None else None
        given = keywords(call)
        duration = given.get("timeout_duration")
        yield Breaker(
            line=line_of(call),
            library=dotted.partition(".")[0],
            name=text_of(target) if target is not None else "",
            settings=frozenset(given),
            seconds=duration is not None and duration.type in {"integer", "float"},
            patience=_patience(call, given),
        )


def _patience(call: Node, given: Mapping[str, Node]) -> str:
    """Return what lets a breaker wait longer than others do before it opens, or tries again."""
    listed = positional(call)
    texts = (
        (name, text_of(given.get(name) or (listed[at] if at < len(listed) else None) or call))
        for at, name in enumerate(_USUAL)
    )
    return ", ".join(
        f"{name}={text}" for name, text in texts if text.isdecimal() and int(text) > _USUAL[name]
    )


def _guarded(root: Node, names: Names) -> Iterator[Guarded]:
    for node in of_types(root, "decorated_definition"):
        function = node.child_by_field_name("definition")
        if function is None or not is_coroutine(function):
            continue
        name = function.child_by_field_name("name")
        for decorator in (one for one in node.named_children if one.type == "decorator"):
            written = text_of(decorator).removeprefix("@").strip()
            inner = next(iter(decorator.named_children), None)
            dotted = names.dotted(inner) if inner is not None else ""
            yield Guarded(
                line=line_of(decorator),
                decorator=written,
                coroutine=text_of(name) if name is not None else "",
                library=dotted.partition(".")[0] if _is_breaker(dotted) else "",
            )


def _is_breaker(dotted: str) -> bool:
    return dotted in {"pybreaker.CircuitBreaker()", "aiobreaker.CircuitBreaker()"}


def _stale(calls: Iterable[Node], names: Names) -> int:
    for call in calls:
        function = call.child_by_field_name("function")
        dotted = names.dotted(function) if function is not None else ""
        several = dotted == "pyrate_limiter.Limiter" and len(positional(call)) > 1
        if several or dotted == "pyrate_limiter.Limiter().ratelimit":
            return line_of(call)
    return 0
