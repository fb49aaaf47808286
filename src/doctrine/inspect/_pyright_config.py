"""The configuration that pyright, or its fork basedpyright, really reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from msgspec import Struct, field

from doctrine.documents import line_of, parse_toml, table, text
from doctrine.errors import ConfigError
from doctrine.inspect._json5 import JsonError, parse_json
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._sightings import Spot
from doctrine.model.project import Project, TomlFile

_OWN_FILE = "pyrightconfig.json"
_MOST_BASES = 5


class PyrightConfig(Struct, frozen=True, kw_only=True):
    """The configuration of pyright; without one, the path is where it belongs.

    Attributes:
        path: The file that wins.
        settings: Its settings, those of the files it extends included.
        text: The file's text, in which keys are located.
        toml: The parsed file where it is TOML.
        keys: Where its table is.
        fork: True when it is basedpyright's.
    """

    path: str
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    text: str = ""
    toml: TomlFile | None = None
    keys: tuple[str, ...] = ()
    fork: bool = False

    def spot(self, key: str = "") -> Spot:
        """Return the place of a key, or of the whole configuration."""
        if self.toml:
            keys = (*self.keys, key) if key else self.keys
            return Spot(path=self.path, line=line_of(self.toml, keys))
        found = re.search(rf"""["']?{re.escape(key)}["']?\s*:""", self.text) if key else None
        line = self.text.count("\n", 0, found.start()) + 1 if found else 0
        return Spot(path=self.path, line=line)


def pyright_config(project: Project, named: str = "") -> PyrightConfig | Unknown:
    """Return the configuration that wins.

    Args:
        project: The project.
        named: File that the gating commands name with ``--project``; empty if none.
    """
    path = named or _OWN_FILE
    if path in project.texts:
        return _from_file(project, path)
    if named or path in project.unread or path in project.layout.others:
        reason = project.unread.get(path, "its content is not known")
        return Unknown(reason=f"{path} decides how strict pyright is: {reason}")
    pyproject = project.layout.pyproject
    if pyproject is None:
        return PyrightConfig(path=".", fork=_uses_fork(project))
    return _extended(project, _from_toml(pyproject, fork=_uses_fork(project)))


def _uses_fork(project: Project) -> bool:
    """Tell whether basedpyright, and not pyright, is what the project runs."""
    programs = {command.argv[0] for command in project.automation.commands if command.argv}
    declared = {dependency.name for dependency in project.dependencies}
    used = programs | declared
    return "basedpyright" in used and "pyright" not in used


def _from_toml(file: TomlFile, *, fork: bool) -> PyrightConfig:
    tool = table(file.data, "tool")
    name = (
        "basedpyright" if "basedpyright" in tool and (fork or "pyright" not in tool) else "pyright"
    )
    return PyrightConfig(
        path=file.path,
        settings=table(tool, name),
        text=file.text,
        toml=file,
        keys=("tool", name) if name in tool else (),
        fork=fork or name == "basedpyright",
    )


def _from_file(project: Project, path: str) -> PyrightConfig | Unknown:
    source, fork = project.texts[path], _uses_fork(project)
    try:
        if path.endswith(".toml"):
            return _extended(project, _from_toml(parse_toml(path, source), fork=fork))
        settings = table(parse_json(source))
    except (ConfigError, JsonError) as error:
        return Unknown(reason=f"{path} cannot be read: {error}")
    config = PyrightConfig(path=path, settings=settings, text=source, fork=fork)
    return _extended(project, config)


def _extended(project: Project, config: PyrightConfig) -> PyrightConfig | Unknown:
    """Merge in the files that the configuration extends, each relative to the one before."""
    settings, path = dict(config.settings), config.path
    base = text(settings.get("extends"))
    for _ in range(_MOST_BASES):
        if not base:
            break
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), base))
        read = _base(project, path)
        if isinstance(read, Unknown):
            return read
        settings = {**read, **settings}
        base = text(read.get("extends"))
    if base:
        return Unknown(reason=f"pyright's configuration extends more than {_MOST_BASES} files")
    return PyrightConfig(
        path=config.path,
        settings=settings,
        text=config.text,
        toml=config.toml,
        keys=config.keys,
        fork=config.fork,
    )


def _base(project: Project, path: str) -> Mapping[str, object] | Unknown:
    if path not in project.texts:
        return Unknown(reason=f"pyright's configuration extends {path}, whose content is not known")
    source = project.texts[path]
    try:
        if path.endswith(".toml"):
            return table(parse_toml(path, source).data, "tool", "pyright")
        return table(parse_json(source))
    except (ConfigError, JsonError) as error:
        return Unknown(reason=f"{path} cannot be read: {error}")
