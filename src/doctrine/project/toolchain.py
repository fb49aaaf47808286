"""Where tools and interpreters are, found without starting any."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from doctrine.model.names import normalised
from doctrine.model.observation import Evidence
from doctrine.model.project import Environment
from doctrine.model.run import Origin
from doctrine.model.tool import Located
from doctrine.project.environment import read_environment
from doctrine.project.target import EXISTING_MINORS

_MODULE = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$")
_SUFFIXES = ("", ".exe", ".cmd")
_NUMBER = re.compile(r"[0-9]+")
_VERSIONS = ("versions", "installs/python")
"""Where pyenv and asdf have the interpreters, beside the folder of their scripts."""
_ISOLATED = ("-I", "-B", "-X", "utf8")
"""Without it a module of the project's folder would be taken for the tool, or for what it imports;
and what the environment would say (no bytecode, UTF-8) has to be said again."""


def locate(
    *,
    distribution: str,
    program: str,
    supported: str,
    environment: Environment | None,
    own: Environment | None = None,
    path: str | None = None,
) -> Located | None:
    """Find a tool: the project's copy, doctrine's, then what ``PATH`` has.

    The project's copy is passed over when its version is not among those understood, or not
    known: its output could not be believed.

    Args:
        distribution: Distribution whose metadata gives the version.
        program: Console script; the module to run with ``-m`` where there is no such script.
        supported: Version specifier of the project's copies that are understood.
        environment: The project's environment.
        own: The environment doctrine runs in; read from the running interpreter if None.
        path: Search path; that of the process if None.
    """
    own = own or own_environment()
    candidates = ((environment, Origin.PROJECT), (own, Origin.DOCTRINE))
    for candidate, origin in candidates:
        found = _in_environment(candidate, origin, distribution, program) if candidate else None
        if found and (origin is Origin.DOCTRINE or _is_supported(found.version, supported)):
            return found
    found_path = shutil.which(program, path=path)
    if found_path is None:
        return None
    return _on_path(found_path, distribution, supported, own)


def hooked(
    own: Located, *, distribution: str, program: str, supported: str, pins: Mapping[str, Evidence]
) -> Located | None:
    """Find the copy of a tool that a hook of the project runs, where doctrine's own is another.

    Only for a program that needs nothing of the environment it is installed in.

    Args:
        own: Doctrine's copy.
        distribution: Distribution whose metadata gives the version.
        program: Console script.
        supported: Version specifier of the copies that are understood.
        pins: What the hooks pin, by distribution.
    """
    from doctrine.drift import pinned_otherwise
    from doctrine.project.hook_environments import hook_environment

    pin = pinned_otherwise(distribution, own.version, pins)
    if pin is None or not _is_supported(pin.detail, supported):
        return None
    environment = hook_environment(distribution, pin.detail, os.environ)
    if environment is None:
        return None
    return _in_environment(environment, Origin.PATH, distribution, program)


def _in_environment(
    environment: Environment, origin: Origin, distribution: str, program: str
) -> Located | None:
    version = environment.packages.get(normalised(distribution))
    if version is None:
        return None
    script = _script(str(Path(environment.python).parent), program)
    if script is None and not _has_module(environment, program):
        return None
    command = (script,) if script else (environment.python, *_ISOLATED, "-m", program)
    return Located(command=command, python=environment.python, version=version, origin=origin)


def _script(folder: str, program: str) -> str | None:
    for suffix in _SUFFIXES:
        path = f"{folder}/{program}{suffix}"
        # A moved environment's scripts begin with an interpreter that is gone.
        if os.access(path, os.X_OK) and Path(path).is_file() and _has_interpreter(path):
            return path
    return None


def _has_interpreter(script: str) -> bool:
    """Whether the interpreter in a script's first line exists; true for binaries."""
    try:
        with Path(script).open("rb") as handle:
            first = handle.readline(1024)
    except OSError:
        return False
    interpreter = first[2:].split()[:1] if first.startswith(b"#!") else []
    return not interpreter or os.access(interpreter[0], os.X_OK)


