"""Which configuration a tool gets to see of a project that is not believed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import tomli_w

from doctrine.model.settings import Settings
from doctrine.model.trust import Trust
from doctrine.project.confinement import trust_nothing
from doctrine.tools._mypy_confined import is_confined
from doctrine.tools.mypy import TOOL as MYPY
from tests.tools.asking import a_layout, a_request, prepared

NONE: set[str] = set()
RUFF, PYRIGHT = {"ruff", "ruff-format"}, {"pyright"}


@pytest.mark.parametrize(
    ("name", "content", "refused"),
    [
        ("ruff.toml", 'extend = "base.toml"', NONE),
        ("sub/ruff.toml", 'extend = "../base.toml"', NONE),
        ("sub/ruff.toml", 'extend = "../../base.toml"', RUFF),
        ("sub/.ruff.toml", 'extend = "a/../../../base.toml"', RUFF),
        ("ruff.toml", 'extend = "/etc/passwd"', RUFF),
        ("ruff.toml", 'extend = "~/x.toml"', RUFF),
        ("ruff.toml", 'extend = "$SECRET/x.toml"', RUFF),
        ("pyproject.toml", '[tool.ruff]\nextend = "C:\\\\x.toml"', RUFF),
        ("sub/pyproject.toml", "[tool.ruff", RUFF),
        ("pyrightconfig.json", '{"venvPath": ".", "venv": ".venv", "extraPaths": ["src"]}', NONE),
        ("pyrightconfig.json", '{"extraPaths": ["src", "../.."]}', PYRIGHT),
        ("pyrightconfig.json", '{"executionEnvironments": [{"root": "/home"}]}', PYRIGHT),
        ("pyrightconfig.json", '{"extends": "/home/x.json"}', PYRIGHT),
        ("pyrightconfig.json", '{"venvPath": "${env:HOME}"}', PYRIGHT),
        ("pyrightconfig.json", "{", PYRIGHT),
        ("pyproject.toml", '[tool.pyright]\ntypeshedPath = "../typeshed"', PYRIGHT),
    ],
)
def test_what_leads_out_is_not_handed_on(
    name: str, content: str, refused: set[str], tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    trust = trust_nothing(str(tmp_path), ())
    always = {"coverage", "semgrep-packs", "uv-audit", "uv-lock"}
    assert trust.refused.keys() - always == refused
    assert all(name in trust.refused[tool] for tool in refused)


@pytest.mark.parametrize(
    ("place", "stays"),
    [("src", True), ("./a/b", True), ("..", False), ("a/../../b", False), ("/a", False),
     ("~/a", False), ("$HOME", False), ("C:\\a", False), ("a\\..\\..\\b", False)],
)  # fmt: skip
def test_places(place: str, *, stays: bool) -> None:
    assert is_confined(place) is stays


NOT_BELIEVED = Settings(root="/project", trust=Trust(believed=False))


def written(toml: str = "", texts: dict[str, str] | None = None) -> object:
    """Return the options that mypy gets, whatever else configures it."""
    layout = a_layout("src/a.py", toml=toml, texts=texts)
    invocation = prepared(MYPY, a_request(layout, settings=NOT_BELIEVED))
    assert "--config-file={scratch}/mypy.toml" in invocation.argv
    assert "--no-site-packages" in invocation.argv
    return tomllib.loads(invocation.files["mypy.toml"].decode())["tool"]["mypy"]


DANGEROUS: dict[str, object] = {
    "plugins": ["plugin.py"], "python_executable": "evil", "custom_typeshed_dir": "..",
    "cache_dir": "..", "junit_xml": "../x.xml", "html_report": "..", "quickstart_file": "..",
    "shadow_file": "x", "something_new": "evil",
}  # fmt: skip
HARMLESS: dict[str, object] = {"strict": True, "python_version": "3.12", "exclude": ["build"]}


def test_mypy_gets_what_names_neither_programs_nor_places() -> None:
    places = {"files": ["src", "../x", "/y"], "mypy_path": "$MYPY_CONFIG_FILE_DIR/src:~/a:..:stubs"}
    one = {"module": ["a.*"], "ignore_errors": True, "plugins": ["plugin.py"]}
    options = {**DANGEROUS, **HARMLESS, **places, "overrides": [one]}
    assert written(tomli_w.dumps({"tool": {"mypy": options}})) == {
        **HARMLESS,
        "files": ["src"],
        "mypy_path": "src,stubs",
        "overrides": [{"module": ["a.*"], "ignore_errors": True}],
    }


def test_mypy_gets_the_same_of_an_ini_file() -> None:
    source = (
        "[mypy]\nplugins = plugin.py\nstrict = True\npython_executable = evil\nfiles = src, ../x\n"
        "[mypy-a.*,b]\nignore_errors = yes\nplugins = plugin.py\n"
    )
    assert written(texts={"mypy.ini": source}) == {
        "strict": True,
        "files": ["src"],
        "overrides": [{"module": ["a.*", "b"], "ignore_errors": True}],
    }
