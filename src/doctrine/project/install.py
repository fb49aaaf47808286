"""How a private environment is made from what a project declares, outside its tree.

Nothing here builds the project: a build backend may write into the tree it builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from doctrine.documents import table, text
from doctrine.model.process import Invocation
from doctrine.model.project import Dependency, DependencyKind, Layout, Lock, Target
from doctrine.project.target import poetry_specifiers

FOLDER = "environment"
"""Name of the private environment's folder inside the cache."""

_TIMEOUT = 1800.0
_MINOR = re.compile(r"3\.(?P<minor>\d{1,2})(?:\.\d+)?")


def install_commands(
    layout: Layout,
    lock: Lock | None,
    cache_dir: str,
    *,
    uv: str,
    dependencies: Iterable[Dependency] = (),
    tested: Iterable[str] = (),
) -> tuple[Invocation, ...]:
    """Plan the private environment; every command has to succeed, in this order.

    Afterwards ``read_environment(f"{cache_dir}/{FOLDER}", label=...)`` describes it.

    Args:
        layout: The project.
        lock: Its lock file, installed as it is: that a stale one fails DEP002 is no reason to
            judge everything else without packages.
        cache_dir: Absolute folder outside the project.
        uv: Absolute path of uv.
        dependencies: What the project declares, for when there is no lock.
        tested: The Pythons that CI tests on, such as ``3.12``, for when no Python is promised.

    Returns:
        The commands; none when the folder would lie inside the project.
    """
    if PurePath(cache_dir).is_relative_to(layout.root):
        return ()
    environment = f"{cache_dir}/{FOLDER}"
    if lock is not None and lock.data is not None:
        return (_sync(layout, uv, environment),)
    return _from_requirements(layout, uv, environment, dependencies, tested)


def _sync(layout: Layout, uv: str, environment: str) -> Invocation:
    data: Mapping[str, object] = layout.pyproject.data if layout.pyproject else {}
    # Extras and groups that are declared to conflict cannot be installed together.
    whole = () if "conflicts" in table(data, "tool", "uv") else ("--all-groups", "--all-extras")
    members = ("--all-packages",) if "workspace" in table(data, "tool", "uv") else ()
    return Invocation(
        name="sync",
        argv=(uv, "sync", "--frozen", *whole, *members, "--no-install-local"),
        cwd=layout.root,
        env={"UV_PROJECT_ENVIRONMENT": environment, **_QUIET},
        timeout=_TIMEOUT,
    )


_QUIET: Mapping[str, str] = {"UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never"}


def _from_requirements(
    layout: Layout,
    uv: str,
    environment: str,
    dependencies: Iterable[Dependency],
    tested: Iterable[str],
) -> tuple[Invocation, ...]:
    lines = _requirements(layout, dependencies)
    # A line break inside a requirement would smuggle in an option of the installer.
    requirements = "".join(f"{line}\n" for line in lines if len(line.splitlines()) == 1)
    make = Invocation(
        name="venv",
        argv=(uv, "venv", "--no-project", "--clear", *_python(layout.target, tested), environment),
        cwd=layout.root,
        env=_QUIET,
        timeout=_TIMEOUT,
    )
    install = Invocation(
        name="install",
        argv=(uv, "pip", "install", "--python", environment, "-r", "{scratch}/requirements.txt"),
        cwd=layout.root,
        env=_QUIET,
        files={"requirements.txt": requirements.encode("utf-8", "replace")},
        timeout=_TIMEOUT,
    )
    return (make, install) if requirements else (make,)


def _python(target: Target, tested: Iterable[str]) -> tuple[str, ...]:
    """Return which Python is wanted: what is promised decides, else what CI tests on."""
    minors = target.minors or tested_minors(tested)
    return ("--python", f">=3.{minors[0]},<3.{minors[-1] + 1}") if minors else ()


def tested_minors(tested: Iterable[str]) -> tuple[int, ...]:
    """Return the Python 3 minor versions of CPython that are named, the oldest first.

    Args:
        tested: The Pythons that CI tests on, such as ``3.12`` or ``3.12.1``.
    """
    found = (_MINOR.fullmatch(one) for one in tested)
    return tuple(sorted({int(one["minor"]) for one in found if one}))


def _requirements(layout: Layout, dependencies: Iterable[Dependency]) -> Iterator[str]:
    data: Mapping[str, object] = layout.pyproject.data if layout.pyproject else {}
    sources = table(data, "tool", "uv", "sources")
    own = canonicalize_name(layout.name)
    elsewhere: dict[str, object] = {
        canonicalize_name(name): source for name, source in sources.items()
    }
    for dependency in dependencies:
        if not dependency.name or dependency.name == own or not is_wanted(dependency):
            continue
        if dependency.name not in elsewhere:
            yield from _requirement(dependency)
        elif git := text(table(elsewhere[dependency.name]).get("git")):
            # Any other source is private: asking the public index for that name would install
            # whatever a stranger has put there.
            yield f"{dependency.name} @ git+{git}{_reference(table(elsewhere[dependency.name]))}"


def _reference(source: Mapping[str, object]) -> str:
    named = (text(source.get(key)) for key in ("rev", "tag", "branch"))
    return next((f"@{name}" for name in named if name), "")


def is_wanted(dependency: Dependency) -> bool:
    """Return whether a requirement belongs into the environment that checks and tests share."""
    others = ("tox:", "nox:", "hatch:")
    return dependency.kind is not DependencyKind.BUILD and not dependency.group.startswith(others)


def _requirement(dependency: Dependency) -> Iterator[str]:
    """Yield a requirement in standard notation; none for a location on this machine."""
    if dependency.url:
        if dependency.url.startswith(("git+http", "git+ssh", "http")):
            yield f"{dependency.name} @ {dependency.url.partition('#')[0]}"
    elif _is_standard(dependency.raw):
        yield dependency.raw
    else:
        alternatives = poetry_specifiers(dependency.specifier)
        yield f"{dependency.name}{alternatives[0] if len(alternatives) == 1 else ''}"


def _is_standard(raw: str) -> bool:
    try:
        Requirement(raw)
    except ValueError:
        return False
    return True
