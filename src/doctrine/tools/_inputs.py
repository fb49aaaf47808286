"""What the inputs of several tools have in common: the project's names, and its configuration."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import msgspec

from doctrine.documents import table
from doctrine.model.inputs import may_be_package
from doctrine.model.project import Layout, SourceFile
from doctrine.model.replacing import replace
from doctrine.model.tool import Request

_NOBODYS = frozenset(
    {
        "bandit", "black", "coverage", "doctrine", "flake8", "isort", "mypy", "pylint", "pyright",
        "pytest", "ruff", "semgrep", "tox", "vulture",
    }
)  # fmt: skip
"""Tables of ``[tool]`` that only the tool of that name reads."""
_VARIABLE = re.compile(r"\$\{?(\w+)")
_OUTSIDE = ("/", "~", "$", "\\")


def noted(files: Iterable[SourceFile]) -> Mapping[str, str]:
    """Return the paths of Python files with what is known of each from its name alone."""
    return {file.path: f"{file.role} {file.flaw or ''}" for file in files}


def reported_on(layout: Layout) -> tuple[str, ...]:
    """Return the other files that may hold Python: those without a suffix, and odd ones."""
    return tuple(path for path in layout.others if _may_be_python(path.rpartition("/")[2]))


def _may_be_python(name: str) -> bool:
    return "." not in name or ".py" in name


def pyproject_for(layout: Layout, name: str) -> Mapping[str, object]:
    """Return ``pyproject.toml`` without the tables that only other tools read.

    Args:
        layout: The project.
        name: The tool's own table.
    """
    data = dict(layout.pyproject.data) if layout.pyproject else {}
    if isinstance(data.get("tool"), Mapping):
        data["tool"] = {
            key: value
            for key, value in table(data, "tool").items()
            if key == name or key not in _NOBODYS
        }
    return data


def typing_facts(request: Request, name: str) -> Mapping[str, object]:
    """Return what the readers of type checkers take from the project.

    Args:
        request: The request.
        name: The tool's table in ``pyproject.toml``.
    """
    layout = request.layout
    return {
        "others": reported_on(layout),
        "import roots": layout.sources,
        "target": [layout.target.floor, layout.target.minors, layout.target.specifier],
        "pyproject.toml": pyproject_for(layout, name),
        "environment": layout.environment is not None,
    }


def leads_outside(value: object) -> bool:
    """Return whether a text anywhere in a configuration may be a path out of the project."""
    if isinstance(value, str):
        return value.startswith(_OUTSIDE) or ".." in value
    return any(map(leads_outside, _parts(value)))


def leads_out_of_sight(value: object) -> bool:
    """Return whether a text in a configuration may name a folder that is not looked into.

    What can be imported is looked for in folders that can be packages: stubs in ``.stubs`` that git
    ignores are in no list, and a change of them would go unseen.
    """
    if isinstance(value, str):
        parts = set(value.split("/")) - {"", ".", ".."}
        return not all(map(may_be_package, parts))
    return any(map(leads_out_of_sight, _parts(value)))


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return list[object](value.values())  # pyright: ignore[reportUnknownArgumentType]
    return list[object](value) if isinstance(value, list | tuple) else ()  # pyright: ignore[reportUnknownArgumentType]


def variables_in(value: object) -> tuple[str, ...]:
    """Return the environment variables that texts in a configuration mention, sorted."""
    text = msgspec.json.encode(value).decode()
    return tuple(sorted(set(_VARIABLE.findall(text))))


def narrowed(request: Request, paths: Collection[str]) -> Request:
    """Return a request about some of the project's Python files alone."""
    layout = request.layout
    files = tuple(file for file in layout.files if file.path in paths)
    modules = tuple(module for module in request.modules if module.path in paths)
    return replace(request, layout=replace(layout, files=files), modules=modules)
