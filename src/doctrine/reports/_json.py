"""Writes ``doctrine.report/v1`` item by item, so that 100,000 findings never exist as one text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import msgspec

from doctrine.reports import _shape as shape

_ENCODER = msgspec.json.Encoder()
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""What JSON allows in a text as it is, and a terminal that shows the file obeys: written as escapes,
which read back as what they stand for."""
_PIECE = 1 << 16
"""Characters from which a piece is long enough: a write for each item would cost more than the
encoding, and a clause can name 100,000 findings."""


def pieces(report: shape.ReportV1) -> Iterator[str]:
    """Yield the report as JSON.

    Args:
        report: Any report; characters that JSON cannot carry are written as escapes.
    """
    yield "{\n" + f'"schema": {encoded(report.schema)},\n'
    yield f'"doctrine": {encoded(report.doctrine)},\n'
    yield f'"guide": {encoded(report.guide)},\n"project": {encoded(report.project)},\n'
    run = report.run
    yield f'"run": {{"started": {encoded(run.started)}, "seconds": {encoded(run.seconds)}, '
    yield '"tools": '
    yield from array(run.tools)
    yield "},\n"
    yield f'"verdict": {encoded(report.verdict)},\n"grade": {encoded(report.grade)},\n'
    yield f'"gate": {encoded(report.gate)},\n"baseline": {encoded(report.baseline)},\n'
    yield f'"partial": {encoded(report.partial)},\n'
    yield '"clauses": '
    yield from array(report.clauses)
    yield ',\n"findings": '
    yield from array(report.findings)
    yield ',\n"problems": '
    yield from array(report.problems)
    yield ',\n"recommendations": '
    yield from array(report.recommendations)
    yield "\n}\n"


def encoded(item: msgspec.Struct | str | float | None) -> str:
    """Return a value as JSON; a lone surrogate becomes a visible escape."""
    try:
        return _seen(_ENCODER.encode(item).decode())
    except UnicodeEncodeError:
        # A file name that is no UTF-8 reaches here as lone surrogates, which no two JSON readers
        # agree on: they become visible escapes.
        text = json.dumps(msgspec.to_builtins(item), ensure_ascii=False, separators=(",", ":"))
        return _seen(_LONE_SURROGATE.sub(lambda found: rf"\\u{ord(found[0]):04x}", text))


def _seen(text: str) -> str:
    """Return JSON in which nothing is invisible: outside its texts it never has such characters."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1].replace("\x7f", r"\u007f"), text)


def array(items: Iterable[msgspec.Struct]) -> Iterator[str]:
    """Yield a JSON array in pieces, each item on a line of its own."""
    batch: list[str] = []
    size = 0
    lead = "[\n"
    for item in items:
        batch.append(encoded(item))
        size += len(batch[-1])
        if size >= _PIECE:
            yield lead + ",\n".join(batch)
            batch.clear()
            size = 0
            lead = ",\n"
    if batch:
        yield lead + ",\n".join(batch)
        lead = ",\n"
    yield "[]" if lead == "[\n" else "\n]"
