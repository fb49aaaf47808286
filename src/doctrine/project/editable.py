"""What makes a project importable in an environment without building it.

The same files as an editable installation leaves behind: a path to the import roots, and the
metadata that ``[project]`` states. A build backend would write into the tree it builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from doctrine.documents import table, text
from doctrine.model.project import Layout

_PATHS = "_doctrine_editable.pth"
_UNKNOWN = "0"
_COMMAND = re.compile(r"[A-Za-z0-9][\w.-]*")
_SCRIPT = re.compile(r"([\w.]+):(\w+)((?:\.\w+)*)")
_LINE = re.compile(r"[^\r\n\[\]]+")


def editable_files(layout: Layout) -> Mapping[str, str]:
    """Return the files to write into the environment's site-packages, by relative path.

    Args:
        layout: The project.
    """
    roots = (f"{layout.root}/{source}".removesuffix("/.") for source in layout.sources)
    files = {_PATHS: "".join(f"{root}\n" for root in roots if len(root.splitlines()) == 1)}
    project = table(layout.pyproject.data if layout.pyproject else None, "project")
    name = text(project.get("name"))
    if not _LINE.fullmatch(name):
        return files
    stated = text(project.get("version"))
    version = stated if _LINE.fullmatch(stated) and "-" not in stated else _UNKNOWN
    folder = f"{canonicalize_name(name).replace('-', '_')}-{version}.dist-info"
    if "/" in folder or "\\" in folder:
        return files
    return {
        **files,
        f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{folder}/entry_points.txt": "".join(_entry_points(project)),
    }


def editable_scripts(layout: Layout, python: str) -> Mapping[str, str]:
    """Return the commands that ``[project.scripts]`` states, by the name of the file.

    Args:
        layout: The project.
        python: Absolute path of the environment's interpreter.
    """
    project = table(layout.pyproject.data if layout.pyproject else None, "project")
    found = {
        name: _SCRIPT.fullmatch(text(target)) for name, target in table(project, "scripts").items()
    }
    return {
        name: f"#!{python}\nimport sys\nfrom {match[1]} import {match[2]}\n"
        f"sys.exit({match[2]}{match[3]}())\n"
        for name, match in found.items()
        if match is not None and _COMMAND.fullmatch(name)
    }


def _entry_points(project: Mapping[str, object]) -> Iterator[str]:
    groups: dict[str, object] = {
        "console_scripts": project.get("scripts"),
        "gui_scripts": project.get("gui-scripts"),
        **table(project, "entry-points"),
    }
    for group, entries in groups.items():
        lines = [
            f"{name} = {target}\n"
            for name, target in table(entries).items()
            if isinstance(target, str) and _LINE.fullmatch(f"{name}{target}")
        ]
        if lines and _LINE.fullmatch(group):
            yield f"[{group}]\n{''.join(lines)}\n"
