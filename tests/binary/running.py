"""Run the real program on small projects, as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.binary.nursery import become, can_become

Json = Mapping[str, object]


class Clause(msgspec.Struct):
    id: str
    outcome: str
    reason: str
    level: str


class Tool(msgspec.Struct):
    name: str
    status: str
    origin: str
    message: str | None = None


class Finding(msgspec.Struct):
    severity: str
    clauses: list[str]
    path: str
    line: int
    message: str
    status: str


class Problem(msgspec.Struct):
    tool: str
    message: str


class Grade(msgspec.Struct):
    letter: str | None
    score: float | None


class Run(msgspec.Struct):
    tools: list[Tool]


class Report(msgspec.Struct):
    verdict: str
    grade: Grade
    run: Run
    clauses: list[Clause]
    findings: list[Finding]
    problems: list[Problem]

    def outcome(self, clause_id: str) -> str:
        return next(one.outcome for one in self.clauses if one.id == clause_id)

    def reason(self, clause_id: str) -> str:
        return next(one.reason for one in self.clauses if one.id == clause_id)

    def status(self, tool: str) -> str:
        return next(one.status for one in self.run.tools if one.name == tool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    stdout: str
    stderr: str

    @property
    def report(self) -> Report:
        return msgspec.json.decode(self.stdout, type=Report)


def doctrine(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 300
) -> Ran:
    """Run the program; a traceback on stderr is never all right.

    It need not import itself each time, unless a variable changes how Python starts.
    """
    variables = {**os.environ, **(env or {})}
    if can_become(variables):
        return _checked(become(arguments, cwd, variables, timeout))
    return started(*arguments, cwd=cwd, env=env, timeout=timeout)


def started(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 300
) -> Ran:
    """Run the program from the start of its interpreter on."""
    done = subprocess.run(
        [sys.executable, "-m", "doctrine", *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        check=False,
    )
    return _checked(done)


def _checked(done: subprocess.CompletedProcess[bytes]) -> Ran:
    stderr = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in stderr, stderr
    assert "internal error" not in stderr, stderr
    return Ran(
        code=done.returncode, stdout=done.stdout.decode("utf-8", "surrogateescape"), stderr=stderr
    )


def keeping(folder: Path) -> Mapping[str, str]:
    """Return the variables of a user who keeps results, as everybody does who does not say otherwise.

    For tests that check nearly the same many times; others keep nothing, so that each starts its tools.
    """
    return {"DOCTRINE_NO_CACHE": "", "DOCTRINE_CACHE_DIR": str(folder)}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a project."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return every file of a tree with mode, time and content."""
    found: dict[str, tuple[int, int, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        stat = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path.relative_to(folder))] = (stat.st_mode, stat.st_mtime_ns, content)
    return found
