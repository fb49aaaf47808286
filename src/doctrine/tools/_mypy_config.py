"""What a project's mypy configuration decides about how mypy is started.

Mypy reads the first of ``mypy.ini``, ``.mypy.ini``, ``pyproject.toml`` and ``setup.cfg``; the first
two count even when they are empty, the others only with a section for mypy.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from doctrine.documents import strings, table
from doctrine.model.project import Layout

_OWN = ("mypy.ini", ".mypy.ini")
_SHARED = "setup.cfg"
_MODULES = "mypy-"
_TARGETS = ("files", "packages", "modules")
_SEPARATOR = re.compile(r"[,:\n]")
_HERE = re.compile(r"\$(?:MYPY_CONFIG_FILE_DIR|\{MYPY_CONFIG_FILE_DIR\})(?:/+|$)")
"""A variable that mypy sets by itself: the folder of its configuration."""
NAMES = (*_OWN, "pyproject.toml", _SHARED)


class MypyConfig(Struct, frozen=True, kw_only=True):
    """The global section of the file that wins.

    Attributes:
        path: The file; empty when nothing configures mypy.
        options: Its keys, values as the format gives them.
    """

    path: str = ""
    options: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def names_targets(self) -> bool:
        """Whether it says what to check."""
        return any(self.options.get(key) for key in _TARGETS)

    @property
    def reports(self) -> tuple[str, ...]:
        """The reports it makes mypy write."""
        return tuple(key for key in self.options if key.endswith("_report"))


def find_config(layout: Layout) -> MypyConfig:
    """Return the configuration that mypy would read in the project's folder."""
    present = {*layout.others, *layout.ignored}
    for name in _OWN:
        if name in present or name in layout.texts:
            return MypyConfig(path=name, options=_ini(layout.texts.get(name, "")) or {})
    tools = table(layout.pyproject.data if layout.pyproject else None, "tool")
    if layout.pyproject is not None and "mypy" in tools:
        return MypyConfig(path=layout.pyproject.path, options=table(tools, "mypy"))
    shared = _ini(layout.texts.get(_SHARED, ""))
    return MypyConfig() if shared is None else MypyConfig(path=_SHARED, options=shared)


def places(value: object) -> Iterator[str]:
    """Yield the paths of an option, those below the configuration's folder relative to it.

    Args:
        value: What the option says.
    """
    for word in _SEPARATOR.split(value) if isinstance(value, str) else strings(value):
        if place := _from_here(word.strip()):
            yield place


def named_files(options: Mapping[str, object]) -> tuple[str, ...]:
    """Return the files and folders that mypy's configuration names, relative to it; patterns as well.

    Args:
        options: Its global options.
    """
    return tuple(_from_here(word) for word in _words(options.get("files")))


def plugins_of(config: MypyConfig) -> tuple[str, ...]:
    """Return the plugins that a configuration names."""
    return tuple(_words(config.options.get("plugins")))


def _words(value: object) -> Iterator[str]:
    """Yield the items of a list; in a string commas and line breaks part them."""
    for word in re.split(r"[,\n]", value) if isinstance(value, str) else strings(value):
        if written := word.strip():
            yield written


def _from_here(place: str) -> str:
    """Return a path as it is written relative to the configuration's folder, if it lies below that."""
    here = _HERE.match(place)
    return place if here is None else place[here.end() :] or "."


def module_sections(
    layout: Layout, config: MypyConfig
) -> tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]:
    """Return the modules and the options of each section for some modules of an INI file.

    Args:
        layout: The project.
        config: Its configuration.
    """
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(layout.texts.get(config.path, ""))
    except configparser.Error:
        return ()
    sections = (name for name in parser.sections() if name.startswith(_MODULES))
    return tuple(
        (tuple(part.strip() for part in name[len(_MODULES) :].split(",")), dict(parser.items(name)))
        for name in sections
    )


def _ini(source: str) -> Mapping[str, object] | None:
    """Return the options of ``[mypy]``; None without it, or where the file is no INI file."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(source)
        return dict(parser.items("mypy"))
    except configparser.Error:
        return None
