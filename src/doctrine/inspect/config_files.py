"""Does all configuration live in ``pyproject.toml``, and is that what the tools really read?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from doctrine.documents import line_of, parse_toml, table
from doctrine.errors import ConfigError
from doctrine.inspect._forbidden import forbidden_files
from doctrine.inspect._ini import IniSection, parse_ini
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._known_files import (
    ALLOWED_FILES,
    SETTINGS,
    TOOL_FILES,
    TOOLS,
    ConfiguredTool,
    Source,
)
from doctrine.inspect._paths import comes_along, is_shown, is_side, is_specimen, name_of
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, reading, support
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Project
from doctrine.model.run import Reading

_REPORT = Reporter(tool="config-files")
_SHARED = ("setup.cfg", "tox.ini")
_NEAREST = frozenset({"ruff.toml", ".ruff.toml"})


def _inspect(project: Project) -> Reading:
    sections = {name: parse_ini(project.texts.get(name, "")) for name in _SHARED}
    present = _present_files(project)
    sightings = (
        *forbidden_files(project, _REPORT),
        *_tool_files(project, sections["tox.ini"], present),
        *_allowed(project),
        *(
            sighting
            for tool in TOOLS
            for sighting in _outside(tool, project, _present(tool, project, sections))
        ),
        *_nested(project, present),
        *_unread(project),
    )
    return reading(sightings, (PROJECT_PATH, *project.texts))


def _own_paths(project: Project) -> Iterator[str]:
    for path in project.layout.others:
        if path not in project.layout.ignored and not is_specimen(path):
            yield path


def _present_files(project: Project) -> frozenset[str]:
    return frozenset((*project.layout.others, *(file.path for file in project.layout.files)))


def _tool_files(
    project: Project, tox: Mapping[str, IniSection], present: Collection[str]
) -> Iterator[Sighting]:
    for path in _own_paths(project):
        name = name_of(path)
        tool = TOOL_FILES.get(name) or ("vulture" if name.startswith(".vulture") else "")
        if not tool or _only_named_so(path, project):
            continue
        if path == "tox.ini":
            tool = _tox_users(tox)
        message = (
            f"{path} configures {tool}, which can be done in pyproject.toml: "
            f"move it to [tool.{_table_name(tool)}] and delete the file"
        )
        weight = _weight(path, present)
        yield _REPORT.finding("tool-file", Spot(path=path), message, weight, symbol=tool)


def _weight(path: str, present: Collection[str]) -> Severity:
    """Return how much a tool's file weighs: one of an example, or of others, configures nothing here."""
    if is_shown(path) or comes_along(path, present):
        return Severity.INFO
    return Severity.WARNING if is_side(path) else Severity.ERROR


def _nested(project: Project, present: Collection[str]) -> Iterator[Sighting]:
    """Ruff asks the nearest file above the code, and no other unless that file extends it."""
    for path in _own_paths(project):
        folder, _, name = path.rpartition("/")
        if folder and name in _NEAREST:
            message = (
                f"ruff reads {path} for everything below {folder}/, and not pyproject.toml: move "
                "what differs there to [tool.ruff.lint.per-file-ignores] and delete the file"
            )
            place = Spot(path=path)
            weight = _weight(path, present)
            yield _REPORT.finding("outside-pyproject", place, message, weight, symbol="ruff")


def _only_named_so(path: str, project: Project) -> bool:
    """Whether a file in some folder has nothing that the tool of its name would read.

    At the root it counts even when it is empty: there it keeps ``pyproject.toml`` from being read.
    """
    settings = SETTINGS.get(name_of(path))
    if settings is None or "/" not in path or path not in project.texts:
        return False
    try:
        return settings.isdisjoint(parse_toml(path, project.texts[path]).data)
    except ConfigError:
        return False


def _tox_users(sections: Mapping[str, IniSection]) -> str:
    """Name the tools that a ``tox.ini`` really configures: often it holds only others'."""
    names = {section.partition(":")[0] for section in sections}
    if not names or names & {"tox", "testenv"}:
        return "tox"
    return " and ".join(sorted(names))