def _has_module(environment: Environment, module: str) -> bool:
    relative = module.replace(".", "/")
    return bool(_MODULE.match(module)) and any(
        Path(site, relative, "__main__.py").is_file() or Path(site, f"{relative}.py").is_file()
        for site in environment.site
    )


def _on_path(program: str, distribution: str, supported: str, own: Environment) -> Located | None:
    """Take what ``PATH`` has; its version is that of the environment around it, if any."""
    folder = Path(os.path.realpath(program)).parent.parent
    around = read_environment(str(folder), label=str(folder), any_prefix=True)
    version = around.packages.get(normalised(distribution), "") if around else ""
    if version and not _is_supported(version, supported):
        return None
    python = around.python if around else own.python
    return Located(command=(program,), python=python, version=version, origin=Origin.PATH)


def _is_supported(version: str, supported: str) -> bool:
    if not supported:
        return True
    # Only for copies other than doctrine's own: a tenth of the time until the first tool starts.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        return SpecifierSet(supported).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return False


def own_environment(prefix: str = "", python: str = "") -> Environment:
    """Return the environment doctrine itself is installed in.

    Args:
        prefix: Its folder; that of the running interpreter if empty.
        python: Its interpreter; the running one if empty.
    """
    found = read_environment(prefix or sys.prefix, label="doctrine's own", any_prefix=True)
    return Environment(
        python=python or sys.executable or (found.python if found else "python3"),
        version=(sys.version_info.major, sys.version_info.minor),
        site=found.site if found else (),
        packages=found.packages if found else {},
        label="doctrine's own",
    )


def interpreters(
    environment: Environment | None, *, path: str | None = None
) -> tuple[tuple[tuple[int, int], str], ...]:
    """Return the interpreters at hand, newest first, one for each minor version.

    Args:
        environment: The project's environment.
        path: Search path; that of the process if None.
    """
    found: dict[tuple[int, int], str] = {}
    if environment and environment.version:
        found[environment.version] = environment.python
    if sys.executable:
        found.setdefault((sys.version_info.major, sys.version_info.minor), sys.executable)
    for minor in reversed(EXISTING_MINORS):
        program = None if (3, minor) in found else shutil.which(f"python3.{minor}", path=path)
        behind = _behind_shim(program) if program else None
        if behind:
            found[3, minor] = behind
    return tuple(sorted(found.items(), reverse=True))


def behind_shims(path: str | None = None) -> tuple[str, ...]:
    """Return the folders of the interpreters that scripts of a version manager stand for.

    uv passes such a script over where it refuses to start, and does not look behind it: these
    folders, after all others of its search path, are where it finds the interpreter itself.

    Args:
        path: Search path; that of the process if None.
    """
    names = (f"python3.{minor}" for minor in reversed(EXISTING_MINORS))
    programs = (shutil.which(name, path=path) for name in names)
    found = ((one, _behind_shim(one)) for one in programs if one)
    return tuple(str(Path(behind).parent) for one, behind in found if behind and behind != one)


def _behind_shim(program: str) -> str | None:
    """Return the interpreter that a program is, or that a version manager's script stands for.

    Such a script may refuse to start, depending on the folder it is started in.
    """
    try:
        with Path(program).open("rb") as handle:
            if handle.read(2) != b"#!":
                return program
    except OSError:
        return None
    manager = Path(program).parent.parent
    for versions in _VERSIONS:
        behind = manager.glob(f"{versions}/3.*/bin/{Path(program).name}")
        if newest := max(behind, key=_patch, default=None):
            return str(newest)
    return None


def _patch(program: Path) -> tuple[int, ...]:
    """Return the version that the folder of an interpreter is named after, to compare it."""
    return tuple(int(one) for one in _NUMBER.findall(program.parent.parent.name))


def find_uv(own: Environment, variables: Mapping[str, str]) -> str | None:
    """Return the path of uv: doctrine's own copy, or the one on ``PATH``.

    Args:
        own: The environment doctrine runs in.
        variables: Environment variables.
    """
    script = _script(str(Path(own.python).parent), "uv")
    return script or shutil.which("uv", path=variables.get("PATH"))
