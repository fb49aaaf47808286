"""Which modules and functions run as a program, and which only offer something to import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tree_sitter import Node

from doctrine.documents import strings, table, text
from doctrine.inspect._calls import called
from doctrine.inspect._code import function_around, name_of
from doctrine.model.project import Layout, Role
from doctrine.syntax.features import main_guards
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_NO_LIBRARY = frozenset({"__main__.py", "conftest.py", "setup.py", "noxfile.py", "tasks.py"})
_SCRIPTS = frozenset({".github", "bin", "ci", "dev", "scripts", "tools"})
"""Top-level folders of programs for the project's own people, unless they are packages."""


class Programs:
    """What of a file runs because the file is started."""

    def __init__(self, parsed: ParsedFile) -> None:
        """Find the main guards and what they call."""
        self._guarded = [guard.byte_range for guard in main_guards(parsed.tree)]
        self._named = {text_of(called(call)) for call in parsed.calls if self._is_guarded(call)}

    def started(self, node: Node) -> bool:
        """Return whether a node is in a main guard, or in a function that one calls."""
        return self._is_guarded(node) or name_of(function_around(node)) in self._named

    def _is_guarded(self, node: Node) -> bool:
        return any(start <= node.start_byte < end for start, end in self._guarded)


def is_library(parsed: ParsedFile, layout: Layout) -> bool:
    """Return whether a module is one that others import, and not the start of a program."""
    module = parsed.module
    if module.role is not Role.SOURCE or PurePosixPath(module.path).name in _NO_LIBRARY:
        return False
    return not _is_script(module.path, layout) and not _is_target(module.path, layout)


def is_start(path: str, layout: Layout) -> bool:
    """Return whether a program starts in a module: a console script, or ``python -m``."""
    return PurePosixPath(path).name == "__main__.py" or _is_target(path, layout)


def _is_target(path: str, layout: Layout) -> bool:
    return any(_is_module(path, target) for target in _script_targets(layout))


def _is_script(path: str, layout: Layout) -> bool:
    """Return whether nothing can import a file, or it lies in a folder of scripts."""
    if not PurePosixPath(path).stem.isidentifier():
        return True
    top, _, inner = path.partition("/")
    initial = f"{top}/__init__.py"
    return bool(inner) and top in _SCRIPTS and all(file.path != initial for file in layout.files)


def _script_targets(layout: Layout) -> Iterator[str]:
    """Yield the modules that console scripts start in."""
    if layout.pyproject is None:
        return
    data = layout.pyproject.data
    for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        for value in table(data, *keys).values():
            target = text(value) or next(iter(strings(table(value).get("reference"))), "")
            if target:
                yield target.partition(":")[0].strip()


def _is_module(path: str, module: str) -> bool:
    written = module.replace(".", "/")
    endings: Iterable[str] = (f"{written}.py", f"{written}/__init__.py")
    return any(path == ending or path.endswith(f"/{ending}") for ending in endings)
