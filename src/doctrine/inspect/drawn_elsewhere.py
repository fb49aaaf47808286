"""Secrets that a function of another name draws with ``random``.

``far-secret``: ``token = random_string(32)``, where the project's own ``random_string`` returns what
``random`` draws, in the same file or in one that it is imported from. One call is followed, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._code import function_around, name_of
from doctrine.inspect._direct_target import direct_target
from doctrine.inspect._file_calls import calls
from doctrine.inspect._gathered import sound_paths
from doctrine.inspect._inspector import gathering
from doctrine.inspect._random_calls import DRAWS, LANGUAGE
from doctrine.inspect._reach import Callee, Function, Reach, callee_of
from doctrine.inspect._secret_flow import last_name
from doctrine.inspect._secret_names import is_secret
from doctrine.inspect._sightings import Reporter, Sighting, Spot, reading
from doctrine.model.project import Definition, Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.language import ancestors, of_types
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "drawn-elsewhere"
_RULE = "far-secret"
_WORD = rb"(?:token|secret|passw|passphrase|pwd|otp|csrf|nonce|salt|api_?key|session_?(?:id|key)|credential|_code|_key)"
_WORDS = re.compile(_WORD)
# In lower case: a name, what can stand between it and its value, and a call.
_GIVEN = re.compile(
    _WORD
    + rb"\w*[\"']?\]?[ \t]*(?::[^=\n\"']{1,60})?[=:][ \t]*(?:await[ \t]+)?(?P<callee>[a-z_][\w.]*)\("
)
_RETURNED = re.compile(rb"\breturn[ \t]+(?:await[ \t]+)?(?P<callee>[A-Za-z_][\w.]*)\(")
_KEEPERS = frozenset({"append", "add", "extend", "insert"})


class Site(Struct, frozen=True, kw_only=True):
    """A call whose value is given a secret's name.

    Attributes:
        line: Where.
        secret: The name.
        callee: What is called.
    """

    line: int
    secret: str
    callee: Callee


class Drawn(Struct, frozen=True, kw_only=True):
    """What one file shows.

    Attributes:
        makers: Lines on which functions draw what they return, by their names.
        sites: Calls that make secrets.
    """

    makers: Mapping[str, int]
    sites: tuple[Site, ...]


def _note(parsed: ParsedFile, layout: Layout) -> Drawn | None:
    del layout
    if parsed.module.role is not Role.SOURCE:
        return None
    roots = {item.module.partition(".")[0] for item in parsed.module.imports}
    makers = dict(_makers(parsed)) if "random" in roots else {}
    sites = () if roots & LANGUAGE else tuple(_sites(parsed))
    return Drawn(makers=makers, sites=sites) if makers or sites else None


def _makers(parsed: ParsedFile) -> Iterator[tuple[str, int]]:
    for call, dotted in calls(parsed):
        function = function_around(call) if dotted in DRAWS else None
        name = name_of(function)
        if function is not None and not is_secret(name) and _is_returned(call, function):
            yield name, line_of(call)


def _is_returned(call: Node, function: Node) -> bool:
    """Return whether a function returns what a call in it gives, directly or by one variable."""
    for above in ancestors(call):
        if above.type == "return_statement":
            return True
        if above.type in {"assignment", "augmented_assignment"}:
            left = above.child_by_field_name("left")
            return left is not None and _returns(function, last_name(left))
        if above.type == "call" and (owner := _keeper(above)):
            return _returns(function, owner)
        if above == function:
            return False
    return False


def _keeper(call: Node) -> str:
    """Return the name of the list that a call adds to; empty if it adds to none."""
    called = call.child_by_field_name("function")
    owner = called.child_by_field_name("object") if called is not None else None
    adds = owner is not None and text_of(called or call).rpartition(".")[2] in _KEEPERS
    return text_of(owner) if adds and owner is not None and owner.type == "identifier" else ""


def _returns(function: Node, name: str) -> bool:
    return any(
        text_of(one) == name
        for statement in of_types(function, "return_statement")
        for one in of_types(statement, "identifier")
    )


def _sites(parsed: ParsedFile) -> Iterator[Site]:
    if not _WORDS.search(parsed.wording.lowered.vocabulary):
        return
    done: set[int] = set()
    for start in (*_given(parsed), *_returned(parsed)):
        call = _call_at(parsed.tree, start)
        callee = callee_of(call) if call is not None and call.id not in done else None
        if call is None or callee is None:
            continue
        done.add(call.id)
        secret = direct_target(call)
        if is_secret(secret):
            yield Site(line=line_of(call), secret=secret, callee=callee)


def _given(parsed: ParsedFile) -> Iterator[int]:
    yield from (match.start("callee") for match in _GIVEN.finditer(parsed.lowered))


def _returned(parsed: ParsedFile) -> Iterator[int]:
    """Yield where functions that are named after a secret return what they call."""
    named = [one for one in parsed.module.definitions if is_secret(_last(one))]
    if not named:
        return
    starts = [0, *(match.end() for match in re.finditer(rb"\n", parsed.source))]
    for one in named:
        end = starts[one.end_line] if one.end_line < len(starts) else len(parsed.source)
        for match in _RETURNED.finditer(parsed.source, starts[one.line - 1], end):
            yield match.start("callee")


def _last(definition: Definition) -> str:
    return definition.qualname.rpartition(".")[2]


def _call_at(tree: Node, start: int) -> Node | None:
    """Return the call whose function begins at an offset."""
    node = tree.descendant_for_byte_range(start, start + 1)
    while node is not None and node.start_byte == start and node.type != "call":
        node = node.parent
    return node if node is not None and node.type == "call" and node.start_byte == start else None


def _conclude(project: Project, notes: Mapping[str, Drawn]) -> Reading:
    return reading(_found(project, notes), sound_paths(project))


def _found(project: Project, notes: Mapping[str, Drawn]) -> Iterator[Sighting]:
    makers = {
        Function(path=path, name=name): line
        for path, note in notes.items()
        for name, line in note.makers.items()
    }
    if not makers:
        return
    reach, reporter = Reach(project), Reporter(tool=_NAME)
    for path, note in sorted(notes.items()):
        for site in note.sites:
            function = _meant(reach, path, site.callee)
            if function is None or function not in makers:
                continue
            message = (
                f"{site.callee.written}() returns what `random` draws ({function.path}:{makers[function]}),"
                f" which is predictable, and makes {site.secret}; let it draw with the secrets module"
            )
            spot = Spot(path=path, line=site.line)
            yield reporter.finding(_RULE, spot, message, symbol=site.callee.written)


def _meant(reach: Reach, path: str, callee: Callee) -> Function | None:
    if callee.bound in {"self", "cls"}:
        return Function(path=path, name=callee.rest)
    return reach.function(path, callee)


INSPECTOR = gathering(name=_NAME, rules=(_RULE,), note=_note, conclude=_conclude)
