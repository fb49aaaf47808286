"""A move is made whole or not at all, and what is left of a file is what it was."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from doctrine.adopt.edits import Section
from tests.adopt.movers.moving import after, move
from tests.adopt.trees import TINY, adopted, paths, write
from tests.guide.examples import plant

SHARED = """\
# about releases
[bumpversion]
current = 1

# types are checked strictly,
# but not those of others
[mypy]
strict = true
; slow
exclude = a\\.py

[mypy-yaml.*]
ignore_missing_imports = true
# to be dropped

[wheel]
universal = 1
"""


def test_a_section_goes_with_its_comments_and_the_rest_stays() -> None:
    now = after({"setup.cfg": SHARED, "pyproject.toml": "[project]\nname = 'x'\n\n[tool.ruff]\n"})
    assert now == {
        "setup.cfg": "# about releases\n[bumpversion]\ncurrent = 1\n\n[wheel]\nuniversal = 1\n",
        "pyproject.toml": (
            "[project]\nname = 'x'\n\n[tool.ruff]\n\n"
            "# types are checked strictly,\n# but not those of others\n"
            "[tool.mypy]\nstrict = true\n# slow\nexclude = 'a\\.py'\n\n"
            '[[tool.mypy.overrides]]\nmodule = "yaml.*"\nignore_missing_imports = true\n'
            "# to be dropped\n"
        ),
    }


def test_line_ends_of_windows_stay() -> None:
    files = {"setup.cfg": SHARED, "pyproject.toml": "[tool.ruff]\n"}
    windows = {path: text.replace("\n", "\r\n") for path, text in files.items()}
    assert after(windows) == {
        path: text.replace("\n", "\r\n") for path, text in after(files).items()
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"mypy.ini": "[mypy]\n", "setup.cfg": "[mypy]\n"}, "mypy is configured in [mypy] of setup.cfg"),
        ({"mypy.ini": "[mypy]\n", "pyproject.toml": "[tool.mypy]\nstrict = true\n"}, "[tool.mypy] as well"),
        ({"mypy.ini": "[mypy]\n[other]\n"}, "mypy.ini:2: the file is not moved, since [other]"),
        ({"mypy.ini": "[mypy]\nodd\n"}, "mypy.ini is not moved: line 2"),
        ({"mypy.ini": "[mypy-a]\n[mypy-b,a]\n"}, "mypy.ini:2: sections of 'a' replace each other"),
        ({"setup.cfg": "[mypy-a]\nstrict = 1\n"}, "setup.cfg:1: mypy reads no section"),
        (
            {"mypy.ini": "[mypy]\n", "Makefile": "all:\n\tmypy --config-file=mypy.ini\n"},
            "Makefile:2: it names mypy.ini, which is not moved therefore",
        ),
        (
            {"setup.cfg": SHARED, "tox.ini": "[testenv]\ncommands = mypy --config-file setup.cfg\n"},
            "tox.ini:2: it names setup.cfg, which is not moved therefore",
        ),
        ({".coveragerc": "[run]\nbranch = maybe\n"}, ".coveragerc:2: .coveragerc is not moved"),
        ({".coveragerc": "[run]\nsource = $SRC\n"}, "may stand for several items"),
        ({"setup.cfg": "[tool:pytest]\n  addopts = -q\n"}, "setup.cfg is not moved"),
    ],
)  # fmt: skip
def test_what_cannot_be_moved_stays_where_it_is(files: Mapping[str, str], said: str) -> None:
    result = move(files)
    assert result.edits == ()
    assert [one.text for one in result.left if said in one.text]


@pytest.mark.parametrize(
    ("read", "unread", "table"),
    [
        (("pytest.ini", "[pytest]\naddopts = -q\n"), ("setup.cfg", "[tool:pytest]\nxfail_strict = true\n"), "pytest"),
        ((".pytest.ini", "[pytest]\naddopts = -q\n"), ("tox.ini", "[pytest]\naddopts = -x\n"), "pytest"),
        (("mypy.ini", "[mypy]\nstrict = true\n"), ("setup.cfg", "[mypy]\nstrict = false\n"), "mypy"),
    ],
)  # fmt: skip
def test_what_its_tool_has_never_read_keeps_nothing_and_stays(
    read: tuple[str, str], unread: tuple[str, str], table: str
) -> None:
    files = dict((read, unread))
    result, now = move(files), after(files)
    assert read[0] not in now
    assert now[unread[0]] == unread[1]
    said = [one.text for one in result.left]
    assert len(said) == 1
    assert said[0].startswith(f"{unread[0]}:1: ")
    assert f"does not read it beside {read[0]}, nor beside pyproject.toml" in said[0]
    tool = tomllib.loads(now["pyproject.toml"])["tool"][table]
    assert tool in ({"ini_options": {"addopts": "-q"}}, {"strict": True})
    assert move(now).edits == ()


@pytest.mark.parametrize(
    "files",
    [
        # An empty file is read in place of the others, and an empty table would not be.
        {"pytest.ini": "", "setup.cfg": "[tool:pytest]\naddopts = -q\n"},
        # coverage looks into these before pyproject.toml.
        {".coveragerc": "[run]\nbranch = true\n", "setup.cfg": "[coverage:run]\nbranch = false\n"},
        {"mypy.ini": "[mypy]\nstrict = true\n", ".mypy.ini": "[mypy]\nstrict = false\n"},
        {"tox.ini": "[pytest]\naddopts = -q\n", "setup.cfg": "[tool:pytest]\naddopts = -x\n"},
    ],
)
def test_what_would_be_read_from_then_on_keeps_a_configuration_where_it_is(
    files: Mapping[str, str],
) -> None:
    result = move(files)
    assert result.edits == ()
    assert "`doctrine doctor` says which it reads today" in result.left[0].hint


def test_a_name_in_prose_or_a_comment_keeps_nothing() -> None:
    texts = {"README.md": "see mypy.ini\n", "Makefile": "# mypy.ini\nall:\n\tmy-mypy.ini.txt\n"}
    assert "mypy.ini" not in after({"mypy.ini": "[mypy]\nstrict = 1\n", **texts})


def test_a_comment_that_has_no_place_is_named() -> None:
    result = move({"setup.cfg": "# of nothing\n\n[tool:pytest]\naddopts = -q\n"})
    assert [(edit.path, edit.after is None) for edit in result.edits] == [
        ("pyproject.toml", False),
        ("setup.cfg", True),
    ]
    assert [one.text for one in result.left] == [
        "setup.cfg:1: this comment is not carried over: # of nothing"
    ]


def test_the_sections_see_what_was_moved(tmp_path: Path) -> None:
    old = {
        "mypy.ini": "[mypy]\nstrict = true\nfiles = src\n",
        "pytest.ini": "[pytest]\naddopts = -q\n",
        ".coveragerc": "[run]\nsource = demo\n[report]\nfail_under = 90\n",
    }
    plant(tmp_path, {**TINY, **old})
    plan = adopted(tmp_path, (Section.MOVE, Section.MYPY, Section.PYTEST, Section.COVERAGE))
    assert plan.left == ()
    assert sorted(paths(plan)) == [".coveragerc", "mypy.ini", "pyproject.toml", "pytest.ini"]
    write(tmp_path, plan)
    assert not [name for name in old if (tmp_path / name).exists()]
    text = (tmp_path / "pyproject.toml").read_text("utf-8")
    assert text.endswith(
        '[tool.mypy]\nstrict = true\nfiles = ["src"]\n\n'
        '[tool.pytest.ini_options]\naddopts = "-q -n auto"\n\n'
        '[tool.coverage.run]\nsource = ["demo"]\n\n[tool.coverage.report]\nfail_under = 90\n'
    )
    assert adopted(tmp_path, (Section.MOVE,)).edits == ()


def test_quotes_that_a_plug_in_takes_away_are_not_part_of_its_text() -> None:
    text = '[mypy]\nstrict = true\n[mypy.plugins.django-stubs]\ndjango_settings_module = "a.b"\n'
    tables = tomllib.loads(after({"mypy.ini": text})["pyproject.toml"])["tool"]
    assert tables["django-stubs"] == {"django_settings_module": "a.b"}
