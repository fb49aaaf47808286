"""``[tool.flit.metadata]`` becomes ``[project]``, or stays as it is."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.adopt.movers.moving import after, move

PYPROJECT = """\
[build-system]
requires = ["flit", "attrs>=23"]
build-backend = "flit.buildapi"

# who we are
[tool.flit.metadata]
module = "demo_pkg"
dist-name = "demo"  # as it is on the index
author = "Me Too"
author-email = "me@example.org"
maintainer = "You"
home-page = "https://example.org/demo"
description-file = "README.md"
license = "mit"
keywords = "a b, c"
classifiers = [
    'Topic :: Utilities',  # in quotes of its own
]
requires = ["requests >=2.31"]
requires-python = ">=3.9"

[tool.flit.metadata.urls]
Docs = "https://example.org/docs"

[tool.flit.metadata.requires-extra]
test = [
    "pytest",  # the runner
    # not yet: "tox"
]

[tool.flit.scripts]
demo = "demo_pkg:main"

[tool.flit.entrypoints.gui_scripts]
demow = "demo_pkg:window"

[tool.flit.entrypoints.demo.plugins]
one = "demo_pkg.one"

[tool.flit.sdist]
exclude = ["doc/"]
"""
BASE = '[tool.flit.metadata]\nmodule = "x"\nauthor = "Me"\n'


def _moved(text: str) -> dict[str, Any]:
    return tomllib.loads(after({"pyproject.toml": text})["pyproject.toml"])


def test_the_project_is_described_as_it_was() -> None:
    assert _moved(PYPROJECT) == {
        "project": {
            "name": "demo",
            "dynamic": ["version", "description"],
            "readme": "README.md",
            "requires-python": ">=3.9",
            "license": "MIT",
            "authors": [{"name": "Me Too", "email": "me@example.org"}],
            "maintainers": [{"name": "You"}],
            "keywords": ["a b", "c"],
            "classifiers": ["Topic :: Utilities"],
            "dependencies": ["requests >=2.31"],
            "urls": {"Homepage": "https://example.org/demo", "Docs": "https://example.org/docs"},
            "optional-dependencies": {"test": ["pytest"]},
            "scripts": {"demo": "demo_pkg:main"},
            "gui-scripts": {"demow": "demo_pkg:window"},
            "entry-points": {"demo.plugins": {"one": "demo_pkg.one"}},
        },
        "build-system": {
            "requires": ["flit_core>=3.12,<4", "attrs>=23"],
            "build-backend": "flit_core.buildapi",
        },
        "tool": {"flit": {"module": {"name": "demo_pkg"}, "sdist": {"exclude": ["doc/"]}}},
    }


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_layout_and_comments_stay_and_a_second_time_changes_nothing(ends: str) -> None:
    now = after({"pyproject.toml": PYPROJECT.replace("\n", ends)})
    text = now["pyproject.toml"].replace(ends, "\n")
    assert "# who we are\n[project]\n# as it is on the index\nname = " in text
    assert "    'Topic :: Utilities',  # in quotes of its own\n" in text
    assert '    "pytest",  # the runner\n    # not yet: "tox"\n]\n' in text
    assert move(now).edits == ()


def test_tables_in_one_line_move_as_well() -> None:
    text = f'{BASE}urls = {{ Docs = "https://x" }}\nrequires-extra = {{ all = ["a"] }}\n'
    project = _moved(text)["project"]
    assert project["urls"] == {"Docs": "https://x"}
    assert project["optional-dependencies"] == {"all": ["a"]}


def test_a_license_that_flit_would_not_write_is_named() -> None:
    text = f'{BASE}license = "MIT"\nclassifiers = ["License :: OSI Approved :: MIT License"]\n'
    result = move({"pyproject.toml": text})
    assert _moved(text)["project"]["license"] == {"text": "MIT"}
    assert ["pyproject.toml:4: `license = 'MIT'`" in one.text for one in result.left] == [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{BASE}[project]\nname = "x"\n', "[project] is there already"),
        (f'{BASE}summary = "s"\n', "pyproject.toml:4: "),
        (f'{BASE}requires = ["not a requirement"]\n', "`not a requirement`"),
        (f'{BASE}[tool.flit.metadata.requires-extra]\nt = ["=="]\n', "pyproject.toml:5: "),
        (f'{BASE}description-file = "README"\n', "the type of README"),
        (f'{BASE}home-page = "a"\nurls = {{ homepage = "b" }}\n', "two addresses"),
        (f'{BASE}[build-system]\nrequires = ["x"]\nbuild-backend = "x.y"\n', "something else"),
        ('[tool.flit.metadata]\nmodule = "x"\n', "no `author`"),
        (f'{BASE}[tool.flit.scripts]\na = "b:c"\n[tool.flit.entrypoints.console_scripts]\nd = "e:f"\n',
         "`console_scripts`"),
    ],
)  # fmt: skip
def test_what_is_not_understood_moves_nothing(text: str, said: str) -> None:
    result = move({"pyproject.toml": text})
    assert result.edits == ()
    assert [one for one in result.left if said in one.text], result.left
