"""``[tool.poetry]`` becomes ``[project]`` and dependency groups, or stays as it is."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from doctrine.adopt._toml_lines import entries, without_entries
from doctrine.adopt.movers._poetry_versions import python_marker, specifier
from tests.adopt.movers.moving import after, move

PYPROJECT = """\
# the project
[tool.poetry]
name = "demo"
version = "1.0"  # by hand
description = "A demo"
authors = ["Me Too <me@example.org>", "You"]
license = "MIT"
readme = "README.md"
repository = "https://example.org/demo"
packages = [{ include = "demo", from = "src" }]

[tool.poetry.dependencies]
python = "^3.9"
# to fetch
requests = "^2.31"
rich = { version = "~13.7", extras = ["jupyter"], python = "<3.12" }
lxml = { version = "*", optional = true }
own = { git = "https://example.org/own.git", tag = "v1" }
typing_extensions = [
    { version = "^4.0", python = "<3.11" },
    { version = ">=4.5,<6", markers = "python_version >= '3.11'" },
]

[tool.poetry.extras]
xml = ["lxml"]

[tool.poetry.group.dev.dependencies]
pytest = ">=8"  # the runner

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
sphinx = "7.*"

[tool.poetry.scripts]
demo = "demo:main"

[tool.poetry.plugins."demo.plugins"]
one = "demo.one"

[tool.ruff]
line-length = 99

