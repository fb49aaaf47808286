"""Whether ``uv.lock`` fits ``pyproject.toml``, by ``uv lock --check`` without the network.

Exit code 1 has two meanings, told apart by the words: the lock is out of date, or uv had to
resolve anew and could not, because the packages' metadata is not in its cache. The latter proves
nothing. Nothing is built, since building the project may write into its folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doctrine.documents import table, text
from doctrine.lockable import first_lock
from doctrine.model.inputs import Inputs
from doctrine.model.observation import Finding, Location
from doctrine.model.process import Completed, Invocation
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import CrashedError, Request, Skip, Tool, UnreadableError
from doctrine.tools._decode import decode_log, excerpt, relative_path, require_exit
from doctrine.tools._inputs import pyproject_for

_NAME = "uv-lock"
_LOCK = "uv.lock"
_ENDINGS = frozenset({0, 1, 2})

_DONE = re.compile(r"^Resolved \d+ packages? in ", re.MULTILINE)
_STALE = re.compile(r"^error: The lockfile at .* needs to be updated", re.MULTILINE)
_DROPPED = re.compile(
    r"^warning: Failed to parse `(?P<path>[^`\n]+)` during settings discovery:\s*\n"
    r"\s*TOML parse error at line (?P<line>\d+), column (?P<column>\d+)"
    r"(?P<detail>(?:\n[ \t]+.*)*)",
    re.MULTILINE,
)
_BROKEN = re.compile(
    r"^error: Failed to parse `(?P<path>[^`\n]*uv\.lock)`"
    r"(?:\s+(?:Caused by|cause): TOML parse error at line (?P<line>\d+), column (?P<column>\d+))?",
    re.MULTILINE,
)
_OUTER = ("~/.config/uv/uv.toml", "/etc/uv/uv.toml", "/etc/xdg/uv/uv.toml")
"""Where uv is configured for everybody."""
_UNCACHED = (
    "network was disabled",
    "not found in the cache",
    "Network connectivity is disabled",
    "needs to be downloaded from a registry",
)
_UNTELLING = (
    *_UNCACHED,
    "No solution found",
    "Building source distributions",
    "No interpreter found",
    "unsupported schema version",
    "Failed to inspect Python interpreter",
    "incompatible with the project's Python requirement",
)


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the command that compares the lock with the project, and changes neither."""
    layout = request.layout
    if layout.pyproject is None or _LOCK not in {*layout.others, *layout.ignored}:
        return Skip(reason=f"there is no uv.lock: {first_lock(layout.pyproject)} makes one")
    argv = (
        *request.located.command,
        "lock",
        "--check",
        # Who lets packages be installed has allowed the network.
        *(() if request.settings.install else ("--offline",)),
        "--no-build",
        "--no-python-downloads",
        "--no-progress",
        "--color=never",
        *_cache(layout.pyproject.data),
        *_python(request),
    )
    return (Invocation(name="check", argv=argv, cwd=layout.root, timeout=request.settings.timeout),)


def _cache(data: Mapping[str, object]) -> tuple[str, ...]:
    """Keep a cache that the project wants for itself out of its folder."""
    configured = text(table(data, "tool", "uv").get("cache-dir"))
    return ("--cache-dir", "{scratch}/cache") if configured else ()


def _python(request: Request) -> tuple[str, ...]:
    """Name an interpreter that the project admits, so that uv does not have to search for one."""
    minors = request.layout.target.minors
    fitting = [path for version, path in request.pythons if version[1] in minors]
    return ("--python", fitting[0]) if fitting else ()


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return whether the lock is stale or cannot be used.

    Raises:
        CrashedError: uv gave up over something else.
        UnreadableError: It ended well without having resolved anything.
    """
    done = completed[0]
    require_exit(done, _ENDINGS, tool="uv lock --check")
    said = decode_log(done.stderr, what="what it printed")
    findings = tuple(
        found for found in (_dropped(said, request), _broken(said), _stale(said)) if found
    )
    if any(found.location.path == _LOCK for found in findings):
        return Reading(findings=findings, analysed=frozenset({_LOCK}))
    if done.exit_code == 0:
        if not _DONE.search(said):
            message = "it exited with 0, but does not say that it resolved anything"
            raise UnreadableError(message)
        return Reading(findings=findings, analysed=frozenset({_LOCK}))
    if any(words in said for words in _UNTELLING):
        return Reading(findings=findings, undecided={"stale": _undecided(done, said)})
    message = f"uv lock --check exited with {done.exit_code}: {excerpt(done)}"
    raise CrashedError(message)


def _undecided(done: Completed, said: str) -> str:
    if any(words in said for words in _UNCACHED):
        why = "without the network, since uv's cache lacks what the packages say of themselves"
    else:
        why = f"({excerpt(done)})"
    return (
        f"whether uv.lock is up to date could not be told {why}: run `uv lock --check`, or "
        "`doctrine check --install`"
    )


def _stale(said: str) -> Finding | None:
    if not _STALE.search(said):
        return None
    return Finding(
        tool=_NAME,
        rule="stale",
        message="uv.lock does not fit pyproject.toml any more: run `uv lock` and commit it",
        location=Location.point(_LOCK),
    )


def _broken(said: str) -> Finding | None:
    found = _BROKEN.search(said)
    if found is None:
        return None
    return Finding(
        tool=_NAME,
        rule="invalid",
        message="uv.lock is not valid TOML: run `uv lock` and commit it",
        location=Location.point(_LOCK, int(found["line"] or 1), int(found["column"] or 1)),
    )


def _dropped(said: str, request: Request) -> Finding | None:
    """Return the finding for a table that uv silently ignores as a whole."""
    found = _DROPPED.search(said)
    if found is None:
        return None
    detail = found["detail"].strip().rpartition("\n")[2].strip().partition(", expected ")[0]
    path = relative_path(found["path"], request.layout.root) or "pyproject.toml"
    return Finding(
        tool=_NAME,
        rule="invalid",
        message=f"uv ignores the whole [tool.uv] table: {detail}",
        location=Location.point(path, max(int(found["line"]), 1), max(int(found["column"]), 1)),
    )


def inputs(request: Request) -> Inputs | None:
    """Return what a fitting lock depends on; None where it holds packages from folders.

    That a lock does not fit is never reused: uv then looks for newer packages in its cache.
    """
    layout = request.layout
    data = layout.pyproject.data if layout.pyproject else None
    sources = table(data, "tool", "uv", "sources").values()
    if any("path" in table(source) or isinstance(source, list) for source in sources):
        return None
    members = tuple(path for path in layout.others if path.endswith("/pyproject.toml"))
    return Inputs(
        configuration=(_LOCK, ".python-version", *_OUTER, *members, *_above(layout.root)),
        nested=("uv.toml",),
        variables=("UV_*",),
        facts={"pyproject.toml": pyproject_for(layout, "uv")},
        silent_only=True,
    )


def _above(root: str) -> tuple[str, ...]:
    """Return where the workspace may be configured that the project is a member of."""
    depth = root.replace("\\", "/").rstrip("/").count("/")
    return tuple(f"{'../' * number}pyproject.toml" for number in range(1, depth + 1))


TOOL = Tool(
    name=_NAME,
    distribution="uv",
    program="uv",
    prepare=prepare,
    read=read,
    cost=0.2,
    after_parse=False,
    covers=Covers.PROJECT,
    inputs=inputs,
)
