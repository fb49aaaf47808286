"""The caches that one file holds, and what goes through them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._arguments import keywords, positional
from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._word_set import word_set
from doctrine.model.project import Import, Layout, Module, Role
from doctrine.syntax.language import ancestors, of_types, walk
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile
from doctrine.syntax.wording import Wording

MEMORY = frozenset({"cachetools", "cacheout", "expiringdict", "lru", "theine", "cachebox"})
DISK = frozenset({"diskcache", "requests_cache", "joblib", "percache", "aiohttp_client_cache"})
_SHARED = word_set("""aiocache cashews dogpile flask_caching fastapi_cache async_lru beaker
    django.core.cache streamlit""")
_DECORATORS = word_set("""lru_cache cache cached cachedmethod memoize memoized alru_cache cached_property
    cache_page cache_data cache_resource cache_on_arguments cached_function lru_cached ttl_cache
    method_cache persistent_cache""")
_STANDARD = frozenset({"functools.lru_cache", "functools.cache"})
_DECORATOR_WORDS = frozenset(name.encode() for name in _DECORATORS)
_LOOKUPS = frozenset({"get", "get_or_set", "setdefault", "get_or_create", "memoize"})
_NAMED = re.compile(r"(?i)(?:^|_)(?:cache|cached|memo|memoized)(?:s|_|$)")
_CACHE = re.compile(r"(?i)(?<![a-z])cache|_cache")
_EMPTY = re.compile(r"^(?:\{\}|dict\(\)|(?:collections\.)?(?:OrderedDict|defaultdict)\(\w*\))$")
_MADE_EMPTY = re.compile(
    rb"=[\s\\]*(?:\{\}|dict\(\)|(?:collections\.)?(?:OrderedDict|defaultdict)\()"
)
"""How a file writes it that makes an empty dictionary."""
_WORDS = (b"cache", b"Cache", b"CACHE", b"memo")
"""One of which a file must hold to be worth a look, unless it imports a library."""
_USES = ("assignment", "call", "comparison_operator", "try_statement")
"""Statements and expressions by which a dictionary is asked and filled."""
_JOBLIB = frozenset({"joblib.Memory", "joblib.memory.Memory"})
_FILE_MODULES = (b"pickle", b"marshal", b"shelve", b"dbm")
_STORES = frozenset({"shelve.open", "dbm.open", "dbm.gnu.open", "dbm.dumb.open"})


class Memo(Struct, frozen=True, kw_only=True):
    """A function whose results a decorator keeps.

    Attributes:
        line: Line of the decorator.
        library: Dotted name of the decorator; its bare name where it is not known.
        function: Name of the function.
        bounded: Whether the number of results is.
        locked: Whether the decorator is given a lock.
    """

    line: int
    library: str
    function: str
    bounded: bool
    locked: bool


class Place(Struct, frozen=True, kw_only=True):
    """A line with something said about it."""

    line: int
    what: str


class Caches(Struct, frozen=True, kw_only=True):
    """What one file shows.

    Attributes:
        memos: Decorated functions.
        libraries: Imported cache libraries, with the line.
        tables: Dictionaries that are used as caches.
        files: Caches written to files by hand.
        stores: Key-value files whose use is not named.
        pickling: Caches of diskcache that keep pickles.
        through: Names of functions that are called inside a cached function, or handed to a cache.
    """

    memos: tuple[Memo, ...] = ()
    libraries: tuple[Place, ...] = ()
    tables: tuple[Place, ...] = ()
    files: tuple[Place, ...] = ()
    stores: tuple[Place, ...] = ()
    pickling: tuple[int, ...] = ()
    through: frozenset[str] = frozenset()


def caches(parsed: ParsedFile, layout: Layout) -> Caches | None:
    """Return what a source file shows; None if it has no cache."""
    del layout
    module = parsed.module
    libraries = tuple(_libraries(module))
    if module.role is not Role.SOURCE or not (libraries or _may_hold(module, parsed.wording)):
        return None
    return _held(parsed, libraries)


def _held(parsed: ParsedFile, libraries: tuple[Place, ...]) -> Caches:
    wording, calls = parsed.wording, parsed.calls
    keeps = not wording.words.isdisjoint(_DECORATOR_WORDS)
    decorated = of_types(parsed.tree, "decorated_definition") if keeps else []
    memos = [memo for node in decorated for memo in _memos(node, parsed)]
    wrapped = _all_wrapped(calls, parsed) if keeps else ()
    files, others = _files(calls, parsed) if wording.holds(*_FILE_MODULES) else ((), ())
    return Caches(
        memos=(*(one for one, _ in memos), *wrapped),
        libraries=_in_use(libraries, calls, parsed),
        tables=tuple(_tables(parsed)),
        files=files,
        stores=others,
        pickling=tuple(_pickling(calls, parsed)),
        through=frozenset(_through(calls, [node for _, node in memos])),
    )


def _may_hold(module: Module, wording: Wording) -> bool:
    """Return whether a file speaks of a cache, or imports what one can be made of."""
    return wording.holds(*_WORDS) or any(
        item.module in {"shelve", "dbm"} for item in module.imports
    )


def _libraries(module: Module) -> Iterator[Place]:
    seen: set[str] = set()
    for item in module.imports:
        name = _library(item)
        if name and name not in seen:
            seen.add(name)
            yield Place(line=item.location.line, what=name)


def _library(item: Import) -> str:
    """Return the cache library that an import is of; empty for every other import."""
    if item.dots or item.typing_only:
        return ""
    # who imports the base of a backend makes one for others, and need not cache anything
    if item.dotted.startswith("django.core.cache.backends"):
        return ""
    root = item.module.partition(".")[0]
    name = "django.core.cache" if item.dotted.startswith("django.core.cache") else root
    return name if name in MEMORY | DISK | _SHARED else ""


def _in_use(
    libraries: tuple[Place, ...], calls: Sequence[Node], parsed: ParsedFile
) -> tuple[Place, ...]:
    """Return the libraries that keep results: most import joblib to run things in parallel."""
    if all(one.what != "joblib" for one in libraries):
        return libraries
    functions = (call.child_by_field_name("function") for call in calls)
    if any(one is not None and parsed.names.dotted(one) in _JOBLIB for one in functions):
        return libraries
    return tuple(one for one in libraries if one.what != "joblib")


def _memos(node: Node, parsed: ParsedFile) -> Iterator[tuple[Memo, Node]]:
    if node.type != "decorated_definition":
        return
    function = node.child_by_field_name("definition")
    if function is None or function.type != "function_definition":
        return
    for decorator in node.named_children:
        inner = next(iter(decorator.named_children), None)
        if decorator.type != "decorator" or inner is None:
            continue
        library = _keeper(inner, parsed)
        if library:
            yield _memo(decorator, inner, library, function), function


def _all_wrapped(calls: Sequence[Node], parsed: ParsedFile) -> Iterator[Memo]:
    """Yield ``self.get = lru_cache(maxsize=9)(self.get)``: decorators that are put on at run time."""
    for call in calls:
        put_on = _put_on(call)
        if put_on is None:
            continue
        inner, kept = put_on
        library = _keeper(inner, parsed)
        if library in _STANDARD:
            yield Memo(
                line=line_of(call),
                library=library,
                function=_last(kept),
                bounded=not _is_unbounded(library, _size(inner)),
                locked=False,
            )


def _put_on(call: Node) -> tuple[Node, Node] | None:
    """Return what is called with one name alone, and the name: they may be decorator and function."""
    inner = call.child_by_field_name("function")
    kept = positional(call)
    if inner is None or len(kept) != 1 or kept[0].type not in {"identifier", "attribute"}:
        return None
    # ``get = cache(get)``, but no ``@lru_cache(SIZE)``
    above = call.parent.type if call.parent is not None else ""
    return (inner, kept[0]) if inner.type == "call" or above == "assignment" else None


def _size(inner: Node) -> Node | None:
    """Return how many results a decorator is told to keep."""
    if inner.type != "call":
        return None
    return keywords(inner).get("maxsize") or next(iter(positional(inner)), None)


def _keeper(inner: Node, parsed: ParsedFile) -> str:
    """Return the name of a decorator that keeps results; empty for every other decorator."""
    called = inner.child_by_field_name("function") if inner.type == "call" else inner
    if called is None:
        return ""
    dotted = parsed.names.dotted(called)
    name = (dotted or text_of(called)).rpartition(".")[2]
    return (dotted or name) if name in _DECORATORS else ""


def _memo(decorator: Node, inner: Node, library: str, function: Node) -> Memo:
    call = inner if inner.type == "call" else None
    given: Mapping[str, Node] = keywords(call) if call is not None else {}
    parameters = function.child_by_field_name("parameters")
    takes = parameters is not None and bool(parameters.named_children)
    unbounded = _is_unbounded(library, _size(inner))
    lock = "lock" in given or (call is not None and len(positional(call)) > 2)  # noqa: PLR2004 - cached(cache, key, lock)
    return Memo(
        line=line_of(decorator),
        library=library,
        function=name_of(function),
        bounded=not (unbounded and takes),
        locked=lock,
    )


def _is_unbounded(library: str, size: Node | None) -> bool:
    """Return whether a decorator of the standard library keeps all results."""
    if library == "functools.lru_cache":
        return size is not None and text_of(size) == "None"
    return library == "functools.cache"


def _tables(parsed: ParsedFile) -> Iterator[Place]:
    """Yield module-level and class-level dictionaries that are asked first and filled later."""
    made = _made(parsed)
    if not made:
        return
    nodes = of_types(parsed.tree, *_USES)
    later = [node for node in nodes if function_around(node) is not None]
    stored = {name for node in later for name in _stored(node)}
    asked = {name for node in later for name in _asked(node)}
    used = stored & asked
    yield from (Place(line=line, what=name) for name, line in made.items() if name in used)


def _made(parsed: ParsedFile) -> Mapping[str, int]:
    """Return the lines on which dictionaries are made outside functions, by name."""
    made: dict[str, int] = {}
    if not _MADE_EMPTY.search(parsed.source):
        return made
    for node in of_types(parsed.tree, "assignment"):
        name = _empty_cache(node)
        if name and function_around(node) is None:
            made.setdefault(name, line_of(node))
    return made


def _empty_cache(assignment: Node) -> str:
    """Return the name of a cache that an assignment makes an empty dictionary; else nothing."""
    left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
    if left is None or left.type != "identifier" or right is None:
        return ""
    name = text_of(left)
    return name if _NAMED.search(name) and _EMPTY.match(text_of(right)) else ""


def _stored(node: Node) -> Iterator[str]:
    if node.type == "assignment":
        left = node.child_by_field_name("left")
        if left is not None and left.type == "subscript":
            yield _last(left.child_by_field_name("value"))
    elif node.type == "call":
        yield from _method(node, {"setdefault", "update"})


def _asked(node: Node) -> Iterator[str]:
    if node.type == "comparison_operator":
        if any(child.type in {"in", "not in"} for child in node.children):
            yield _last(node.named_children[-1])
    elif node.type == "call":
        yield from _method(node, {"get", "setdefault"})
    elif node.type == "try_statement":
        yield from _tried(node)


def _tried(statement: Node) -> Iterator[str]:
    """``try: return cache[key]`` with an ``except KeyError``."""
    body = statement.child_by_field_name("body")
    caught = any("KeyError" in text_of(child) for child in statement.named_children)
    if body is not None and caught:
        for inner in walk(body):
            if inner.type == "subscript":
                yield _last(inner.child_by_field_name("value"))


def _method(call: Node, wanted: set[str]) -> Iterator[str]:
    function = call.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        name = function.child_by_field_name("attribute")
        if name is not None and text_of(name) in wanted:
            yield _last(function.child_by_field_name("object"))


def _last(node: Node | None) -> str:
    return text_of(node).rpartition(".")[2] if node is not None else ""


def _files(
    calls: Sequence[Node], parsed: ParsedFile
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the caches in files, and the key-value files that nobody calls a cache."""
    files: list[Place] = []
    others: list[Place] = []
    for call in calls:
        function = call.child_by_field_name("function")
        dotted = parsed.names.dotted(function) if function is not None else ""
        if dotted in _STORES:
            place = Place(line=line_of(call), what=dotted)
            (files if _of_a_cache(call) else others).append(place)
        elif dotted in {"pickle.dump", "marshal.dump"} and _of_a_cache(call):
            files.append(Place(line=line_of(call), what=dotted))
    return tuple(files), tuple(others)


