from __future__ import annotations

import sys
from pathlib import Path

import pytest

from doctrine.errors import UsageError
from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, DependencyKind, Environment
from doctrine.model.run import Origin
from doctrine.model.settings import Settings
from doctrine.project.environment import find_environment, missing_packages, read_environment
from doctrine.project.toolchain import behind_shims, interpreters, locate, own_environment
from tests.project.trees import plant


def make(folder: Path, *packages: str, version: str = "3.12", config: str = "") -> Path:
    site = f"lib/python{version}/site-packages"
    plant(
        folder,
        {
            "pyvenv.cfg": f"home = /usr/bin\nversion = {version}.4\n{config}",
            "bin/python": "#!/bin/sh\n",
            **{f"{site}/{package}.dist-info/METADATA": "" for package in packages},
        },
    )
    (folder / "bin/python").chmod(0o755)
    return folder


def script(folder: Path, name: str, interpreter: str = "/bin/sh") -> str:
    plant(folder, {f"bin/{name}": f"#!{interpreter}\n"})
    (folder / "bin" / name).chmod(0o755)
    return str(folder / "bin" / name)


def find(
    root: Path, *, python: str = "", virtual: str = "", prefix: str = "/nowhere"
) -> Environment | None:
    settings = Settings(root=str(root), python=python)
    return find_environment(
        str(root), settings, "My.App", environ={"VIRTUAL_ENV": virtual}, prefix=prefix
    )


def test_a_folder_of_the_project_is_its_environment(tmp_path: Path) -> None:
    make(tmp_path / "venv", "Foo_Bar-1.2", "baz-2.0.post1-py3.12")
    found = find(tmp_path)
    assert found is not None
    assert (found.version, found.label) == ((3, 12), "venv")
    assert dict(found.packages) == {"foo-bar": "1.2", "baz": "2.0.post1"}
    assert found.python == f"{tmp_path}/venv/bin/python"
    assert found.site == (f"{tmp_path}/venv/lib/python3.12/site-packages",)


def test_an_environment_without_an_interpreter_is_none(tmp_path: Path) -> None:
    folder = make(tmp_path / ".venv")
    (folder / "bin/python").unlink()
    (folder / "bin/python").symlink_to("/nowhere/python3")
    assert find(tmp_path) is None


def test_a_windows_environment_is_read(tmp_path: Path) -> None:
    folder = tmp_path / ".venv"
    plant(
        folder,
        {
            "pyvenv.cfg": "version_info = 3.13.1.final.0\r\n",
            "Scripts/python.exe": "",
            "Lib/site-packages/six-1.0.dist-info/METADATA": "",
        },
    )
    (folder / "Scripts/python.exe").chmod(0o755)
    found = find(tmp_path)
    assert found is not None
    assert (found.version, dict(found.packages)) == ((3, 13), {"six": "1.0"})


def test_system_packages_count_where_the_environment_sees_them(tmp_path: Path) -> None:
    base = make(tmp_path / "base", "shared-1.0", "own-1.0")
    config = f"include-system-site-packages = true\nhome = {base}/bin\n"
    folder = tmp_path / ".venv"
    make(folder, "own-2.0")
    plant(folder, {"pyvenv.cfg": f"version = 3.12\n{config}"})
    found = find(tmp_path)
    assert found is not None
    assert dict(found.packages) == {"shared": "1.0", "own": "2.0"}


def test_the_active_environment_counts_only_with_this_very_project_in_it(tmp_path: Path) -> None:
    root, active = tmp_path / "p", make(tmp_path / "active", "my_app-1.0")
    root.mkdir()
    assert find(root, virtual=str(active)) is None
    info = "lib/python3.12/site-packages/my_app-1.0.dist-info/direct_url.json"
    plant(active, {info: f'{{"url": "file://{tmp_path}/other", "dir_info": {{}}}}'})
    assert find(root, virtual=str(active)) is None
    plant(active, {info: f'{{"url": "file://{root}", "dir_info": {{"editable": true}}}}'})
    found = find(root, virtual=str(active))
    assert found is not None
    assert found.label == "active environment"
    own = find(root, prefix=str(active))
    assert own is not None
    assert own.label == "doctrine's own environment"


def test_an_editable_install_by_path_file_counts(tmp_path: Path) -> None:
    root, active = tmp_path / "p", make(tmp_path / "active", "my_app-1.0")
    root.mkdir()
    plant(active, {"lib/python3.12/site-packages/_my_app.pth": f"{root}/src\n"})
    assert find(root, virtual=str(active)) is not None


def test_a_workspace_member_uses_the_environment_of_the_workspace(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {"pyproject.toml": "[tool.uv.workspace]\nmembers = ['m/*']", "m/a/x.py": "", "b/x.py": ""},
    )
    make(tmp_path / ".venv")
    found = find(tmp_path / "m" / "a")
    assert found is not None
    assert found.label == "../../.venv"
    assert find(tmp_path / "b") is None


@pytest.mark.parametrize("python", ["tool/bin/python", "tool"])
def test_the_user_can_name_an_environment(tmp_path: Path, python: str) -> None:
    make(tmp_path / "tool", "a-1")
    make(tmp_path / ".venv", "b-1")
    for name in (python, f"{tmp_path}/{python}"):
        found = find(tmp_path, python=name)
        assert found is not None
        assert dict(found.packages) == {"a": "1"}
        assert found.label == name


@pytest.mark.parametrize("python", ["nowhere/bin/python", "a.txt", "\0", "empty"])
def test_naming_no_environment_is_an_error(tmp_path: Path, python: str) -> None:
    plant(tmp_path, {"a.txt": ""})
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="neither a Python interpreter nor an environment"):
        find(tmp_path, python=python)


