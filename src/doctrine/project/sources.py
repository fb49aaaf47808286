"""The folders that a project's own modules are imported from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from doctrine.documents import strings, table, tables, text
from doctrine.model.folders import folders_above
from doctrine.model.project import Role, SourceFile, TomlFile
from doctrine.project.members import workspace_folders


def source_roots(
    pyproject: TomlFile | None, files: tuple[SourceFile, ...], others: tuple[str, ...]
) -> tuple[str, ...]:
    """Find the import roots, declared ones first.

    Args:
        pyproject: The project's ``pyproject.toml``.
        files: All Python files.
        others: All other files, among them the ``pyproject.toml`` of workspace members.

    Returns:
        Folders relative to the root; ``.`` where modules lie outside every other root, and
        where there is nothing to tell.
    """
    data: Mapping[str, object] = pyproject.data if pyproject else {}
    folders = _folders(files)
    found = (*_plain_roots(data, folders), *_member_roots(data, folders, others))
    roots = tuple(root for root in dict.fromkeys(found) if root != ".")
    prefixes = tuple(f"{root}/" for root in roots)
    outside = any(file.role is Role.SOURCE and not file.path.startswith(prefixes) for file in files)
    return (*roots, ".") if outside or not roots else roots


def _plain_roots(data: Mapping[str, object], folders: frozenset[str]) -> Iterator[str]:
    for root in map(_normal, (*_declared(data), "src")):
        if root in folders and f"{root}/__init__.py" not in folders:
            yield root


def _member_roots(
    data: Mapping[str, object], folders: frozenset[str], others: tuple[str, ...]
) -> Iterator[str]:
    for member in workspace_folders(data, others):
        yield f"{member}/src" if f"{member}/src" in folders else member


def _folders(files: tuple[SourceFile, ...]) -> frozenset[str]:
    """Every folder above a Python file, and the ``__init__.py`` files themselves."""
    inits = (file.path for file in files if file.path.endswith("/__init__.py"))
    return frozenset({".", *inits, *folders_above(file.path for file in files)})


def _normal(folder: str) -> str:
    """Return a folder as paths below the root are written; empty when it leaves the root."""
    pure = PurePosixPath(folder.replace("\\", "/"))
    return "" if pure.is_absolute() or ".." in pure.parts else pure.as_posix()


def _declared(data: Mapping[str, object]) -> Iterator[str]:
    setuptools = table(data, "tool", "setuptools")
    yield text(table(setuptools, "package-dir").get(""))
    yield from strings(table(setuptools, "packages", "find").get("where"))
    for package in strings(_wheel(data).get("packages")):
        yield PurePosixPath(package).parent.as_posix()
    yield from strings(_wheel(data).get("sources"))
    for entry in tables(table(data, "tool", "poetry").get("packages")):
        yield text(entry.get("from"))
    yield text(table(data, "tool", "pdm", "build").get("package-dir"))
    yield text(table(data, "tool", "uv", "build-backend").get("module-root"))
    yield text(table(data, "tool", "maturin").get("python-source"))


def _wheel(data: Mapping[str, object]) -> Mapping[str, object]:
    return table(data, "tool", "hatch", "build", "targets", "wheel")
