"""What radon's and vulture's adapters share: both tools parse with the interpreter they run in.

So the interpreter has to be new enough for the newest syntax among the files, and the tool, which
is pure Python, is lent to it: the driver puts the folder it is installed in on its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import PurePath
from typing import TypeVar

import msgspec

from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Module
from doctrine.model.run import Origin
from doctrine.model.tool import Located, Request, UnreadableError
from doctrine.syntax.newest import needed_minor
from doctrine.tools._decode import decode_json, require_exit

T = TypeVar("T")

_OLDEST = 11
"""Vulture reads TOML when it is imported, which older interpreters cannot without help."""
_JOB = "job.json"
_FINISHED = frozenset({0})
_ENVIRONMENT: Mapping[str, str] = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


class Job(msgspec.Struct, kw_only=True):
    """What a driver is asked; radon's ignores what is vulture's."""

    root: str
    files: tuple[str, ...]
    sites: tuple[str, ...] = ()
    min_confidence: int = 0
    exclude: tuple[str, ...] = ()
    ignore_names: tuple[str, ...] = ()
    ignore_decorators: tuple[str, ...] = ()


def driver(request: Request, script: str, job: Job) -> Invocation:
    """Return the invocation of a driver script on a job."""
    job.sites = sites(request, script.partition("_")[0])
    python = interpreter(request.modules, request.pythons, request.located)
    return Invocation(
        name="driver",
        argv=(
            python,
            "-I",
            "-S",
            "-X",
            "utf8",
            f"{request.drivers}/{script}",
            f"{{scratch}}/{_JOB}",
        ),
        cwd=request.layout.root,
        env=_ENVIRONMENT,
        files={_JOB: msgspec.json.encode(job)},
        timeout=request.settings.timeout,
    )


def interpreter(
    modules: Iterable[Module],
    pythons: tuple[tuple[tuple[int, int], str], ...],
    located: Located,
) -> str:
    """Return the interpreter that reads the newest syntax among the modules.

    The oldest that can is taken, since these tools learn of new interpreters late; where none
    can, the newest loses the fewest files.
    """
    needed = (3, max(_OLDEST, needed_minor(modules, _OLDEST)))
    enough = sorted(pair for pair in pythons if pair[0] >= needed)
    if enough:
        return enough[0][1]
    return max(pythons)[1] if pythons else located.python


def sites(request: Request, package: str) -> tuple[str, ...]:
    """Return the folders to import a tool from: the project's copy, or doctrine's own."""
    environment = request.layout.environment
    if request.located.origin is Origin.PROJECT and environment is not None:
        return environment.site
    return _own_site(package)


@cache
def _own_site(package: str) -> tuple[str, ...]:
    found = find_spec(package)
    places = found.submodule_search_locations if found else None
    return tuple(str(PurePath(place).parent) for place in places or ())


def decode_driver(completed: Completed, shape: type[T], *, tool: str) -> T:
    """Return what a driver printed.

    Raises:
        CrashedError: The driver did not finish.
        UnreadableError: It printed something else.
    """
    require_exit(completed, _FINISHED, tool=tool)
    return decode_json(completed.stdout, shape, what=f"the JSON of {tool}'s driver")


def require_all(asked: tuple[str, ...], read: tuple[str, ...], failed: Mapping[str, str]) -> None:
    """Raise unless every file was either read or given up, and nothing else was.

    Raises:
        UnreadableError: The driver speaks of other files than it was given.
    """
    if {*read, *failed} != set(asked) or len(read) + len(failed) != len(set(asked)):
        message = "it does not account for the files it was given"
        raise UnreadableError(message)


def flawed(request: Request) -> Mapping[str, str]:
    """Return why files cannot be given to a tool that parses, by path."""
    return {
        module.path: module.flaw_detail or f"discovery found it to be unfit: {module.flaw}"
        for module in request.modules
        if module.flaw is not None
    }
