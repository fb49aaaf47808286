"""Recordings of real tools: what they printed for a small project, and what it means.

A recording is a folder ``tests/recordings/<tool>/<case>`` with

- ``input/``: the project that was judged;
- ``case.toml``: what the adapter was asked (see ``Case``), written by hand;
- ``completed.json`` and ``<invocation>.stdout``, ``<invocation>.stderr``,
  ``<invocation>.kept/*``: what the processes left behind, with paths scrubbed;
- ``expected.json``: the reading, or the error.

``DOCTRINE_RECORD=1 pytest -m live tests/tools`` writes all but the first two anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import cast

import msgspec

import doctrine
from doctrine.model.observation import Evidence
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.project import (
    Automation,
    Command,
    CommandKind,
    Environment,
    Flaw,
    Layout,
    Module,
    Role,
    SourceFile,
    Target,
    TomlFile,
)
from doctrine.model.replacing import replace
from doctrine.model.run import Origin, Reading
from doctrine.model.settings import Settings
from doctrine.model.tool import CrashedError, Located, Request, Skip, Tool, UnreadableError
from doctrine.project.lockfile import read_lock

RECORDINGS = Path(__file__).parent.parent / "recordings"
NEEDED = ("findings", "clean", "unparsable", "invalid")
"""Cases that every tool has: defects, none, input it cannot parse, an invocation it refuses."""
RECORD = os.environ.get("DOCTRINE_RECORD") == "1"

_ROLES = {"tests": Role.TEST, "docs": Role.DOCS, "examples": Role.EXAMPLE}
_TIMEOUT = 300
_EARLY = ("mypy.ini", ".mypy.ini", "setup.cfg", "pyrightconfig.json", ".coveragerc")
_CLOCK = re.compile(rb"\[\d{4}-\d\d-\d\d\]\[\d\d:\d\d:\d\d\]")


class CommandCase(msgspec.Struct, forbid_unknown_fields=True):
    """A command of CI."""

    argv: tuple[str, ...]
    can_fail: bool = True


class Case(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """What ``case.toml`` may say; everything has a default.

    ``flaws`` are known after parsing and ``entry_flaws`` before (by path); ``features`` are those
    of ``Module``; ``version`` replaces that of the installed tool; ``environment`` gives the
    project the environment that runs the tests; ``append`` adds arguments that break the call;
    ``network`` allows it, and ``{service}`` in arguments is the address of a service of the tests;
    ``packages`` gives the project an environment that holds just these;
    ``files`` and ``links`` are added to the input: names that not every system can check out.
    """

    floor: tuple[int, int] | None = (3, 11)
    rules: tuple[str, ...] = ()
    defaults: dict[str, object] = {}
    paths: tuple[str, ...] = ()
    sources: tuple[str, ...] = (".",)
    tests: bool = False
    version: str = ""
    environment: bool = False
    network: bool = False
    packages: dict[str, str] = {}
    flaws: dict[str, Flaw] = {}
    entry_flaws: dict[str, Flaw] = {}
    features: dict[str, tuple[str, ...]] = {}
    commands: tuple[CommandCase, ...] = ()
    append: tuple[str, ...] = ()
    files: dict[str, str] = {}
    links: dict[str, str] = {}


class Process(msgspec.Struct):
    """One entry of ``completed.json``."""

    name: str
    exit_code: int | None
    ending: Ending = Ending.EXITED


def cases() -> tuple[Path, ...]:
    """Return the folder of every recording."""
    return tuple(sorted(path.parent for path in RECORDINGS.glob("*/*/case.toml")))


def case_of(folder: Path) -> Case:
    """Return what a recording asks."""
    return msgspec.toml.decode((folder / "case.toml").read_bytes(), type=Case)


def request_of(tool: Tool, case: Case, root: Path, service: str = "") -> Request:
    """Return the request for a project on disk."""
    layout = _layout(root, case)
    return Request(
        layout=layout,
        located=locate(tool, case),
        settings=Settings(root=str(root), paths=case.paths, tests=case.tests, network=case.network),
        modules=tuple(_module(root, file, case) for file in layout.files),
        automation=Automation(commands=tuple(_command(one, service) for one in case.commands)),
        lock=read_lock(layout),
        rules=case.rules,
        defaults=case.defaults,
        drivers=str(Path(doctrine.__file__).parent / "drivers"),
        pythons=((sys.version_info[:2], sys.executable),),
    )


def locate(tool: Tool, case: Case | None = None) -> Located:
    """Return the tool that is installed beside the interpreter running the tests."""
    python = sys.executable
    script = Path(python).with_name(tool.program)
    command = (str(script),) if script.exists() else (python, "-m", tool.program)
    version = (case.version if case else "") or metadata.version(tool.distribution)
    return Located(command=command, python=python, version=version, origin=Origin.DOCTRINE)


def _layout(root: Path, case: Case) -> Layout:
    on_disk = (
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )
    paths = sorted({*on_disk, *case.files, *case.links})
    python = [path for path in paths if path.endswith((".py", ".pyi", ".pyw"))]
    pyproject = root / "pyproject.toml"
    return Layout(
        root=str(root),
        name="project",
        pyproject=_pyproject(pyproject) if pyproject.exists() else None,
        files=tuple(
            SourceFile(path=path, role=_role(path), flaw=case.entry_flaws.get(path))
            for path in python
        ),
        others=tuple(path for path in paths if path not in python),
        tracked=None,
        ignored=frozenset(),
        sources=case.sources,
        target=_target(case),
        environment=_environment(case),
        restricted=bool(case.paths),
        texts={
            name: (root / name).read_text(encoding="utf-8")
            for name in _EARLY
            if (root / name).exists()
        },
    )


def _pyproject(path: Path) -> TomlFile | None:
    text = path.read_text(encoding="utf-8")
    try:
        return TomlFile(path=path.name, data=tomllib.loads(text), text=text)
    except tomllib.TOMLDecodeError:
        return None


def _role(path: str) -> Role:
    return _ROLES.get(path.split("/", 1)[0], Role.SOURCE)


def _target(case: Case) -> Target:
    if case.floor is None:
        return Target(floor=None, minors=(), specifier="")
    minors = tuple(range(case.floor[1], 15))
    return Target(floor=case.floor, minors=minors, specifier=f">=3.{case.floor[1]}")


def _environment(case: Case) -> Environment | None:
    if not case.environment and not case.packages:
        return None
    packages = case.packages or {
        found.name.lower().replace("_", "-"): found.version for found in metadata.distributions()
    }
    return Environment(
        python=sys.executable,
        version=sys.version_info[:2],
        site=tuple(path for path in sys.path if path.endswith("site-packages")),
        packages=packages,
        label="environment of the tests",
    )


def _module(root: Path, file: SourceFile, case: Case) -> Module:
    path = root / file.path
    lines = path.read_bytes().count(b"\n") if path.exists() else 0
    return Module(
        path=file.path,
        role=file.role,
        lines=lines,
        flaw=case.flaws.get(file.path) or file.flaw,
        features=frozenset(case.features.get(file.path, ())),
    )


def _command(case: CommandCase, service: str) -> Command:
    argv = tuple(word.replace("{service}", service or "http://service/") for word in case.argv)
    place = Evidence(path=".github/workflows/ci.yml", line=1, detail=" ".join(argv))
    return Command(argv=argv, kind=CommandKind.CI, place=place, can_fail=case.can_fail)


def unpack(folder: Path, case: Case, root: Path) -> None:
    """Make the input of a recording a real project."""
    shutil.copytree(folder / "input", root, symlinks=True)
    for name, text in case.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for name, target in case.links.items():
        (root / name).symlink_to(target)


def prepared(tool: Tool, request: Request, case: Case, service: str = "") -> tuple[Invocation, ...]:
    """Return the invocations, with what the case appends to break them."""
    append = tuple(word.replace("{service}", service) for word in case.append)
    invocations = tool.prepare(request)
    if isinstance(invocations, Skip):
        return ()
    return tuple(replace(one, argv=(*one.argv, *append)) for one in invocations)


def run(invocation: Invocation, scratch: Path) -> Completed:
    """Run one invocation for real, as the runner would."""
    scratch.mkdir(parents=True, exist_ok=True)

    def fill(text: str) -> str:
        return text.replace("{scratch}", str(scratch))

    if invocation.copy_tree:
        shutil.copytree(invocation.copy_tree, scratch / "tree", symlinks=True)
    for name, content in invocation.files.items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_bytes(content)
    done = subprocess.run(
        [fill(word) for word in invocation.argv],
        cwd=fill(invocation.cwd),
        env={**_bare_environment(), **{key: fill(value) for key, value in invocation.env.items()}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=_TIMEOUT,
    )
    return Completed(
        invocation=invocation,
        ending=Ending.EXITED,
        exit_code=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        kept={
            name: (scratch / name).read_bytes()
            for name in invocation.keep
            if (scratch / name).exists()
        },
    )


def _bare_environment() -> dict[str, str]:
    names = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    return {name: os.environ[name] for name in names if name in os.environ}


def run_all(invocations: tuple[Invocation, ...], scratch: Path) -> tuple[Completed, ...]:
    """Run the invocations one after another, each with a private folder."""
    return tuple(run(one, scratch / one.name) for one in invocations)


def outcome(tool: Tool, request: Request, completed: tuple[Completed, ...]) -> object:
    """Return what the adapter makes of the processes, as plain values that JSON can hold."""
    if not completed:
        skip = tool.prepare(request)
        return {"skip": skip.reason} if isinstance(skip, Skip) else {"skip": ""}
    try:
        return encoded(tool.read(request, completed))
    except (CrashedError, UnreadableError) as error:
        return {"error": type(error).__name__}


def encoded(reading: Reading) -> object:
    """Return a reading as plain values in an order that does not depend on the tool's threads."""
    steady = replace(
        reading,
        findings=tuple(sorted(reading.findings, key=repr)),
        measurements=tuple(sorted(reading.measurements, key=repr)),
        supports=tuple(sorted(reading.supports, key=repr)),
    )
    value: dict[str, object] = json.loads(msgspec.json.encode(steady, order="sorted"))
    for kind in ("findings", "supports"):
        for one in cast("list[dict[str, object]]", value[kind]):
            del one["type"]  # by which a cache tells them apart: nothing that an adapter says
    return value


