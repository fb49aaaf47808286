"""Concurrency in a source file: what starts threads, what they share, what guards it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from doctrine.model.project import Import, Sight
from doctrine.sights._shared import shared_sights
from doctrine.syntax.language import walk
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_ROOTS = frozenset({"threading", "_thread", "concurrent", "multiprocessing", "gevent"})
_HARMLESS = frozenset(
    [
        "threading.current_thread",
        "threading.get_ident",
        "threading.get_native_id",
        "threading.main_thread",
        "threading.active_count",
        "threading.enumerate",
        "threading.ThreadError",
        "threading.TIMEOUT_MAX",
        "threading.settrace",
        "threading.setprofile",
        "threading.stack_size",
        "threading.excepthook",
        "threading.ExceptHookArgs",
        "threading.currentThread",
        "multiprocessing.cpu_count",
        "multiprocessing.current_process",
        "multiprocessing.freeze_support",
        "multiprocessing.get_start_method",
        "multiprocessing.set_start_method",
        "multiprocessing.parent_process",
        "multiprocessing.TimeoutError",
        "multiprocessing.ProcessError",
        "multiprocessing.connection",
        "concurrent.futures.TimeoutError",
        "concurrent.futures.Future",
        "concurrent.futures.CancelledError",
        "concurrent.futures.Executor",
    ]
)
"""What asks about threads and processes, and starts and guards none."""
_LOCAL = "threading.local"
STARTS = frozenset(
    [
        "threading.Thread",
        "threading.Timer",
        "_thread.start_new_thread",
        "gevent.spawn",
        "concurrent.futures.ThreadPoolExecutor",
        "concurrent.futures.thread.ThreadPoolExecutor",
        "multiprocessing.pool.ThreadPool",
        "multiprocessing.dummy.Pool",
    ]
)
_LOCKS = frozenset(
    [
        "threading.Lock",
        "threading.RLock",
        "threading.Condition",
        "threading.Semaphore",
        "threading.BoundedSemaphore",
        "_thread.allocate_lock",
    ]
)


_QT = frozenset({"PySide6", "PySide2", "PyQt6", "PyQt5", "qtpy", "qgis", "AnyQt"})
_QT_NEEDLES = (b"QThread", b"QRunnable")
_QT_THREAD = re.compile(
    rb"^[ \t]*class[ \t]+\w+\([^)\n]*\b(?P<base>QThread|QRunnable)\b"
    rb"|\b(?P<made>QThread|QThreadPool)\(|\b(?P<pool>QThreadPool)\.globalInstance\b",
    re.MULTILINE,
)
"""A thread of Qt's; to ask which one the program is in starts none."""


def thread_sights(parsed: ParsedFile) -> Iterator[Sight]:
    """Yield what a source file has to do with threads and processes.

    Args:
        parsed: The file.
    """
    imported = [one for one in parsed.module.imports if _concerns(one)]
    if imported:
        names = parsed.names
        used = list(_used(parsed.tree, names, imported))
        yield from _concurrency(used)
        if any(dotted in STARTS or dotted in _LOCKS for dotted, _ in used):
            yield from shared_sights(parsed, names)
    if parsed.wording.holds(*_QT_NEEDLES):
        yield from _qt_threads(parsed)


def _qt_threads(parsed: ParsedFile) -> Iterator[Sight]:
    if any(one.module.partition(".")[0] in _QT for one in parsed.module.imports):
        for found in _QT_THREAD.finditer(parsed.source):
            name = found[found.lastgroup or 0].decode()
            line = parsed.source.count(b"\n", 0, found.start(found.lastgroup or 0)) + 1
            yield Sight(name="concurrency", line=line, detail=f"Qt's {name}")


def _concerns(item: Import) -> bool:
    return not item.dots and not item.typing_only and item.module.partition(".")[0] in _ROOTS


def _used(root: Node, names: Names, imported: list[Import]) -> Iterator[tuple[str, int]]:
    """Yield what a file uses of those modules by its dotted name; imports count by themselves."""
    yield from ((one.dotted, one.location.line) for one in imported if one.name)
    modules = _module_names(imported)
    for node in walk(root) if modules else ():
        if node.type != "attribute":
            continue
        owner = node.child_by_field_name("object")
        if owner is not None and text_of(owner).partition(".")[0] in modules:
            dotted = names.dotted(node).partition("(")[0]
            if dotted.partition(".")[0] in _ROOTS:
                yield dotted, line_of(node)


def _module_names(imported: list[Import]) -> set[str]:
    """Return the names under which a file reaches those modules, and not only what is in them."""
    roots = {one.module.partition(".")[0] for one in imported if not one.name}
    modules = (one for one in imported if not one.name or one.dotted in _SUBMODULES)
    return roots | {one.bound for one in modules if one.bound}


_SUBMODULES = frozenset(
    {
        "concurrent.futures",
        "multiprocessing.pool",
        "multiprocessing.dummy",
        "multiprocessing.queues",
    }
)


def _concurrency(used: list[tuple[str, int]]) -> Iterator[Sight]:
    plain = frozenset(_SUBMODULES)
    for dotted, line in used:
        if dotted in _HARMLESS or dotted in plain:
            continue
        if dotted == _LOCAL:
            yield Sight(name="thread-local", line=line, detail="threading.local")
            continue
        yield Sight(name="concurrency", line=line, detail=dotted)
        if dotted in STARTS:
            yield Sight(name="thread-started", line=line, detail=dotted)
        elif dotted in _LOCKS:
            yield Sight(name="lock", line=line, detail=dotted)
