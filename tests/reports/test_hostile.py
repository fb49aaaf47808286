"""Whatever a project calls its files and a tool says, in every format it stays what it is: text."""

from __future__ import annotations

import csv
import io
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from doctrine.model.report import Report
from doctrine.reports._format import Canvas
from doctrine.reports._json import encoded
from doctrine.reports._shape import ReportV1
from doctrine.reports._stored import read_stored, stored
from doctrine.reports.discovery import formats
from tests.reports.hostile import PLAIN, POISONS, poisoned
from tests.reports.strategies import FAST, REPORTS

FORMATS = formats()
NAMES = sorted(FORMATS)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ALLOWED = frozenset("\n\r\t")


class _Sources:
    """Source lines that are hostile, too."""

    def __init__(self, text: str) -> None:
        self._lines = (text,) * 300

    def lines(self, path: str) -> tuple[str, ...]:
        del path
        return self._lines


def drawn(name: str, report: ReportV1, source: str = "x = 1", base: ReportV1 | None = None) -> str:
    canvas = Canvas(width=100, root=f"/srv/{source}", sources=_Sources(source), base=base)
    return "".join(FORMATS[name].render(report, canvas))


def unseen(text: str) -> set[str]:
    """Return what steers a terminal, turns the text round, or shows nothing."""
    # The first character may be a byte order mark, which spreadsheets ask for.
    found = {one for one in set(text.removeprefix("\ufeff")) if one not in _ALLOWED}
    return {f"U+{ord(one):04X}" for one in found if unicodedata.category(one) in _INVISIBLE}


@cache
def compares(name: str) -> bool:
    """Return whether a format says what changed; the others draw the same with a base as without."""
    return drawn(name, PLAIN, base=poisoned("x")) != drawn(name, PLAIN)


def test_some_formats_compare() -> None:
    assert {"html", "pr-comment", "terminal"} <= {name for name in NAMES if compares(name)}


@settings(max_examples=25, deadline=None, phases=FAST)
@given(report=REPORTS)
def test_nothing_unseen_reaches_the_reader_from_any_report(report: Report) -> None:
    """Every format draws the same reports: to make them up takes longer than to draw them."""
    shown = stored(report)
    assert {name: found for name in NAMES if (found := unseen(drawn(name, shown)))} == {}


class _Elements(HTMLParser):
    """Counts elements with the names of their attributes, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.schemes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[" ".join((tag, *sorted(name for name, _ in attrs)))] += 1
        for name, value in attrs:
            if name in {"href", "src", "action", "xlink:href"}:
                self.schemes.add(
                    (value or "").partition(":")[0][:20] if ":" in (value or "") else ""
                )


def _html(text: str) -> Iterator[str]:
    parser = _Elements()
    parser.feed(text)
    parser.close()
    # Code between backticks and the marked part of a source line are told apart by what the text
    # is, and can do nothing.
    yield from (one for one in parser.found.elements() if one not in {"code", "mark"})
    yield from (f"a link to {scheme or 'a place in here'}" for scheme in sorted(parser.schemes))


def _xml(text: str) -> Iterator[str]:
    # Ours was written by us a moment ago: no entity of anybody else's can be in it.
    root = ElementTree.fromstring(text.encode())  # noqa: S314
    for element in root.iter():
        yield " ".join((str(element.tag), *sorted(element.attrib)))


def _keys(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _keys(inner, f"{path}.{key}")  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _keys(inner, f"{path}[]")  # pyright: ignore[reportUnknownArgumentType]
    else:
        yield path


def _json(text: str) -> Iterator[str]:
    return _keys(json.loads(text))


# Half a megabyte in a cell is what other readers take; Python's own refuses it unless told.
csv.field_size_limit(2**20)


def _csv(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        yield f"{len(row)} cells"
        assert not any(
            cell.lstrip("\ufeff").startswith(("=", "+", "@", "\t", "\r")) for cell in row
        )


def _markdown(text: str) -> Iterator[str]:
    def walk(tokens: list[Token]) -> Iterator[str]:
        for token in tokens:
            if token.type in {"html_block", "html_inline"}:
                # Our own markup is the same in every report; that of others must not be any.
                yield from _html(token.content)
            elif token.type not in {"text", "softbreak", "inline", "text_special", "code_inline"}:
                yield token.type
            yield from walk(token.children or [])

    return walk(MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text))


def _commands(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            yield line.split(" ")[0]
        elif "##[" in line:
            yield "an order in the older spelling"


SKELETONS: Mapping[str, Callable[[str], Iterator[str]]] = {
    ".json": _json,
    ".sarif": _json,
    ".xml": _xml,
    ".svg": _xml,
    ".html": _html,
    ".csv": _csv,
    ".md": _markdown,
}
"""What a reader of such a file sees as structure: it must be the same whatever the texts are."""


def structure(name: str, text: str) -> Counter[str]:
    return Counter(SKELETONS.get(FORMATS[name].suffix, _commands)(text))


@cache
def harmless_structure(name: str) -> Counter[str]:
    return structure(name, drawn(name, poisoned("x"), "x"))


@pytest.mark.no_cover  # what draws is covered by the tests of each format, in half the time
@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
@pytest.mark.parametrize("name", NAMES)
def test_no_text_becomes_structure_or_steers_or_goes_unseen(name: str, poison: str) -> None:
    report = poisoned(poison)
    text = drawn(name, report, poison)
    assert structure(name, text) == harmless_structure(name)
    assert unseen(text) == set()
    if compares(name):
        assert unseen(drawn(name, report, poison, PLAIN)) == set()
        assert unseen(drawn(name, PLAIN, poison, report)) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_a_suffix_that_says_what_it_is(name: str) -> None:
    assert FORMATS[name].suffix in {*SKELETONS, ".txt"}


def test_json_knows_every_character_that_steers() -> None:
    every = map(chr, (*range(0x80, 0xD800), *range(0xE000, sys.maxunicode + 1)))
    steering = "".join(one for one in every if unicodedata.category(one) in _INVISIBLE)
    assert unseen(encoded(steering)) == set()
    assert json.loads(encoded(steering)) == steering
    assert json.loads(encoded("\x7f")) == "\x7f"
    assert encoded("\x7f").isprintable()


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS.keys())
def test_the_stored_report_keeps_every_text(poison: str) -> None:
    report = poisoned(poison)
    again = read_stored(drawn("json", report).encode(), "the report")
    # Half a character is the one thing that JSON cannot carry: it is kept as a visible escape.
    carried = not any("\ud800" <= one <= "\udfff" for one in poison)
    assert (again == report) is carried
    assert [one.line for one in again.findings] == [one.line for one in report.findings]
