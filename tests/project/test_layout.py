from __future__ import annotations

import os
from pathlib import Path

import pytest

from doctrine.errors import ConfigError, UsageError
from doctrine.model.project import Role
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root
from tests.project.trees import layout_of, plant


def test_the_root_is_the_nearest_project_folder(tmp_path: Path) -> None:
    plant(tmp_path, {"pyproject.toml": "", "src/app/a.py": "", "member/pyproject.toml": ""})
    root = str(tmp_path.resolve())
    assert resolve_root(root) == (root, ())
    assert resolve_root(f"{root}/src/app") == (root, ("src/app",))
    assert resolve_root(f"{root}/src/app/a.py", f"{root}/src") == (root, ("src/app/a.py", "src"))
    assert resolve_root(f"{root}/src", root) == (root, ())
    assert resolve_root(f"{root}/member") == (f"{root}/member", ())


def test_git_marks_a_root_and_without_any_mark_it_is_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, {"repo/.git/HEAD": "", "repo/a/b.py": "", "plain/c/d.py": ""})
    root = str(tmp_path.resolve())
    assert resolve_root(f"{root}/repo/a") == (f"{root}/repo", ("a",))
    assert resolve_root(f"{root}/plain/c") == (f"{root}/plain/c", ())
    monkeypatch.chdir(tmp_path / "repo")
    assert resolve_root() == (f"{root}/repo", ())
    assert resolve_root(".") == (f"{root}/repo", ())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent", "does not exist"),
        ("notes.txt", "is not a folder or Python file"),
        ("pipe.py", "is not a folder or Python file"),
        ("loop", "cannot be used"),
        ("a\0b", "cannot be used"),
        ("notes.txt/x", "cannot be used"),
        ("x" * 300, "cannot be used"),
    ],
)
def test_a_path_that_cannot_be_judged_is_refused(tmp_path: Path, name: str, said: str) -> None:
    plant(tmp_path, {"notes.txt": ""})
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match=said) as caught:
        resolve_root(f"{tmp_path}/{name}")
    assert caught.value.hint


def test_paths_of_two_projects_are_refused(tmp_path: Path) -> None:
    plant(tmp_path, {"a/pyproject.toml": "", "b/pyproject.toml": ""})
    with pytest.raises(UsageError, match="another project"):
        resolve_root(f"{tmp_path}/a", f"{tmp_path}/b")


def test_a_layout_puts_the_quick_look_together(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "pyproject.toml": "[project]\nname = 'app'\nrequires-python = '>=3.12'\n",
            "src/app/__init__.py": "",
            "tests/test_app.py": "",
            "docs/conf.py": "",
        },
    )
    layout = layout_of(tmp_path)
    assert layout.name == "app"
    assert [(file.path, file.role) for file in layout.files] == [
        ("docs/conf.py", Role.DOCS),
        ("src/app/__init__.py", Role.SOURCE),
        ("tests/test_app.py", Role.TEST),
    ]
    assert layout.sources == ("src",)
    assert layout.target.text == "3.12"
    assert layout.environment is None
    assert not layout.restricted


@pytest.mark.parametrize(
    ("path", "text", "named"),
    [
        (".pre-commit-config.yaml", "hooks: [{id: pyright}]", True),
        (".github/workflows/ci.yml", "- uses: jakebailey/pyright-action@v2", True),
        ("requirements-dev.txt", "pyright==1.1.400\n", True),
        ("noxfile.py", "session.run('basedpyright')  # pyright: ignore\n", False),
        (".github/workflows/ci.yml", "- run: rm pyrightconfig.json", False),
        ("README.md", "We like pyright.", False),
    ],
)
def test_who_names_pyright_is_known_before_anything_is_followed(
    path: str, text: str, named: bool, tmp_path: Path
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    assert layout_of(tmp_path).names_pyright is named


def test_named_paths_restrict_the_files_and_nothing_else(tmp_path: Path) -> None:
    plant(tmp_path, {"src/a.py": "", "src_b/b.py": "", "c.py": "", "README.md": ""})
    layout = layout_of(tmp_path, paths=("src", "c.py"))
    assert [file.path for file in layout.files] == ["c.py", "src/a.py"]
    assert layout.others == ("README.md",)
    assert layout.restricted


def test_a_folder_without_python_has_a_layout(tmp_path: Path) -> None:
    layout = layout_of(tmp_path)
    assert (layout.files, layout.sources, layout.name) == ((), (".",), tmp_path.name)


def test_setup_cfg_speaks_for_the_target_when_pyproject_does_not(tmp_path: Path) -> None:
    plant(tmp_path, {"setup.cfg": "[options]\npython_requires = >=3.9\n"})
    assert layout_of(tmp_path).target.floor == (3, 9)


def test_an_absent_pyproject_is_none_and_a_broken_one_an_error(tmp_path: Path) -> None:
    assert read_pyproject(str(tmp_path)) is None
    plant(tmp_path, {"pyproject.toml": "[project\n"})
    with pytest.raises(ConfigError) as caught:
        read_pyproject(str(tmp_path))
    assert (caught.value.path, caught.value.line) == ("pyproject.toml", 1)


def test_bytes_that_are_not_utf8_have_a_place(tmp_path: Path) -> None:
    plant(tmp_path, {"pyproject.toml": "a = 1\nü = ".encode() + b"\xff"})
    with pytest.raises(ConfigError, match="byte 0xff") as caught:
        read_pyproject(str(tmp_path))
    assert (caught.value.line, caught.value.column) == (2, 5)


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling"])
def test_a_pyproject_that_is_no_file_is_an_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "pyproject.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_pyproject(str(tmp_path))
