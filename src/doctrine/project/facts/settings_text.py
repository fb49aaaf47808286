"""Settings of test tools wherever a project keeps them."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, strings, table
from doctrine.model.observation import Evidence
from doctrine.model.project import Layout

_INI_PYTEST = (
    ("pytest.ini", "pytest"),
    (".pytest.ini", "pytest"),
    ("tox.ini", "pytest"),
    ("setup.cfg", "tool:pytest"),
)


class Setting(Struct, frozen=True, kw_only=True):
    """A setting and where it is written."""

    value: str
    place: Evidence


def addopts(layout: Layout, texts: Mapping[str, str]) -> tuple[tuple[str, ...], Evidence | None]:
    """Return the options pytest is always run with, and where they are written."""
    pyproject = layout.pyproject
    for keys in (("tool", "pytest"), ("tool", "pytest", "ini_options")):
        value = table(pyproject.data, *keys).get("addopts") if pyproject is not None else None
        if pyproject is not None and value is not None:
            line = line_of(pyproject, (*keys, "addopts"))
            place = Evidence(path=pyproject.path, line=line, detail="addopts")
            return tuple(_split(" ".join(strings(value)))), place
    for path, section in _INI_PYTEST:
        value = ini_section(texts.get(path, ""), section).get("addopts")
        if value is not None:
            place = Evidence(path=path, line=_line(texts[path], "addopts"), detail="addopts")
            return tuple(_split(value)), place
    return (), None


def ini_section(content: str, section: str) -> Mapping[str, str]:
    """Return a section of an INI file; empty where it has none or cannot be parsed."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(content)
        found = parser.items(section) if parser.has_section(section) else []
    except configparser.Error:
        return {}
    return {key: value or "" for key, value in found}


def ini_setting(
    texts: Mapping[str, str], files: tuple[tuple[str, str], ...], key: str
) -> Iterator[Setting]:
    """Yield a key's settings in sections of INI files."""
    for path, section in files:
        content = texts.get(path, "")
        value = ini_section(content, section).get(key) if content else None
        if value is not None:
            place = Evidence(path=path, line=_line(content, key), detail=f"{key} = {value}")
            yield Setting(value=value, place=place)


def _line(content: str, key: str) -> int:
    lines = enumerate(content.splitlines(), start=1)
    return next((number for number, line in lines if line.lstrip().startswith(key)), 0)


def _split(options: str) -> list[str]:
    try:
        return shlex.split(options)
    except ValueError:  # an open quote
        return options.split()
