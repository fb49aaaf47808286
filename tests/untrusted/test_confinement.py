"""Which configuration a tool gets to see of a project that is not believed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import tomli_w

from doctrine.model.settings import Settings
from doctrine.model.tool import Skip, Tool
from doctrine.model.trust import Trust
from doctrine.project.confinement import trust_nothing
from doctrine.tools._mypy_confined import is_confined
from doctrine.tools.mypy import TOOL as MYPY
from doctrine.tools.ruff import TOOL as RUFF_CHECK
from doctrine.tools.ruff_format import TOOL as RUFF_FORMAT
from tests.tools.asking import a_layout, a_request, prepared

NOT_BELIEVED = Settings(root="/project", trust=Trust(believed=False))
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
    (tmp_path / "base.toml").write_text("")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    trust = trust_nothing(str(tmp_path), ())
    always = {"coverage", "semgrep-packs", "uv-audit", "uv-lock"}
    assert trust.refused.keys() - always == refused
    assert all(name in trust.refused[tool] for tool in refused)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("ruff.toml", "sub/base.toml", RUFF),
        ("pyproject.toml", "sub/x-pyproject.toml", RUFF),
        ("pyrightconfig.json", "sub/base.json", PYRIGHT),
    ],
)
@pytest.mark.parametrize("third", ["../base", "/etc/passwd", "../../base", "ring"])
def test_what_is_extended_is_looked_at_as_well(
    first: str, second: str, refused: set[str], third: str, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    suffix = Path(second).suffix
    harmless = third in {"../base", "ring"}
    third = Path(second).name if third == "ring" else f"{third}{suffix}"
    is_json = suffix == ".json"

    def extending(name: str, *, pyproject: bool = False) -> str:
        if is_json:
            return f'{{"extends": "{name}"}}'
        return f'{"[tool.ruff]" if pyproject else ""}\nextend = "{name}"\n'

    (tmp_path / f"base{suffix}").write_text("{}" if is_json else "")
    (tmp_path / second).write_text(extending(third))
    (tmp_path / first).write_text(extending(second, pyproject=first == "pyproject.toml"))
    asked = {"ruff", "ruff-format", "pyright"}
    found = trust_nothing(str(tmp_path), ()).refused
    assert found.keys() & asked == (NONE if harmless else refused)
    assert all(second in found[tool] for tool in found.keys() & asked)


@pytest.mark.parametrize("more", [(), ("--exclude", "{scratch}/ruff.toml")], ids=["", "disguised"])
@pytest.mark.parametrize("tool", [RUFF_CHECK, RUFF_FORMAT])
def test_ruff_reads_no_file_that_a_command_of_the_project_names(
    tool: Tool, more: tuple[str, ...]
) -> None:
    task = "check" if tool is RUFF_CHECK else "format"
    commands = (("ruff", task, "--config", "/home/x.toml", "--select", "@/home/y", *more),)
    layout = a_layout("src/a.py")
    asked = a_request(layout, commands=commands, settings=NOT_BELIEVED, defaults={"line-length": 9})
    found = tool.prepare(asked)
    assert isinstance(found, Skip)
    assert "--untrusted" in found.reason
    believed = prepared(tool, a_request(layout, commands=commands, defaults={"line-length": 9}))
    assert "/home/x.toml" in believed.argv
    assert "@/home/y" not in believed.argv, "ruff would read options from there"


def test_mypy_takes_no_path_and_no_word_for_a_file_of_options() -> None:
    layout = a_layout("@listed/a.py", "-c/b.py")
    (argv,) = (prepared(MYPY, a_request(layout, settings=NOT_BELIEVED)).argv,)
    assert {"./@listed", "./-c"} <= set(argv)
    commands = (("mypy", "--strict", "--exclude", "@x", "-p", "@y", "--platform", "linux", "@z"),)
    argv = prepared(MYPY, a_request(layout, commands=commands, settings=NOT_BELIEVED)).argv
    assert not [word for word in argv if word.startswith("@")]
    assert {"--strict", "--platform", "linux"} <= set(argv)
    assert not {"--exclude", "-p"} & set(argv)


@pytest.mark.parametrize(
    ("place", "stays"),
    [("src", True), ("./a/b", True), ("..", False), ("a/../../b", False), ("/a", False),
     ("~/a", False), ("$HOME", False), ("C:\\a", False), ("a\\..\\..\\b", False)],
)  # fmt: skip
def test_places(place: str, *, stays: bool) -> None:
    assert is_confined(place) is stays


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