def _of_a_cache(call: Node) -> bool:
    """Return whether the words around a call speak of a cache: path, target, function."""
    said = [text_of(argument) for argument in positional(call)]
    for above in ancestors(call):
        if above.type == "with_statement":
            said.extend(text_of(one) for one in above.named_children if one.type == "with_clause")
        elif above.type == "assignment":
            left = above.child_by_field_name("left")
            said.append(text_of(left) if left is not None else "")
        elif above.type == "function_definition":
            said.append(name_of(above))
            break
    return any(_CACHE.search(text) for text in said)


def _pickling(calls: Sequence[Node], parsed: ParsedFile) -> Iterator[int]:
    for call in calls if parsed.wording.holds(b"diskcache") else ():
        function = call.child_by_field_name("function")
        dotted = parsed.names.dotted(function) if function is not None else ""
        if dotted in {"diskcache.Cache", "diskcache.FanoutCache"}:
            disk = keywords(call).get("disk")
            if disk is None or "JSONDisk" not in text_of(disk):
                yield line_of(call)


def _is_inside(call: Node, functions: set[int]) -> bool:
    around = function_around(call)
    return around is not None and around.id in functions


def _through(calls: Sequence[Node], cached: list[Node]) -> Iterator[str]:
    inside = {function.id for function in cached}
    for call in calls:
        function = call.child_by_field_name("function")
        owner = text_of(function) if function is not None else ""
        last = owner.rpartition(".")[2]
        if inside and _is_inside(call, inside):
            yield last
        if (last in _LOOKUPS and _CACHE.search(owner)) or last in _DECORATORS:
            yield from (_last(one) for one in positional(call))
