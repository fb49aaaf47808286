"""What a ``uv.lock`` says about hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doctrine.documents import line_of, table, tables, text
from doctrine.inspect._lock_fit import fit_sightings
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support, undecided
from doctrine.lockable import first_lock
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.project import Lock, Project, TomlFile

_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
_KNOWN_VERSION = 1
"""Newest major format version of ``uv.lock``, as uv 0.13.9 writes it."""


def lock_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what the lock says for and against the rules about locks."""
    lock = project.lock
    if lock is None:
        yield from _missing(project, report)
        return
    spot = Spot(path=lock.path)
    yield support("lock-missing", spot, "the lock exists")
    yield _committed(project, lock, report)
    version = lock.data.get("version") if lock.data is not None else None
    if lock.data is None or not isinstance(version, int) or isinstance(version, bool):
        yield from _unreadable(lock, report)
    elif version > _KNOWN_VERSION:
        reason = (
            f"{lock.path} has format version {version}, and this doctrine reads up to "
            f"{_KNOWN_VERSION}: update doctrine, or let `uv lock --check` in CI tell"
        )
        yield Undecided(rule="lock-unreadable", reason=reason)
        yield Undecided(rule="lock-without-hash", reason=reason)
    else:
        yield from _hashes(lock, lock.data, report)
        yield from fit_sightings(project, lock, lock.data, report)


def _missing(project: Project, report: Reporter) -> Iterator[Sighting]:
    if reason := project.unread.get("uv.lock"):
        told = f"uv.lock could not be read: {reason}"
        yield Undecided(rule="lock-missing", reason=told)
    else:
        told = "there is no uv.lock"
        message = f"{told}: {first_lock(project.layout.pyproject)} makes one; commit it"
        yield report.finding("lock-missing", Spot(path=PROJECT_PATH), message)
    # What is not there is neither committed nor hashed.
    yield from undecided(("lock-not-committed", "lock-outdated", "lock-without-hash"), told)


def _unreadable(lock: Lock, report: Reporter) -> Iterator[Sighting]:
    problem = lock.problem or "it has no format version"
    message = f"{lock.path} cannot be read ({problem}): run `uv lock` to write it anew"
    yield report.finding("lock-unreadable", Spot(path=lock.path), message)
    yield Undecided(rule="lock-without-hash", reason=f"{lock.path} cannot be read: {problem}")


def _committed(project: Project, lock: Lock, report: Reporter) -> Sighting:
    rule, spot = "lock-not-committed", Spot(path=lock.path)
    tracked = project.layout.tracked
    if lock.path in project.layout.ignored:
        message = f"git ignores {lock.path}: take it out of .gitignore and run `git add`"
        return report.finding(rule, spot, message)
    if tracked is None:
        return support(rule, spot, "the lock is part of the tree; there is no git to ask")
    if lock.path.startswith("../"):
        reason = f"{lock.path} belongs to a workspace above the judged folder: judge that instead"
        return Undecided(rule=rule, reason=reason)
    if lock.path in tracked:
        return support(rule, spot, "git tracks the lock")
    message = f"git does not track {lock.path}: run `git add {lock.path}` and commit it"
    return report.finding(rule, spot, message)


def _hashes(lock: Lock, data: Mapping[str, object], report: Reporter) -> Iterator[Sighting]:
    located = TomlFile(path=lock.path, data=data, text=lock.text)
    complete = 0
    for index, package in enumerate(tables(data.get("package"))):
        source = table(package, "source")
        if not {"registry", "url"} & set(source):
            continue
        if lacking := _lacking(package):
            name = text(package.get("name"))
            keys = ("package", str(index), "name")
            message = (
                f"{name or 'a package'} is locked without a SHA-256 hash ({lacking}): take it "
                "from an index that publishes them and run `uv lock`"
            )
            spot = Spot(path=lock.path, line=line_of(located, keys))
            yield report.finding("lock-without-hash", spot, message, symbol=name)
        else:
            complete += 1
    detail = f"{complete} downloaded packages are locked with SHA-256 hashes"
    yield support("lock-without-hash", Spot(path=lock.path), detail)


def _lacking(package: Mapping[str, object]) -> str:
    """Say which file of a package has no usable hash; empty when all have one."""
    sdist = package.get("sdist")
    files = (*tables([sdist]), *tables(package.get("wheels")))
    if not files:
        return "it has no files at all"
    for file in files:
        if not _SHA256.fullmatch(text(file.get("hash"))):
            url = text(file.get("url")) or text(file.get("filename")) or text(file.get("path"))
            return url.rpartition("/")[2] or "an unnamed file"
    return ""
