"""``setup.py``, ``setup.cfg`` and requirement files, and the two that are excused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doctrine.inspect._paths import folders_of, is_example, is_side, is_specimen, name_of
from doctrine.inspect._setup_script import builds_extensions, imports_builder, metadata_in
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.model.observation import Severity
from doctrine.model.project import Project

_RULE = "forbidden-file"
_REQUIREMENTS = re.compile(
    r"(?:^|/)(?:(?:[^/]*[-_.])?requirements[^/]*|requirements/[^/]+|constraints[^/]*)\.txt$"
)
_ENTRY = re.compile(
    r"-|[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:$|[;@(#\\]|[<>=!~]=|[<>])"
    r"|(?:[a-z+]+:|\.{0,2})/"
)
"""How a line of a requirements file begins: an option, a requirement, or a place."""
_HEADER_LINES = 5


def forbidden_files(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield one finding for each forbidden file, or why it is excused."""
    for path in _candidates(project):
        if path in project.unread:
            reason = f"{path} could not be read: {project.unread[path]}"
            yield Undecided(rule=_RULE, reason=reason)
        elif name_of(path) == "setup.py":
            yield _script(path, project, report)
        elif name_of(path) == "setup.cfg":
            remedy = "move its sections to pyproject.toml and delete it"
            yield report.finding(_RULE, Spot(path=path), f"{path}: {remedy}", _severity(path))
        else:
            yield _requirements(path, project, report)


def is_forbidden(path: str) -> bool:
    """Tell whether a path has one of the forbidden names."""
    return name_of(path) in {"setup.py", "setup.cfg"} or bool(_REQUIREMENTS.search(path))


def _candidates(project: Project) -> Iterator[str]:
    layout = project.layout
    paths = (*(file.path for file in layout.files), *layout.others)
    for path in paths:
        if not is_forbidden(path) or path in layout.ignored or is_specimen(path):
            continue
        if name_of(path) == "setup.py" and _is_module(path, project):
            continue
        if not (path.endswith(".txt") and _is_prose(project.texts.get(path, ""))):
            yield path


def _is_module(path: str, project: Project) -> bool:
    """Tell whether it is a module of a package, and only called like the script that builds one."""
    folder = path.rpartition("/")[0]
    packages = (file.path for file in project.layout.files)
    if not folder or f"{folder}/__init__.py" not in packages or path not in project.texts:
        return False
    return not imports_builder(project.texts[path])


def _is_prose(text: str) -> bool:
    """Tell whether most lines of a text cannot stand in a requirements file.

    Documentation is written in `.txt` files as well, and may be about constraints.
    """
    lines = [line.strip() for line in text.splitlines()]
    telling = [line for line in lines if line and not line.startswith("#")]
    return sum(not _ENTRY.match(line) for line in telling) * 2 > len(telling)


def _severity(path: str) -> Severity:
    return Severity.WARNING if is_side(path) else Severity.ERROR


def _script(path: str, project: Project, report: Reporter) -> Sighting:
    text = project.texts.get(path, "")
    metadata = metadata_in(text)
    if builds_extensions(text) and not metadata:
        # setuptools can declare extension modules in pyproject.toml only experimentally, so
        # there is no edit that would mend this: advice, not a violation.
        message = (
            f"{path} holds nothing but extension modules, for which setuptools has no stable "
            "form in pyproject.toml yet: keep it to that, or build with another backend"
        )
        return report.advice(_RULE, Spot(path=path), message)
    message = f"{path}: {_mending(path, project, metadata, builds=builds_extensions(text))}"
    return report.finding(_RULE, Spot(path=path), message, _severity(path))


def _mending(path: str, project: Project, metadata: tuple[str, ...], *, builds: bool) -> str:
    """Return what to do about a script, as far as it is not done."""
    pyproject = project.layout.pyproject if "/" not in path else None
    data: Mapping[str, object] = pyproject.data if pyproject else {}
    named = f" ({', '.join(metadata)})" if metadata else ""
    steps: list[str] = []
    if metadata or "project" not in data:
        steps.append(f"describe the project in [project] of pyproject.toml instead{named}")
    if "build-system" not in data:
        steps.append("declare [build-system]")
    if builds:
        kept = "keep nothing in the script but the extension modules, which have no stable form there yet"
        return ", ".join((*steps[:-1], f"{steps[-1]}, and {kept}" if steps else kept))
    if not steps:
        return "pyproject.toml describes the project already: delete the script"
    return f"{', '.join(steps)}, and delete the script"


def _requirements(path: str, project: Project, report: Reporter) -> Sighting:
    header = "\n".join(project.texts.get(path, "").splitlines()[:_HEADER_LINES])
    if "autogenerated by uv" in header and "uv export" in header:
        return support(_RULE, Spot(path=path, line=1), "written by `uv export` from the lock")
    literal = name_of(path) == "requirements.txt" and folders_of(path)[-1:] != ("requirements",)
    named = "" if literal else " (a requirements file by another name)"
    message = f"{path}{named}: {_as_project(path) if is_example(path) else _as_dependencies(path)}"
    return report.finding(_RULE, Spot(path=path), message, _severity(path))


def _as_dependencies(path: str) -> str:
    return (
        f"move it to [project] dependencies or [dependency-groups] with `uv add -r {path}` "
        "(`--dev` for development), run `uv lock`, and delete it"
    )


def _as_project(path: str) -> str:
    """Return how an example says what it needs, which is no dependency of the project."""
    folder = "/".join(folders_of(path))
    return (
        f"give the example a pyproject.toml of its own with `uv init --bare --no-workspace {folder}` "
        f"and `uv add --project {folder} -r {path}`, and delete it"
    )
