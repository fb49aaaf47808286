"""A plausible report in which every text carries the same poison."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import cast

import msgspec

from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.reports import _shape as shape
from doctrine.reports._stored import stored
from tests.reports.build import a_report


def _without_repetition(report: Report) -> Report:
    """Return a report with one clause and a few findings of each kind: the rest is drawn alike."""
    kinds = {
        (one.outcome, one.partial, len(one.checks), one.waiver, one.attestation): one
        for one in reversed(report.clauses)
    }
    findings = {
        (one.status, one.severity, one.reported_by, one.location.path): one
        for one in reversed(report.findings)
    }
    return replace(
        report,
        clauses=tuple(one for one in report.clauses if one in kinds.values()),
        findings=tuple(one for one in report.findings if one in findings.values()),
    )


PLAIN = stored(_without_repetition(a_report()))

POISONS: Mapping[str, str] = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)><b>",
    "ends of what it may stand in": "--></script></style></title></textarea>]]>*/'\"`",
    "entities": "&amp;&lt;&#60;&#x3c;&bogus;&",
    "terminal escapes": "\x1b[31m\x1b]8;;http://evil.example\x07\x9b31m\x90q\x9c\x1b[2J",
    "workflow commands": "\n::error::forged\r\n::stop-commands::x\r::set-output name=a::b",
    "older workflow commands": "##[error]forged",
    "escaped workflow commands": "%0A::error::forged%0D%25%3A%2C",
    "ends of a line": "\na\rb\r\nc\u2028d\u2029e\x85f\x0bg\x0ch",
    "direction of text": "\u202egpj.exe\u202d\u2066a\u2067b\u2068c\u2069\u200e\u200f\u061c",
    "what nobody sees": "\u200b\u200d\u2060\ufeff\u00ad\U000e0041",
    "control characters": "".join(map(chr, (*range(32), *range(127, 160)))),
    "no characters at all": "\ufffe\uffff\ufdd0\U0001ffff",
    "half a character": "\ud800a\udfffb\udcff",
    "formulas": "=cmd|'/c calc'!A0",
    "other formulas": "\t+1-1@SUM(A1)",
    "Markdown": "`|[x](javascript:alert(1))![y](http://e.example/z)**_~~<!--\n\n# h\n\n| a | b |",
    "more Markdown": "\n```\n</details>\n---\n1. a\n> b\n@everyone #1 http://auto.example\\",
    "JSON": '"},{"x":"\\\\"\\u0022',
    "templates": "{{ 7 * 7 }}{% raw %}${7}%(x)s{0}",
    "combining characters": "e" + "\u0301" * 40,
    "wide characters": "\u754c\U0001f468\u200d\U0001f469" * 5,
    "very long": "long" * 500,
    "dots and slashes": "/../../etc/passwd?a=b#c",
}


@cache
def poisoned(poison: str) -> shape.ReportV1:
    """Return the report with a poison around every text, ids and paths included."""
    plain: object = msgspec.to_builtins(PLAIN)
    return msgspec.convert(_poisoned(plain, PLAIN, poison), type=shape.ReportV1)


def _poisoned(plain: object, typed: object, poison: str) -> object:
    """Walk the report twice side by side: one side knows which texts are one of a few words."""
    match plain:
        case dict():
            fields = cast("dict[str, object]", plain)
            return {
                key: value if key == "schema" else _poisoned(value, getattr(typed, key), poison)
                for key, value in fields.items()
            }
        case list() | tuple():
            items = cast("list[object]", plain)
            members = cast("tuple[object, ...]", typed)
            pairs = zip(items, members, strict=True)
            return [_poisoned(item, member, poison) for item, member in pairs]
        case str() if not isinstance(typed, Enum):
            return f"{poison}{plain}{poison}"
        case _:
            return plain
