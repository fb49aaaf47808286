"""``Pipfile`` becomes ``[project]`` and dependency groups, or stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from doctrine.adopt.edits import Section
from tests.adopt.movers.moving import after as moved_files
from tests.adopt.movers.moving import move
from tests.adopt.trees import adopted, after, paths
from tests.guide.examples import plant

PIPFILE = """\
[[source]]
url = "https://pypi.org/simple"
verify_ssl = true
name = "pypi"

[packages]
# to serve
flask = "~=3.0"
requests = {extras = ["socks"], version = "*", markers = "sys_platform != 'win32'"}
own = {git = "https://example.org/own.git", ref = "v1", subdirectory = "py"}

[dev-packages]
pytest = ">=8"  # the runner

[requires]
python_version = "3.12"
"""


def test_a_pipfile_becomes_a_description(tmp_path: Path) -> None:
    plant(tmp_path, {"app.py": "X = 1\n", "Pipfile": PIPFILE, "Pipfile.lock": "{}"})
    plan = adopted(tmp_path, (Section.MOVE,))
    assert paths(plan) == ["pyproject.toml", "Pipfile"]
    text = after(plan, "pyproject.toml")
    data = tomllib.loads(text)
    assert data["project"]["requires-python"] == "==3.12.*"
    assert data["project"]["dependencies"] == [
        "flask~=3.0",
        "requests[socks]; sys_platform != 'win32'",
        "own @ git+https://example.org/own.git@v1#subdirectory=py",
    ]
    assert data["dependency-groups"] == {"dev": ["pytest>=8"]}
    assert '    # to serve\n    "flask' in text
    assert '    # the runner\n    "pytest' in text
    assert [one.text for one in plan.left] == [
        "Pipfile.lock was made from Pipfile, and uv.lock takes its place"
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[scripts]\nrun = "x"\n', "Pipfile:18: Pipfile is not moved: `run` in [scripts]"),
        ("[pipenv]\nallow_prereleases = true\n", "`allow_prereleases` in [pipenv]"),
        ('[lint]\nruff = {path = "."}\n', "`path` of `ruff`"),
        ('[lint]\nruff = "latest"\n', "`ruff = 'latest'`"),
        ('[[source]]\nurl = "https://example.org/simple"\nname = "own"\n', "the index https://ex"),
        ('[dev]\nruff = "*"\n', "[dev-packages] becomes the group `dev` as well"),
    ],
)
def test_what_has_no_form_there_moves_nothing(more: str, said: str, tmp_path: Path) -> None:
    plant(tmp_path, {"app.py": "X = 1\n", "Pipfile": PIPFILE + more})
    plan = adopted(tmp_path, (Section.MOVE,))
    assert plan.edits == ()
    assert [one for one in plan.left if said in one.text], plan.left


DESCRIBED = """\
[project]
name = "x"
version = "1"
dependencies = ["Flask~=3.0"]
"""
BESIDE = """\
[packages]
own = {path = ".", editable = true}
flask = "~=3.0"
requests = "*"

[dev-packages]
# the runner
pytest = ">=8"
local = {path = "vendored"}

[docs]
sphinx = "*"
"""


@pytest.mark.parametrize("setup", [False, True], ids=["described", "setup.py"])
def test_beside_a_project_its_categories_become_groups_and_the_rest_is_named(
    *, setup: bool
) -> None:
    script = "from setuptools import setup\nsetup(name='x', version='1', install_requires=['Flask~=3.0'])\n"
    files = {
        "Pipfile": BESIDE,
        **({"setup.py": script} if setup else {"pyproject.toml": DESCRIBED}),
    }
    moved, now = move(files), moved_files(files)
    assert now["Pipfile"] == BESIDE
    groups = tomllib.loads(now["pyproject.toml"])["dependency-groups"]
    assert groups == {"dev": ["pytest>=8"], "docs": ["sphinx"]}
    assert "# the runner" in now["pyproject.toml"]
    said = [one.text for one in moved.left]
    assert [one for one in said if one.startswith("Pipfile")] == [
        "Pipfile:4: [packages] names requests, which [project] does not",
        "Pipfile:9: it becomes no dependency group: `path` of `local` has no form in a requirement",
        "Pipfile stays beside [project], and uv does not read it",
    ]
    assert move(now).edits == ()


@pytest.mark.parametrize(
    ("pyproject", "pipfile", "said"),
    [
        (
            DESCRIBED
            + '[dependency-groups]\ndev = [{include-group = "a"}, "mypy"]\na = ["ruff"]\n',
            '[dev-packages]\nruff = "*"\nnose = "*"\n',
            "Pipfile:1: [dev-packages] names nose, which the group `dev` has not",
        ),
        (
            DESCRIBED,
            '[packages]\nflask = "==3.0.1"\n',
            "Pipfile:2: [packages] asks for flask==3.0.1, [project] for Flask~=3.0",
        ),
        (
            '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n',
            '[packages]\nflask = "*"\n',
            "Pipfile:1: whether [project] has what [packages] names is not known",
        ),
        (
            DESCRIBED,
            '[[source]]\nurl = "https://example.org/simple"\n[dev-packages]\nown = "*"\n',
            "Pipfile:1: it becomes no dependency group: the index https://example.org/simple",
        ),
        (DESCRIBED, "[packages\n", "Pipfile cannot be read: "),
    ],
)
def test_what_a_project_has_not_of_a_pipfile_is_named(
    pyproject: str, pipfile: str, said: str
) -> None:
    moved = move({"pyproject.toml": pyproject, "Pipfile": pipfile})
    assert moved.edits == ()
    assert [one for one in moved.left if one.text.startswith(said)], moved.left
