"""INI files as mypy, pytest, coverage and tox read them, with the line of every key.

``configparser`` does not tell lines and gives up on the first odd one. This scanner keeps what
it understands and never raises; a file that the tool itself refuses is that tool's crash to
report, not ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_OPTION = re.compile(r"(?P<key>[^=:\s][^=:]*?)\s*(?:[=:]\s*(?P<value>.*))?$")
_TRAILING_COMMENT = re.compile(r"\s[#;].*$")


class IniValue(Struct, frozen=True, kw_only=True):
    """The value of a key, with the lines of a longer one joined by newlines."""

    text: str
    line: int


class IniSection(Struct, frozen=True, kw_only=True):
    """A section; its line is the first header of that name."""

    line: int
    options: Mapping[str, IniValue]


def parse_ini(source: str) -> Mapping[str, IniSection]:
    """Return the sections of an INI file by name; a repeated section is merged."""
    lines: dict[str, int] = {}
    options: dict[str, dict[str, IniValue]] = {}
    current, key = "", ""
    for number, raw, line in _lines(source):
        known = options.get(current)
        if raw[0].isspace() and known and key:
            before = known[key]
            known[key] = IniValue(text=f"{before.text}\n{_bare(line)}".strip(), line=before.line)
        elif header := _SECTION.match(line):
            current, key = header["name"].strip(), ""
            lines.setdefault(current, number)
            options.setdefault(current, {})
        elif known is not None and (option := _OPTION.match(line)):
            key = option["key"].strip().lower()
            known[key] = IniValue(text=_bare(option["value"] or ""), line=number)
    return {name: IniSection(line=lines[name], options=options[name]) for name in lines}


def _lines(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield number, text and stripped text of every line that says something."""
    for number, raw in enumerate(source.removeprefix("\ufeff").splitlines(), start=1):
        line = raw.strip()
        if line and line[0] not in "#;":
            yield number, raw, line


def _bare(value: str) -> str:
    return _TRAILING_COMMENT.sub("", value).strip()


def words(value: str) -> tuple[str, ...]:
    """Return the items of a list written with commas, spaces or one a line."""
    return tuple(word for word in re.split(r"[,\s]+", value) if word)
