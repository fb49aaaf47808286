"""The environments that pre-commit and prek keep for the hooks of a project.

They hold the very version of a tool that the hooks' configuration pins, and are there whenever a hook
runs. Each is found by its folder; neither program is started.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from doctrine.model.observation import Evidence
from doctrine.model.project import Environment
from doctrine.project.environment import read_environment
from doctrine.project.pins import HOOKS, from_hooks
from doctrine.project.reading import CannotReadError, read_regular

_STORES = (
    ("PRE_COMMIT_HOME", "pre-commit", "repo*/py_env-*"),
    ("PREK_HOME", "prek", "hooks/python-*"),
)
"""Variable that names a store, its folder among the user's caches, and its environments."""
_SITES = ("lib/python3.*/site-packages", "Lib/site-packages")
_LIMIT = 1024 * 1024


def hook_pins(root: str) -> Mapping[str, Evidence]:
    """Return the versions that the hooks of a project pin, by distribution.

    Args:
        root: Absolute project root.
    """
    try:
        content = read_regular(f"{root}/{HOOKS}", _LIMIT)
    except CannotReadError:
        return {}
    return dict(from_hooks(content.decode("utf-8", "replace")))


def hook_environment(
    distribution: str, version: str, variables: Mapping[str, str]
) -> Environment | None:
    """Return an environment of a hook that has a distribution in a version.

    Args:
        distribution: Its normalised name.
        version: The exact version.
        variables: Environment variables, which say where the stores are.
    """
    for folder, pattern in _stores(variables):
        for site in _SITES:
            # A version has no wildcards, as the pattern of pins has it.
            info = f"{distribution.replace('-', '_')}-{version}.dist-info"
            for place in sorted(folder.glob(f"{pattern}/{site}/{info}")):
                found = _around(place, folder, pattern)
                if found and found.packages.get(distribution) == version:
                    return found
    return None


def _stores(variables: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    home = variables.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - no home, no store
    for variable, name, pattern in _STORES:
        named = variables.get(variable, "")
        folder = Path(named) if named else Path(home, name)
        if folder.is_absolute():
            yield folder, pattern


def _around(place: Path, store: Path, pattern: str) -> Environment | None:
    """Return the environment that a distribution is installed in."""
    depth = len(Path(pattern).parts)
    folder = store.joinpath(*place.relative_to(store).parts[:depth])
    return read_environment(str(folder), label="a hook's environment")
