"""What an installed distribution consists of, without reading its files.

A wheel's ``RECORD`` holds a digest and a size for each file that was installed, and is written
last. A file of that size which was not written after it is the file that was recorded; any other
one is read.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from doctrine.model.names import normalised
from doctrine.project.reading import CannotReadError, read_regular

Digest = Callable[[str], str]
"""Content digest of a file, by absolute path; empty where there is no file that can be read."""

_LIMIT = 64 << 20
_MOST = 256
"""Distributions of which it is remembered what their texts say: several tools ask, and twice."""
_SLACK = 2_000_000_000
"""Nanoseconds by which a file may be younger than its ``RECORD``: some systems count in steps."""
_METADATA = re.compile(r"^(?P<name>.+?)-(?P<version>[^-]+?)\.dist-info$")
_REQUIRED = re.compile(
    r"^Requires-Dist:[ \t]*(?P<name>[A-Za-z0-9][\w.-]*)[ \t]*(?:\[(?P<extras>[^\]\n]*)\])?(?P<rest>.*)",
    re.MULTILINE,
)
_EXTRA = re.compile(r"\bextra\s*==\s*['\"]([^'\"]*)")
_OWN_NOTES = frozenset(
    {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json"}
)
"""What the installer notes about itself: the same wheel has others on another machine."""


class Distribution(Struct, frozen=True, kw_only=True):
    """An installed distribution.

    Attributes:
        name: Normalised name.
        version: Version as its folder says.
        site: Absolute folder that it is installed in.
        folder: Name of its ``.dist-info`` folder.
    """

    name: str
    version: str
    site: str
    folder: str


class Owned(Struct, frozen=True, kw_only=True):
    """What a distribution has installed.

    Attributes:
        digest: Of all its files.
        paths: Absolute paths of them.
    """

    digest: str
    paths: frozenset[str]


class Stat(Struct, frozen=True):
    """What tells that a file was not written since: size in bytes, times in nanoseconds."""

    size: int
    mtime: int
    ctime: int


def stat_of(path: str) -> Stat | None:
    """Return the size and time of a file, links followed; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of times
    except (OSError, ValueError):
        return None
    return Stat(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def distributions(sites: Iterable[str]) -> Mapping[str, Distribution]:
    """Return what is installed in site-packages folders, the first ones winning."""
    found: dict[str, Distribution] = {}
    for site in sites:
        for entry in _names(site):
            match = _METADATA.match(entry)
            if match:
                name = normalised(match["name"])
                one = Distribution(name=name, version=match["version"], site=site, folder=entry)
                found.setdefault(name, one)
    return found


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names alone
    except (OSError, ValueError):
        return []


def required(names: Iterable[str], known: Mapping[str, Distribution]) -> tuple[Distribution, ...]:
    """Return installed distributions and all that they may import, sorted by name.

    Of the markers only extras are looked at: what is installed and named may be used.

    Args:
        names: Normalised names to begin with.
        known: What is installed.
    """
    reached: dict[str, Distribution] = {}
    done: set[tuple[str, str]] = set()
    waiting = [(name, "") for name in names]
    while waiting:
        step = waiting.pop()
        one = known.get(step[0])
        if one is not None and step not in done:
            reached[one.name] = one
            done.add(step)
            waiting.extend(_requirements(one, step[1]))
    return tuple(reached[name] for name in sorted(reached))


def _requirements(one: Distribution, extra: str) -> Iterator[tuple[str, str]]:
    """Yield what a distribution requires, or what one of its extras adds, each with an extra."""
    for name, words, extras in _required_by(_text(f"{one.site}/{one.folder}/METADATA")):
        if extra in extras if extra else not extras:
            yield name, ""
            yield from ((name, word) for word in words)


@lru_cache(_MOST)
def _required_by(metadata: str) -> tuple[tuple[str, tuple[str, ...], frozenset[str]], ...]:
    """Return what is required, with extras of it, and the extras that ask for it."""
    return tuple(
        (
            normalised(found["name"]),
            tuple(
                normalised(one.strip()) for one in (found["extras"] or "").split(",") if one.strip()
            ),
            frozenset(map(normalised, _EXTRA.findall(found["rest"]))),
        )
        for found in _REQUIRED.finditer(metadata)
    )


def recorded(one: Distribution) -> str:
    """Return the digest of what an installer recorded, empty without a record.

    Scripts and the installer's notes are left out: they name the place of the installation.
    """
    return _kept_of(_text(f"{one.site}/{one.folder}/RECORD"), one.folder)


@lru_cache(_MOST)
def _kept_of(record: str, folder: str) -> str:
    kept = (
        line
        for line in record.splitlines()
        if not line.startswith(("..", '"..'))
        and ".pyc," not in line
        and not (line.startswith(folder) and _is_note(line.partition(",")[0], folder))
    )
    content = "\n".join(sorted(kept))
    return hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest() if content else ""


def owned(one: Distribution, stats: Mapping[str, Stat]) -> Owned:
    """Return what a distribution has installed, edits by hand included.

    Args:
        one: The distribution.
        stats: Sizes and times of files that are known already, by absolute path.
    """
    record = f"{one.site}/{one.folder}/RECORD"
    written = stat_of(record)
    summary = hashlib.sha256(f"{one.name}\0{one.version}\0".encode())
    paths: set[str] = set()
    newest = written.mtime + _SLACK if written else -1
    for name, noted, size in sorted(_rows(_text(record))):
        path = os.path.normpath(f"{one.site}/{name}")
        paths.add(path)
        if name.endswith(".pyc") or _is_note(name, one.folder):
            continue
        untouched = _is_untouched(stats.get(path) or stat_of(path), newest, size)
        content = noted if untouched and noted else _as_recorded(path)
        if name.startswith("..") and content == noted:
            content = ""  # a script's first line names the environment that it lies in
        summary.update(f"{_portable(name)}\0{content}\0".encode("utf-8", "surrogatepass"))
    return Owned(digest=summary.hexdigest(), paths=frozenset(paths))


def _is_untouched(found: Stat | None, newest: int, size: str) -> bool:
    """Return whether a file is as old as its record, and of the recorded size."""
    return found is not None and found.mtime <= newest and str(found.size) == size


def _as_recorded(path: str) -> str:
    """Return what a record would say of a file as it is; empty where there is none."""
    try:
        content = read_regular(path, _LIMIT)
    except CannotReadError:
        return ""
    raw = hashlib.sha256(content).digest()
    return f"sha256={base64.urlsafe_b64encode(raw).rstrip(b'=').decode()}"


def _portable(name: str) -> str:
    """Return a recorded name without the way to it, which differs between installations."""
    return name.rpartition("/")[2] if name.startswith("..") else name


def _is_note(name: str, folder: str) -> bool:
    inside, _, last = name.rpartition("/")
    return inside == folder and last in _OWN_NOTES


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    for row in csv.reader(text.splitlines()):
        name, recorded, size = (*row, "", "", "")[:3]
        if name:
            yield name, recorded, size


def _text(path: str) -> str:
    try:
        return read_regular(path, _LIMIT).decode("utf-8", "surrogateescape")
    except CannotReadError:
        return ""
