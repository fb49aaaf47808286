"""Which states of which flags a test file sets, as far as it can be read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._flag_calls import METHODS
from doctrine.inspect._flag_cases import Listed, listed_cases
from doctrine.inspect._flag_values import values
from doctrine.inspect._word_set import word_set
from doctrine.syntax.language import ancestors
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_WORDS = re.compile(
    rb"FEATURE_|is_enabled|is_active|feature_enabled|flag_enabled|override_(?:flag|switch|sample)"
    rb"|variation|[Oo]pen[Ff]eature|get_(?:boolean|string)_value|has_feature|[Ff]eature[_ ]?[Ff]lag"
    rb"|\b[Ff]lags?\b|\b[Ff]eatures?\b|[Tt]oggle|waffle|[Uu]nleash|[Ff]lagsmith|posthog"
)
_STRINGS = re.compile(rb"""["']([A-Za-z][\w.:/-]{1,80})["']""")
_ON = frozenset({"1", "true", "on", "yes", "enabled", "t", "y"})
_OFF = frozenset({"0", "false", "off", "no", "disabled", "", "f", "n"})
_SILENT = frozenset({"assert_statement", "comparison_operator", "return_statement"})
_OPTIONS = word_set("""raising autospec spec create follow follow_redirects allow_redirects exist_ok
    parents missing_ok ignore_errors check capture_output text shell verbose quiet strict commit stream
    verify daemon dry_run catch_exceptions standalone_mode mix_stderr raise_server_exceptions indirect
    autouse reverse inplace json is_staff is_superuser is_admin enforce_csrf_checks""")
"""Arguments of calls around a test that are true or false, and switch no flag."""
_SETTERS = ("override_flag", "override_switch", "override_sample")


class State(StrEnum):
    """A state that a test puts a flag into."""

    ON = "on"
    OFF = "off"


class Cases(Struct, frozen=True, kw_only=True):
    """The cases of one ``parametrize``.

    Attributes:
        words: Strings and names beside which a test uses them.
        speaks: Whether they are about flags without naming one.
        states: The states that are among them.
    """

    words: frozenset[str]
    speaks: bool
    states: frozenset[State]

    def is_about(self, names: Collection[str]) -> bool:
        """Return whether they may be states of a flag that has some names."""
        return self.speaks or not self.words.isdisjoint(names)


class Setting(Struct, frozen=True, kw_only=True):
    """One function of a test file that has to do with flags.

    Attributes:
        line: Where.
        words: Strings and names in it.
        states: The states it sets, whatever it sets.
        cases: Cases over which it is run.
        patches: Whether it replaces a call that asks for flags.
        values: Flags and the literals it gives them, where those may be variants.
    """

    line: int
    words: frozenset[str]
    states: frozenset[State]
    cases: tuple[Cases, ...]
    patches: bool
    values: frozenset[tuple[str, str]]

    def states_of(self, names: Collection[str]) -> frozenset[State]:
        """Return the states that it may set a flag to which has some names."""
        about = (one.states for one in self.cases if one.is_about(names))
        return self.states.union(*about)


class Tests(Struct, frozen=True, kw_only=True):
    """What one test file shows.

    Attributes:
        settings: Its functions, where the file has to do with flags.
        strings: Its short strings.
    """

    settings: tuple[Setting, ...]
    strings: frozenset[str]


def tests(parsed: ParsedFile) -> Tests | None:
    """Return what a test file shows of flags; None if it has no strings."""
    strings = frozenset(one.decode() for one in _STRINGS.findall(parsed.source))
    if not _WORDS.search(parsed.source):
        return Tests(settings=(), strings=strings) if strings else None
    settings = sorted(_settings(parsed.tree), key=lambda one: one.line)
    return Tests(settings=tuple(settings), strings=strings)


def _settings(root: Node) -> Iterator[Setting]:
    """Yield one setting for each function, and for what stands outside of functions."""
    pending, outside = [root], list[Node]()
    while pending:
        node = pending.pop()
        inner = (
            node.child_by_field_name("definition") if node.type == "decorated_definition" else None
        )
        if node.type == "function_definition" or (
            inner is not None and inner.type == "function_definition"
        ):
            yield _setting(node, list(_below(node)))
        elif node.type in {"module", "class_definition", "block", "decorated_definition"}:
            pending.extend(node.named_children)
        else:
            outside.extend(_below(node))
    yield _setting(root, outside)


def _below(node: Node) -> Iterator[Node]:
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(current.named_children)


_PATCHING = frozenset({"patch", "monkeypatch", "mocker", "MagicMock", "Mock", "AsyncMock"})


def _setting(node: Node, nodes: list[Node]) -> Setting:
    strings = {_content(one) for one in nodes if one.type == "string"}
    identifiers = {text_of(one) for one in nodes if one.type == "identifier"}
    listed = tuple(listed_cases(node, nodes))
    return Setting(
        line=line_of(node),
        words=frozenset(strings | identifiers),
        states=_states_of(one for one in nodes if not _is_case(one, listed)),
        cases=tuple(map(_cases, listed)),
        patches=_replaces(strings, identifiers),
        values=frozenset(value for one in nodes for value in values(one)),
    )


def _cases(listed: Listed) -> Cases:
    states = _states_of(_below(listed.call))
    return Cases(words=listed.words, speaks=listed.speaks, states=states)


def _is_case(node: Node, listed: tuple[Listed, ...]) -> bool:
    calls = (one.call for one in listed)
    return any(one.start_byte <= node.start_byte and node.end_byte <= one.end_byte for one in calls)


def _states_of(nodes: Iterable[Node]) -> frozenset[State]:
    return frozenset(state for one in nodes for state in _states(one))


def _replaces(strings: set[str], identifiers: set[str]) -> bool:
    """Return whether a test puts something in the place of a method that asks for flags."""
    parts = {part for one in strings for part in one.rpartition(".")[::2]}
    return bool(identifiers & _PATCHING) and bool((parts | identifiers) & METHODS)


def _content(node: Node) -> str:
    return "".join(text_of(part) for part in node.named_children if part.type == "string_content")


def _states(node: Node) -> Iterator[State]:
    match node.type:
        case "true" if _counts(node):
            yield State.ON
        case "false" if _counts(node):
            yield State.OFF
        case "string" if _is_value(node):
            content = _content(node).lower()
            if content in _ON:
                yield State.ON
            elif content in _OFF:
                yield State.OFF
        case "call":
            yield from _called(node)
        case _:
            return


def _called(node: Node) -> Iterator[State]:
    function = node.child_by_field_name("function")
    name = text_of(function).rpartition(".")[2] if function is not None else ""
    if name in {"delenv", "disable"}:
        yield State.OFF
    elif name == "enable" or (name in _SETTERS and "False" not in text_of(node)):
        yield State.ON
    elif name == "booleans":
        yield from State


def _counts(node: Node) -> bool:
    """Return whether a truth value is given to something, and not what an assertion expects."""
    return not _is_aside(node) and all(
        above.type not in _SILENT and not _asserts(above) for above in _statement(node)
    )


def _is_aside(node: Node) -> bool:
    """Return whether a value is an option of a call that has nothing to do with flags."""
    above = node.parent
    if above is None or above.type != "keyword_argument":
        return False
    name = above.child_by_field_name("name")
    return name is not None and text_of(name) in _OPTIONS


def _asserts(node: Node) -> bool:
    """Return whether a node is the call of an assertion (``mock.assert_called_once_with``)."""
    function = node.child_by_field_name("function") if node.type == "call" else None
    return function is not None and text_of(function).rpartition(".")[2].startswith("assert")


def _statement(node: Node) -> Iterator[Node]:
    for above in ancestors(node):
        if above.type in {"block", "module", "lambda"}:
            return
        yield above


def _is_value(node: Node) -> bool:
    """Return whether a string is an argument or a value, so that it can switch something."""
    above = node.parent
    kinds = {"argument_list", "keyword_argument", "assignment", "pair", "list", "tuple"}
    return above is not None and above.type in kinds and _counts(node)
