"""The configuration that mypy really reads, in one shape for TOML and INI."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from doctrine.documents import line_of, parse_toml, strings, switch, table, tables
from doctrine.errors import ConfigError
from doctrine.inspect._ini import IniSection, parse_ini, words
from doctrine.inspect._strict_sets import MYPY_ALIASES
from doctrine.model.project import Project, TomlFile

_OWN_FILES = ("mypy.ini", ".mypy.ini")


class Setting(Struct, frozen=True, kw_only=True):
    """A value as written, INI values as strings, and its line."""

    value: object
    line: int

    @property
    def switch(self) -> bool | None:
        """The value as a switch; None when it is none."""
        return switch(self.value)

    @property
    def items(self) -> tuple[str, ...]:
        """The value as a list of words."""
        return words(self.value) if isinstance(self.value, str) else strings(self.value)


class MypySection(Struct, frozen=True, kw_only=True):
    """The settings for all modules, or for those that match one of the patterns."""

    line: int = 0
    patterns: tuple[str, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])

    def flags(self) -> Mapping[str, Setting]:
        """Return the switches by their usual name, whatever the spelling."""
        found: dict[str, Setting] = {}
        for key, setting in self.settings.items():
            name, positive = MYPY_ALIASES.get(key, (key, True))
            if setting.switch is not None:
                found[name] = Setting(value=setting.switch is positive, line=setting.line)
        return found

    def is_on(self, name: str) -> bool:
        """Tell whether a switch is on here."""
        setting = self.flags().get(name)
        return setting is not None and setting.switch is True


class MypyConfig(Struct, frozen=True, kw_only=True):
    """The configuration of mypy; without one, the path is where it belongs."""

    path: str
    top: MypySection = field(default_factory=MypySection)
    overrides: tuple[MypySection, ...] = ()


class Unknown(Struct, frozen=True, kw_only=True):
    """The configuration cannot be told, for this reason."""

    reason: str


def mypy_config(project: Project, named: str = "") -> MypyConfig | Unknown:
    """Return the configuration that wins.

    Args:
        project: The project.
        named: File that the gating commands name with ``--config-file``; empty if none.
    """
    candidates = (named,) if named else _OWN_FILES
    for path in candidates:
        if path in project.texts:
            return _from_file(path, project.texts[path])
        if named or path in project.unread or path in project.layout.others:
            reason = project.unread.get(path, "its content is not known")
            return Unknown(reason=f"{path} decides how strict mypy is: {reason}")
    return _shared(project)


def _shared(project: Project) -> MypyConfig | Unknown:
    pyproject = project.layout.pyproject
    if pyproject and "mypy" in table(pyproject.data, "tool"):
        return _from_toml(pyproject)
    if reason := project.unread.get("setup.cfg"):
        return Unknown(reason=f"setup.cfg may configure mypy: {reason}")
    sections = parse_ini(project.texts.get("setup.cfg", ""))
    if "mypy" in sections:
        return _from_ini("setup.cfg", sections)
    return MypyConfig(path=pyproject.path if pyproject else ".")


def _from_file(path: str, source: str) -> MypyConfig | Unknown:
    if not path.endswith(".toml"):
        return _from_ini(path, parse_ini(source))
    try:
        return _from_toml(parse_toml(path, source))
    except ConfigError as error:
        return Unknown(reason=error.message)


def _from_ini(path: str, sections: Mapping[str, IniSection]) -> MypyConfig:
    empty = IniSection(line=0, options={})
    overrides = (
        _ini_section(section, tuple(words(name.removeprefix("mypy-"))))
        for name, section in sections.items()
        if name.startswith("mypy-")
    )
    top = _ini_section(sections.get("mypy", empty), ())
    return MypyConfig(path=path, top=top, overrides=tuple(overrides))


def _ini_section(section: IniSection, patterns: tuple[str, ...]) -> MypySection:
    settings = {
        key: Setting(value=value.text, line=value.line) for key, value in section.options.items()
    }
    return MypySection(line=section.line, patterns=patterns, settings=settings)


def _from_toml(file: TomlFile) -> MypyConfig:
    keys = ("tool", "mypy")
    top = table(file.data, *keys)
    overrides = tuple(
        _toml_section(file, (*keys, "overrides", str(index)), override)
        for index, override in enumerate(tables(top.get("overrides")))
    )
    return MypyConfig(path=file.path, top=_toml_section(file, keys, top), overrides=overrides)


def _toml_section(file: TomlFile, keys: tuple[str, ...], data: Mapping[str, object]) -> MypySection:
    settings = {
        key: Setting(value=value, line=line_of(file, (*keys, key)))
        for key, value in data.items()
        if key not in {"overrides", "module"}
    }
    return MypySection(
        line=line_of(file, keys), patterns=strings(data.get("module")), settings=settings
    )
