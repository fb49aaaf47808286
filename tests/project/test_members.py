from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.project.dependencies import read_dependencies
from doctrine.project.texts import read_texts
from tests.project.trees import layout_of, plant

MEMBER = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">={}"\ndependencies = ["{}"]\n'
A = MEMBER.format("a", "3.12", "idna")
B = MEMBER.format("b", "3.10", "certifi>=1")


@pytest.mark.parametrize(
    ("files", "members"),
    [
        ({"packages/a/pyproject.toml": A, "b/pyproject.toml": B}, ["b", "packages/a"]),
        # Where the root is a project of its own, what lies below belongs to somebody else.
        ({"pyproject.toml": A, "b/pyproject.toml": B}, []),
        ({"pyproject.toml": '[tool.poetry]\nname = "a"\n', "b/pyproject.toml": B}, []),
        ({"setup.py": "setup()\n", "b/pyproject.toml": B}, []),
        # unless its workspace names it.
        (
            {
                "pyproject.toml": f'{A}[tool.uv.workspace]\nmembers = ["p/*"]\nexclude = ["p/b"]\n',
                "p/a/pyproject.toml": A,
                "p/b/pyproject.toml": B,
                "q/pyproject.toml": B,
            },
            ["p/a"],
        ),
        ({"pyproject.toml": "[tool.ruff]\n", "b/pyproject.toml": B}, ["b"]),
        (
            {
                "examples/x/pyproject.toml": A,
                "tests/fixtures/y/pyproject.toml": A,
                "docs/pyproject.toml": A,
                ".ci/pyproject.toml": A,
                "{{ name }}/pyproject.toml": A,
                "tools/pyproject.toml": "[tool.ruff]\n",
                "broken/pyproject.toml": "[project\n",
            },
            [],
        ),
    ],
)
def test_the_projects_of_a_repository(
    tmp_path: Path, files: dict[str, str], members: list[str]
) -> None:
    layout = layout_of(plant(tmp_path, files))
    assert [one.path for one in layout.members] == [f"{one}/pyproject.toml" for one in members]


def test_what_members_ask_for_and_promise_counts(tmp_path: Path) -> None:
    poetry = '[tool.poetry]\nname = "c"\n[tool.poetry.dependencies]\nattrs = "*"\n'
    files = {"p/a/pyproject.toml": A, "p/b/pyproject.toml": B, "p/c/pyproject.toml": poetry}
    layout = layout_of(plant(tmp_path, files))
    assert layout.target.minors[0] == 10, "the code has to run wherever one member may be installed"
    assert layout.target.specifier == ">=3.12 or >=3.10"
    assert [one.path for one in layout.target.evidence] == list(files)[:2]
    texts, _ = read_texts(layout)
    found = {(one.name, one.place.path, one.place.line) for one in read_dependencies(layout, texts)}
    assert found == {
        ("idna", "p/a/pyproject.toml", 5),
        ("certifi", "p/b/pyproject.toml", 5),
        ("attrs", "p/c/pyproject.toml", 4),
    }


def test_the_root_promises_for_all(tmp_path: Path) -> None:
    root = (
        '[project]\nname = "r"\nrequires-python = ">=3.13"\n[tool.uv.workspace]\nmembers = ["a"]\n'
    )
    layout = layout_of(plant(tmp_path, {"pyproject.toml": root, "a/pyproject.toml": A}))
    assert (layout.target.specifier, len(layout.members)) == (">=3.13", 1)