def need(raw: str, kind: DependencyKind = DependencyKind.RUNTIME, group: str = "") -> Dependency:
    return Dependency(
        name=raw.partition(" ")[0],
        raw=raw,
        specifier="",
        url="",
        kind=kind,
        group=group,
        place=Evidence(path="pyproject.toml", line=1, detail=raw),
    )


def test_missing_packages_are_those_that_should_be_there(tmp_path: Path) -> None:
    environment = read_environment(str(make(tmp_path, "here-1")), label="x")
    needs = (
        need("here"),
        need("gone"),
        need("dev-gone", DependencyKind.GROUP, "dev"),
        need("old ; python_version < '3.12'"),
        need("new ; python_version >= '3.12'"),
        need("extra", DependencyKind.OPTIONAL, "cli"),
        need("builder", DependencyKind.BUILD),
        need("toxic", DependencyKind.FOREIGN, "tox:lint"),
        need("poem ^1.0", DependencyKind.FOREIGN),
    )
    assert missing_packages(environment, needs) == ("dev-gone", "gone", "new", "poem")
    assert "here" in missing_packages(None, needs)


def test_the_projects_own_copy_of_a_tool_is_preferred(tmp_path: Path) -> None:
    theirs, own = make(tmp_path / "p", "ruff-0.14.0"), make(tmp_path / "d", "ruff-0.15.0")
    commands = (script(theirs, "ruff"), script(own, "ruff"))
    project, ours = (read_environment(str(each), label="x") for each in (theirs, own))
    assert ours is not None

    def version(supported: str) -> tuple[str, Origin, str]:
        found = locate(
            distribution="ruff", program="ruff", supported=supported, environment=project, own=ours
        )
        assert found is not None
        return found.version, found.origin, found.command[0]

    assert version(">=0.14") == ("0.14.0", Origin.PROJECT, commands[0])
    assert version(">=0.15") == ("0.15.0", Origin.DOCTRINE, commands[1])


def test_a_tool_without_a_script_is_started_as_a_module(tmp_path: Path) -> None:
    folder = make(tmp_path, "mypy-1.18")
    plant(folder, {"lib/python3.12/site-packages/mypy/__main__.py": ""})
    environment = read_environment(str(folder), label="x")
    assert environment is not None
    found = locate(distribution="mypy", program="mypy", supported="", environment=environment)
    assert found is not None
    # Isolated, or a module `mypy` of the project's folder would be taken for it.
    isolated = ("-I", "-B", "-X", "utf8")
    assert found.command == (environment.python, *isolated, "-m", "mypy")
    assert found.origin is Origin.PROJECT


def test_a_moved_environments_scripts_are_not_used(tmp_path: Path) -> None:
    folder = make(tmp_path / "p", "ruff-0.14.0")
    script(folder, "ruff", interpreter="/moved/away/python")
    environment = read_environment(str(folder), label="x")
    empty = Environment(python="/nowhere/python", version=None, site=(), packages={}, label="d")
    arguments = {"distribution": "ruff", "program": "ruff", "supported": ""}
    assert locate(**arguments, environment=environment, own=empty, path="") is None


def test_the_search_path_is_the_last_resort(tmp_path: Path) -> None:
    folder = make(tmp_path / "p", "ruff-0.14.0")
    command = script(folder, "ruff")
    empty = Environment(python="/nowhere/python", version=None, site=(), packages={}, label="d")
    search = str(folder / "bin")

    def find_tool(supported: str) -> tuple[tuple[str, ...], str, Origin] | None:
        found = locate(
            distribution="ruff",
            program="ruff",
            supported=supported,
            environment=None,
            own=empty,
            path=search,
        )
        return (found.command, found.version, found.origin) if found else None

    assert find_tool("") == ((command,), "0.14.0", Origin.PATH)
    assert find_tool(">=0.15") is None


def test_doctrine_finds_its_own_environment() -> None:
    own = own_environment()
    assert own.python == sys.executable
    assert "pytest" in own.packages


def test_interpreters_come_newest_first_and_shims_are_seen_through(tmp_path: Path) -> None:
    plant(
        tmp_path, {"shims/python3.13": "#!/bin/sh\n", "versions/3.13.0/bin/python3.13": "\x7fELF"}
    )
    plant(tmp_path, {"shims/python3.9": "#!/bin/sh\n", "bin/python3.8": "\x7fELF"})
    for name in ("shims/python3.13", "shims/python3.9", "bin/python3.8"):
        (tmp_path / name).chmod(0o755)
    found = interpreters(None, path=f"{tmp_path}/shims:{tmp_path}/bin")
    running = (sys.version_info.major, sys.version_info.minor)
    expected = {
        running: sys.executable,
        (3, 13): f"{tmp_path}/versions/3.13.0/bin/python3.13",
        (3, 8): f"{tmp_path}/bin/python3.8",
    }
    expected[running] = sys.executable
    assert found == tuple(sorted(expected.items(), reverse=True))


@pytest.mark.parametrize("versions", ["versions", "installs/python"])
def test_behind_a_shim_stands_the_newest_patch_of_its_version(
    tmp_path: Path, versions: str
) -> None:
    texts = {f"{versions}/3.9.{patch}/bin/python3.9": "\x7fELF" for patch in (2, 18, 9)}
    plant(tmp_path, {**texts, "shims/python3.9": "#!/bin/sh\n", "bin/python3.8": "\x7fELF"})
    for name in ("shims/python3.9", "bin/python3.8"):
        (tmp_path / name).chmod(0o755)
    found = behind_shims(f"{tmp_path}/shims:{tmp_path}/bin")
    assert found == (f"{tmp_path}/{versions}/3.9.18/bin",)
