"""What the real tools say with what is kept is what they say without, over edits of one project.

The tools that look at each file by themselves, those that need them all, and mypy, which goes on from
its last run. `benchmarks/equal.py` does the same to whole reports of real projects.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from benchmarks.edits import Tree, edit, reverted, tree_of
from benchmarks.equal import compared_tools
from doctrine.cache.store import Store
from doctrine.cache.told import read_told
from tests.project.trees import STRICT_APP, plant

_TOOLS = ("mypy", "radon", "ruff")
_FILES = {
    "pyproject.toml": STRICT_APP,
    "app/__init__.py": "",
    "app/base.py": """\
class Shape:
    def area(self) -> int:
        return 1


def made(name: str) -> Shape:
    return Shape()
""",
    "app/use.py": """\
from app.base import Shape, made


def doubled(one: Shape) -> int:
    return one.area() * 2


print(doubled(made("circle")))
""",
    "app/other.py": "def other(x):  # type: ignore[no-untyped-def]\n    return x\n",
}


def _write(path: str, old: str, new: str, *, quietly: bool = False) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        place = root / path
        status = place.stat()
        place.write_text(place.read_text().replace(old, new))
        if quietly:
            os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))

    return change


_STATES: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("a signature that others use", _write("app/base.py", "(self) -> int", "(self) -> str")),
    ("the same size and time", _write("app/base.py", "return 1", "return x", quietly=True)),
    ("the configuration", _write("pyproject.toml", "strict = true", "warn_unused_ignores = true")),
)


@pytest.mark.live
def test_what_is_kept_changes_nothing_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCTRINE_NO_CACHE", raising=False)
    root, cache = tmp_path / "project", tmp_path / "cache"
    plant(root, _FILES)
    store = Store(cache)
    assert compared_tools(root, cache, _TOOLS)[0] == []
    went_on: list[bool] = []
    for name, change in _STATES:
        change(root)
        assert compared_tools(root, cache, _TOOLS)[0] == [], name
        told = read_told(store, str(root))
        assert not [tool for tool, one in told.items() if one.unfit], "all of it is kept"
        went_on.append(told["mypy"].went_on)
    assert went_on == [True, False, False], "neither with what could be mistaken nor reconfigured"


@pytest.mark.live
@pytest.mark.skipif(
    settings.get_current_profile_name() != "deep", reason="takes minutes: --hypothesis-profile=deep"
)
@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_edited_nothing_that_is_said_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.delenv("DOCTRINE_NO_CACHE", raising=False)
    root, cache = tmp_path / "project", tmp_path / "cache"
    plant(root, _FILES)
    tree: Tree = tree_of(root, random.Random(seed))  # noqa: S311 - to be made again
    done: list[str] = []
    for _ in range(20):
        done.append(edit(tree) if len(tree.files()) > 1 else reverted(tree))
        found, _, _ = compared_tools(root, cache, (*_TOOLS, "vulture", "semgrep", "pyright"))
        assert found == [], done
