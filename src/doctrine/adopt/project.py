"""``[project]``: a name, a version and a Python for a folder that nothing describes yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from doctrine.adopt.changes import Asked, Change, Keys, Value
from doctrine.adopt.edits import PYPROJECT, Left, Section
from doctrine.adopt.situation import Situation, floor_of
from doctrine.adopt.tables import Data
from doctrine.documents import strings, table
from doctrine.inspect._managers import rival_tables
from doctrine.model.project import DependencyKind, Role, TomlFile
from doctrine.tools._packages import third_party

_ASKED = Asked(section=Section.PROJECT, table=("project",))
_DESCRIBING = ("setup.py", "setup.cfg", "Pipfile", "environment.yml", "environment.yaml")
_METADATA = re.compile(r"^\s*\[(?:metadata|options)", re.MULTILINE)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


def is_managed(data: Data) -> bool:
    """Return whether uv can manage a project with such a ``pyproject.toml``."""
    uv = table(data, "tool", "uv")
    return uv.get("managed") is not False and bool(table(data, "project") or "workspace" in uv)


def describing(situation: Situation) -> str:
    """Return what describes the project in place of ``[project]``; empty if nothing does."""
    project = situation.project
    present = frozenset(project.layout.others) | {file.path for file in project.layout.files}
    for path in _DESCRIBING:
        if path in present and (path != "setup.cfg" or _is_description(project.texts.get(path))):
            return path
    foreign = (one for one in project.dependencies if one.kind is DependencyKind.FOREIGN)
    return _describing_table(project.layout.pyproject) or next(
        (one.place.path for one in foreign), ""
    )


def _describing_table(pyproject: TomlFile | None) -> str:
    """Return the table of another tool that describes the project; empty if there is none."""
    if pyproject is None:
        return ""
    for _, _, name in rival_tables(pyproject):
        return f"[{name}]"
    flit = table(pyproject.data, "tool", "flit", "metadata")
    return "[tool.flit.metadata]" if flit else ""


def _is_description(setup: str | None) -> bool:
    """Return whether a ``setup.cfg`` says anything of the project: many hold tools' options only."""
    return setup is None or _METADATA.search(setup) is not None


def project_changes(data: Data, situation: Situation) -> Iterator[Change | Left]:
    """Yield the description of a project that has none, or why it is not written.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    project = table(data, "project")
    if is_managed(data):
        dynamic = strings(project.get("dynamic"))
        if project and "requires-python" not in (*project, *dynamic):
            yield Left(
                section=Section.PROJECT,
                text="which Pythons the project runs on is a promise that only you can make",
                hint='set `requires-python = ">=3.…"` under [project]',
            )
        return
    if table(data, "tool", "uv").get("managed") is False:
        text = "`managed = false` under [tool.uv] keeps uv from managing the project"
        yield Left(section=Section.PROJECT, text=text, hint="remove the key")
        return
    other = describing(situation)
    if other:
        yield Left(
            section=Section.PROJECT,
            text=f"{other} describes the project, so [project] is not written in {PYPROJECT}",
            hint=f"move what {other} says to [project], then run `doctrine init` again",
        )
        return
    rows: dict[Keys, Value] = {(key,): value for key, value in first_rows(situation).items()}
    rows["dependencies",] = ()
    yield from _ASKED.rows(rows, "uv manages what [project] describes", "PKG001")
    if imported := _imported(situation):
        names = ", ".join(imported)
        yield Left(
            section=Section.PROJECT,
            text=f"the code imports {names}, and which distributions have that is not guessed",
            hint="`uv add` each of them",
        )


def first_rows(situation: Situation) -> dict[str, str]:
    """Return what describes a project of which nobody has said anything.

    Args:
        situation: The project.
    """
    major, minor = floor_of(situation.project)
    return {
        "name": _name(situation.project.layout.name),
        "version": "0.1.0",
        "requires-python": f">={major}.{minor}",
    }


def _imported(situation: Situation) -> tuple[str, ...]:
    """Return the packages of others that the code imports, its tests left out."""
    project = situation.project
    modules = (one for one in project.modules if one.role is Role.SOURCE)
    names = {one.module for module in modules for one in module.imports if not one.dots}
    return third_party(names, project.layout)


def _name(written: str) -> str:
    """Return a distribution's name made of a folder's."""
    plain = _NOT_IN_NAMES.sub("-", written).strip("._-")
    return canonicalize_name(plain) if plain else "project"
