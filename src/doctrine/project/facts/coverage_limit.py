"""The least coverage that coverage's configuration asks for, from the one file that it reads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, table
from doctrine.model.observation import Evidence
from doctrine.model.project import Layout
from doctrine.project.settings_text import ini_section, ini_setting, toml_or_empty

_OWN, _OWN_TOML, _PYPROJECT = ".coveragerc", ".coveragerc.toml", "pyproject.toml"
_SHARED = ("setup.cfg", "tox.ini")
_PARTS = ("run", "report", "paths", "html", "xml", "json", "lcov")
_KEY = "fail_under"


class Limit(Struct, frozen=True, kw_only=True):
    """A limit, in percent, and where it is written."""

    percent: float
    place: Evidence


def configured_limit(layout: Layout, texts: Mapping[str, str], named: str = "") -> Limit | None:
    """Return the limit that coverage fails below by its configuration, if it has one.

    Args:
        layout: The project.
        texts: Content of configuration files by path.
        named: The file that the command line names; empty where coverage looks for one.
    """
    path = posixpath.normpath(named) if named else next(_read_first(layout, texts), "")
    if path == _PYPROJECT:
        return _from_pyproject(layout)
    if path.endswith(".toml"):
        return _from_own_toml(path, texts)
    # In a file of its own, the names of sections need no prefix.
    sections = ("coverage:report", *(() if path in _SHARED else ("report",)))
    for setting in ini_setting(texts, tuple((path, one) for one in sections), _KEY):
        percent = number_in(setting.value)
        return None if percent is None else Limit(percent=percent, place=setting.place)
    return None


def _read_first(layout: Layout, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the files that coverage reads where none before them is there: its own, if empty, too."""
    yield from (path for path in (_OWN, _OWN_TOML) if path in texts)
    for path in _SHARED:
        if any(ini_section(texts.get(path, ""), f"coverage:{one}") for one in _PARTS):
            yield path
    if layout.pyproject is not None and table(layout.pyproject.data, "tool", "coverage"):
        yield _PYPROJECT


def _from_pyproject(layout: Layout) -> Limit | None:
    if layout.pyproject is None:
        return None
    keys = ("tool", "coverage", "report", _KEY)
    value = table(layout.pyproject.data, *keys[:-1]).get(_KEY)
    line = line_of(layout.pyproject, keys)
    return _limit(value, Evidence(path=_PYPROJECT, line=line, detail=f"{_KEY} = {value}"))


def _from_own_toml(path: str, texts: Mapping[str, str]) -> Limit | None:
    file = toml_or_empty(path, texts.get(path, ""))
    for keys in (("report", _KEY), ("tool", "coverage", "report", _KEY)):
        value = table(file.data, *keys[:-1]).get(_KEY)
        if value is not None:
            line = line_of(file, keys)
            return _limit(value, Evidence(path=path, line=line, detail=f"{_KEY} = {value}"))
    return None


def _limit(value: object, place: Evidence) -> Limit | None:
    percent = number_in(value) if isinstance(value, int | float | str) else None
    return None if percent is None else Limit(percent=percent, place=place)


def number_in(value: float | str) -> float | None:
    """Return a number, or None for an expression that CI fills in."""
    try:
        return float(value)
    except ValueError:
        return None
