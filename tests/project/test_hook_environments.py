"""The pinned version of a tool is found where pre-commit and prek keep it."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.model.run import Origin
from doctrine.model.tool import Located
from doctrine.project.hook_environments import hook_environment, hook_pins
from doctrine.project.toolchain import hooked
from tests.binary.running import write

HOOKS = """\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.15.4
    hooks: [{id: ruff-check}]
"""
OWN = Located(command=("ruff",), python="python3", version="0.17.6", origin=Origin.DOCTRINE)


def _kept(store: Path, folder: str, version: str) -> Path:
    """Make what a hook's environment with ruff has on disk."""
    environment = store / folder
    info = f"lib/python3.12/site-packages/ruff-{version}.dist-info/METADATA"
    files = {"pyvenv.cfg": "version = 3.12\n", "bin/python": "", "bin/ruff": "\x7fELF", info: ""}
    write(environment, files)
    for name in ("bin/python", "bin/ruff"):
        (environment / name).chmod(0o755)
    return environment


@pytest.mark.parametrize(
    ("variable", "folder", "environment"),
    [
        ("PRE_COMMIT_HOME", "", "repoab12/py_env-python3.12"),
        ("PREK_HOME", "", "hooks/python-Ab12"),
        ("XDG_CACHE_HOME", "pre-commit", "repoab12/py_env-default"),
        ("XDG_CACHE_HOME", "prek", "hooks/python-Ab12"),
    ],
)
def test_the_version_that_the_hooks_pin_is_taken(
    variable: str, folder: str, environment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PRE_COMMIT_HOME", "PREK_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    monkeypatch.setenv(variable, str(tmp_path))
    if folder:
        monkeypatch.delenv("PRE_COMMIT_HOME")
        monkeypatch.delenv("PREK_HOME")
    _kept(tmp_path / folder, environment.replace("12", "13"), "0.15.5")
    kept = _kept(tmp_path / folder, environment, "0.15.4")
    write(tmp_path / "p", {".pre-commit-config.yaml": HOOKS})
    pins = hook_pins(str(tmp_path / "p"))
    found = hooked(OWN, distribution="ruff", program="ruff", supported=">=0.4", pins=pins)
    assert found is not None
    assert (found.command, found.version) == ((str(kept / "bin" / "ruff"),), "0.15.4")


@pytest.mark.parametrize(
    ("version", "supported"), [("0.15.9", ">=0.4"), ("0.17.6", ">=0.4"), ("0.17.6", ">=0.16")]
)
def test_nothing_is_taken_where_nothing_drifts_or_it_is_not_understood(
    version: str, supported: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path))
    write(tmp_path / "p", {".pre-commit-config.yaml": HOOKS})
    own = Located(command=("ruff",), python="python3", version=version, origin=Origin.DOCTRINE)
    pins = hook_pins(str(tmp_path / "p"))
    if version == "0.15.9" or supported == ">=0.16":
        _kept(tmp_path, "repoab12/py_env-python3.12", "0.15.4")
    found = hooked(own, distribution="ruff", program="ruff", supported=supported, pins=pins)
    assert found is None


def test_a_project_without_hooks_and_a_machine_without_stores_have_nothing(tmp_path: Path) -> None:
    assert hook_pins(str(tmp_path)) == {}
    nowhere = {"PRE_COMMIT_HOME": str(tmp_path / "no"), "PREK_HOME": "relative"}
    assert hook_environment("ruff", "0.15.4", {**nowhere, "XDG_CACHE_HOME": "/nope"}) is None
