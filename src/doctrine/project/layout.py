"""The quick look at a project: enough to start the first tools."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.project import Layout, SourceFile, TomlFile
from doctrine.model.settings import Settings
from doctrine.project.candidates import Capture
from doctrine.project.changes import stamps_of
from doctrine.project.collected import collected_files
from doctrine.project.coverage_data import find_coverage_data
from doctrine.project.early_texts import early_texts, names_pyright
from doctrine.project.environment import find_environment
from doctrine.project.listing import list_files
from doctrine.project.members import read_members
from doctrine.project.reading import CannotReadError, read_regular
from doctrine.project.roles import roles_of
from doctrine.project.root import name_of
from doctrine.project.sources import source_roots
from doctrine.project.target import read_target

_SETUP_LIMIT = 1024 * 1024


def discover(
    settings: Settings,
    pyproject: TomlFile | None,
    capture: Capture,
    *,
    environ: Mapping[str, str] | None = None,
) -> Layout:
    """Look at a project's files without opening its sources.

    Args:
        settings: The root, the paths to judge and what to leave out.
        pyproject: The project's ``pyproject.toml``.
        capture: Runs git.
        environ: Environment variables; those of the process if None.
    """
    root = settings.root
    texts = early_texts(root)
    listing = list_files(root, settings.exclude, capture)
    name = name_of(root, pyproject)
    paths = tuple(entry.path for entry in listing.python)
    roles = roles_of(root, paths, name, collected_files(root, pyproject))
    files = tuple(
        SourceFile(
            path=entry.path,
            role=role,
            size=entry.size,
            modified=entry.modified,
            flaw=entry.flaw,
        )
        for entry, role in zip(listing.python, roles, strict=True)
    )
    members = read_members(root, pyproject, (*listing.others, *paths))
    wanted = tuple(path.rstrip("/") for path in settings.paths if path not in {"", "."})
    return Layout(
        root=root,
        name=name,
        pyproject=pyproject,
        files=tuple(file for file in files if _is_wanted(file.path, wanted)),
        others=listing.others,
        linked=listing.linked,
        tracked=listing.tracked,
        ignored=listing.ignored,
        sources=source_roots(pyproject, files, listing.others),
        target=read_target(pyproject, _setup_texts(root), members),
        environment=find_environment(root, settings, name, environ=environ),
        restricted=bool(wanted),
        texts=texts,
        names_pyright=names_pyright(root, (*listing.others, *paths)),
        coverage_data=find_coverage_data(root, pyproject, texts, files),
        configuration=stamps_of(root, listing.others),
        members=members,
    )


def _is_wanted(path: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(path == each or path.startswith(f"{each}/") for each in wanted)


def _setup_texts(root: str) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for name in ("setup.cfg", "setup.py"):
        try:
            content = read_regular(f"{root}/{name}", _SETUP_LIMIT)
        except CannotReadError:
            continue
        texts[name] = content.decode("utf-8", "replace")
    return texts
