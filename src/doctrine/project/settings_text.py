"""Settings of test tools wherever a project keeps them."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.model.observation import Evidence
from doctrine.model.project import TomlFile

_TOML_PYTEST = ("pytest.toml", ".pytest.toml")
PYTEST_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")
"""Where pytest may have its settings from, beside ``pyproject.toml``."""
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
        words: What it gives for the setting that is sought; None where it says nothing of it.
        place: Where that is written.
    """

    words: tuple[str, ...] | None
    place: Evidence


def addopts(
    pyproject: TomlFile | None, texts: Mapping[str, str]
) -> tuple[tuple[str, ...], Evidence | None]:
    """Return the options pytest is always run with, and where they are written.

    Args:
        pyproject: The project's ``pyproject.toml``.
        texts: Content of configuration files by path.
    """
    return pytest_words(pyproject, texts, "addopts")


def pytest_words(
    pyproject: TomlFile | None, texts: Mapping[str, str], key: str
) -> tuple[tuple[str, ...], Evidence | None]:
    """Return the words of one of pytest's settings, and where they are written.

    pytest reads one file and no other: the first that is there, even if it says nothing of them.

    Args:
        pyproject: The project's ``pyproject.toml``.
        texts: Content of configuration files by path.
        key: Name of the setting.
    """
    source = next(_pytest_sources(pyproject, texts, key), None)
    if source is None or source.words is None:
        return (), None
    return source.words, source.place


def _pytest_sources(
    pyproject: TomlFile | None, texts: Mapping[str, str], key: str
) -> Iterator[_Source]:
    """Yield the places that pytest reads where none before them is there."""
    for path in _TOML_PYTEST:
        if path in texts:
            yield _from_table(toml_or_empty(path, texts[path]), ("pytest",), key)
    for path in _INI_PYTEST:
        if path in texts:
            yield _from_section(path, texts[path], "pytest", key)
    if pyproject is not None:
        yield from _in_pyproject(pyproject, key)
    for path, section in _SHARED_PYTEST:
        if ini_section(texts.get(path, ""), section):
            yield _from_section(path, texts[path], section, key)


def _in_pyproject(pyproject: TomlFile, key: str) -> Iterator[_Source]:
    for keys in (_NATIVE, _INI_OPTIONS):
        if table(pyproject.data, *keys).keys() - {_INI_OPTIONS[-1]}:
            yield _from_table(pyproject, keys, key)


def toml_or_empty(path: str, content: str) -> TomlFile:
    """Return a file that its tool stops at where it is no TOML; then it says nothing."""
    try:
        return parse_toml(path, content)
    except ConfigError:
        return TomlFile(path=path, data={}, text=content)


def _from_table(file: TomlFile, keys: tuple[str, ...], key: str) -> _Source:
    value = table(file.data, *keys).get(key)
    place = Evidence(path=file.path, line=line_of(file, (*keys, key)), detail=key)
    words = None if value is None else tuple(_split(" ".join(strings(value))))
    return _Source(words=words, place=place)


def _from_section(path: str, content: str, section: str, key: str) -> _Source:
    value = ini_section(content, section).get(key)
    place = Evidence(path=path, line=_line(content, key), detail=key)
    return _Source(words=None if value is None else tuple(_split(value)), place=place)


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
