"""Settings of test tools wherever a project keeps them."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.model.observation import Evidence
from doctrine.model.project import Layout, TomlFile

_TOML_PYTEST = ("pytest.toml", ".pytest.toml")
_INI_PYTEST = ("pytest.ini", ".pytest.ini")
_SHARED_PYTEST = (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))
_NATIVE, _INI_OPTIONS = ("tool", "pytest"), ("tool", "pytest", "ini_options")


class Setting(Struct, frozen=True, kw_only=True):
    """A setting and where it is written."""

    value: str
    place: Evidence


class _Source(Struct, frozen=True, kw_only=True):
    """A place that pytest has all its settings from.

    Attributes:
        options: What it gives for ``addopts``; None where it says nothing of them.
        place: Where that is written.
    """

    options: tuple[str, ...] | None
    place: Evidence


def addopts(layout: Layout, texts: Mapping[str, str]) -> tuple[tuple[str, ...], Evidence | None]:
    """Return the options pytest is always run with, and where they are written.

    pytest reads one file and no other: the first that is there, even if it says nothing of them.
    """
    source = next(_pytest_sources(layout, texts), None)
    if source is None or source.options is None:
        return (), None
    return source.options, source.place


def _pytest_sources(layout: Layout, texts: Mapping[str, str]) -> Iterator[_Source]:
    """Yield the places that pytest reads where none before them is there."""
    for path in _TOML_PYTEST:
        if path in texts:
            yield _from_table(toml_or_empty(path, texts[path]), ("pytest",))
    for path in _INI_PYTEST:
        if path in texts:
            yield _from_section(path, texts[path], "pytest")
    pyproject = layout.pyproject
    for keys in (_NATIVE, _INI_OPTIONS) if pyproject is not None else ():
        if pyproject is not None and table(pyproject.data, *keys).keys() - {_INI_OPTIONS[-1]}:
            yield _from_table(pyproject, keys)
    for path, section in _SHARED_PYTEST:
        if ini_section(texts.get(path, ""), section):
            yield _from_section(path, texts[path], section)


def toml_or_empty(path: str, content: str) -> TomlFile:
    """Return a file that its tool stops at where it is no TOML; then it says nothing."""
    try:
        return parse_toml(path, content)
    except ConfigError:
        return TomlFile(path=path, data={}, text=content)


def _from_table(file: TomlFile, keys: tuple[str, ...]) -> _Source:
    value = table(file.data, *keys).get("addopts")
    place = Evidence(path=file.path, line=line_of(file, (*keys, "addopts")), detail="addopts")
    options = None if value is None else tuple(_split(" ".join(strings(value))))
    return _Source(options=options, place=place)


def _from_section(path: str, content: str, section: str) -> _Source:
    value = ini_section(content, section).get("addopts")
    place = Evidence(path=path, line=_line(content, "addopts"), detail="addopts")
    return _Source(options=None if value is None else tuple(_split(value)), place=place)


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
            place = Evidence(
                path=path, line=_line(content, key), detail=f"{key} = {' '.join(value.split())}"
            )
            yield Setting(value=value, place=place)


def _line(content: str, key: str) -> int:
    lines = enumerate(content.splitlines(), start=1)
    return next((number for number, line in lines if line.lstrip().startswith(key)), 0)


def _split(options: str) -> list[str]:
    try:
        return shlex.split(options)
    except ValueError:  # an open quote
        return options.split()
