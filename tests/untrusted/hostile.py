"""A project in which every trap leaves a mark outside of it when it goes off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SECRET = "correct-horse-battery-staple"  # what a file outside of the project holds
OUTSIDE = f'password = "{SECRET}"\n'

_PYPROJECT = """\
[project]
name = "hostile"
version = "1"
requires-python = ">=3.11"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[tool.mypy]
plugins = ["plugin.py"]
python_executable = ".venv/bin/python"
custom_typeshed_dir = "../outside"
mypy_path = "../outside"

[tool.coverage.run]
plugins = ["coverage_plugin"]

[tool.pyright]
venvPath = "."
venv = ".venv"

[tool.ruff]
cache-dir = "../ruff-cache"
fix = true

[tool.doctrine]
tests = true
install = true
network = true
fail-on = "never"
python = ".venv/bin/python"
output = ["json=report.json"]
cache-dir = "cache"
exclude = ["code.py"]
"""
_CONFIG = """\
[core]
    fsmonitor = {shell} fsmonitor
    hooksPath = hooks
    sshCommand = {shell} ssh
    worktree = ../../outside
    attributesFile = ../attributes
[filter "trap"]
    smudge = {shell} smudge
    clean = {shell} clean
    process = {shell} process
    required = true
[diff]
    external = {shell} diff
[include]
    path = ../../outside/config
"""
_SHADOWS = (
    "__future__", "ast", "backend", "conftest", "coverage_plugin", "json", "mypy", "pyright", "radon",
    "re", "ruff", "semgrep", "setup", "sitecustomize", "usercustomize", "vulture",
)  # fmt: skip
"""Modules that something may be brought to import instead of its own, or to execute."""
_PROGRAMS = ("coverage", "git", "mypy", "pyright", "ruff", "semgrep", "uv", "vulture")


def build(folder: Path) -> tuple[Path, Path]:
    """Make the project; return its root, and the folder of the marks."""
    root, marks, outside = folder / "project", folder / "marks", folder / "outside"
    for one in (root, marks, outside, root / "tests", root / "hooks", root / "@listed"):
        one.mkdir(parents=True)
    (outside / "settings.py").write_text(OUTSIDE)
    (outside / "config").write_text(f'[core]\n    fsmonitor = "touch {marks}/include"\n')
    files = {
        "pyproject.toml": _PYPROJECT,
        "code.py": "# mypy: plugins=plugin.py\nimport os\n\n\ndef add(a, b):\n    return a + b\n",
        ".gitattributes": "* filter=trap diff=trap\n",
        ".gitignore": ".venv\n",
        ".coverage": "",
        "requirements.txt": "-e .\n",
        "tests/test_code.py": "from pathlib import Path\n" + _mark(marks, "test"),
        "@listed/code.py": "x: int = 1\n",
        # What mypy would read as options, if it were given the folder's name as it is.
        "listed": "--config-file\nlisted.ini\nlisted_plugin.py\n",
        "listed.ini": "[mypy]\nplugins = listed_plugin.py\n",
        "listed_plugin.py": _mark(marks, "listed") + "def plugin(version):\n    return object\n",
        "plugin.py": _mark(marks, "plugin") + "def plugin(version):\n    return object\n",
    }
    files |= {f"{name}.py": _mark(marks, name) for name in _SHADOWS}
    for name, content in files.items():
        (root / name).write_text(content)
    (root / "linked.py").symlink_to(outside / "settings.py")
    (root / "package").symlink_to(outside)
    _environment(root / ".venv", marks)
    _repository(root, marks)
    return root, marks


def _mark(marks: Path, name: str) -> str:
    return f"from pathlib import Path\n\nPath({str(marks / name)!r}).touch()\n"


def _environment(folder: Path, marks: Path) -> None:
    """Make an environment whose interpreter, tools and ``.pth`` file are traps."""
    site = folder / f"lib/python3.{sys.version_info.minor}/site-packages"
    site.mkdir(parents=True)
    (folder / "bin").mkdir()
    home = os.path.realpath(sys.executable)
    (folder / "pyvenv.cfg").write_text(
        f"home = {Path(home).parent}\nversion = 3.{sys.version_info.minor}.0\n"
    )
    (folder / "bin/python").symlink_to(home)
    (site / "trap.pth").write_text(f"import os; open({str(marks / 'pth')!r}, 'w').close()\n")
    for name in _PROGRAMS:
        script = folder / "bin" / name
        script.write_text(f"#!/bin/sh\ntouch {marks}/program-{name}\nexit 0\n")
        script.chmod(0o755)
    # Of a version that is understood, so that it would be taken before doctrine's own.
    (site / "ruff-0.15.0.dist-info").mkdir()


def _repository(root: Path, marks: Path) -> None:
    git = shutil.which("git") or "git"
    for words in (("init", "-q"), ("add", "-A")):
        subprocess.run([git, *words], cwd=root, check=True)
    shell = root / "trap.sh"
    shell.write_text(f'#!/bin/sh\ntouch {marks}/git-"$1"\ncat 2>/dev/null\n')
    shell.chmod(0o755)
    for name in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction"):
        for hook in (root / "hooks" / name, root / ".git" / "hooks" / name):
            hook.write_text(f"#!/bin/sh\ntouch {marks}/hook\n")
            hook.chmod(0o755)
    with (root / ".git" / "config").open("a") as config:
        config.write(_CONFIG.format(shell=shell))
