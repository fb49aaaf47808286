"""Small projects to adopt, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from doctrine.adopt.edits import Plan, Section
from doctrine.adopt.situation import Platform
from doctrine.adoption import adoption

EVERYTHING = tuple(Section)

SOURCE = {
    "src/demo/__init__.py": (
        '"""Demo."""\n\n\ndef twice(number: int) -> int:\n    """Return twice a number."""\n'
        "    return 2 * number\n"
    ),
    "tests/test_demo.py": (
        "from demo import twice\n\n\ndef test_twice() -> None:\n    assert twice(2) == 4\n"
    ),
}
PYPROJECT = """\
[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = []

[build-system]
requires = ["hatchling>=1.27,<2"]
build-backend = "hatchling.build"
"""
TINY: Mapping[str, str] = {"pyproject.toml": PYPROJECT, **SOURCE}


def adopted(
    folder: Path,
    sections: tuple[Section, ...] = EVERYTHING,
    platform: Platform | None = None,
) -> Plan:
    """Plan the adoption of a project on disk."""
    return adoption(str(folder.resolve()), sections, platform)


def write(folder: Path, plan: Plan) -> None:
    """Write what a plan says."""
    for edit in plan.edits:
        path = folder / edit.path
        if edit.after is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(edit.after)


def after(plan: Plan, path: str) -> str:
    """Return what a plan makes of a file."""
    content = next(edit.after for edit in plan.edits if edit.path == path)
    assert content is not None
    return content.decode("utf-8")


def paths(plan: Plan) -> list[str]:
    """Return the files that a plan changes."""
    return [edit.path for edit in plan.edits]
