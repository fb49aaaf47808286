"""Files, tables and commands of package managers that do uv's work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doctrine.documents import line_of, table
from doctrine.inspect._paths import is_side, is_specimen, name_of
from doctrine.inspect._sightings import Spot
from doctrine.model.project import TomlFile

_FILES: Mapping[str, str] = {
    "poetry.lock": "Poetry",
    "Pipfile": "Pipenv",
    "Pipfile.lock": "Pipenv",
    "pdm.lock": "PDM",
    "pixi.lock": "pixi",
    "pixi.toml": "pixi",
    "environment.yml": "conda",
    "environment.yaml": "conda",
    "conda-lock.yml": "conda",
    "conda-lock.yaml": "conda",
}
_PIP_TOOLS = re.compile(r"(?:^|/)(?:requirements[^/]*|requirements/[^/]+)\.in$")

_TABLES: Mapping[tuple[str, ...], tuple[str, frozenset[str]]] = {
    ("poetry",): ("Poetry", frozenset({"build", "exclude", "include", "packages", "version"})),
    ("pdm",): ("PDM", frozenset({"build", "distribution", "publish", "version"})),
    ("hatch", "envs"): ("Hatch environments", frozenset()),
    ("rye",): ("Rye", frozenset()),
    ("pixi",): ("pixi", frozenset()),
}
"""Below ``[tool]``: the manager, and the keys that only its build backend reads.

uv builds with any backend, so a table of nothing but these is no rival.
"""


def rival_files(paths: tuple[str, ...]) -> Iterator[tuple[Spot, str]]:
    """Yield files of another manager with its name."""
    for path in paths:
        manager = _FILES.get(name_of(path)) or ("pip-tools" if _PIP_TOOLS.search(path) else "")
        if manager and not is_specimen(path) and not is_side(path) and "binder/" not in path:
            yield Spot(path=path), manager


def rival_tables(pyproject: TomlFile) -> Iterator[tuple[Spot, str, str]]:
    """Yield tables of another manager: where, the manager, and the table's name."""
    for keys, (manager, harmless) in _TABLES.items():
        present = table(pyproject.data, "tool", *keys)
        telling = sorted(set(present) - harmless)
        if telling:
            line = line_of(pyproject, ("tool", *keys)) or line_of(
                pyproject, ("tool", *keys, telling[0])
            )
            yield Spot(path=pyproject.path, line=line), manager, ".".join(("tool", *keys))
