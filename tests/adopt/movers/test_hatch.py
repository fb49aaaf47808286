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


INHERITING = """\
[tool.hatch.envs.test]
template = "base"
features = ["xml", "cli"]
dependencies = ["pytest"]
[tool.hatch.envs.test.overrides]
matrix.django.dependencies = [{ value = "django~=5.2", if = ["5.2"] }]
platform.windows.set-features = ["win"]
platform.windows.scripts = ["x"]
[tool.hatch.envs.types]
features = ["xml"]
[tool.hatch.envs.lint]
template = "default"
dependencies = ["ruff"]
"""


def test_what_no_group_can_say_of_an_environment_is_named() -> None:
    files = {"pyproject.toml": PROJECT + INHERITING}
    moved, now = move(files), after(files)
    groups = tomllib.loads(now["pyproject.toml"])["dependency-groups"]
    assert groups == {"test": ["pytest"], "lint": ["ruff"], "dev": []}
    assert [one.text for one in moved.left][:-1] == [
        (
            "pyproject.toml:4: the environment `test` of hatch installs more than a group can say: the "
            "extras xml, cli (`uv sync --extra xml --extra cli`); what it takes from the environment "
            "`base`; what its overrides say of `dependencies`, `set-features`"
        ),
        (
            "pyproject.toml:12: the environment `types` of hatch installs more than a group can say: the "
            "extras xml (`uv sync --extra xml`)"
        ),
    ]
    dotted = PROJECT + "[tool.hatch]\nenvs.docs.python = '3'\nenvs.docs.dependencies = ['mkdocs']\n"
    assert move({"pyproject.toml": dotted}).left[0].text.startswith("pyproject.toml:5: ")
    # Whose groups are there was told when they were made.
    assert not any("`test`" in one.text for one in move(now).left)
