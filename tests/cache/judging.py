"""Checks with a judge that sees everything, so that it is plain whether a report is that of now.

The judge reads whatever a tool could read, byte by byte, and says so in the report. It shares
nothing with what decides whether a report may be reused.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from doctrine.cli.check import check
from doctrine.cli.options import CheckOptions
from doctrine.model.replacing import replace
from doctrine.model.report import Problem, Report
from doctrine.model.run import ToolStatus
from doctrine.model.settings import Settings
from tests.reports.build import a_report

_SETTINGS = ("paths", "fail_on", "audit", "exclude", "timeout", "python", "facts", "entries")


class _Problem(msgspec.Struct):
    message: str


class _Tool(msgspec.Struct):
    cached: bool
    status: str


class _Run(msgspec.Struct):
    tools: list[_Tool]


class Said(msgspec.Struct):
    """What a JSON report says."""

    problems: list[_Problem]
    run: _Run

    @property
    def truth(self) -> str:
        """What the judge saw."""
        return self.problems[0].message

    @property
    def reused(self) -> bool:
        """Whether it is what an earlier run has left."""
        return all(one.cached for one in self.run.tools if one.status == "ok")


def truth(settings: Settings) -> str:
    """Return a digest of everything that could be read."""
    root = Path(settings.root)
    seen = hashlib.sha256()
    for one in _SETTINGS:
        seen.update(repr(getattr(settings, one)).encode())
    for path in sorted(_paths(root)):
        seen.update(os.fsencode(path.relative_to(root)) + b"\0")
        if path.is_symlink():
            seen.update(os.fsencode(path.readlink()))
        if path.is_file():
            seen.update(path.read_bytes() + bytes([path.stat().st_mode & 0o100 != 0]))
    outer = root.parent / "ruff.toml"
    seen.update(outer.read_bytes() if outer.exists() else b"none")
    seen.update(os.environ.get("PLUGIN_MODE", "unset").encode())
    listing = ("git", "ls-files", "-t", "--cached", "--others", "--exclude-standard")
    seen.update(subprocess.run(listing, cwd=root, capture_output=True, check=False).stdout)
    return seen.hexdigest()


def _paths(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [one for one in folders if one != ".git"]
        yield from (Path(folder, one) for one in (*folders, *files))


def judge(settings: Settings, *_: object, **__: object) -> Report:
    """Judge as the real one, and say what there was to be seen."""
    report = a_report()
    runs = tuple(one for one in report.tools if one.status is ToolStatus.OK)
    return replace(
        report,
        root=settings.root,
        tools=runs,
        started="2026-11-28T12:03:00+00:00",
        problems=(Problem(tool="judge", message=truth(settings)),),
    )


def run(root: Path, target: Path, **options: object) -> Said:
    """Check a project and return what the JSON report says."""
    asked = CheckOptions(path=str(root), output=(f"json={target}",), format="badge", history=False)
    check(msgspec.structs.replace(asked, **options))
    return msgspec.json.decode(target.read_bytes(), type=Said)


def now(root: Path, target: Path, **options: object) -> Said:
    """Check the same without reusing or keeping anything."""
    return run(root, target, no_cache=True, **options)
