"""Pyright's server is started so that it sees what the command sees, or not at all."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest

from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.tools._pyright_server import Workspace, workspace
from doctrine.tools.pyright import TOOL
from tests.tools.asking import ROOT, a_layout, a_request, prepared

FOLDER = "/tmp/private/pyright"  # noqa: S108 - never written to
CONFIGURED = '[tool.pyright]\npythonVersion = "3.11"\n'


def asked(layout: Layout, settings: Settings | None = None) -> Workspace | None:
    request = a_request(layout, settings=settings)
    return workspace(request, prepared(TOOL, request), FOLDER)


def test_a_project_that_configures_pyright_is_the_servers_folder() -> None:
    found = asked(a_layout("src/a.py", toml=CONFIGURED, packages={}))
    assert found is not None
    assert found.folder == ROOT
    assert found.scratch == FOLDER
    assert not any("space-size" in word for word in found.argv), "it stays: its memory counts"
    assert not found.files
    assert found.python == "/env/bin/python"
    assert found.argv[-1] == "--stdio"
    assert PurePosixPath(found.argv[-2]).name == "langserver.index.js"


def test_any_other_project_is_named_file_by_file_in_a_folder_of_doctrines() -> None:
    found = asked(a_layout("pkg/a.py", "pkg/b.py", "tests/test_a.py"))
    assert found is not None
    assert found.folder == FOLDER
    config = json.loads(found.files["pyrightconfig.json"])
    places = [PurePosixPath(FOLDER, one) for one in config["include"]]
    assert [str(one).count("..") for one in places] == [3, 3]
    assert [one.parts[-2:] for one in places] == [("pkg", "a.py"), ("pkg", "b.py")]
    assert config["executionEnvironments"] == [{"root": ROOT}]
    assert found.env["PATH"] == FOLDER, "no packages of a stray python"


@pytest.mark.parametrize(
    ("layout", "settings"),
    [
        (a_layout("src/a.py", toml="[tool.pyright]\n"), None),
        (a_layout("src/a.py", toml=CONFIGURED), Settings(root=ROOT, paths=("src/a.py",))),
    ],
    ids=["the command line says which version", "the command line says which files"],
)
def test_what_only_the_command_line_can_say_is_left_to_the_command(
    layout: Layout, settings: Settings | None
) -> None:
    layout = replace(layout, target=replace(layout.target, minors=(11, 12)))
    assert asked(layout, settings) is None


def test_another_command_than_pyrights_own_script_is_left_alone() -> None:
    request = a_request(a_layout("a.py"))
    planned = prepared(TOOL, request)
    other = replace(planned, argv=("pyright", *planned.argv[planned.argv.index("--outputjson") :]))
    assert workspace(request, other, FOLDER) is None


def test_a_file_more_is_another_workspace() -> None:
    assert asked(a_layout("a.py", toml=CONFIGURED)) == asked(a_layout("a.py", toml=CONFIGURED))
    assert asked(a_layout("a.py", toml=CONFIGURED)) != asked(
        a_layout("a.py", "b.py", toml=CONFIGURED)
    )