class Scrubber:
    """Exchanges paths of this machine for marks, and marks for paths."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self._pairs = (
            (str(scratch).encode(), b"@SCRATCH@"),
            (str(root).encode(), b"@ROOT@"),
            (str(Path(sys.executable).parent.parent).encode(), b"@PREFIX@"),
        )

    def scrub(self, data: bytes) -> bytes:
        for path, mark in self._pairs:
            data = data.replace(path, mark)
        return _CLOCK.sub(b"[2026-01-01][00:00:00]", data)

    def scrub_value(self, value: object) -> object:
        """Return plain values without the paths of this machine in their texts."""
        scrubbed: object = json.loads(self.scrub(json.dumps(value).encode()))
        return scrubbed

    def restore(self, data: bytes) -> bytes:
        for path, mark in self._pairs:
            data = data.replace(mark, path)
        return data


def save(folder: Path, completed: tuple[Completed, ...], scrubber: Scrubber) -> None:
    """Write what the processes left behind."""
    for stale in (*folder.glob("*.stdout"), *folder.glob("*.stderr")):
        stale.unlink()
    for stale in folder.glob("*.kept"):
        shutil.rmtree(stale)
    processes = [
        Process(name=one.invocation.name, exit_code=one.exit_code, ending=one.ending)
        for one in completed
    ]
    write_json(folder / "completed.json", msgspec.to_builtins(processes))
    for one in completed:
        name = one.invocation.name
        (folder / f"{name}.stdout").write_bytes(scrubber.scrub(one.stdout))
        (folder / f"{name}.stderr").write_bytes(scrubber.scrub(one.stderr))
        for kept, content in one.kept.items():
            target = folder / f"{name}.kept" / kept
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(scrubber.scrub(content))


def load(
    folder: Path, invocations: tuple[Invocation, ...], scrubber: Scrubber
) -> tuple[Completed, ...]:
    """Return what the processes left behind, beside the invocations of now."""
    raw = (folder / "completed.json").read_bytes()
    by_name = {one.name: one for one in msgspec.json.decode(raw, type=list[Process])}
    return tuple(_loaded(folder, one, by_name[one.name], scrubber) for one in invocations)


def _loaded(
    folder: Path, invocation: Invocation, process: Process, scrubber: Scrubber
) -> Completed:
    name = invocation.name
    kept = folder / f"{name}.kept"
    return Completed(
        invocation=invocation,
        ending=process.ending,
        exit_code=process.exit_code,
        stdout=scrubber.restore((folder / f"{name}.stdout").read_bytes()),
        stderr=scrubber.restore((folder / f"{name}.stderr").read_bytes()),
        kept={
            one: scrubber.restore((kept / one).read_bytes())
            for one in invocation.keep
            if (kept / one).exists()
        },
    )


def write_json(path: Path, value: object) -> None:
    """Write a value for people to review."""
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_json(path: Path) -> object:
    """Return a value written by ``write_json``."""
    value: object = json.loads(path.read_text(encoding="utf-8"))
    return value
