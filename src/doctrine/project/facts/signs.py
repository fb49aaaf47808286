"""The table of facts: which signs in a project speak for which fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate
from functools import cache
from importlib.resources import files

from msgspec import Struct

from doctrine.documents import parse_toml, strings, tables, text
from doctrine.errors import RegistryError
from doctrine.model.project import Role

_FILE = "facts.toml"


class Group(Struct, frozen=True, kw_only=True):
    """Signs one of which is enough.

    Attributes:
        imports: Dotted names.
        features: Features of a file, with the module it must import as well, or an empty one.
        definitions: Patterns over the last part of a definition's name.
        globs: Patterns over paths, as written.
        files: All of them as one; None where there are none.
        dependencies: Distributions whose declaration alone is enough.
        declared: Distributions that are mentioned, and not enough.
    """

    imports: frozenset[str]
    features: tuple[tuple[str, str], ...]
    definitions: tuple[re.Pattern[str], ...]
    globs: tuple[str, ...]
    files: re.Pattern[str] | None
    dependencies: frozenset[str]
    declared: frozenset[str]


class FactSigns(Struct, frozen=True, kw_only=True):
    """What a fact is made of.

    Attributes:
        id: Id of the fact.
        role: Whose imports, features and definitions count.
        groups: All of them must hold.
        unseen: Why the lack of signs proves nothing; empty where it proves the contrary.
    """

    id: str
    role: Role
    groups: tuple[Group, ...]
    unseen: str


@cache
def fact_signs() -> tuple[FactSigns, ...]:
    """Return the table.

    Raises:
        RegistryError: A fact of it has no signs, or a pattern cannot be compiled.
    """
    content = files(__package__ or __name__).joinpath(_FILE).read_text(encoding="utf-8")
    data = parse_toml(_FILE, content).data
    return tuple(_fact(name, value) for name, value in data.items())


def _fact(name: str, value: object) -> FactSigns:
    (fields,) = tables([value]) or ({},)
    groups = tuple(_group(name, group) for group in tables(fields.get("group")))
    if not groups:
        message = f"{_FILE}: the fact {name} has no signs"
        raise RegistryError(message)
    role = Role(text(fields.get("scope")) or Role.SOURCE.value)
    return FactSigns(id=name, role=role, groups=groups, unseen=text(fields.get("unseen")))


def _group(name: str, fields: Mapping[str, object]) -> Group:
    try:
        definitions = tuple(re.compile(one) for one in strings(fields.get("definitions")))
    except re.error as error:
        message = f"{_FILE}: the fact {name} has a wrong pattern: {error}"
        raise RegistryError(message) from error
    features = (one.rpartition("&") for one in strings(fields.get("features")))
    globs = strings(fields.get("files"))
    return Group(
        imports=frozenset(strings(fields.get("imports"))),
        features=tuple((feature, module) for module, _, feature in features),
        definitions=definitions,
        globs=globs,
        files=re.compile("|".join(map(translate, globs))) if globs else None,
        dependencies=frozenset(strings(fields.get("dependencies"))),
        declared=frozenset(strings(fields.get("declared"))),
    )
