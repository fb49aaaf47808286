"""A tool's setting, from the file that the tool really reads."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from doctrine.documents import line_of, parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.ini import ini_flaw
from doctrine.inspect._ini import parse_ini, words
from doctrine.inspect._known_files import TOOLS, Source
from doctrine.inspect._mypy_config import Unknown, mypy_config
from doctrine.inspect._pyright_config import pyright_config
from doctrine.model.observation import Evidence
from doctrine.model.project import Project, TomlFile

_SECTIONS = {
    ("coverage", "setup.cfg"): "coverage:",
    ("coverage", "tox.ini"): "coverage:",
    ("pytest", "pytest.ini"): "pytest",
    ("pytest", ".pytest.ini"): "pytest",
    ("pytest", "tox.ini"): "pytest",
    ("pytest", "setup.cfg"): "tool:pytest",
}
"""What stands before the key's own section in the header of an INI file."""


class Found(Struct, frozen=True, kw_only=True):
    """A setting as written, and where; None where the tool's own default is in force."""

    value: object
    place: Evidence


def setting(project: Project, tool: str, key: str) -> Found | Unknown | None:
    """Return a setting.

    Args:
        project: Where it is looked for.
        tool: The tool.
        key: Dotted key inside the tool's configuration.

    Returns:
        None when it is not set; unknown when the file that decides cannot be read.
    """
    match tool:
        case "mypy":
            return _of_mypy(project, key)
        case "pyright":
            return _of_pyright(project, key)
        case _:
            return _of_source(project, tool, key)


def words_of(value: object) -> tuple[str, ...]:
    """Return the items of a list as TOML or INI files have it."""
    return words(value) if isinstance(value, str) else strings(value)


def _of_mypy(project: Project, key: str) -> Found | Unknown | None:
    config = mypy_config(project)
    if isinstance(config, Unknown):
        return config
    known = config.top.settings.get(key)
    if known is None:
        return None
    value = known.value if known.switch is None else known.switch
    return Found(value=value, place=_place(config.path, known.line, key))


def _of_pyright(project: Project, key: str) -> Found | Unknown | None:
    config = pyright_config(project)
    if isinstance(config, Unknown):
        return config
    if key not in config.settings:
        return None
    spot = config.spot(key)
    return Found(value=config.settings[key], place=_place(spot.path, spot.line, key))


def _of_source(project: Project, tool: str, key: str) -> Found | Unknown | None:
    known = next((one.sources for one in TOOLS if one.name == tool), ())
    for source in known or (Source(file="pyproject.toml", table=(tool,)),):
        content = _content(project, source.file)
        if isinstance(content, Unknown):
            return content
        if content is None:
            continue
        if not source.file.endswith(".toml"):
            if _speaks_of_tool(source, content):
                return _in_ini(source.file, content, tool, key)
        elif found := _toml(source, content, key):
            return found[0]
    return None


def _content(project: Project, path: str) -> str | Unknown | None:
    pyproject = project.layout.pyproject
    if pyproject is not None and path == pyproject.path:
        return pyproject.text
    if path in project.texts:
        return project.texts[path]
    if path in project.unread:
        return Unknown(reason=f"{path}: {project.unread[path]}")
    return None


def _speaks_of_tool(source: Source, content: str) -> bool:
    """Return whether an INI file has a section of the tool, where it has to have one."""
    sections = parse_ini(content)
    return not source.sections or any(_counts(source, name) for name in sections)


def _counts(source: Source, section: str) -> bool:
    return any(
        section.startswith(one.removesuffix("*")) if one.endswith("*") else section == one
        for one in source.sections
    )


def _in_ini(path: str, content: str, tool: str, key: str) -> Found | Unknown | None:
    if tool == "coverage" and (flaw := ini_flaw(content)):
        return Unknown(reason=f"{path}: {flaw}, so {tool} refuses it: mend it")
    section, _, name = key.rpartition(".")
    sections = parse_ini(content)
    header = f"{_SECTIONS.get((tool, path), '')}{section}"
    known = sections[header].options.get(name) if header in sections else None
    return Found(value=known.text, place=_place(path, known.line, key)) if known else None


def _toml(source: Source, content: str, key: str) -> tuple[Found | Unknown | None] | None:
    """Return the setting in a tuple; None when the file has nothing to do with the tool."""
    try:
        file = parse_toml(source.file, content)
    except ConfigError as error:
        return (Unknown(reason=f"{error.message}"),)
    base = ("tool", *source.table) if source.table else ()
    tables = table(file.data, *base)
    if not tables and source.table:
        return None
    # Ruff had its rules at the top once; its `exclude` there is another one.
    older = key.removeprefix("lint.") if key != "lint.exclude" else key
    for spelled in dict.fromkeys((f"ini_options.{key}", key, older)):  # pytest nests its own
        found = _at(file, base, tables, spelled)
        if found is not None:
            return (found,)
    return (None,)


def _at(
    file: TomlFile, base: tuple[str, ...], tables: Mapping[str, object], key: str
) -> Found | None:
    *above, last = key.split(".")
    holder = table(tables, *above)
    if last not in holder:
        return None
    line = line_of(file, (*base, *above, last))
    return Found(value=holder[last], place=_place(file.path, line, key))


def _place(path: str, line: int, key: str) -> Evidence:
    return Evidence(path=path, line=line, detail=key)
