"""Which locked packages are known to be vulnerable, by ``uv audit`` and the service it asks.

Only with the network allowed. Exit code 1 means vulnerabilities, or that uv gave up; only JSON on
stdout tells them apart. A service that does not answer is exit code 2 after some seconds of
retries. What uv did not look up it does not mention, so what the lock holds is counted against what
it says it audited. Where the project has no ``uv.lock``,
the packages of its environment are written into a lock of doctrine's own, in a private folder.
Lines are those of ``uv.lock``; the project as a whole where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from doctrine.documents import line_of
from doctrine.lockable import first_lock
from doctrine.model.observation import PROJECT_PATH, Finding, Location
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import TomlFile
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool, UnreadableError
from doctrine.tools._decode import decode_json, require_exit
from doctrine.tools._locked import Locked, installed, locked, written

_NAME = "uv-audit"
_RULE = "vulnerable"
_ENDINGS = frozenset({0, 1})
_FOLDER = "environment"
_SHOWN = 3

_OFFLINE = (
    "the dependencies were not looked up among known vulnerabilities, which needs the network: "
    "`doctrine check --network`"
)
_NOTHING = (
    "there is neither a uv.lock nor an installed environment whose packages could be looked up "
    "among known vulnerabilities: {} makes one"
)


class Dependency(Struct):
    """What is vulnerable."""

    name: str
    version: str | None = None


class Vulnerability(Struct):
    """One entry of ``vulnerabilities``."""

    dependency: Dependency
    id: str
    display_id: str = ""
    aliases: list[str] = field(default_factory=list[str])
    summary: str | None = None
    fix_versions: list[str] = field(default_factory=list[str])


class Summary(Struct):
    """What was looked up."""

    audited_packages: int
    vulnerabilities: int
    adverse_statuses: int = 0


class Output(Struct):
    """The JSON of ``uv audit``."""

    summary: Summary
    vulnerabilities: list[Vulnerability]


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the command that looks up the lock, or the environment where there is no lock."""
    if not request.settings.network:
        return Skip(reason=_OFFLINE)
    if request.lock is not None:
        return (_invocation(request, request.layout.root),)
    known = installed(request.layout)
    if not known.packages:
        return Skip(reason=_NOTHING.format(first_lock(request.layout.pyproject)))
    files = {f"{_FOLDER}/{name}": text.encode() for name, text in written(known.packages).items()}
    return (_invocation(request, f"{{scratch}}/{_FOLDER}", files),)


def _invocation(
    request: Request, folder: str, files: Mapping[str, bytes] | None = None
) -> Invocation:
    argv = (
        *request.located.command,
        "audit",
        "--frozen",
        "--output-format=json",
        "--preview-features=audit-command,json-output",
        "--no-python-downloads",
        "--no-progress",
        "--color=never",
        "--cache-dir={scratch}/cache",
    )
    return Invocation(
        name="audit", argv=argv, cwd=folder, files=files or {}, timeout=request.settings.timeout
    )


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return what is vulnerable; packages that were not looked up leave the rest undecided.

    Raises:
        CrashedError: uv gave up: the service cannot be reached, or the lock cannot be read.
        UnreadableError: The output is not that of ``uv audit``, or contradicts itself.
    """
    done = completed[0]
    require_exit(done, _ENDINGS if done.stdout.strip() else frozenset({0}), tool="uv audit")
    output = decode_json(done.stdout, Output, what="the JSON of uv audit")
    _require_consistent(done, output)
    known = _known(request)
    path = request.lock.path if request.lock else PROJECT_PATH
    return Reading(
        findings=tuple(_findings(request, output.vulnerabilities, path)),
        analysed=frozenset({path}),
        undecided=_undecided(known, output.summary.audited_packages),
        note=_note(output.summary),
    )


def _require_consistent(done: Completed, output: Output) -> None:
    found, told = len(output.vulnerabilities), output.summary
    # A status such as "archived" fails uv as well, and is nothing that this looks for.
    reasons = told.vulnerabilities + told.adverse_statuses
    if found != told.vulnerabilities or bool(reasons) != (done.exit_code == 1):
        message = f"uv audit exited with {done.exit_code} and lists {found} vulnerabilities"
        raise UnreadableError(message)


def _known(request: Request) -> Locked:
    return locked(request.lock) if request.lock else installed(request.layout)


def _undecided(known: Locked, audited: int) -> Mapping[str, str]:
    """Return why the silence proves nothing, where something was not looked up."""
    expected = len(known.packages) + len(known.odd)
    if audited >= expected:
        return {}
    named = f" ({', '.join(known.odd[:_SHOWN])} among the others)" if known.odd else ""
    return {
        f"{_RULE}/": f"only {audited} of {expected} dependencies were looked up among known "
        f"vulnerabilities{named}: look the others up by hand"
    }


def _note(summary: Summary) -> str:
    count = summary.audited_packages
    audited = "1 package was looked up" if count == 1 else f"{count:,} packages were looked up"
    if not summary.adverse_statuses:
        return audited
    return f"{audited}; {summary.adverse_statuses} are archived, deprecated or quarantined"


def _findings(request: Request, listed: list[Vulnerability], path: str) -> Iterator[Finding]:
    lines = _lines(request)
    for one in listed:
        name, version = one.dependency.name, one.dependency.version or ""
        known_as = one.display_id or one.id
        others = [alias for alias in sorted({one.id, *one.aliases} - {known_as}) if alias]
        also = f" ({', '.join(others)})" if others else ""
        summary = f": {' '.join(one.summary.split())}" if one.summary else ""
        yield Finding(
            tool=_NAME,
            rule=f"{_RULE}/{known_as}",
            message=f"{name} {version} has {known_as}{also}{summary}; {_mending(one, request)}",
            location=Location.point(path, lines.get((name, version), 1)),
            symbol=name,
        )


def _mending(one: Vulnerability, request: Request) -> str:
    name = one.dependency.name
    if not one.fix_versions:
        return (
            "no version mends it yet: replace the package, or list the id under `ignore` in "
            "[tool.uv.audit] with the reason"
        )
    how = f"`uv lock --upgrade-package {name}`" if request.lock else f"upgrade {name}"
    return f"mended in {' or '.join(one.fix_versions)}: {how}"


def _lines(request: Request) -> Mapping[tuple[str, str], int]:
    """Return where the lock names each package."""
    lock = request.lock
    if lock is None or lock.data is None:
        return {}
    located = TomlFile(path=lock.path, data=lock.data, text=lock.text)
    return {
        (one.name, one.version): line_of(located, ("package", str(one.index), "name"))
        for one in locked(lock).packages
    }


TOOL = Tool(
    name=_NAME,
    distribution="uv",
    program="uv",
    prepare=prepare,
    read=read,
    cost=1.0,
    supported=">=0.13",
    covers=Covers.PROJECT,
)
