"""All findings as columns of numbers and tables of texts: what the page's script reads.

A text that many findings share stands here once, so that a page of 100,000 findings stays small
and a search looks at each text once.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

import msgspec

from doctrine.reports._digest import rule_of, why_not
from doctrine.reports._shape import FindingV1
from doctrine.reports._text import sentence, visible
from doctrine.reports.html.quotes import Quotes

FAILS = "fails a clause"
_COLUMNS = (
    *("path", "line", "column", "message", "rule", "clauses", "standing", "fix", "fresh"),
    *("start", "end"),
)
"""Columns of numbers, in the order in which a finding's cells are written down."""
_LONGEST = 2000
"""Characters of a message; a longer one is a listing that a tool printed."""


class _Texts:
    """Numbers texts in the order in which they first occur."""

    def __init__(self, shown: Callable[[str], str] = visible) -> None:
        self._numbers: dict[str, int] = {}
        self._shown = shown

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def all(self) -> list[str]:
        return [self._shown(text) for text in self._numbers]


def ledger(
    findings: Iterable[FindingV1],
    quotes: Quotes,
    *,
    blamed: Container[str],
    fresh: Container[str],
) -> Iterator[str]:
    """Yield the findings as the text of a JSON object that can stand inside ``<script>``.

    Args:
        findings: In the order of the report.
        quotes: Source lines.
        blamed: Fingerprints of the findings that fail a clause.
        fresh: Fingerprints of those that an earlier report did not have.
    """
    columns = _Columns(blamed)
    for one in findings:
        columns.add(one, span=quotes.span(one.fingerprint), fresh=one.fingerprint in fresh)
    yield from columns.pieces()
    yield ',"lines":' + _json(
        {visible(path): _by_number(lines) for path, lines in quotes.lines.items()}
    )
    yield "}"


class _Columns:
    """Collects the findings, a list a column."""

    def __init__(self, blamed: Container[str]) -> None:
        """Start without a finding."""
        self._blamed = blamed
        self._paths = _Texts()
        self._messages = _Texts(_message)
        self._rules = _Texts()
        self._standings = _Texts()
        self._fixes = _Texts(_message)
        self._sets: dict[tuple[str, ...], int] = {}
        self._prints: list[str] = []
        self._numbers: dict[str, list[int]] = {name: [] for name in _COLUMNS}
        self._adders = tuple(column.append for column in self._numbers.values())

    def add(self, one: FindingV1, *, span: tuple[int, int], fresh: bool) -> None:
        """Write down a finding.

        Args:
            one: The finding.
            span: Where its mark starts and ends in the quoted line.
            fresh: Whether an earlier report did not have it.
        """
        self._prints.append(visible(one.fingerprint))
        fix = f"{one.fix.description} ({one.fix.applicability})" if one.fix else ""
        cells = (
            self._paths.number(one.path),
            one.line,
            one.column,
            self._messages.number(one.message),
            self._rules.number(rule_of(one)),
            self._sets.setdefault(one.clauses, len(self._sets)),
            self._standings.number(why_not(one, self._blamed) or FAILS),
            self._fixes.number(fix),
            int(fresh),
            *span,
        )
        for add, cell in zip(self._adders, cells, strict=True):
            add(cell)

    def pieces(self) -> Iterator[str]:
        """Yield everything but the end of the JSON object."""
        yield '{"rows":{"fingerprint":' + _json(self._prints)
        for name, column in self._numbers.items():
            yield f',"{name}":' + _json(column)
        yield '},"clauses":' + _json([[visible(one) for one in ids] for ids in self._sets])
        texts = {
            "paths": self._paths,
            "messages": self._messages,
            "rules": self._rules,
            "standings": self._standings,
            "fixes": self._fixes,
        }
        for name, known in texts.items():
            yield f',"{name}":' + _json(known.all())


def _message(text: str) -> str:
    return sentence(text, limit=_LONGEST)


def _by_number(lines: Mapping[int, str]) -> dict[str, str]:
    return {str(number): text for number, text in lines.items()}


def _json(value: object) -> str:
    """Return JSON that no HTML parser takes for anything but the text of its element."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")
