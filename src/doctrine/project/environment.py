"""The environment that holds a project's third-party packages, read without starting anything."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from doctrine.errors import UsageError
from doctrine.model.names import normalised
from doctrine.model.project import Dependency, DependencyKind, Environment
from doctrine.model.settings import Settings
from doctrine.project.lockfile import workspace_root
from doctrine.project.reading import CannotReadError, read_regular

_LIMIT = 64 * 1024
_METADATA = re.compile(r"^(?P<name>.+?)-(?P<version>[^-]+?)(?:-py[\d.]+)?\.(?:dist|egg)-info$")
_LIB_PYTHON = re.compile(r"^(?:python|pypy)3\.(\d+)t?$")
_VERSION = re.compile(r"^[ \t]*version(?:_info)?[ \t]*=[ \t]*(\d+)\.(\d+)", re.MULTILINE)
_SYSTEM_SITE = re.compile(r"^[ \t]*include-system-site-packages[ \t]*=[ \t]*true\b", re.M | re.I)
_HOME = re.compile(r"^[ \t]*home[ \t]*=[ \t]*(?P<home>[^\r\n]+)", re.MULTILINE)

_FOLDERS = (".venv", "venv", "env")


def find_environment(
    root: str,
    settings: Settings,
    project_name: str,
    *,
    environ: Mapping[str, str] | None = None,
    prefix: str = "",
) -> Environment | None:
    """Find the project's own environment.

    ``--python`` decides; then a folder of the project; then the active environment and the one
    doctrine runs in, but only where the project itself is installed in them. A project that is not
    believed has none.

    Args:
        root: Absolute project root.
        settings: What the user asked for.
        project_name: Distribution name of the project.
        environ: Environment variables; those of the process if None.
        prefix: The environment doctrine runs in; the running one if empty.

    Raises:
        UsageError: The interpreter or environment that the user named is none.
    """
    if not settings.trust.believed:
        return None
    if settings.python:
        return _named(root, settings.python)
    if environment := _inside(root):
        return environment
    variables = os.environ if environ is None else environ
    others = {
        variables.get("VIRTUAL_ENV", ""): "active environment",
        prefix or sys.prefix: "doctrine's own environment",
    }
    for path, label in others.items():
        environment = read_environment(path, label=label, any_prefix=True) if path else None
        if environment and _holds_project(environment, root, project_name):
            return environment
    return None


def _inside(root: str) -> Environment | None:
    """Look into the project, and into the workspace that it is a member of."""
    for folder in filter(None, (root, workspace_root(root))):
        for name in _FOLDERS:
            label = os.path.relpath(f"{folder}/{name}", root).replace(os.sep, "/")
            if environment := read_environment(f"{folder}/{name}", label=label):
                return environment
    return None


def _named(root: str, python: str) -> Environment:
    path = Path(root, Path(python).expanduser() if python.startswith("~") else python)
    # The folder is taken before links are resolved: venv's interpreter is a link out of it.
    folder = path if path.is_dir() else path.parent.parent
    environment = read_environment(str(folder), label=python, any_prefix=True)
    if environment is None or not path.exists():
        raise UsageError(
            f"{python} is neither a Python interpreter nor an environment",
            hint="name an interpreter such as .venv/bin/python",
        )
    if path.is_dir():
        return environment
    return Environment(
        python=str(path),
        version=environment.version,
        site=environment.site,
        packages=environment.packages,
        label=python,
    )


def read_environment(path: str, *, label: str, any_prefix: bool = False) -> Environment | None:
    """Read an environment's folder; None when there is none.

    Args:
        path: Absolute path of the environment.
        label: How the report names it.
        any_prefix: Accept an installation of Python that is no virtual environment.
    """
    try:
        config = read_regular(f"{path}/pyvenv.cfg", _LIMIT).decode("utf-8", "replace")
    except CannotReadError:
        if not any_prefix:
            return None
        config = ""
    python = _interpreter(path)
    if python is None:
        return None
    sites = tuple(_sites(path))
    system = _system_sites(config)
    packages: dict[str, str] = {}
    for site in (*reversed(system), *reversed([folder for folder, _ in sites])):
        packages.update(installed(site))
    return Environment(
        python=python,
        version=_version(config, sites),
        site=(*(folder for folder, _ in sites), *system),
        packages=packages,
        label=label,
    )


def _interpreter(path: str) -> str | None:
    names = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")
    candidates = (f"{path}/{name}" for name in names)
    # A link whose target is gone is an environment that cannot be used.
    return next((name for name in candidates if os.access(name, os.X_OK)), None)


def _sites(path: str) -> Iterator[tuple[str, int | None]]:
    """Yield site-packages folders, with the minor version their path tells."""
    for lib in ("lib", "lib64"):
        if lib == "lib64" and Path(path, lib).is_symlink():
            continue
        for name in _names(f"{path}/{lib}"):
            folder = f"{path}/{lib}/{name}/site-packages"
            if (found := _LIB_PYTHON.match(name)) and os.access(folder, os.R_OK):
                yield folder, int(found[1])
    windows = f"{path}/Lib/site-packages"
    if os.access(windows, os.R_OK):
        yield windows, None


def _system_sites(config: str) -> tuple[str, ...]:
    home = _HOME.search(config)
    if home is None or not _SYSTEM_SITE.search(config):
        return ()
    return tuple(folder for folder, _ in _sites(str(Path(home["home"].strip()).parent)))


def _version(config: str, sites: tuple[tuple[str, int | None], ...]) -> tuple[int, int] | None:
    if found := _VERSION.search(config):
        return int(found[1][:4]), int(found[2][:4])
    minors = [minor for _, minor in sites if minor is not None]
    return (3, minors[0]) if minors else None


def _names(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as scan:
            return sorted(entry.name for entry in scan)
    except (OSError, ValueError):
        return []


def installed(site: str) -> Mapping[str, str]:
    """Return the version by normalised name of what a site-packages folder holds."""
    return {
        normalised(found["name"]): found["version"]
        for name in _names(site)
        if (found := _METADATA.match(name))
    }


def _holds_project(environment: Environment, root: str, name: str) -> bool:
    """Whether the environment has the project itself, and from this very folder.

    The name alone is no proof: an environment can hold a release of the project it checks.
    """
    normal = normalised(name)
    if normal not in environment.packages:
        return False
    return any(
        _points_to(f"{site}/{entry}/direct_url.json", root)
        for site in environment.site
        for entry in _names(site)
        if (found := _METADATA.match(entry)) and normalised(found["name"]) == normal
    ) or any(
        _points_to(f"{site}/{entry}", root)
        for site in environment.site
        for entry in _names(site)
        if entry.endswith((".pth", ".egg-link"))
    )


def _points_to(path: str, root: str) -> bool:
    try:
        content = read_regular(path, _LIMIT).decode("utf-8", "replace")
    except CannotReadError:
        return False
    lines = re.split(r'[\n"]', content)
    folders = {line.strip().removeprefix("file://").rstrip("/") for line in lines}
    return any(folder == root or folder.startswith(f"{root}/") for folder in folders)


def missing_packages(
    environment: Environment | None, dependencies: Iterable[Dependency]
) -> tuple[str, ...]:
    """Return the names of declared distributions that the environment lacks, sorted.

    Requirements for other platforms or Python versions, extras, and what only builds the
    project are not expected to be there.

    Args:
        environment: The project's environment; None lacks everything.
        dependencies: What the project declares.
    """
    expected = _Expected(environment)
    packages: Mapping[str, str] = environment.packages if environment else {}
    return tuple(
        sorted({each.name for each in dependencies if expected(each) and each.name not in packages})
    )


class _Expected(Struct, frozen=True):
    environment: Environment | None

    def __call__(self, dependency: Dependency) -> bool:
        unneeded = {DependencyKind.BUILD, DependencyKind.OPTIONAL}
        elsewhere = dependency.group.startswith(("tox:", "nox:", "hatch:", "optional"))
        if not dependency.name or dependency.kind in unneeded or elsewhere:
            return False
        # Costs a tenth of the time until the first tool starts, and is not needed before.
        from packaging.markers import InvalidMarker, UndefinedComparison, UndefinedEnvironmentName
        from packaging.requirements import InvalidRequirement, Requirement

        try:
            marker = Requirement(dependency.raw).marker
            return marker is None or marker.evaluate(self._variables())
        except (InvalidRequirement, InvalidMarker):
            return True
        except (UndefinedComparison, UndefinedEnvironmentName):
            return False

    def _variables(self) -> dict[str, str]:
        version = self.environment.version if self.environment else None
        if version is None:
            return {"extra": ""}
        text = f"{version[0]}.{version[1]}"
        return {"extra": "", "python_version": text, "python_full_version": f"{text}.0"}
