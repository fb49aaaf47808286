"""What environments of hatch need becomes groups, and hatch reads what it read."""

from __future__ import annotations

import shlex
import tomllib

import pytest

from tests.adopt.movers.moving import after, move

PROJECT = '[project]\nname = "x"\nversion = "1"\n'
ENVS = """\
[tool.hatch.envs.default]
dependencies = ["pytest>=8", "respx"]  # ours

[tool.hatch.envs.lint]
detached = true
dependencies = ["ruff~=0.14"]

[tool.hatch.envs.hatch-test]
extra-dependencies = ["trio"]

[tool.hatch.envs.docs]
dependencies = ["mkdocs"]

[tool.hatch.envs.types]
scripts.check = "mypy"
"""


def test_environments_for_tests_and_checks_become_groups_beside_them() -> None:
    files = {"pyproject.toml": PROJECT + ENVS}
    moved, now = move(files), after(files)
    data = tomllib.loads(now["pyproject.toml"])
    assert data["dependency-groups"] == {
        "dev": ["pytest>=8", "respx"],
        "lint": ["ruff~=0.14"],
        "test": ["trio"],
    }
    assert data["tool"]["hatch"] == tomllib.loads(ENVS)["tool"]["hatch"]
    # What is a tool of the project may stand in one of them alone.
    assert data["tool"]["uv"] == {"default-groups": ["dev", "lint", "test"]}
    assert [one.text for one in moved.left] == [
        (
            "pyproject.toml:14: the environment `docs` of hatch is none that tests or checks are known "
            "to run in, so mkdocs stay its own"
        ),
        "hatch goes on reading its own tables beside the new groups `dev`, `lint`, `test`",
    ]
    assert move(now).edits == ()


def test_a_file_of_hatch_is_read_in_place_of_its_tables() -> None:
    files = {"pyproject.toml": PROJECT + ENVS, "hatch.toml": '[envs.test]\ndependencies = ["a"]\n'}
    now = after(files)
    assert tomllib.loads(now["pyproject.toml"])["dependency-groups"] == {"test": ["a"], "dev": []}
    assert now["hatch.toml"] == files["hatch.toml"]


@pytest.mark.parametrize(
    ("pyproject", "said"),
    [
        (
            PROJECT + '[tool.hatch.envs.test]\ndependencies = ["a", "b @ {root:uri}/b"]\n',
            "pyproject.toml:4: the environment `test` of hatch becomes no group: `b @ {root:uri}/b`",
        ),
        (
            PROJECT
            + '[dependency-groups]\ndev = ["pytest"]\n[tool.hatch.envs.default]\n'
            + 'dependencies = ["pytest", "respx"]\n',
            "pyproject.toml:6: the environment `default` of hatch names respx, which the group `dev`",
        ),
        ('[tool.hatch.envs.test]\ndependencies = ["a"]\n', ""),
    ],
)
def test_what_becomes_no_group_is_named(pyproject: str, said: str) -> None:
    moved = move({"pyproject.toml": pyproject})
    assert moved.edits == ()
    assert any(one.text.startswith(said) for one in moved.left) is bool(said), moved.left


def test_the_command_that_is_named_keeps_its_markers() -> None:
    listed = """dependencies = ['a>=1; python_version < "3.12"']"""
    (said,) = move({"pyproject.toml": f"{PROJECT}[tool.hatch.envs.docs]\n{listed}\n"}).left
    command = said.hint.partition("`")[2].rstrip("`")
    words = ["uv", "add", "--group", "docs", 'a>=1; python_version < "3.12"']
    assert shlex.split(command) == words