[build-system]
requires = ["poetry-core>=1.0.0"]
build-backend = "poetry.core.masonry.api"
"""


def _moved(text: str) -> dict[str, Any]:
    return tomllib.loads(after({"pyproject.toml": text})["pyproject.toml"])


def test_the_project_is_described_as_it_was() -> None:
    data = _moved(PYPROJECT)
    assert data["project"] == {
        "name": "demo",
        "version": "1.0",
        "description": "A demo",
        "authors": [{"name": "Me Too", "email": "me@example.org"}, {"name": "You"}],
        "license": {"text": "MIT"},
        "readme": "README.md",
        "requires-python": ">=3.9,<4.0",
        "dependencies": [
            "requests>=2.31,<3.0",
            'rich[jupyter]>=13.7,<13.8; python_version < "3.12"',
            "own @ git+https://example.org/own.git@v1",
            'typing_extensions>=4.0,<5.0; python_version < "3.11"',
            "typing_extensions>=4.5,<6; python_version >= '3.11'",
        ],
        "dynamic": ["classifiers"],
        "urls": {"repository": "https://example.org/demo"},
        "optional-dependencies": {"xml": ["lxml"]},
        "scripts": {"demo": "demo:main"},
        "entry-points": {"demo.plugins": {"one": "demo.one"}},
    }
    assert data["dependency-groups"] == {"dev": ["pytest>=8"], "docs": ["sphinx==7.*"]}
    assert data["build-system"] == {
        "requires": ["poetry-core>=2.0,<3.0"],
        "build-backend": "poetry.core.masonry.api",
    }
    assert data["tool"] == {
        "poetry": {
            "packages": [{"include": "demo", "from": "src"}],
            "group": {"docs": {"optional": True}},
        },
        "ruff": {"line-length": 99},
    }


def test_comments_stay_and_a_second_time_changes_nothing() -> None:
    now = after({"pyproject.toml": PYPROJECT})
    text = now["pyproject.toml"]
    assert "# by hand\nversion = " in text
    assert '    # to fetch\n    "requests>=2.31,<3.0",\n' in text
    assert '    # the runner\n    "pytest>=8",\n' in text
    assert "# the project\n[tool.poetry]\n" in text
    assert move(now).edits == ()
    windows = PYPROJECT.replace("\n", "\r\n")
    assert after({"pyproject.toml": windows})["pyproject.toml"] == text.replace("\n", "\r\n")


def test_what_uv_installs_unasked_is_what_poetry_did() -> None:
    text = (
        '[tool.poetry]\nname = "x"\nversion = "1"\npackage-mode = false\n'
        '[tool.poetry.dependencies]\npython = ">=3.11"\n'
        '[tool.poetry.group.test.dependencies]\npytest = "*"\n'
    )
    assert _moved(text)["tool"]["uv"] == {"package": False, "default-groups": ["test"]}


BASE = '[tool.poetry]\nname = "x"\nversion = "1"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{BASE}[tool.poetry.dependencies]\na = "^1 || ^2"\n', "pyproject.toml:5: "),
        (f'{BASE}[tool.poetry.dependencies]\na = {{ path = "../a" }}\n', "`path` of `a`"),
        (f'{BASE}[tool.poetry.dependencies]\na = {{ version = "1", optional = true }}\n', "no extra"),
        (f'{BASE}[[tool.poetry.source]]\nname = "own"\nurl = "https://x"\n', "the index `own`"),
        (f"{BASE}[tool.poetry-dynamic-versioning]\nenable = true\n", "pyproject.toml:4: "),
        (f'{BASE}readme = ["a", "b"]\n', "pyproject.toml:4: "),
        (f'{BASE}[build-system]\nrequires = ["poetry-core", "cython"]\n', "more than poetry-core"),
        (f'{BASE}[tool.poetry.build]\nscript = "b.py"\n[project]\nname = "x"\n', "already"),
    ],
)  # fmt: skip
def test_what_is_not_understood_moves_nothing(text: str, said: str) -> None:
    result = move({"pyproject.toml": text})
    assert result.edits == ()
    assert [one for one in result.left if said in one.text], result.left


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^1.0b2", ">=1.0b2,<2.0"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1", ">=1,<2"),
        ("1.2.*", "==1.2.*"),
        ("*", ""),
        ("1.2", "==1.2"),
        ("= 1.2", "==1.2"),
        (">= 1.0 < 2.0", ">=1.0,<2.0"),
        (">=1,!=1.5.*", ">=1,!=1.5.*"),
        ("~=1.4", "~=1.4"),
        ("^1 || ^2", None),
        ("latest", None),
        (">=*", None),
    ],
)
def test_a_constraint_is_translated_exactly(written: str, meant: str | None) -> None:
    assert specifier(written) == meant


@given(st.lists(st.integers(0, 12), min_size=1, max_size=3), st.sampled_from("^~"))
def test_a_caret_admits_the_version_and_not_the_next_breaking_one(
    numbers: list[int], sign: str
) -> None:
    version = ".".join(map(str, numbers))
    found = SpecifierSet(specifier(f"{sign}{version}") or "")
    assert found.contains(version)
    assert not found.contains(f"{numbers[0] + 1}.0")
    if sign == "^" and numbers[0]:
        assert found.contains(f"{numbers[0]}.99.9")


@pytest.mark.parametrize(
    ("written", "marker"),
    [
        ("^3.8", 'python_version >= "3.8" and python_version < "4.0"'),
        (">=3.8.1", 'python_full_version >= "3.8.1"'),
        ("3.9.*", 'python_version == "3.9"'),
        ("*", ""),
        ("^2.7 || ^3.5", None),
    ],
)
def test_a_constraint_of_python_becomes_a_marker(written: str, marker: str | None) -> None:
    assert python_marker(written) == marker


LINES = st.lists(
    st.sampled_from(
        ("[a]", "[a.b]", "[[c]]", "x = 1", "y = [\n  1, # one\n  2,\n]", '"q=r" = """\n[z]\n# no\n"""',
         "d.e = '#'  # dotted", "# lone", "")
    ),
    max_size=8,
)  # fmt: skip


@given(LINES, st.sampled_from(("x", "y", "e", "q=r")))
def test_a_key_goes_and_every_other_stays(lines: list[str], name: str) -> None:
    text = "\n".join(lines)
    try:
        data = tomllib.loads(text)
    except ValueError:
        return
    found = entries(text)
    assert found is not None
    rest = without_entries(text, lambda one: not one.header and one.path[-1] == name)
    assert rest is not None
    assert f"'{name}'" not in repr(tomllib.loads(rest))
    written = {one.path[-1] for one in found if not one.header}
    assert all(f"'{key}'" in repr(data) for key in written)
    assert all(f"'{key}'" in repr(tomllib.loads(rest)) for key in written - {name})
