"""What CI installs and looks up in a workspace, and where distributions come from a repository."""

from __future__ import annotations

from doctrine.adopt.environment import sync_command
from doctrine.adopt.gates import gates_of
from doctrine.adopt.situation import Situation
from doctrine.adopt.tables import Data
from doctrine.model.project import Lock
from doctrine.model.replacing import replace
from tests.builders import a_project

WORKSPACE: Data = {"tool": {"uv": {"workspace": {"members": ["one"]}}}}


def audit(data: Data, *, lock: Lock | None = None) -> str:
    """Return the command that exports what is to be looked up."""
    project = replace(a_project(()), lock=lock)
    (gate,) = gates_of(Situation(project=project, lacking=frozenset({"DEP005.scan"})), data)
    return gate.command.partition("\n")[0]


def test_the_members_of_a_workspace_are_installed_and_not_looked_up() -> None:
    situation = Situation(project=a_project(()))
    assert sync_command(situation, WORKSPACE, ()) == "uv sync --locked --all-packages"
    assert sync_command(situation, {}, ()) == "uv sync --locked"
    assert "--all-packages --no-emit-workspace " in audit(WORKSPACE)
    assert "--all-extras --all-groups --no-emit-project " in audit({})


def test_what_has_no_hash_is_not_looked_up_by_its_hash() -> None:
    data: Data = {
        "tool": {"uv": {"sources": {"Own.Tool": {"git": "https://x"}, "b": {"path": "b"}}}}
    }
    locked = {"package": [{"name": "deep", "source": {"git": "https://y"}}, {"name": "c"}]}
    command = audit(data, lock=Lock(path="uv.lock", data=locked))
    assert "--no-emit-package deep --no-emit-package own-tool " in command
    assert command.count("--no-emit-package") == 2
