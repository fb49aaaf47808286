"""The source lines that a report quotes: read when they are asked for, with no secret in them."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from doctrine.project.reading import CannotReadError, read_regular
from doctrine.redact import hidden, secrets_on, shows_secret, without_literals, without_named

if TYPE_CHECKING:
    from doctrine.reports._shape import FindingV1, ReporterV1

_LARGEST = 2_000_000
"""Bytes of a file that is quoted; a larger one is no source that anybody reads."""
_HIDDEN = "***"
_QUOTES = " \t\"'(),;"
"""What ends a literal, and is none."""
_KEPT = 64
"""Files kept at a time: reports quote by clause, and a clause's findings by file."""


class Excerpts:
    """Quotes the files of one project."""

    def __init__(self, root: str, findings: Iterable[FindingV1] = ()) -> None:
        """Know where secrets stand.

        Args:
            root: Absolute folder of the project.
            findings: All that was found; lines where a secret was found are quoted without the
                literals on them, and so are lines whose names speak of one.
        """
        self._root = os.path.realpath(root)
        self._secret = _secret_lines(findings)
        self._known: OrderedDict[str, Sequence[str]] = OrderedDict()

    def lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file, each masked when it is looked at.

        Args:
            path: POSIX, relative to the project's root.

        Returns:
            Nothing where the file cannot be read, or is not inside the project.
        """
        found = self._known.pop(path, None)
        if found is None:
            found = _Masked(self._read(path), self._secret.get(path, {}))
        self._known[path] = found
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    def _read(self, path: str) -> Sequence[str]:
        try:
            # A stored report may come from anywhere: it must not make us quote other files.
            whole = os.path.realpath(f"{self._root}/{path}")
            if os.path.commonpath((self._root, whole)) != self._root:
                return ()
            data = read_regular(whole, _LARGEST)
        except (CannotReadError, OSError, ValueError):
            return ()
        # Only what tools count as the end of a line; `str.splitlines` knows others.
        text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        return text.removesuffix("\n").split("\n")


_Spans = Mapping[int, bool]
"""The lines on which a secret stands: whether it began on an earlier one."""


class _Masked(Sequence[str]):
    """Lines that are masked one by one: most lines of a file are never quoted."""

    def __init__(self, lines: Sequence[str], secret: _Spans) -> None:
        self._lines = lines
        self._secret = secret
        begun = (number for number, goes_on in secret.items() if not goes_on)
        # Who has found one may quote it elsewhere in the file as well.
        self._known = secrets_on(lines[one - 1] for one in begun if one <= len(lines))

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        line = self._lines[index]
        goes_on = self._secret.get(index % len(self) + 1)
        if goes_on is None:
            return hidden(without_named(line), self._known)
        told = without_literals(line)
        return _HIDDEN if goes_on and told == line and line.strip(_QUOTES) else told


def _secret_lines(findings: Iterable[FindingV1]) -> Mapping[str, _Spans]:
    lines: dict[str, dict[int, bool]] = {}
    telling: dict[tuple[ReporterV1, ...], bool] = {}
    for one in findings:
        by = one.reported_by
        if by not in telling:  # the same few, again and again
            telling[by] = any(shows_secret(reporter.tool, reporter.rule) for reporter in by)
        if telling[by]:
            spans = lines.setdefault(one.path, {})
            for number in range(one.line, one.end_line + 1):
                spans.setdefault(number, number > one.line)
    return lines
