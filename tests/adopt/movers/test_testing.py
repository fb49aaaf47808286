"""Lists of what the tests need become a dependency group of a described project."""

from __future__ import annotations

import tomllib

import pytest

from tests.adopt.movers.moving import after, move

PROJECT = '[project]\nname = "x"\nversion = "1"\n'


@pytest.mark.parametrize(
    "path", ["tests/requirements.txt", "requirements/test.txt", "test_requirements.txt"]
)
def test_a_list_beside_a_project_becomes_its_group(path: str) -> None:
    files = {"pyproject.toml": PROJECT, path: "# the runner\npytest>=8\n-e .\nresponses\n"}
    moved = move(files)
    now = after(files)
    assert path not in now
    assert tomllib.loads(now["pyproject.toml"])["dependency-groups"] == {
        "test": ["pytest>=8", "responses"]
    }
    assert any("# the runner" in one.text for one in moved.left)
    assert move(now).edits == ()


def test_a_list_becomes_a_group_beside_others() -> None:
    grouped = PROJECT + '[dependency-groups]\ndev = ["ruff"]  # ours\n'
    text = after({"pyproject.toml": grouped, "test-requirements.txt": "pytest\n"})["pyproject.toml"]
    assert tomllib.loads(text)["dependency-groups"] == {"dev": ["ruff"], "test": ["pytest"]}
    assert "# ours" in text


def test_a_list_that_is_named_or_includes_another_stays_beside_the_group() -> None:
    named = {
        "pyproject.toml": PROJECT,
        "tests/requirements.txt": "pytest\n",
        "tox.ini": "[testenv]\ndeps = -rtests/requirements.txt\n",
    }
    including = {
        "pyproject.toml": PROJECT, "test-requirements.txt": "-r requirements.txt\npytest\n"
    }  # fmt: skip
    for files, said in ((named, "tox.ini:2: "), (including, "test-requirements.txt:1: ")):
        now = after(files)
        assert len(now) == len(files)
        assert tomllib.loads(now["pyproject.toml"])["dependency-groups"] == {"test": ["pytest"]}
        assert any(one.text.startswith(said) for one in move(files).left)
        assert move(now).edits == ()


@pytest.mark.parametrize(
    ("pyproject", "listed", "said"),
    [
        (PROJECT + '[dependency-groups]\ntest = ["pytest"]\n', "pytest\nnose\n", "names nose"),
        (PROJECT, "pytest\n./vendored\n", "tests/requirements.txt:2: "),
        ("", "pytest\n", ""),
    ],
)
def test_what_is_there_or_cannot_be_read_is_left_alone(
    pyproject: str, listed: str, said: str
) -> None:
    moved = move({"pyproject.toml": pyproject, "tests/requirements.txt": listed})
    assert moved.edits == ()
    assert any(said in one.text for one in moved.left) is bool(said)
