"""What a project's lock is about: its own packages, and what has a hash in it."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from doctrine.adopt.situation import Situation
from doctrine.adopt.tables import Data
from doctrine.documents import table, tables, text


def is_workspace(data: Data) -> bool:
    """Return whether other packages of the tree share the project's lock."""
    return "workspace" in table(data, "tool", "uv")


def unhashed(situation: Situation, data: Data) -> tuple[str, ...]:
    """Return the distributions that come from a repository, for which no lock has a hash.

    Args:
        situation: The project.
        data: Content of ``pyproject.toml``, as it will be.
    """
    lock = situation.project.lock
    locked = tables((lock.data or {}).get("package")) if lock is not None else ()
    found = {text(one.get("name")) for one in locked if "git" in table(one, "source")}
    sources = table(data, "tool", "uv", "sources")
    found |= {canonicalize_name(name) for name in sources if "git" in table(sources, name)}
    found |= {one.name for one in situation.project.dependencies if one.url.startswith("git+")}
    return tuple(sorted(found))
