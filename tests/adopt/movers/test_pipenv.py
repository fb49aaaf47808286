"""``Pipfile`` becomes ``[project]`` and dependency groups, or stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from doctrine.adopt.edits import Section
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
    ],
)
def test_what_has_no_form_there_moves_nothing(more: str, said: str, tmp_path: Path) -> None:
    plant(tmp_path, {"app.py": "X = 1\n", "Pipfile": PIPFILE + more})
    plan = adopted(tmp_path, (Section.MOVE,))
    assert plan.edits == ()
    assert [one for one in plan.left if said in one.text], plan.left
