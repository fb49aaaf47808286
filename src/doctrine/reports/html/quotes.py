"""The source lines that the page quotes, each as it is shown, with the span to mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.reports._format import Sources
from doctrine.reports._shape import FindingV1
from doctrine.reports._text import visible

_AROUND = 1
"""Lines shown before and after the one that is meant."""
_LONGEST = 240
"""Characters of a line that is shown; longer ones are data, and their end says nothing."""
_TAB = "    "


class Line(Struct, frozen=True, kw_only=True):
    """A quoted line in three parts, the middle one marked.

    Attributes:
        number: 1-based.
        before: Text before the mark.
        marked: What is meant; empty where the whole line is, or none of it.
        after: Text after the mark.
        meant: Whether it is the line that is meant, and not one around it.
    """

    number: int
    before: str
    marked: str = ""
    after: str = ""
    meant: bool = False


class Quotes:
    """Lines by path and number, and spans by fingerprint; each file was read once, in order."""

    def __init__(
        self,
        sources: Sources,
        findings: Iterable[FindingV1],
        places: Iterable[tuple[str, int]] = (),
    ) -> None:
        """Read what is wanted.

        Args:
            sources: Where lines are had.
            findings: Those whose lines and spans are wanted.
            places: Further places, path and line.
        """
        wanted: dict[str, set[int]] = {}
        spans: dict[str, list[FindingV1]] = {}
        for path, number in places:
            wanted.setdefault(path, set()).add(number)
        for one in findings:
            wanted.setdefault(one.path, set()).add(one.line)
            spans.setdefault(one.path, []).append(one)
        self._lines: dict[str, dict[int, str]] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        for path in sorted(wanted):
            self._read(sources, path, wanted[path], spans.get(path, ()))

    def _read(
        self, sources: Sources, path: str, numbers: set[int], findings: Iterable[FindingV1]
    ) -> None:
        lines = sources.lines(path)
        near = {
            one
            for number in numbers
            if 0 < number <= len(lines)
            for one in range(number - _AROUND, number + _AROUND + 1)
        }
        raw = {one: lines[one - 1] for one in sorted(near) if 0 < one <= len(lines)}
        if raw:
            self._lines[path] = {number: _cut(_shown(line)) for number, line in raw.items()}
        for one in findings:
            if one.line in raw:
                self._spans[one.fingerprint] = _span(one, raw[one.line])

    @property
    def lines(self) -> Mapping[str, Mapping[int, str]]:
        """Lines as they are shown, by path and number."""
        return self._lines

    def span(self, fingerprint: str) -> tuple[int, int]:
        """Return where the mark starts and ends in the shown line, 0-based; equal for none."""
        return self._spans.get(fingerprint, (0, 0))

    def at(self, path: str, number: int, fingerprint: str = "") -> tuple[Line, ...]:
        """Return the lines around a place; none where they could not be had.

        Args:
            path: Of the file.
            number: 1-based line.
            fingerprint: Of the finding whose span is to be marked.
        """
        known = self._lines.get(path, {})
        if number not in known:
            return ()
        return tuple(self._around(known, number, self.span(fingerprint)))

    @staticmethod
    def _around(known: Mapping[int, str], number: int, span: tuple[int, int]) -> Iterator[Line]:
        for one in range(number - _AROUND, number + _AROUND + 1):
            text = known.get(one, "")
            if one == number:
                start, end = span
                yield Line(
                    number=one,
                    before=text[:start],
                    marked=text[start:end],
                    after=text[end:],
                    meant=True,
                )
            elif text.strip():
                yield Line(number=one, before=text)


def _shown(line: str) -> str:
    return visible(line.replace("\t", _TAB))


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _span(finding: FindingV1, raw: str) -> tuple[int, int]:
    """Return a finding's span in its line as it is shown, which escapes may have made longer."""
    end = finding.end_column - 1 if finding.end_line == finding.line else len(raw)
    start = min(len(_shown(raw[: finding.column - 1])), _LONGEST)
    return start, max(start, min(len(_shown(raw[:end].rstrip())), _LONGEST))
