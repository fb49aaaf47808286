"""A project of any size: packages of this environment, repeated under names of their own."""

from __future__ import annotations

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

PACKAGES = (
    "attrs", "cachecontrol", "check_jsonschema", "defusedxml", "grimp", "importlinter",
    "markdown_it", "pip_audit", "pyright", "vulture", "zipp",
)  # fmt: skip
"""What is repeated: packages of many small files, as applications have them."""
FIRST = "_n000"
"""What is added to the names of the first copy: everything that a tool says of it has this in it."""
_PYPROJECT = """[project]
name = "large"
version = "1"
requires-python = ">=3.11"
"""


class Source(Struct, frozen=True):
    """A file of the first copy.

    Attributes:
        path: Below the folder of the sources.
        text: Its content.
    """

    path: str
    text: str


def mark(number: int) -> str:
    """Return what is added to the names of a copy; all of one length."""
    return f"_n{number:03}"


def unit() -> tuple[Source, ...]:
    """Return the first copy."""
    return tuple(one for name in PACKAGES for one in _package(name))


def lines(sources: tuple[Source, ...]) -> int:
    """Return how many lines files have."""
    return sum(one.text.count("\n") for one in sources)


def write(root: Path, sources: tuple[Source, ...], numbers: range) -> None:
    """Add copies to a project, and make it one if there is none.

    Args:
        root: Its folder.
        sources: The first copy.
        numbers: Which copies to add.
    """
    if not (root / ".git").exists():
        root.mkdir(parents=True, exist_ok=True)
        (root / "pyproject.toml").write_text(_PYPROJECT)
        subprocess.run(["git", "init", "-q", str(root)], check=True)
    for number in numbers:
        for one in sources:
            file = root / "src" / one.path.replace(FIRST, mark(number))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(one.text.replace(FIRST, mark(number)), "utf-8")
    subprocess.run(["git", "-C", str(root), "add", "-A"], check=True)


def _package(name: str) -> tuple[Source, ...]:
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"{name} is not installed in this environment")
    folder = Path(found.submodule_search_locations[0])
    files = sorted(file for file in folder.rglob("*.py") if "__pycache__" not in file.parts)
    return tuple(
        Source(f"{name}{FIRST}/{file.relative_to(folder)}", renamed(file.read_text("utf-8"), name))
        for file in files
    )


def renamed(text: str, name: str) -> str:
    """Let a package import its first copy wherever it says its own name as one.

    Args:
        text: Source of a module of it.
        name: What it is called.
    """
    itself = rf"(?<=\bimport ){name}\b|(?<=\bfrom ){name}\b|(?<![\w.\"'/-]){name}(?=\.\w)"
    return re.sub(itself, name + FIRST, text)
