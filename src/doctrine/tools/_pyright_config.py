"""What a project's pyright configuration makes pyright look at.

``pyrightconfig.json`` wins over ``[tool.pyright]`` even when it holds nothing. Patterns name
folders and files; ``*`` and ``?`` stay within one part of a path, ``**`` does not.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import cast

from msgspec import Struct, field

from doctrine.documents import parse_jsonc, strings, table
from doctrine.model.project import Layout, Role, SourceFile

FILE = "pyrightconfig.json"
_TABLE = "pyright"
_FORK = "basedpyright"
_FORK_ONLY = frozenset(
    [
        "allowedUntypedLibraries",
        "baselineFile",
        "baselineMode",
        "enableBasedFeatures",
        "failOnWarnings",
        "reportAny",
        "reportEmptyAbstractUsage",
        "reportExplicitAny",
        "reportIgnoreCommentWithoutRule",
        "reportImplicitAbstractClass",
        "reportImplicitRelativeImport",
        "reportIncompatibleUnannotatedOverride",
        "reportInvalidAbstractMethod",
        "reportInvalidCast",
        "reportPrivateLocalImportUsage",
        "reportSelfClsDefault",
        "reportUnannotatedClassAttribute",
        "reportUnreachable",
        "reportUnsafeMultipleInheritance",
        "reportUnusedParameter",
        "strictGenericNarrowing",
    ]
)
"""Settings that pyright itself does not know."""
_OF_ITS_PLACE = frozenset({"extends", "strict", "venv", "venvPath", "executionEnvironments"})
"""Settings that mean something else, or nothing, in a file that lies elsewhere."""
_FORK_MODES = frozenset({"", "all", "recommended"})
"""Modes of the fork that ask at least for what pyright's strict mode does; the first is its default."""
_INCLUDED = ("**",)
_EXCLUDED = ("**/node_modules", "**/__pycache__", "**/.*")
_DECLARED = re.compile(r"pyright\s*(?:[\[<>=!~;@].*)?$")
_MANAGERS = ("hatch", "pdm", "pixi", "poetry", "rye", "tox", "uv")
"""Tables under ``[tool]`` of those that install packages by lists of their own, and run what is in them."""
_WILD = {"*": "[^/]*", "?": "[^/]"}
MAX_SIZE = 50 << 20
"""Bytes of the largest file that pyright reads."""


class PyrightConfig(Struct, frozen=True, kw_only=True):
    """The configuration that wins.

    Attributes:
        path: Its file; empty when nothing configures pyright.
        options: Its keys; None when the file cannot be understood here.
    """

    path: str = ""
    options: Mapping[str, object] | None = field(default_factory=dict[str, object])


def is_declared(layout: Layout) -> bool:
    """Return whether ``pyproject.toml`` names pyright among what the project installs and runs."""
    data = layout.pyproject.data if layout.pyproject else None
    groups = (
        {"": table(data, "project").get("dependencies")},
        table(data, "project", "optional-dependencies"),
        table(data, "dependency-groups"),
    )
    words = (one for group in groups for listed in group.values() for one in strings(listed))
    managed = (_named(table(data, "tool", name)) for name in _MANAGERS)
    return any(_DECLARED.match(one) for one in chain(words, *managed))


def _named(tables: object) -> Iterator[str]:
    """Yield the keys and the texts of tables and lists, however deep they are."""
    pending = [tables]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            pending.extend(cast("list[object]", one))
        elif isinstance(one, dict):
            inside = cast("dict[str, object]", one)
            yield from inside
            pending.extend(inside.values())


def find_config(layout: Layout) -> PyrightConfig:
    """Return the configuration that pyright would read in the project's folder."""
    if FILE in layout.texts or FILE in {*layout.others, *layout.ignored}:
        return PyrightConfig(path=FILE, options=parse_jsonc(layout.texts.get(FILE)))
    tools = table(layout.pyproject.data if layout.pyproject else None, "tool")
    if layout.pyproject is not None and _TABLE in tools:
        return PyrightConfig(path=layout.pyproject.path, options=table(tools, _TABLE))
    return PyrightConfig()


def fork_options(layout: Layout) -> Mapping[str, object] | None:
    """Return the configuration of basedpyright as pyright would have it; None where there is none.

    Args:
        layout: The project, which configures pyright itself nowhere.
    """
    tools = table(layout.pyproject.data if layout.pyproject else None, "tool")
    if _FORK not in tools:
        return None
    own = as_written(layout)
    left = own.keys() - _FORK_ONLY - _OF_ITS_PLACE
    options = {key: _placed(layout, key, own[key]) for key in own if key in left}
    if own.get("typeCheckingMode", "") in _FORK_MODES:
        options["typeCheckingMode"] = "strict"
    return options


def as_written(layout: Layout) -> Mapping[str, object]:
    """Return the configuration of basedpyright as it stands; nothing where there is none."""
    return table(layout.pyproject.data if layout.pyproject else None, "tool", _FORK)


def _placed(layout: Layout, key: str, value: object) -> object:
    """Return a setting with folders as they are found from anywhere."""
    if key in {"stubPath", "typeshedPath"} and isinstance(value, str):
        return posixpath.join(layout.root, value)
    if key == "extraPaths":
        return [posixpath.join(layout.root, one) for one in strings(value)]
    return value


def covered(layout: Layout, options: Mapping[str, object]) -> tuple[SourceFile, ...]:
    """Return the project's files that a configuration makes pyright check and report on."""
    include = _pattern(strings(options.get("include")) or _INCLUDED)
    exclude = strings(options.get("exclude")) or _EXCLUDED
    kept_away = _pattern((*exclude, *strings(options.get("ignore"))))
    return tuple(
        file
        for file in _readable(layout)
        if include.match(file.path) and not kept_away.match(file.path)
    )


def _pattern(globs: Iterable[str]) -> re.Pattern[str]:
    """Return one expression for the paths at or below what any of the globs names."""
    return re.compile("|".join(_expression(glob) for glob in globs))


def _expression(glob: str) -> str:
    parts = [part for part in glob.replace("\\", "/").split("/") if part not in {"", "."}]
    pieces = [
        "(?:[^/]+/)*" if part == "**" else f"{''.join(_piece(char) for char in part)}/"
        for part in parts
    ]
    # The last part may name a file, or a folder with anything below it.
    return "".join(pieces).removesuffix("/") + (r"(?:$|/)" if parts[-1:] != ["**"] else "")


def _piece(char: str) -> str:
    return _WILD.get(char) or re.escape(char)


def sources(layout: Layout) -> tuple[SourceFile, ...]:
    """Return the source files that pyright can read, and that no fork of it is kept from."""
    files = _readable(layout)
    if (options := fork_options(layout)) is not None:
        files = iter(covered(layout, options))
    return tuple(file for file in files if file.role is Role.SOURCE)


def _readable(layout: Layout) -> Iterator[SourceFile]:
    """Yield the files that pyright can read, wherever it is told to look."""
    for file in layout.files:
        if file.flaw is None and file.size <= MAX_SIZE and file.path.endswith((".py", ".pyi")):
            yield file
