"""Which private environment a project gets, told from what would be run to make it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from doctrine import install as installing
from doctrine.cli.check import Silence
from doctrine.install import LABEL, install
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.project import Environment
from doctrine.model.report import Problem
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

    def __init__(self, stderr: bytes = b"") -> None:
        super().__init__(jobs=1, listener=Silence())
        self.asked: list[tuple[str, ...]] = []
        self._stderr = stderr

    async def run(
        self, name: str, invocations: tuple[Invocation, ...], *, cost: float
    ) -> tuple[Completed, ...]:
        place = "UV_PROJECT_ENVIRONMENT"
        self.asked += [(*one.argv[1:], one.env.get(place, one.argv[-1])) for one in invocations]
        failed = Completed(
            invocation=invocations[0], ending=Ending.EXITED, exit_code=1, stderr=self._stderr
        )
        return (failed,)


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


@pytest.fixture
def shim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a version manager whose script for this Python refuses to start."""
    minor = sys.version_info.minor
    version = f"versions/3.{minor}.{sys.version_info.micro}/bin/python3.{minor}"
    refusing = "#!/bin/sh\necho 'not active here' >&2\nexit 127\n"
    plant(tmp_path, {f"manager/shims/python3.{minor}": refusing})
    (tmp_path / f"manager/shims/python3.{minor}").chmod(0o755)
    behind = tmp_path / "manager" / version
    behind.parent.mkdir(parents=True)
    behind.symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path}/manager/shims")
    # What uv has installed itself would be found without any search path.
    monkeypatch.setenv("UV_PYTHON_PREFERENCE", "only-system")

    def cache(_: str) -> Path:
        return tmp_path / "cache"

    monkeypatch.setattr(installing, "user_cache_path", cache)
    return tmp_path / "manager"


@pytest.mark.live
@pytest.mark.parametrize("locked", [True, False])
def test_a_python_is_found_behind_a_shim_that_refuses_to_start(
    tmp_path: Path, shim: Path, locked: bool
) -> None:
    minor = sys.version_info.minor
    named = f"[project]\nname = 'p'\nversion = '1'\nrequires-python = '==3.{minor}.*'\n"
    lock = f"{_LOCK}requires-python = '==3.{minor}.*'\n"
    package = "[[package]]\nname = 'p'\nversion = '1'\nsource = { virtual = '.' }\n"
    files = {"pyproject.toml": named, **({"uv.lock": lock + package} if locked else {})}
    plant(tmp_path / "p", files)

    async def ask() -> tuple[Environment | None, tuple[Problem, ...]]:
        runner = Runner(jobs=1, listener=Silence())
        async with runner:
            layout, problems = await install(layout_of(tmp_path / "p"), runner, tests=False)
        return layout.environment, problems

    environment, problems = asyncio.run(ask())
    assert problems == ()
    assert environment is not None
    assert environment.label == LABEL
    assert environment.version == (3, minor)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (
            b"error: No interpreter found for Python >=3.9, <3.11 in managed installations\n",
            "uv python install '>=3.9,<3.11'",
        ),
        (
            b"error: Failed to inspect Python interpreter from search path at `/s/python3.10`\n",
            "pyenv install",
        ),
    ],
)
def test_a_python_that_lacks_is_told_with_what_installs_it(
    tmp_path: Path, shim: Path, said: bytes, remedy: str
) -> None:
    plant(tmp_path / "p", {"pyproject.toml": "[project]\nname = 'p'\n"})

    async def ask() -> tuple[Problem, ...]:
        async with _Unable(said) as runner:
            return (await install(layout_of(tmp_path / "p"), runner, tests=False))[1]

    (problem,) = asyncio.run(ask())
    assert remedy in problem.message