def _table_name(tool: str) -> str:
    named = {"pytest": "pytest.ini_options", "import-linter": "importlinter", "Hatch": "hatch"}
    if tool == "pip-tools":
        return "uv"
    return "ruff" if tool in {"flake8", "isort", "pydocstyle", "yapf"} else named.get(tool, tool)


def _allowed(project: Project) -> Iterator[Sighting]:
    present = frozenset(project.layout.others)
    for name, reason in ALLOWED_FILES.items():
        if name in present:
            yield support("tool-file", Spot(path=name), f"no violation: {reason}")


def _present(
    tool: ConfiguredTool, project: Project, sections: Mapping[str, Mapping[str, IniSection]]
) -> tuple[tuple[Source, Spot], ...]:
    """Return where a tool is configured, the place it really reads first."""
    found = ((source, _spot(source, project, sections)) for source in tool.sources)
    return tuple((source, spot) for source, spot in found if spot)


def _spot(
    source: Source, project: Project, sections: Mapping[str, Mapping[str, IniSection]]
) -> Spot | None:
    if source.table:
        return _table_spot(source, project)
    if not source.sections:
        exists = source.file in project.layout.others or source.file in project.texts
        ignored = source.file in project.layout.ignored
        return Spot(path=source.file) if exists and not ignored else None
    for name, section in sections.get(source.file, {}).items():
        if any(_names(pattern, name) for pattern in source.sections):
            return Spot(path=source.file, line=section.line)
    return None


def _table_spot(source: Source, project: Project) -> Spot | None:
    pyproject = project.layout.pyproject
    if not pyproject or not table(pyproject.data, "tool", *source.table):
        return None
    return Spot(path=pyproject.path, line=line_of(pyproject, ("tool", *source.table)))


def _names(pattern: str, section: str) -> bool:
    if pattern.endswith("*"):
        return section.startswith(pattern[:-1])
    return section == pattern


def _outside(
    tool: ConfiguredTool, project: Project, present: tuple[tuple[Source, Spot], ...]
) -> Iterator[Sighting]:
    if not present:
        return
    rule = "outside-pyproject"
    winner, place = present[0]
    inside = next((spot for source, spot in present if source.table), None)
    if winner.table:
        yield support(rule, place, f"{tool.name} reads {place.path}")
    elif inside:
        message = (
            f"{tool.name} reads {place.text} and nothing else, so [tool.{_section_of(tool)}] at "
            f"{inside.text} is dead: move what you need into pyproject.toml and delete "
            f"{_what(place)}"
        )
        yield _REPORT.finding(rule, place, message, symbol=tool.name)
    else:
        message = (
            f"{tool.name} is configured in {place.text}, outside pyproject.toml: move it to "
            f"[tool.{_table_name(tool.name)}] and delete {_what(place)}"
        )
        yield _REPORT.finding(rule, place, message, symbol=tool.name)
    for source, spot in present[1:]:
        if not source.table:
            message = (
                f"{tool.name} is configured a second time in {spot.text}, which it never reads "
                f"because {place.text} wins: delete {_what(spot)}"
            )
            yield _REPORT.finding(rule, spot, message, Severity.WARNING, symbol=tool.name)


def _section_of(tool: ConfiguredTool) -> str:
    return next(".".join(source.table) for source in tool.sources if source.table)


def _what(spot: Spot) -> str:
    return "the section" if spot.line else "the file"


def _unread(project: Project) -> Iterator[Sighting]:
    for name in _SHARED:
        if name in project.unread:
            reason = f"{name} could not be read: {project.unread[name]}"
            yield Undecided(rule="outside-pyproject", reason=reason)


INSPECTOR = ProjectInspector(
    name="config-files",
    rules=("outside-pyproject", "forbidden-file", "tool-file"),
    inspect=_inspect,
)
