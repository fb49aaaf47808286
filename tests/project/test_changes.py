"""Files that are written, exchanged or removed while a project is judged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from doctrine.model.project import Layout
from doctrine.model.settings import Settings
from doctrine.project.changes import changed_files, stamps_of
from doctrine.project.layout import discover


def _nobody(argv: tuple[str, ...], cwd: str) -> tuple[int | None, bytes]:
    del argv, cwd
    return None, b""


def listed(root: Path) -> Layout:
    files = ("src/a.py", "src/b.py", "pyproject.toml", ".github/workflows/ci.yml", "data.bin")
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return discover(Settings(root=str(root)), None, _nobody)


def test_a_project_that_nobody_touches_does_not_change(tmp_path: Path) -> None:
    layout = listed(tmp_path)
    (tmp_path / "src/a.py").read_bytes()
    assert changed_files(layout) == ()


def _written(path: Path) -> None:
    path.write_text("x = 1\n")


def _removed(path: Path) -> None:
    path.unlink()


def _touched(path: Path) -> None:
    os.utime(path, ns=(5, 5))


def _exchanged(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_text("")
    os.utime(other, ns=(1, 1))
    other.replace(path)


@pytest.mark.parametrize("name", ["src/a.py", "pyproject.toml", ".github/workflows/ci.yml"])
@pytest.mark.parametrize("change", [_written, _removed, _touched, _exchanged])
def test_what_is_written_exchanged_or_removed_has_changed(
    tmp_path: Path, name: str, change: Callable[[Path], None]
) -> None:
    layout = listed(tmp_path)
    change(tmp_path / name)
    assert changed_files(layout) == (name,)


def test_a_project_that_is_gone_has_changed(tmp_path: Path) -> None:
    layout = listed(tmp_path / "project")
    (tmp_path / "project").rename(tmp_path / "elsewhere")
    assert len(changed_files(layout)) == 4


def test_data_is_not_looked_at() -> None:
    many = [f"data/{number}.json" for number in range(3_000)]
    assert len(stamps_of("/nonexistent", [*many, "image.png", "uv.lock"])) == 1_000
    assert "uv.lock" in stamps_of("/nonexistent", [*many, "uv.lock"])
