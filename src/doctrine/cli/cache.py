"""``doctrine cache``: where results are kept, how much there is, and why one is reused or not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from doctrine.cache.changes import Change, Parts, changes
from doctrine.cache.judged import Latest
from doctrine.cache.opening import open_store, place_of
from doctrine.cache.place import is_off, is_safe
from doctrine.cache.store import Store
from doctrine.cache.told import Told, dependent, read_told
from doctrine.cache.whole import FILES
from doctrine.cli.cache_told import counted, each_tool, listed, one_tool, readers, told_of
from doctrine.cli.check import settings_of
from doctrine.cli.options import CheckOptions, absolute
from doctrine.cli.reuse import begin
from doctrine.cli.viewing import view_of
from doctrine.errors import UsageError
from doctrine.model.project import TomlFile
from doctrine.model.settings import Settings
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root

_MEGABYTE = 1_000_000
_HELD_ELSEWHERE = ("commits", "environments")
"""What is kept beside the results and can be had again; the history of runs cannot."""


def _loaded(project: str, cache_dir: str | None) -> tuple[Settings, TomlFile | None]:
    root, paths = resolve_root(project)
    pyproject = read_pyproject(root)
    flags = {"paths": list(paths), "cache-dir": absolute(cache_dir)}
    return settings_of(root, pyproject, flags), pyproject


def _folder(project: str, cache_dir: str | None) -> tuple[Path, Settings]:
    settings, _ = _loaded(project, cache_dir)
    place = place_of(settings)
    if place is None:
        raise UsageError(
            "nothing is kept: there is no home folder, or it lies inside the project",
            hint="name a folder with --cache-dir or in DOCTRINE_CACHE_DIR",
        )
    return place.folder, settings


def cache_dir(project: str, named: str | None) -> tuple[str, str]:
    """Return the folder, and what keeps it from being used; empty if nothing does.

    Args:
        project: A folder of the project.
        named: Folder that the command line names.

    Raises:
        UsageError: The project or its settings cannot be used, or there is no folder.
    """
    folder, settings = _folder(project, named)
    note = ""
    if is_off(settings):
        note = "nothing is reused or kept: DOCTRINE_NO_CACHE is set"
    elif folder.exists() and not is_safe(folder):
        note = f"nothing is kept there: others may write into it; chmod 700 {folder}"
    elif folder.exists() and not os.access(folder, os.W_OK):
        note = "nothing more is kept there: it cannot be written"
    return str(folder), note


def cache_size(project: str, named: str | None) -> str:
    """Return how much is kept, by kind.

    Args:
        project: A folder of the project.
        named: Folder that the command line names.
    """
    folder, settings = _folder(project, named)
    usage = Store(folder).usage()
    lines = [f"{one.kind:<12} {one.entries:>7,}  {_size(one.size):>10}" for one in usage]
    total = sum(one.size for one in usage)
    lines.append(f"{'results':<12} {sum(one.entries for one in usage):>7,}  {_size(total):>10}")
    lines[-1] += f"  of at most {_size(settings.cache_size)}"
    sizes = ((name, _tree_size(folder / name)) for name in _HELD_ELSEWHERE)
    lines.extend(f"{name:<12} {'':>7}  {_size(size):>10}" for name, size in sizes if size)
    return "".join(f"{line}\n" for line in lines)


def clean(project: str, named: str | None) -> str:
    """Forget everything that can be found again; say how much it was.

    Args:
        project: A folder of the project.
        named: Folder that the command line names.

    Raises:
        UsageError: Something cannot be removed.
    """
    folder, _ = _folder(project, named)
    before = _all(folder)
    try:
        Store(folder).clean()
        for name in _HELD_ELSEWHERE:
            if (folder / name).is_dir() and not (folder / name).is_symlink():
                shutil.rmtree(folder / name)
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder} cannot be removed: {error.strerror}",
            hint="end other runs of doctrine, and see to it that you may write there",
        ) from error
    return f"{_size(before - _all(folder))} removed from {folder}\n"


def _all(folder: Path) -> int:
    kept = sum(one.size for one in Store(folder).usage())
    return kept + sum(_tree_size(folder / name) for name in _HELD_ELSEWHERE)


def _tree_size(folder: Path) -> int:
    total = 0
    for inner, _, files in os.walk(folder):
        for name in files:
            path = Path(inner, name)
            total += path.lstat().st_size if os.path.lexists(path) else 0
    return total


def _size(count: int) -> str:
    return f"{count / _MEGABYTE:,.1f} MB"


def why(project: str, named: str | None, about: str | None) -> str:
    """Return why the next check reuses the report of the last one, or not.

    Args:
        project: A folder of the project.
        named: Folder that the command line names.
        about: A path, a tool or a clause; None for everything.

    Raises:
        UsageError: The project or its settings cannot be used, or nothing is of that name.
    """
    settings, pyproject = _loaded(project, named)
    options = CheckOptions(path=project)
    reuse = begin(settings, pyproject, options, view_of(options.view, tuple))
    if reuse is None:
        return (
            "Nothing is reused or kept: DOCTRINE_NO_CACHE is set, or there is no folder for it.\n"
        )
    now, latest = reuse.now(), reuse.latest()
    if isinstance(now, str):
        return f"Nothing is reused: {now}.\n"
    store = open_store(settings)
    known = _Known(
        store=store,
        root=settings.root,
        now=now,
        latest=latest,
        before=reuse.parts_of(latest.before) if latest else None,
        told=read_told(store, settings.root),
    )
    lines = [*_state(known), *(each_tool(known.told) if about is None else _of(about, known))]
    return "".join(f"{line}\n" for line in lines)


class _Known(Struct, frozen=True, kw_only=True):
    """All that is known: what counts now and did before, the last run, and its tools."""

    store: Store
    root: str
    now: Parts
    latest: Latest | None
    before: Parts | None
    told: Mapping[str, Told]


def _state(known: _Known) -> Iterator[str]:
    """Yield what the next check does, and what became of the last one."""
    latest = known.latest
    if latest is None or known.before is None:
        yield "The next check judges: no report of this project is kept."
    elif found := changes(known.before, known.now):
        yield f"The next check judges again. Since the last report that is kept, {counted(found)}:"
        yield from listed(found)
    else:
        yield f"The next check reuses the report of {_when(latest.at)}: nothing has changed."
    if latest is None:
        return
    if latest.unfit:
        yield f"The last one ({_when(latest.at)}) is not kept: {latest.unfit}."
    if latest.changes and latest.run:
        yield f"That of {_when(latest.at)} was judged because {counted(latest.changes)}:"
        yield from listed(latest.changes)


def _of(about: str, known: _Known) -> Iterator[str]:
    """Yield what is known of a path, a tool or a clause."""
    path = _relative(about, known.root)
    if path in known.now[FILES] or (known.before is not None and path in known.before[FILES]):
        yield _of_file(path, known.before, known.now)
        yield readers(path, dependent(known.store, known.root, path))
        return
    if about.lower() in known.told:
        yield from one_tool(about.lower(), known.told)
        return
    tools = _tools_of(about.upper())
    if not tools:
        raise UsageError(
            f"{about!r} is neither a path that counts, nor a tool, nor a clause that one decides",
            hint="`doctrine clauses` lists the clauses; version control and caches do not count",
        )
    yield f"{about.upper()} asks {', '.join(tools)}."
    for tool in tools:
        yield from _of_tool(tool, known)


def _of_tool(tool: str, known: _Known) -> Iterator[str]:
    """Yield what became of a tool, or of an inspector."""
    latest = known.latest
    if tool not in known.told and latest is not None and tool in latest.tools:
        yield f"{tool}: a part of doctrine, which looks at the project in every run that judges."
    else:
        yield from one_tool(tool, known.told)


def _relative(name: str, root: str) -> str:
    try:
        path = Path(os.path.realpath(name))
        if path.exists() or os.path.lexists(name):
            return path.relative_to(os.path.realpath(root)).as_posix()
    except (OSError, ValueError):
        pass
    return name


def _of_file(path: str, known: Parts | None, now: Parts) -> str:
    if known is None:
        return f"{path} counts."
    before, after = known[FILES].get(path, ""), now[FILES].get(path, "")
    if before == after:
        return f"{path} is as it was in the last report that is kept."
    change = Change(group=FILES, name=path, before=before, after=after)
    return f"{path}: {'changed' if before and after else told_of(change)}."


def _tools_of(clause: str) -> tuple[str, ...]:
    from doctrine.guide.chosen import load_guide
    from doctrine.model.replacing import replace
    from doctrine.plan import tools_of

    guide = load_guide()
    asked = tuple(one for one in guide.clauses if one.id == clause)
    return tuple(sorted(tools_of(replace(guide, clauses=asked))))


def _when(started: str) -> str:
    """Return a moment as people here write it."""
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return "an unknown time"
