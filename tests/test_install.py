"""Which private environment a project gets, told from what would be run to make it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from doctrine import install as installing
from doctrine.cli.check import Silence
from doctrine.install import install
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.runner import Runner
from tests.project.trees import layout_of, plant

_LOCK = "version = 1\nrevision = 3\n"
_CI = """\
on: push
jobs:
  t:
    runs-on: x
    steps:
    - uses: actions/setup-python@v6
      with: {python-version: '3.%s'}
    - run: pytest
"""


class _Unable(Runner):
    """Remembers what is to be run, and says that it failed."""

    def __init__(self) -> None:
        super().__init__(jobs=1, listener=Silence())
        self.asked: list[tuple[str, ...]] = []

    async def run(
        self, name: str, invocations: tuple[Invocation, ...], *, cost: float
    ) -> tuple[Completed, ...]:
        place = "UV_PROJECT_ENVIRONMENT"
        self.asked += [(*one.argv[1:], one.env.get(place, one.argv[-1])) for one in invocations]
        return (Completed(invocation=invocations[0], ending=Ending.EXITED, exit_code=1),)


def _made(root: Path, minor: int, **files: str) -> list[tuple[str, ...]]:
    """Return the commands that would make the environment of a project that is tested on a Python."""
    texts = {"pyproject.toml": "[project]\nname = 'p'\n", ".github/workflows/t.yml": _CI % minor}
    plant(root, {**texts, **{name.replace("_", "."): text for name, text in files.items()}})

    async def ask() -> list[tuple[str, ...]]:
        runner, layout = _Unable(), layout_of(root)
        async with runner:
            kept, problems = await install(layout, runner, tests=False)
        assert kept is layout
        assert [one.tool for one in problems] == ["uv"]
        return runner.asked

    return asyncio.run(ask())


def test_another_python_of_ci_is_another_environment_only_where_no_lock_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def cache(_: str) -> Path:
        return tmp_path / "cache"

    monkeypatch.setattr(installing, "user_cache_path", cache)
    (older,), (newer,) = (_made(tmp_path / "a", minor) for minor in (12, 13))
    assert ">=3.12,<3.13" in older
    assert ">=3.13,<3.14" in newer
    assert older[-1] != newer[-1]
    locked = [_made(tmp_path / "b", minor, uv_lock=_LOCK) for minor in (12, 13)]
    assert "--frozen" in locked[0][0]
    assert locked[0] == locked[1]
