"""``--install``: a private environment with the project's locked packages, outside its tree."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from platformdirs import user_cache_path

from doctrine.model.observation import Evidence
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.project import Dependency, Environment, Layout, Lock
from doctrine.model.replacing import replace
from doctrine.model.report import Problem
from doctrine.project.automation import read_automation
from doctrine.project.dependencies import read_dependencies
from doctrine.project.editable import editable_files, editable_scripts
from doctrine.project.environment import read_environment
from doctrine.project.install import FOLDER, install_commands, is_wanted
from doctrine.project.lockfile import read_lock
from doctrine.project.pins import HOOKS, read_pins
from doctrine.project.texts import read_texts, reader
from doctrine.project.toolchain import behind_shims, locate
from doctrine.runner import BRIEF, Runner, in_thread

LABEL = "private environment"
_NO_UV = "uv is not installed, so no environment can be made: reinstall doctrine-check"
_NO_PYTHON = re.compile(r"No interpreter found for Python (?P<version>.+?) in ")
_BROKEN_PYTHON = "Failed to inspect Python interpreter"
_ANOTHER_PYTHON = (
    "make it start in this folder (with pyenv, `pyenv install` what .python-version names), or "
    "install a Python that the project admits: uv python install VERSION"
)
_ERRORS = ("error:", "\u00d7")
"""What uv's errors begin with."""
_DONE = "complete"
"""Marker written last, so that an interrupted installation is never taken for a whole one."""


async def install(
    layout: Layout, runner: Runner, *, tests: bool
) -> tuple[Layout, tuple[Problem, ...]]:
    """Make, or find again, the private environment of a project.

    Args:
        layout: The project; its tree stays untouched.
        runner: Runs uv.
        tests: Whether its tests will be measured there.

    Returns:
        The layout with that environment, or unchanged with the problem that prevented it.
    """
    texts, _ = read_texts(layout)
    dependencies = read_dependencies(layout, texts)
    lock = read_lock(layout)
    pins = read_pins(dependencies, lock, texts)
    more = (*_from_hooks(pins), *(_measuring(dependencies, pins) if tests else ()))
    tested = _tested(layout, lock, texts)
    name = _key(layout, lock, dependencies, (*more, *tested))
    folder = user_cache_path("doctrine") / "environments" / name
    if not (folder / _DONE).is_file():
        uv = locate(distribution="uv", program="uv", supported="", environment=None)
        if uv is None:
            return layout, (Problem(tool="uv", message=_NO_UV),)
        commands = (
            *install_commands(
                layout,
                lock,
                str(folder),
                uv=uv.command[0],
                dependencies=dependencies,
                tested=tested,
            ),
            *_tools(uv.command[0], folder, layout, more),
        )
        problem = await _make(commands, folder, runner)
        if problem:
            return layout, (Problem(tool="uv", message=problem),)
    made = read_environment(str(folder / FOLDER), label=LABEL)
    if made is None or not made.site:
        message = f"the private environment in {folder} is damaged: delete it and try again"
        return layout, (Problem(tool="uv", message=message),)
    found = made
    await in_thread(lambda: _make_importable(layout, found))
    environment = read_environment(str(folder / FOLDER), label=LABEL)
    return with_environment(layout, environment or found), ()


def _tested(layout: Layout, lock: Lock | None, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the Pythons that CI tests on, where neither a promise nor a lock decides."""
    if layout.target.minors or (lock is not None and lock.data is not None):
        return ()
    automation = read_automation(texts, reader(layout), layout.pyproject)
    return tuple(one.detail for one in automation.pythons)


def _make_importable(layout: Layout, environment: Environment) -> None:
    for name, content in editable_files(layout).items():
        path = Path(environment.site[0], name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    for name, content in editable_scripts(layout, environment.python).items():
        path = Path(environment.python).with_name(name)
        if not path.is_symlink():
            path.write_text(content, "utf-8")
            path.chmod(0o755)


def with_environment(layout: Layout, environment: Environment) -> Layout:
    """Return the layout with another environment."""
    return replace(layout, environment=environment)


def _from_hooks(pins: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Return requirements for the tools that only the hooks pin."""
    return tuple(f"{name}=={pin.detail}" for name, pin in sorted(pins.items()) if pin.path == HOOKS)


def _measuring(dependencies: Iterable[Dependency], pins: Mapping[str, Evidence]) -> tuple[str, ...]:
    """Return what measures the coverage of a suite that pytest runs without measuring."""
    known = {one.name for one in dependencies if is_wanted(one)} | pins.keys()
    return ("pytest-cov",) if "pytest" in known and "pytest-cov" not in known else ()


def _tools(
    uv: str, folder: Path, layout: Layout, requirements: tuple[str, ...]
) -> tuple[Invocation, ...]:
    """Return the command that adds to the environment what the lock does not bring."""
    if not requirements:
        return ()
    return (
        Invocation(
            name="tools",
            argv=(uv, "pip", "install", "--python", str(folder / FOLDER), *requirements),
            cwd=layout.root,
            env={"UV_NO_PROGRESS": "1"},
        ),
    )


async def _make(commands: tuple[Invocation, ...], folder: Path, runner: Runner) -> str:
    """Make the environment; return why it could not be made, or an empty string."""
    if not commands:
        return "the cache folder lies inside the project; nothing is installed there"
    await in_thread(lambda: folder.mkdir(parents=True, exist_ok=True))
    done = await runner.run("install", _seeing_through(commands), cost=BRIEF)
    failed = next((one for one in done if not _succeeded(one)), None)
    if failed is not None or len(done) < len(commands):
        return _why(failed or done[-1])
    await in_thread((folder / _DONE).touch)
    return ""


def _seeing_through(commands: tuple[Invocation, ...]) -> tuple[Invocation, ...]:
    """Let uv find the interpreters whose scripts of a version manager refuse to start here."""
    folders = behind_shims()
    if not folders:
        return commands
    path = os.pathsep.join(("{PATH}", *folders))
    return tuple(replace(one, env={**one.env, "PATH": path}) for one in commands)


def _succeeded(completed: Completed) -> bool:
    return completed.ending is Ending.EXITED and completed.exit_code == 0


def _why(failed: Completed) -> str:
    """Return why a command failed: uv's error, with what it says of the cause."""
    said = failed.stderr.decode("utf-8", "replace").strip().splitlines()
    lines = [line.strip() for line in said if line.strip()]
    first = next((at for at, line in enumerate(lines) if line.startswith(_ERRORS)), None)
    told = lines[-3:] if first is None else lines[first : first + 4]
    words = " / ".join(told) or failed.detail or failed.ending
    command = " ".join(failed.invocation.argv[1:3])
    return f"the environment could not be installed ({command}): {words}{_remedy(words)}"


def _remedy(words: str) -> str:
    """Return what to do where no Python fits, since uv itself was told to download none."""
    if wanted := _NO_PYTHON.search(words):
        named = shlex.quote(wanted["version"].replace(" ", ""))
        return f" / install one: uv python install {named}"
    if _BROKEN_PYTHON in words:
        return f" / {_ANOTHER_PYTHON}"
    return ""


def _key(
    layout: Layout,
    lock: Lock | None,
    dependencies: tuple[Dependency, ...],
    more: tuple[str, ...],
) -> str:
    """Return a name for what would be installed: same content, same environment."""
    wanted = (
        lock.text
        if lock is not None and lock.data is not None
        else "\n".join(f"{one.kind} {one.group} {one.raw}" for one in dependencies)
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    content = f"{version}\0{layout.target.specifier}\0{layout.root}\0{more}\0{wanted}"
    return hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest()[:24]
