"""Whether what coverage is told to measure is a folder or a package of the project."""

from __future__ import annotations

import re

from doctrine.model.project import Project, Role

SHIPPED = frozenset({Role.SOURCE})
UNKNOWABLE = re.compile(r"[${*]|^/|^\.\.")
"""What is in a name that only a run resolves, or that leads out of the project."""


def reaches(project: Project, named: str, roles: frozenset[Role] = SHIPPED) -> bool:
    """Whether a folder or a package of the project has that name; tests may be measured, too."""
    folder = named.removeprefix("./").rstrip("/")
    if folder in {"", "."}:
        return True
    package = folder.replace(".", "/")
    roots = ("", *(f"{root}/" for root in project.layout.sources if root != "."))
    starts = tuple(f"{root}{one}" for root in roots for one in (folder, package))
    return any(
        file.path.startswith((f"{start}/", f"{start}.py")) or f"/{package}/" in f"/{file.path}"
        for file in project.layout.files
        if file.role in roles
        for start in starts
    )
