"""Nothing is imported before it is needed: seen from within, at the moment a program is started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_SPY = """
import json, os, subprocess, sys
start = subprocess.Popen._execute_child
def spy(self, args, *rest, **more):
    if os.path.basename(args[0]) == "git":
        return start(self, args, *rest, **more)
    print(json.dumps([os.path.basename(args[0]), sorted(sys.modules)]), flush=True)
    os._exit(7)
subprocess.Popen._execute_child = spy
from doctrine.cli.main import run
code = run(sys.argv[1:])
print(json.dumps(["", sorted(sys.modules)]))
sys.exit(code)
"""
_COMMAND_LINE = {"typer", "click", "rich"}


def loaded(*argv: str, cache: str = "") -> tuple[str, set[str]]:
    """Return the first program that a command line starts, empty for none, and what was imported."""
    kept = {"DOCTRINE_CACHE_DIR": cache, "DOCTRINE_NO_CACHE": "" if cache else "1"}
    done = subprocess.run(
        [sys.executable, "-c", _SPY, *argv],
        env={**os.environ, **kept},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    program, modules = json.loads(done.stdout.splitlines()[-1])
    return program, set(modules)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("project")
    Path(folder, "pyproject.toml").write_text(
        "[project]\nname = 'p'\nversion = '1'\nrequires-python = '>=3.11'\n", encoding="utf-8"
    )
    Path(folder, "a.py").write_text("a = 1\n", encoding="utf-8")
    return str(folder)


def test_pyright_starts_before_anything_is_imported_that_it_does_not_need(project: str) -> None:
    program, modules = loaded("check", project)
    assert program.startswith("node")
    assert "doctrine.tools.pyright" in modules
    later = {"packaging", "difflib", "configparser", "ssl", "typing_extensions", "hashlib"}
    later |= {"doctrine.model.report", "doctrine.guide.loader", "doctrine.tools.ruff"}
    later |= {"doctrine.project.hook_environments", "doctrine.cache.store"}
    assert modules & (_COMMAND_LINE | later) == set()


def test_the_version_needs_no_library() -> None:
    program, modules = loaded("--version")
    assert program == ""
    assert modules & (_COMMAND_LINE | {"msgspec", "asyncio", "tomllib"}) == set()
