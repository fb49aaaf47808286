from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.model.project import Lock
from doctrine.model.replacing import replace
from doctrine.project.dependencies import read_dependencies
from doctrine.project.install import install_commands
from doctrine.project.lockfile import read_lock, workspace_root
from tests.project.trees import layout_of, plant

LOCK = Lock(path="uv.lock", data={"version": 1})


def test_the_lock_of_the_root_is_read(tmp_path: Path) -> None:
    assert read_lock(layout_of(tmp_path)) is None
    plant(tmp_path, {"uv.lock": "version = 1\n"})
    assert read_lock(layout_of(tmp_path)) == Lock(
        path="uv.lock", data={"version": 1}, text="version = 1\n"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"version = \n", "line 1: the file is not valid TOML"), (b"\xff", "not UTF-8")],
)
def test_a_lock_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    plant(tmp_path, {"uv.lock": content})
    lock = read_lock(layout_of(tmp_path))
    assert lock is not None
    assert lock.data is None
    assert said in lock.problem


def test_members_share_the_lock_of_the_workspace(tmp_path: Path) -> None:
    workspace = "[tool.uv.workspace]\nmembers = ['m/*']\nexclude = ['m/old']\n"
    plant(tmp_path, {"pyproject.toml": workspace, "uv.lock": "version = 1"})
    plant(
        tmp_path,
        {
            "m/a/x.py": "",
            "m/old/x.py": "",
            "other/x.py": "",
            "m/repo/.git/HEAD": "",
            "m/repo/in/x.py": "",
        },
    )
    lock = read_lock(layout_of(tmp_path / "m/a"))
    assert lock is not None
    assert lock.path == "../../uv.lock"
    assert workspace_root(str(tmp_path / "m/a")) == str(tmp_path)
    for stranger in ("m/old", "other", "m/repo/in"):
        assert read_lock(layout_of(tmp_path / stranger)) is None


def test_with_a_lock_nothing_is_resolved_or_built_in_the_tree(tmp_path: Path) -> None:
    root = plant(tmp_path / "p", {"pyproject.toml": "[project]\nname = 'p'"})
    (sync,) = install_commands(layout_of(root), LOCK, "/cache", uv="/bin/uv")
    # A stale lock is installed too, and never rewritten.
    assert sync.argv[:3] == ("/bin/uv", "sync", "--frozen")
    assert {"--no-install-local", "--all-groups", "--all-extras"} <= set(sync.argv)
    assert sync.env["UV_PROJECT_ENVIRONMENT"] == "/cache/environment"
    assert sync.cwd == str(root)


def test_declared_conflicts_are_not_installed_together(tmp_path: Path) -> None:
    plant(tmp_path, {"pyproject.toml": "[tool.uv]\nconflicts = []\n"})
    (sync,) = install_commands(layout_of(tmp_path), LOCK, "/cache", uv="uv")
    assert "--all-extras" not in sync.argv


def test_without_a_lock_the_declared_requirements_are_installed(tmp_path: Path) -> None:
    source = """\
[build-system]
requires = ["builder"]
[project]
name = "me"
requires-python = ">=3.11,<3.13"
dependencies = ["a>=1; python_version < '4'", "private", "fork", "bad!!", "me[x]", "b @ https://e.org/b.whl"]
optional-dependencies = {x = ["c"]}
[tool.poetry.dependencies]
d = "^1.2"
e = {path = "../e"}
[tool.hatch.envs.x]
dependencies = ["not-this"]
[tool.uv.sources]
private = {index = "corp"}
fork = {git = "https://e.org/fork", rev = "abc"}
"""
    plant(tmp_path, {"pyproject.toml": source})
    layout = layout_of(tmp_path)
    dependencies = read_dependencies(layout, {})
    make, install = install_commands(layout, None, "/cache", uv="uv", dependencies=dependencies)
    assert make.argv[-1] == "/cache/environment"
    assert ">=3.11,<3.13" in make.argv
    assert install.argv[-1] == "{scratch}/requirements.txt"
    assert install.files["requirements.txt"].decode().splitlines() == [
        "a>=1; python_version < '4'",
        "fork @ git+https://e.org/fork@abc",
        "b @ https://e.org/b.whl",
        "c",
        "d>=1.2,<2",
    ]


@pytest.mark.parametrize(
    ("promise", "tested", "python"),
    [
        ("", ("3.14", "3.12", "pypy3.10"), ">=3.12,<3.15"),
        ('requires-python = ">=3.11,<3.13"', ("3.14",), ">=3.11,<3.13"),
        ("", (), ""),
    ],
)
def test_without_a_promise_the_python_is_one_that_ci_tests_on(
    tmp_path: Path, promise: str, tested: tuple[str, ...], python: str
) -> None:
    plant(tmp_path, {"pyproject.toml": f"[project]\nname = 'p'\n{promise}\n"})
    (make,) = install_commands(layout_of(tmp_path), None, "/cache", uv="uv", tested=tested)
    assert make.argv[3:-1] == (("--clear", "--python", python) if python else ("--clear",))


def test_a_requirement_cannot_smuggle_in_an_option(tmp_path: Path) -> None:
    source = (
        '[project]\nname = "p"\ndependencies = ["a @ https://e.org/x\\n--index-url=https://evil"]\n'
    )
    plant(tmp_path, {"pyproject.toml": source})
    layout = layout_of(tmp_path)
    commands = install_commands(
        layout, None, "/cache", uv="uv", dependencies=read_dependencies(layout, {})
    )
    assert not any(b"evil" in content for each in commands for content in each.files.values())


def test_a_folder_inside_the_project_is_refused(tmp_path: Path) -> None:
    layout = layout_of(tmp_path)
    assert install_commands(layout, LOCK, f"{tmp_path}/cache", uv="uv") == ()
    outside = replace(layout, root=f"{tmp_path}/p")
    assert install_commands(outside, LOCK, f"{tmp_path}/cache", uv="uv")
