"""Every requirement that a project declares, wherever it declares it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from doctrine.documents import line_of, strings, table, tables, text
from doctrine.model.project import Dependency, DependencyKind, Layout, TomlFile
from doctrine.project.managers import manager_dependencies, table_dependencies
from doctrine.project.misshapen import misshapen
from doctrine.project.requirements import Origin, read_requirements
from doctrine.project.setuptools_files import ini_dependencies, script_dependencies
from doctrine.project.texts import reader

_NO_GROUP = "no such dependency group; add the group, or take the include out"
_CIRCLE = "the groups include each other; take one of the includes out"


def read_dependencies(layout: Layout, texts: Mapping[str, str]) -> tuple[Dependency, ...]:
    """Read every declared requirement, the standard tables first.

    What cannot be read is an entry with an empty name and a problem. Requirements in the
    files of tests, examples and documentation are not the project's.

    Args:
        layout: The project's files.
        texts: Content of configuration files by path.
    """
    found: list[Dependency] = []
    if layout.pyproject is not None:
        found.extend(_standard(layout.pyproject))
        found.extend(manager_dependencies(layout.pyproject, texts))
    else:
        found.extend(manager_dependencies(TomlFile(path="", data={}, text=""), texts))
    for member in layout.members:
        found.extend(_standard(member))
        found.extend(table_dependencies(member))
    found.extend(ini_dependencies(texts))
    found.extend(script_dependencies(texts))
    found.extend(_requirements_files(layout, texts))
    return tuple(found)


def _standard(file: TomlFile) -> Iterator[Dependency]:
    yield from _array(file, ("project", "dependencies"), DependencyKind.RUNTIME)
    for extra in table(file.data, "project", "optional-dependencies"):
        yield from _array(
            file, ("project", "optional-dependencies", extra), DependencyKind.OPTIONAL, extra
        )
    groups = table(file.data, "dependency-groups")
    for group in groups:
        yield from _array(file, ("dependency-groups", group), DependencyKind.GROUP, group)
        yield from _broken_includes(file, groups, group)
    yield from _array(file, ("tool", "uv", "dev-dependencies"), DependencyKind.GROUP, "dev")
    yield from _array(file, ("build-system", "requires"), DependencyKind.BUILD)
    yield from misshapen(file)


def _array(
    file: TomlFile, keys: tuple[str, ...], kind: DependencyKind, group: str = ""
) -> Iterator[Dependency]:
    origin = Origin(path=file.path, kind=kind, group=group)
    for raw in strings(table(file.data, *keys[:-1]).get(keys[-1])):
        yield origin.dependency(raw, line_of(file, keys, raw))


def _broken_includes(
    file: TomlFile, groups: Mapping[str, object], group: str
) -> Iterator[Dependency]:
    """Yield the includes of a group that lead nowhere or back to the group.

    The others need no entry: what they include is declared, once, in its own group.
    """
    origin = Origin(path=file.path, kind=DependencyKind.GROUP, group=group)
    known: dict[str, str] = {canonicalize_name(name): name for name in groups}
    for included in _includes(groups.get(group)):
        keys = ("dependency-groups", group, "include-group")
        line = line_of(file, keys, included)
        raw = f'{{include-group = "{included}"}}'
        if canonicalize_name(included) not in known:
            yield origin.dependency(raw, line, problem=_NO_GROUP)
        elif group in _reachable(groups, known, known[canonicalize_name(included)]):
            yield origin.dependency(raw, line, problem=_CIRCLE)


def _includes(items: object) -> tuple[str, ...]:
    return tuple(filter(None, (text(item.get("include-group")) for item in tables(items))))


def _reachable(groups: Mapping[str, object], known: Mapping[str, str], start: str) -> set[str]:
    reached = {start}
    pending = [start]
    while pending:
        for included in _includes(groups.get(pending.pop())):
            name = known.get(canonicalize_name(included))
            if name is not None and name not in reached:
                reached.add(name)
                pending.append(name)
    return reached


def _requirements_files(layout: Layout, texts: Mapping[str, str]) -> Iterator[Dependency]:
    read = reader(layout)
    seen: set[str] = set()
    for path in sorted(filter(_is_requirements, texts), key=_base_last):
        if path not in seen:
            yield from read_requirements(
                path, texts[path], group=_group(path), read=read, seen=seen
            )
    for path in _dynamic_files(layout.pyproject):
        content = None if path in seen else read(path)
        if content is not None:
            yield from read_requirements(path, content, group="", read=read, seen=seen)


def _base_last(path: str) -> tuple[bool, str]:
    """Read the plain file first, so that others' includes of it keep its group."""
    return (_group(path) != "", path)


def _is_requirements(path: str) -> bool:
    folder, base = posixpath.split(path)
    in_folder = posixpath.basename(folder) == "requirements"
    named = base.endswith((".txt", ".in")) and ("requirements" in base or in_folder)
    outside = {"tests", "test", "docs", "doc", "examples", "example"}
    return named and not outside.intersection(folder.split("/"))


def _group(path: str) -> str:
    plain = {"requirements.txt", "requirements.in", "base.txt", "base.in", "main.txt", "main.in"}
    base = posixpath.basename(path)
    return "" if base in plain else base.rpartition(".")[0]


def _dynamic_files(file: TomlFile | None) -> tuple[str, ...]:
    """Return the files that setuptools reads ``dependencies`` from."""
    if file is None:
        return ()
    dynamic = table(file.data, "tool", "setuptools", "dynamic")
    extras = table(dynamic, "optional-dependencies")
    named = (table(dynamic, "dependencies"), *(table(extras, extra) for extra in extras))
    return tuple(posixpath.normpath(path) for each in named for path in strings(each.get("file")))
