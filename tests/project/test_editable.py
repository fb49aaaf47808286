"""A project becomes importable in an environment, with its metadata, and is never built."""

from __future__ import annotations

from importlib.metadata import PathDistribution
from pathlib import Path

from doctrine.documents import parse_toml
from doctrine.model.project import Layout, Target, TomlFile
from doctrine.project.editable import editable_files, editable_scripts
from doctrine.project.environment import installed

PYPROJECT = """\
[project]
name = "My.Project"
version = "1.2"
scripts = { mine = "my.cli:main" }

[project.entry-points."some.plugins"]
own = "my.plugin"
"""


def a_layout(pyproject: TomlFile | None, sources: tuple[str, ...]) -> Layout:
    return Layout(
        root="/work tree",
        name="p",
        pyproject=pyproject,
        files=(),
        others=(),
        tracked=None,
        ignored=frozenset(),
        sources=sources,
        target=Target(floor=None, minors=(), specifier=""),
        environment=None,
    )


def test_the_import_roots_and_the_metadata(tmp_path: Path) -> None:
    files = editable_files(a_layout(parse_toml("pyproject.toml", PYPROJECT), ("src", ".")))
    (paths,) = (content for name, content in files.items() if name.endswith(".pth"))
    assert paths == "/work tree/src\n/work tree\n"
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    assert installed(str(tmp_path)) == {"my-project": "1.2"}
    found = PathDistribution(tmp_path / "my_project-1.2.dist-info")
    assert found.metadata["Name"] == "My.Project"
    points = {(one.group, one.name, one.value) for one in found.entry_points}
    assert points == {
        ("console_scripts", "mine", "my.cli:main"),
        ("some.plugins", "own", "my.plugin"),
    }


def test_a_version_that_only_a_build_would_know_is_not_invented() -> None:
    source = '[project]\nname = "p"\ndynamic = ["version"]\n'
    files = editable_files(a_layout(parse_toml("pyproject.toml", source), (".",)))
    assert "p-0.dist-info/METADATA" in files


def test_nothing_is_written_outside_the_folder() -> None:
    for name in ("../../p", "a/b", "p\nq", ".."):
        source = f"[project]\nname = {name!r}\nversion = '../1'\n".replace("\\n", "")
        files = editable_files(a_layout(parse_toml("pyproject.toml", source), (".",)))
        assert not any(".." in Path(path).parts or path.count("/") > 1 for path in files)
    assert list(editable_files(a_layout(None, (".",)))) == ["_doctrine_editable.pth"]


def test_its_commands_call_what_it_states_and_nothing_else() -> None:
    source = """
[project.scripts]
mine = "my.cli:App.main"
"../out" = "my.cli:main"
odd = "my.cli:main()\\nimport os"
"""
    scripts = editable_scripts(a_layout(parse_toml("pyproject.toml", source), (".",)), "/e/python")
    assert scripts == {
        "mine": "#!/e/python\nimport sys\nfrom my.cli import App\nsys.exit(App.main())\n"
    }
