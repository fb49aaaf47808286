"""Requirements in the tables of other package managers: poetry, pdm, hatch, pipenv, tox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from doctrine.documents import Keys, line_of, parse_toml, strings, table, tables, text
from doctrine.errors import ConfigError
from doctrine.model.project import Dependency, DependencyKind, TomlFile
from doctrine.project.requirements import Origin

_ITSELF = frozenset({".", "./"})
"""How a manager is told to install the project."""


def manager_dependencies(file: TomlFile, texts: Mapping[str, str]) -> Iterator[Dependency]:
    """Yield the requirements that other managers' tables declare.

    Args:
        file: The project's ``pyproject.toml``.
        texts: Content of configuration files by path.
    """
    yield from table_dependencies(file)
    yield from _of_text(texts, "hatch.toml")
    yield from _of_text(texts, "tox.toml")
    yield from _of_text(texts, "Pipfile")


def table_dependencies(file: TomlFile) -> Iterator[Dependency]:
    """Yield the requirements that other managers' tables of one ``pyproject.toml`` declare.

    Args:
        file: The file.
    """
    yield from _poetry(file)
    pdm = ("tool", "pdm", "dev-dependencies")
    for group in table(file.data, *pdm):
        yield from _lines(file, (*pdm, group), group)
    yield from _hatch(file, ("tool", "hatch"))
    yield from _tox(file, ("tool", "tox"))


def _of_text(texts: Mapping[str, str], path: str) -> Iterator[Dependency]:
    if path not in texts:
        return
    try:
        file = parse_toml(path, texts[path])
    except ConfigError as error:
        origin = Origin(path=path, kind=DependencyKind.FOREIGN)
        yield origin.dependency("", error.line, problem=error.message)
        return
    if path == "hatch.toml":
        yield from _hatch(file, ())
    elif path == "tox.toml":
        yield from _tox(file, ())
    else:
        yield from _pipfile(file)


def _lines(file: TomlFile, keys: Keys, group: str) -> Iterator[Dependency]:
    """Yield an array whose items are written like the lines of a requirements file."""
    origin = Origin(path=file.path, kind=DependencyKind.FOREIGN, group=group)
    for raw in strings(table(file.data, *keys[:-1]).get(keys[-1])):
        if not raw.startswith("-") or raw.startswith(("-e", "--editable")):
            yield from origin.line(raw, line_of(file, keys, raw))


def _poetry(file: TomlFile) -> Iterator[Dependency]:
    base = ("tool", "poetry")
    yield from _named(file, (*base, "dependencies"), "")
    yield from _named(file, (*base, "dev-dependencies"), "dev")
    for group in table(file.data, *base, "group"):
        yield from _named(file, (*base, "group", group, "dependencies"), group)


def _pipfile(file: TomlFile) -> Iterator[Dependency]:
    yield from _named(file, ("packages",), "")
    for category in file.data:
        if category not in {"packages", "source", "requires", "scripts", "pipenv"}:
            group = "dev" if category == "dev-packages" else category
            yield from _named(file, (category,), group)


def _named(file: TomlFile, keys: Keys, group: str) -> Iterator[Dependency]:
    """Yield a table that has a constraint, or a table of them, for each name."""
    for name, value in table(file.data, *keys).items():
        if name.lower() == "python":
            continue
        for constraint in _constraints(value):
            if text(constraint.get("path")) in _ITSELF:
                continue  # whatever name it goes by there
            optional = constraint.get("optional") is True
            origin = Origin(
                path=file.path,
                kind=DependencyKind.FOREIGN,
                group="optional" if optional else group,
                detail=f"{name} in [{'.'.join(keys)}]",
            )
            version = text(constraint.get("version"))
            yield origin.named(
                name,
                f"{name} {version}".strip(),
                line_of(file, (*keys, name)),
                specifier="" if version == "*" else version,
                url=_url(constraint),
            )


def _constraints(value: object) -> tuple[Mapping[str, object], ...]:
    if isinstance(value, dict):
        return (cast("Mapping[str, object]", value),)
    return tables(value) or ({"version": value},)


def _url(constraint: Mapping[str, object]) -> str:
    for key in ("git", "url", "path", "file"):
        if location := text(constraint.get(key)):
            reference = next(
                (
                    text(constraint.get(name))
                    for name in ("rev", "tag", "ref")
                    if name in constraint
                ),
                "",
            )
            prefix = "git+" if key == "git" else ""
            return f"{prefix}{location}" + (f"@{reference}" if reference else "")
    return ""


def _hatch(file: TomlFile, base: Keys) -> Iterator[Dependency]:
    for name in table(file.data, *base, "envs"):
        for key in ("dependencies", "extra-dependencies"):
            yield from _lines(file, (*base, "envs", name, key), f"hatch:{name}")


def _tox(file: TomlFile, base: Keys) -> Iterator[Dependency]:
    yield from _lines(file, (*base, "requires"), "tox:tox")
    yield from _lines(file, (*base, "env_run_base", "deps"), "tox:env_run_base")
    for name in table(file.data, *base, "env"):
        yield from _lines(file, (*base, "env", name, "deps"), f"tox:{name}")
