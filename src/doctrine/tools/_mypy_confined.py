"""Which configuration of a tool stays inside the project, for projects that are not believed. Pure.

What is taken over is listed, not what is left out: an option that a newer version of a tool brings
is left out until somebody has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import tomli_w

from doctrine.documents import switch, table, tables
from doctrine.model.project import Layout
from doctrine.model.tool import Request
from doctrine.tools._mypy_config import MypyConfig, module_sections, places

_WORDS = frozenset(
    {
        "always_false", "always_true", "disable_error_code", "enable_error_code",
        "enable_incomplete_feature", "exclude", "follow_imports", "module", "modules", "packages",
        "platform", "python_version", "untyped_calls_exclude",
    }
)  # fmt: skip
"""Options of mypy whose value names no place and no program."""
_PLACES = frozenset({"files", "mypy_path"})
_PLAIN = re.compile(r"[^$~%]+")


def is_confined(place: str) -> bool:
    """Return whether a path of a configuration stays inside the project, whoever expands it."""
    path = PurePosixPath(place.replace("\\", "/"))
    plain = _PLAIN.fullmatch(place) is not None and ":" not in place
    return plain and not path.is_absolute() and ".." not in path.parts


def confined_config(request: Request, config: MypyConfig) -> tuple[MypyConfig, bytes]:
    """Return what of mypy's configuration is taken over, and the file that holds it as TOML.

    Args:
        request: With the project.
        config: Its configuration, which mypy does not get to see.
    """
    options = dict(_kept(config.options))
    shared = config.path == "pyproject.toml"
    sections = _overrides(request.layout) if shared else module_sections(request.layout, config)
    others = [{**dict(_kept(one)), "module": modules} for modules, one in sections]
    written: dict[str, object] = {**options, **({"overrides": others} if others else {})}
    return MypyConfig(path=config.path, options=options), _toml(written)


def _toml(options: Mapping[str, object]) -> bytes:
    return tomli_w.dumps({"tool": {"mypy": options}}).encode("utf-8", "replace")


def _overrides(layout: Layout) -> Iterator[tuple[object, Mapping[str, object]]]:
    data = layout.pyproject.data if layout.pyproject else None
    for one in tables(table(data, "tool", "mypy").get("overrides")):
        if one.get("module"):
            yield one["module"], one


def _kept(options: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in options.items():
        if key in _PLACES:
            inside = [place for place in places(value) if is_confined(place)]
            if inside:
                yield key, inside if key == "files" else ",".join(inside)
        elif key in _WORDS:
            yield key, value
        elif switch(value) is not None:
            yield key, switch(value)
