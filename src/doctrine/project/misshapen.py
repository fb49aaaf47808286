"""What stands in ``pyproject.toml`` where requirements belong, and cannot be any.

Each is an entry without a name, so that it is told, and nothing is taken for a project without
dependencies that only wrote them down wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from doctrine.documents import Keys, line_of, table
from doctrine.model.project import Dependency, DependencyKind, TomlFile
from doctrine.project.requirements import Origin

_TABLES: tuple[Keys, ...] = (
    ("project",),
    ("project", "optional-dependencies"),
    ("dependency-groups",),
    ("build-system",),
)
_INCLUDE = "include-group"


def misshapen(file: TomlFile) -> Iterator[Dependency]:
    """Yield every table and array of requirements that has the wrong type, or holds one.

    Args:
        file: The project's ``pyproject.toml``.
    """
    for keys in _TABLES:
        value = _written(file, keys)
        if value is not None and not isinstance(value, dict):
            yield _wrong(file, keys, "it must be a table")
    for keys in _arrays(file):
        value = _written(file, keys)
        if isinstance(value, list):
            yield from _items(file, keys, cast("list[object]", value))
        elif value is not None:
            yield _wrong(file, keys, 'it must be an array of strings: write ["name>=1.2,<2"]')


def _written(file: TomlFile, keys: Keys) -> object:
    return table(file.data, *keys[:-1]).get(keys[-1])


def _items(file: TomlFile, keys: Keys, items: list[object]) -> Iterator[Dependency]:
    in_group = keys[0] == "dependency-groups"
    for item in items:
        if not isinstance(item, str) and not (in_group and _includes(item)):
            yield _wrong(file, keys, f"it holds {item!r}, which is no string: {_MEND[in_group]}")


_MEND = {
    False: 'write "name>=1.2,<2"',
    True: 'write "name>=1.2,<2" or { include-group = "name" }',
}


def _arrays(file: TomlFile) -> Iterator[Keys]:
    yield ("project", "dependencies")
    yield ("build-system", "requires")
    yield ("tool", "uv", "dev-dependencies")
    for above in (("project", "optional-dependencies"), ("dependency-groups",)):
        yield from ((*above, name) for name in table(file.data, *above))


def _includes(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    included = cast("Mapping[str, object]", item)
    return set(included) == {_INCLUDE} and isinstance(included[_INCLUDE], str)


def _wrong(file: TomlFile, keys: Keys, problem: str) -> Dependency:
    origin = Origin(path=file.path, kind=DependencyKind.RUNTIME)
    return origin.dependency(".".join(keys), line_of(file, keys), problem=problem)
