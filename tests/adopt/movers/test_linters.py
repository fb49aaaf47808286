"""flake8 and isort become what ruff has of them; pyright's file becomes a table."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import cast

import pytest

from doctrine.adopt.movers._ruff_codes import known
from tests.adopt.movers.moving import after, move

FLAKE8 = """\
[flake8]
# as long as a screen
max-line-length = 120
max-complexity = 12
extend-ignore = E203, W503, E501, XYZ1
ignore = D100
exclude = .git,build,docs/conf.py
per-file-ignores =
    tests/*, conftest.py: S101 D
    # the API
    src/demo/__init__.py:F401,WPS1
inline-quotes = "
show-source = true
import-order-style = google
"""


def _ruff(text: str) -> dict[str, object]:
    return cast("dict[str, object]", tomllib.loads(text)["tool"]["ruff"])


def test_flake8_becomes_what_ruff_has_of_it() -> None:
    result = move({".flake8": FLAKE8})
    text = after({".flake8": FLAKE8})["pyproject.toml"]
    assert "# as long as a screen\nline-length = 120\n" in text
    assert "# the API\n" in text
    assert _ruff(text) == {
        "line-length": 120,
        "src": ["src"],
        "extend-exclude": ["build", "docs/conf.py"],
        "lint": {
            "ignore": ["E501", "D100"],
            "mccabe": {"max-complexity": 12},
            "flake8-quotes": {"inline-quotes": "double"},
            "per-file-ignores": {
                "tests/*": ["S101", "D"],
                "conftest.py": ["S101", "D"],
                "src/demo/__init__.py": ["F401"],
            },
        },
    }
    assert [one.text for one in result.left] == [
        ".flake8:5: ruff has no rule XYZ1: left out of `extend-ignore`",
        ".flake8:8: ruff has no rule WPS1: left out of `per-file-ignores`",
        ".flake8:14: ruff has nothing like flake8's `import-order-style`",
    ]


def test_rules_that_ruff_has_as_previews_are_said_to_be_there() -> None:
    text = "[flake8]\nextend-ignore = E302, E3, W503, XYZ1, E501\n"
    assert [one.text for one in move({".flake8": text}).left] == [
        ".flake8:2: ruff has no rule XYZ1: left out of `extend-ignore`",
        ".flake8:2: ruff checks E302, E3 only with `preview = true`: left out of `extend-ignore`",
    ]
    assert _ruff(after({".flake8": text})["pyproject.toml"])["lint"] == {"ignore": ["E501"]}


def test_flake8_stays_as_long_as_something_runs_it() -> None:
    files = {"tox.ini": "[testenv]\ncommands = flake8 src\n\n[flake8]\nmax-line-length = 99\n"}
    now = after(files)
    assert now["tox.ini"] == files["tox.ini"]
    assert _ruff(now["pyproject.toml"])["line-length"] == 99
    assert "as long as tox.ini:2 runs flake8" in move(files).left[0].text


def test_lines_that_were_held_to_a_length_still_are() -> None:
    now = after({".flake8": "[flake8]\nmax-line-length = 99\n"})
    assert _ruff(now["pyproject.toml"])["lint"] == {"ignore": []}


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("max-complexity = 9", 79),
        ("ignore = E2, W6", 79),
        ("ignore = E501", 100),
        ("extend-ignore = E5", 100),
        ("select = F, B9", 100),
        ("select = E, F", 79),
    ],
)
def test_lines_that_flake8_held_to_its_own_length_still_are(said: str, length: int) -> None:
    ruff = _ruff(after({".flake8": f"[flake8]\n{said}\n"})["pyproject.toml"])
    assert ruff["line-length"] == length
    assert ("E501" in str(ruff)) is (said == "ignore = E501")


def test_the_length_of_black_stays_the_length_of_black() -> None:
    files = {
        ".flake8": "[flake8]\nmax-line-length = 160\nselect = E,F,B9\nextend-select = SIM\n",
        "pyproject.toml": "[tool.black]\nline-length = 100\n",
    }
    ruff = _ruff(after(files)["pyproject.toml"])
    assert ruff["line-length"] == 100
    assert ruff["lint"] == {
        "select": ["E", "F", "B9", "SIM"],
        "ignore": [],
        "pycodestyle": {"max-line-length": 160},
    }


def test_isort_becomes_a_part_of_ruff_where_nothing_runs_it() -> None:
    text = (
        "[settings]\nprofile = black\nknown_first_party = demo,\n  other\nforce_single_line = 1\n"
    )
    files = {".isort.cfg": text.replace("= 1", "= yes")}
    now = after(files)
    assert list(now) == ["pyproject.toml"]
    ruff = _ruff(now["pyproject.toml"])
    assert ruff["lint"] == {
        "isort": {"known-first-party": ["demo", "other"], "force-single-line": True}
    }
    assert "isort" not in tomllib.loads(now["pyproject.toml"])["tool"]


@pytest.mark.parametrize(
    "files",
    [
        {"setup.cfg": "[isort]\nprofile = google\nsections = A,B\nskip = x\n"},
        {
            "setup.cfg": "[isort]\nprofile = google\nsections = A,B\nskip = x\n",
            "Makefile": "all:\n\tisort .\n",
        },
    ],
)
def test_isort_keeps_a_table_where_ruff_lacks_something_or_it_is_run(files: dict[str, str]) -> None:
    tool = tomllib.loads(after(files)["pyproject.toml"])["tool"]
    assert tool["isort"] == {"profile": "google", "sections": ["A", "B"], "skip": ["x"]}


def test_the_file_of_pyright_becomes_a_table() -> None:
    text = (
        '{\n  // what is read\n  "include": ["src",],\n  "strict": [],\n  "$schema": "x",\n'
        '  "reportMissingImports": "warning", // for now\n  "useLibraryCodeForTypes": true,\n'
        '  "executionEnvironments": [{"root": "src", "extraPaths": ["a"]}]\n}\n'
    )
    now = after({"pyrightconfig.json": text})
    assert list(now) == ["pyproject.toml"]
    assert "# what is read\ninclude" in now["pyproject.toml"]
    assert tomllib.loads(now["pyproject.toml"])["tool"]["pyright"] == {
        "include": ["src"],
        "strict": [],
        "reportMissingImports": "warning",
        "useLibraryCodeForTypes": True,
        "executionEnvironments": [{"root": "src", "extraPaths": ["a"]}],
    }


@pytest.mark.parametrize(
    "files",
    [
        {"pyrightconfig.json": '{"include": null}'},
        {"pyrightconfig.json": "{"},
        {"pyrightconfig.json": "[]"},
        {"pyrightconfig.json": "{}", "pyproject.toml": "[tool.pyright]\nstrict = ['a']\n"},
        {".isort.cfg": "[settings]\nskip = a\n[isort]\nskip = b\n"},
    ],
)
def test_what_cannot_be_said_in_a_table_stays(files: dict[str, str]) -> None:
    result = move(files)
    assert result.edits == ()
    assert len(result.left) == 1


RUFF = """\
# what we agreed on
line-length = 99 # as wide as the screen
extend = "../shared.toml"

[lint]  # rules
select = [
    "E", # the basics
]

  [lint.per-file-ignores]
"tests/[ab]*" = ["S101"]
# the end
"""


@pytest.mark.parametrize("name", ["ruff.toml", ".ruff.toml"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_file_of_ruff_becomes_tables_with_everything_that_it_says(name: str, end: str) -> None:
    files = {name: RUFF.replace("\n", end), "pyproject.toml": f"[tool.x]{end}a = 1{end}"}
    now = after(files)
    assert list(now) == ["pyproject.toml"]
    assert not move(files).left
    text = now["pyproject.toml"].replace(end, "\n")
    assert "\r" not in text
    assert f"[tool.ruff]\n{RUFF[: RUFF.index('[lint]')]}[tool.ruff.lint]  # rules\n" in text
    assert '\n  [tool.ruff.lint.per-file-ignores]\n"tests/[ab]*"' in text
    assert "\n# the end\n" in text
    assert _ruff(text) == tomllib.loads(RUFF)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ruff.toml": "a =\n"}, "ruff.toml is not moved: "),
        (
            {"ruff.toml": "", ".ruff.toml": ""},
            ".ruff.toml is not moved: ruff.toml is there as well",
        ),
        ({"ruff.toml": "", "pyproject.toml": "[tool.ruff]\n"}, "[tool.ruff] is there as well"),
        ({"ruff.toml": "extend = './pyproject.toml'\n"}, "would then extend itself"),
        (
            {"ruff.toml": "", "docs/ruff.toml": "extend = '../ruff.toml'\n"},
            "docs/ruff.toml:1: it names ruff.toml",
        ),
        (
            {"ruff.toml": "", "tox.ini": "[testenv]\ncommands = ruff check --config ruff.toml\n"},
            "tox.ini:2: it names ruff.toml",
        ),
    ],
)
def test_a_file_of_ruff_that_something_else_reads_or_hides_stays(
    files: dict[str, str], said: str
) -> None:
    result = move(files)
    assert result.edits == ()
    (left,) = result.left
    assert said in left.text


@pytest.mark.live
def test_ruff_reads_in_its_tables_what_it_read_in_its_file(tmp_path: Path) -> None:
    files = {"ruff.toml": RUFF.replace("../shared.toml", "base/shared.toml")}
    files |= {"pyproject.toml": "[project]\nname = 'a'\nrequires-python = '>=3.12'\n"}
    (tmp_path / "base").mkdir()
    (tmp_path / "base/shared.toml").write_text("lint.ignore = ['E501']\n", "utf-8")

    def settings(texts: dict[str, str]) -> str:
        for name, text in texts.items():
            (tmp_path / name).write_text(text, "utf-8")
        argv = (sys.executable, "-m", "ruff", "check", "--show-settings", ".")
        (tmp_path / "a.py").write_text("", "utf-8")
        done = subprocess.run(argv, cwd=tmp_path, capture_output=True, check=True, text=True)
        return done.stdout.partition("# General Settings")[2]

    before = settings(files)
    (tmp_path / "ruff.toml").unlink()
    assert "3.12" in before
    assert settings(after(files)) == before


@pytest.mark.parametrize(("code", "is_known"), [("E501", True), ("C4", True), ("W503", False), ("B950", False), ("S", True)])  # fmt: skip
def test_the_codes_are_those_of_ruff(code: str, is_known: bool) -> None:
    assert known(code) is is_known


def test_no_comment_of_pyrights_file_is_lost_silently() -> None:
    text = """{
  "exclude": [ // because
    "http://x//y" // "quoted"
  ],
  /* gone */
  "strict": ["src"] // end
}
"""
    files = {"pyrightconfig.json": text}
    now = after(files)["pyproject.toml"] or ""
    assert [line.strip() for line in now.splitlines() if line.lstrip().startswith("#")] == [
        "# because",
        '# "quoted"',
        "# end",
    ]
    (left,) = move(files).left
    assert left.text == "pyrightconfig.json:5: the comment is not carried"
