"""Small project trees on disk, and git as the runner would call it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from doctrine.model.project import Layout
from doctrine.model.settings import Settings
from doctrine.project.layout import discover
from doctrine.project.pyproject import read_pyproject

STRICT_APP = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.11"

[tool.mypy]
strict = true
files = ["app"]
"""
"""``pyproject.toml`` of a project that mypy checks strictly."""


def plant(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def run(argv: tuple[str, ...], cwd: str) -> tuple[int | None, bytes]:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, check=False, timeout=60)
    return done.returncode, done.stdout


def no_git(argv: tuple[str, ...], cwd: str) -> tuple[int | None, bytes]:
    return None, b""


def commit(root: Path, *paths: str) -> None:
    if not (root / ".git").exists():
        subprocess.run(("git", "init", "-q"), cwd=root, check=True, timeout=60)
    subprocess.run(("git", "add", "-f", "--", *paths), cwd=root, check=True, timeout=60)


def layout_of(root: Path, *, paths: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Layout:
    settings = Settings(root=str(root), paths=paths, exclude=exclude)
    return discover(settings, read_pyproject(str(root)), run, environ={})
