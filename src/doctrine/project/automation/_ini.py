"""INI files with lines, read as tox and setuptools read them; nothing makes it raise."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

_SECTION = re.compile(r"^\[(?P<name>[^\]]+)\]")
_KEY = re.compile(r"^(?P<key>[^\s=:][^=:]*?)\s*[=:]\s*(?P<value>.*)$")


class Row(Struct, frozen=True, kw_only=True):
    """A line of a value.

    Attributes:
        text: The line, stripped.
        line: 1-based line in the file.
    """

    text: str
    line: int


Section = Mapping[str, tuple[Row, ...]]


def parse_ini(source: str, *, first_line: int = 1) -> Mapping[str, Section]:
    """Return the rows of every key of every section.

    Args:
        source: The text.
        first_line: Line of its first line in the file.
    """
    sections: dict[str, dict[str, list[Row]]] = {}
    section: dict[str, list[Row]] = {}
    rows: list[Row] = []
    for number, raw in enumerate(source.splitlines(), start=first_line):
        stripped = raw.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if found := _SECTION.match(raw):
            section = sections.setdefault(found["name"].strip(), {})
            rows = []
        elif raw[0].isspace():
            rows.append(Row(text=stripped, line=number))
        elif found := _KEY.match(raw):
            rows = []
            section[found["key"].strip().replace("-", "_")] = rows
            if found["value"].strip():
                rows.append(Row(text=found["value"].strip(), line=number))
    return {
        name: {key: tuple(values) for key, values in keys.items()}
        for name, keys in sections.items()
    }
