"""What calls of the standard library, of setuptools and of methods give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tree_sitter import Node

from doctrine.adopt.setup_script.modules import Read, searched
from doctrine.adopt.setup_script.operators import as_text, below, parent_of, short
from doctrine.adopt.setup_script.values import (
    ROOT,
    Attr,
    Bound,
    ComputedError,
    Found,
    Handle,
    Lines,
    Match,
    Pattern,
    Place,
    Text,
    Value,
)

Arguments = Sequence[Value]
_OPENS = frozenset({"open", "io.open", "codecs.open"})
_JOINS = frozenset({"pathlib.Path", "pathlib.PurePath", "os.path.join"})
_PATHS = _JOINS | {
    "os.path.abspath", "os.path.dirname", "os.path.normpath", "os.path.realpath", "str",
}  # fmt: skip
_FINDS = {"setuptools.find_packages": False, "setuptools.find_namespace_packages": True}
_SEARCHES = frozenset({"re.compile", "re.findall", "re.match", "re.search"})
_SPLITS = frozenset({"splitlines", "readlines"})
_STRIPS = frozenset({"strip", "rstrip", "lstrip"})
_SAME = frozenset({"resolve", "absolute", "as_posix", "decode"})


def called(
    dotted: str, arguments: Arguments, named: Mapping[str, Value], node: Node, read: Read
) -> Value:
    """Return what a function that the script does not define gives back.

    Args:
        dotted: Its name.
        arguments: What it is called with by position.
        named: What it is called with by name.
        node: The call.
        read: Reads a file of the project.

    Raises:
        ComputedError: That cannot be told.
    """
    if dotted in _FINDS:
        return _found(arguments, named, _FINDS[dotted], node)
    if dotted == "dict" and not arguments:
        return dict(named)
    if dotted in _SEARCHES:
        return _searching(dotted, arguments, node, read)
    if dotted in _OPENS and arguments:
        return _opened(arguments[0], node, read)
    if dotted in _PATHS:
        return _path(dotted, arguments, node)
    return _collected(dotted, arguments, node)


def _collected(dotted: str, arguments: Arguments, node: Node) -> Value:
    """Return a collection that is made of another one, and what is compiled as it is."""
    if dotted == "compile" and arguments:
        return arguments[0]
    if dotted in {"list", "tuple", "set", "sorted"} and len(arguments) <= 1:
        return _listed(dotted, arguments[0] if arguments else [], node)
    if dotted == "filter":
        return _filtered(arguments, node)
    raise ComputedError(f"`{short(node)}` is computed", node)


def _filtered(arguments: Arguments, node: Node) -> Value:
    """Return a list without what counts as nothing."""
    asked, value = arguments if len(arguments) == 2 else (True, None)  # noqa: PLR2004
    if asked is None and isinstance(value, list):
        return [one for one in value if one]
    if asked is None and isinstance(value, Lines):
        return value
    raise ComputedError(f"`{short(node)}` is computed", node)


def _listed(dotted: str, value: Value, node: Node) -> Value:
    if isinstance(value, Lines | Handle):
        return Lines(value.path)
    if not isinstance(value, list):
        raise ComputedError(f"`{short(node)}` is computed", node)
    if dotted in {"set", "sorted"}:
        texts = {as_text(one, node) for one in value}
        return [*sorted(texts)]
    return value


def _found(arguments: Arguments, named: Mapping[str, Value], namespaces: bool, node: Node) -> Found:
    given = {**dict(zip(("where", "exclude", "include"), arguments, strict=False)), **named}
    if len(arguments) > 3 or set(given) - {"where", "exclude", "include"}:  # noqa: PLR2004
        raise ComputedError(f"`{short(node)}` is computed", node)
    where = _place(given.get("where", ROOT), node)
    return Found(
        where=where.path,
        include=_patterns(given.get("include", []), node),
        exclude=_patterns(given.get("exclude", []), node),
        namespaces=namespaces,
    )


def _patterns(value: Value, node: Node) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ComputedError(f"`{short(node)}` is computed", node)
    return tuple(as_text(one, node) for one in value)


def _place(value: Value, node: Node) -> Place:
    return value if isinstance(value, Place) else below(Place(ROOT), as_text(value, node), node)


def _path(dotted: str, arguments: Arguments, node: Node) -> Value:
    if any(isinstance(one, Text) for one in arguments):
        raise ComputedError(f"`{short(node)}` is computed", node)
    first, *others = arguments or (Place(ROOT),)
    if dotted == "str" and isinstance(first, str | Attr):
        return first
    place = _place(first, node)
    if others and dotted not in _JOINS:
        raise ComputedError(f"`{short(node)}` is computed", node)
    for one in others:
        place = below(place, as_text(one, node), node)
    return parent_of(place) if dotted == "os.path.dirname" else place


def _opened(value: Value, node: Node, read: Read) -> Handle:
    place = _place(value, node)
    if read(place.path) is None:
        raise ComputedError(f"`{short(node)}` opens no text of the project", node)
    return Handle(place.path)


def _searching(dotted: str, arguments: Arguments, node: Node, read: Read) -> Value:
    padded: list[Value] = [*arguments, None, None]
    pattern, source = padded[0], padded[1]
    text = pattern.text if isinstance(pattern, Pattern) else pattern
    if isinstance(text, str) and dotted == "re.compile":
        return Pattern(text)
    if not isinstance(text, str) or not isinstance(source, Text) or len(source.paths) != 1:
        raise ComputedError(f"`{short(node)}` is computed", node)
    match = Match(pattern=text, path=source.paths[0])
    return _all_found(match, node, read) if dotted == "re.findall" else match


def _all_found(match: Match, node: Node, read: Read) -> Value:
    found = searched(match.pattern, match.path, read)
    if found is None:
        raise ComputedError(f"`{short(node)}` is computed", node)
    return [found]


def method(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    """Return what a method gives back.

    Args:
        bound: The method.
        arguments: What it is called with by position.
        node: The call.
        read: Reads a file of the project.

    Raises:
        ComputedError: That cannot be told.
    """
    result = _METHODS.get(type(bound.owner), _nothing)(bound, arguments, node, read)
    if result is None:
        raise ComputedError(f"`{short(node)}` is computed", node)
    return result


def _nothing(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    return None


def _of_string(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    text = as_text(bound.owner, node)
    if arguments:
        return _with_arguments(text, bound.name, arguments, node)
    plain: Mapping[str, Callable[[], str]] = {
        "strip": text.strip, "rstrip": text.rstrip, "lstrip": text.lstrip
    }  # fmt: skip
    if bound.name in plain:
        return plain[bound.name]()
    lists: Mapping[str, Callable[[], list[str]]] = {
        "splitlines": text.splitlines, "split": text.split
    }  # fmt: skip
    return [*lists[bound.name]()] if bound.name in lists else None


def _with_arguments(text: str, name: str, arguments: Arguments, node: Node) -> Value:
    first = arguments[0]
    if name == "join" and isinstance(first, list):
        return _joined(text, first, node)
    if name == "format":
        return _formatted(text, arguments, node)
    separator = as_text(first, node) if name == "split" and len(arguments) == 1 else ""
    return [*text.split(separator)] if separator else None


def _formatted(text: str, arguments: Arguments, node: Node) -> Value:
    parts = text.split("{}")
    if len(parts) != len(arguments) + 1 or set("{}") & set("".join(parts)):
        return None
    texts = [*(as_text(one, node) for one in arguments), ""]
    return "".join(part + one for part, one in zip(parts, texts, strict=True))


def _joined(between: str, items: list[Value], node: Node) -> Value:
    if any(isinstance(one, Text) for one in items) and not between.strip():
        paths = [path for one in items if isinstance(one, Text) for path in one.paths]
        return Text(paths=tuple(paths)) if len(paths) == len(items) else None
    return between.join(as_text(one, node) for one in items)


def _of_text(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    text = bound.owner
    if not isinstance(text, Text):
        return None
    if bound.name in _SAME:
        return text
    if bound.name in _STRIPS and not arguments:
        return Text(paths=text.paths)
    lines = bound.name in _SPLITS or (bound.name == "split" and [*arguments] in ([], ["\n"]))
    return Lines(text.paths[0]) if lines and len(text.paths) == 1 else None


def _of_handle(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    handle = bound.owner
    if not isinstance(handle, Handle) or arguments:
        return None
    if bound.name == "read":
        return Text(paths=(handle.path,))
    return Lines(handle.path) if bound.name == "readlines" else None


def _of_place(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    place = bound.owner
    if not isinstance(place, Place):
        return None
    if bound.name == "joinpath":
        for one in arguments:
            place = below(place, as_text(one, node), node)
        return place
    if bound.name in {"open", "read_text", "read_bytes"}:
        handle = _opened(place, node, read)
        return handle if bound.name == "open" else Text(paths=(handle.path,))
    return place if bound.name in _SAME else None


def _of_match(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    match = bound.owner
    if not isinstance(match, Match):
        return None
    if bound.name == "group" and [*arguments] == [1]:
        return searched(match.pattern, match.path, read)
    if bound.name == "groups" and not arguments:
        found = searched(match.pattern, match.path, read)
        return [found] if found is not None else None
    return None


def _of_pattern(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    if f"re.{bound.name}" not in _SEARCHES:
        return None
    return _searching(f"re.{bound.name}", (bound.owner, *arguments), node, read)


def _of_table(bound: Bound, arguments: Arguments, node: Node, read: Read) -> Value:
    owner = bound.owner
    if isinstance(owner, dict) and bound.name in {"get", "copy"}:
        if bound.name == "copy":
            return dict(owner)
        name = as_text(arguments[0], node) if arguments else ""
        return owner.get(name, arguments[1] if len(arguments) > 1 else None)
    return None


_METHODS: Mapping[type, Callable[[Bound, Arguments, Node, Read], Value]] = {
    Attr: _of_string,
    Handle: _of_handle,
    Match: _of_match,
    Pattern: _of_pattern,
    Place: _of_place,
    Text: _of_text,
    dict: _of_table,
    str: _of_string,
}
