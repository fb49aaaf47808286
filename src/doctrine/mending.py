"""From a project on disk to the repairs of what can be mended; all is tried in a copy of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from doctrine.adopt.edits import Plan
from doctrine.app import check
from doctrine.guide.chosen import load_guide
from doctrine.mend.choosing import TYPING_EXTENSIONS, Wish
from doctrine.mend.engine import Means, Mended, mend
from doctrine.model.guide import Guide
from doctrine.model.project import DependencyKind, Layout, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.model.settings import Settings
from doctrine.plan import without_tools
from doctrine.project.dependencies import read_dependencies
from doctrine.project.environment import find_environment
from doctrine.project.layout import discover
from doctrine.project.pyproject import read_pyproject
from doctrine.project.replica import Replica, replicate
from doctrine.project.root import name_of
from doctrine.project.texts import read_texts
from doctrine.runner import Listener, capture
from doctrine.syntax.parse import parse
from doctrine.tools.discovery import tools

_TOOLS = frozenset({"ruff", "ruff-format", "ruff-guide"})
"""Tools that offer repairs, and whose findings repairs can change; the others would cost minutes."""


def mending(
    settings: Settings, folder: Path, listener: Listener, wish: Wish, configuration: Plan
) -> Mended:
    """Return what mends a project; nothing of it is written.

    Args:
        settings: The project's settings, with the paths that are to be mended.
        folder: An empty folder outside the project, to work in.
        listener: Told what runs.
        wish: What is asked for.
        configuration: What is to be configured before anything is judged.

    Raises:
        UsageError: The project cannot be copied, or its configuration cannot be used.
        TerminatedError: A SIGTERM or SIGHUP came.
    """
    layout = _whole(settings)
    replica = replicate(layout, folder, capture)
    wish = replace(wish, brings=_declared(layout))
    if wish.clauses is None:
        others = (file.path for file in layout.files if file.role is not Role.SOURCE)
        wish = replace(wish, reserved=frozenset(others))
    for edit in configuration.edits:
        replica.write(edit.path, edit.after)
    judging = _Judging(replica, settings, listener)
    means = Means(judge=judging.judge, read=judging.original, parses=lru_cache(None)(_parses))
    return mend(judging.judge({}), means, _with_members(wish))


def _with_members(wish: Wish) -> Wish:
    """Return a wish for the members of the clauses that restate others."""
    if wish.clauses is None:
        return wish
    named = (one for one in load_guide().clauses if one.id in wish.clauses)
    return replace(wish, clauses=wish.clauses.union(*(one.members for one in named)))


def _whole(settings: Settings) -> Layout:
    pyproject = read_pyproject(settings.root)
    return discover(replace(settings, paths=()), pyproject, capture)


def _declared(layout: Layout) -> frozenset[str]:
    """Return the modules of packages that ruff's repairs may import, and the project declares."""
    texts, _ = read_texts(layout)
    declared = read_dependencies(layout, texts)
    here = any(
        one.name == "typing-extensions" and one.kind is not DependencyKind.BUILD for one in declared
    )
    return frozenset({TYPING_EXTENSIONS}) if here else frozenset()


class _Judging:
    """Judges the copy as if it was the project."""

    def __init__(self, replica: Replica, settings: Settings, listener: Listener) -> None:
        self._replica = replica
        self._listener = listener
        self._guide = _guide()
        self._settings = _carried(settings, replica)
        self._originals: dict[str, bytes | None] = {}
        self._written: dict[str, bytes] = {}

    def judge(self, changes: Mapping[str, bytes]) -> Report:
        """Judge the project with the content of some of its files changed."""
        for path in {*self._written, *changes}:
            content = changes.get(path, self.original(path))
            if content != self._written.get(path, self.original(path)):
                self._replica.write(path, content)
        self._written = dict(changes)
        pyproject = read_pyproject(self._replica.root)
        return check(self._settings, pyproject, self._listener, guide=self._guide)

    def original(self, path: str) -> bytes | None:
        """Return what a file held before any change."""
        if path not in self._originals:
            self._originals[path] = self._replica.read(path)
        return self._originals[path]


def _guide() -> Guide:
    return without_tools(load_guide(), frozenset(one.name for one in tools()) - _TOOLS)


def _carried(settings: Settings, replica: Replica) -> Settings:
    """Return the settings for the copy: the packages are those of the project's environment."""
    name = name_of(settings.root, read_pyproject(settings.root))
    environment = find_environment(settings.root, settings, name)
    return replace(
        settings,
        root=replica.root,
        python=environment.python if environment else settings.python,
        mending=True,
        outputs=(),
        install=False,
        tests=False,
        network=False,
    )


def _parses(path: str, content: bytes) -> bool:
    if path.endswith(".toml"):
        try:
            tomllib.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return False
        return True
    return not isinstance(parse(path, Role.SOURCE, content), Module)
