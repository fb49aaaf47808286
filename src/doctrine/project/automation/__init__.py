"""What CI and hooks really run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from doctrine.model.project import Automation, TomlFile
from doctrine.project.automation._github import read_workflows
from doctrine.project.automation._hatch import follow_hatch
from doctrine.project.automation._hooks import follow_pre_commit, read_hooks
from doctrine.project.automation._invoke import follow_invoke
from doctrine.project.automation._just import follow_just, follow_task
from doctrine.project.automation._make import follow_make
from doctrine.project.automation._nox import follow_nox
from doctrine.project.automation._others import read_others
from doctrine.project.automation._pytest import follow_pytest
from doctrine.project.automation._scripts import follow_path, follow_shell, follow_source
from doctrine.project.automation._tasks import (
    follow_pdm,
    follow_pipenv,
    follow_pixi,
    follow_poe,
    follow_rye,
)
from doctrine.project.automation._tox import follow_tox
from doctrine.project.automation._walk import Handler, Walk

__all__ = ["read_automation"]

_HANDLERS: Mapping[str, Handler] = {
    "": follow_path,
    "bash": follow_shell,
    "sh": follow_shell,
    "zsh": follow_shell,
    "dash": follow_shell,
    "source": follow_source,
    ".": follow_source,
    "tox": follow_tox,
    "nox": follow_nox,
    "inv": follow_invoke,
    "invoke": follow_invoke,
    "make": follow_make,
    "gmake": follow_make,
    "just": follow_just,
    "task": follow_task,
    "poe": follow_poe,
    "pdm": follow_pdm,
    "hatch": follow_hatch,
    "pipenv": follow_pipenv,
    "rye": follow_rye,
    "pixi": follow_pixi,
    "pytest": follow_pytest,
    "py.test": follow_pytest,
    "pre-commit": follow_pre_commit,
    "prek": follow_pre_commit,
}


_DECIDING = re.compile(
    r"\.(?:github/(?:workflows|actions)|circleci|gitlab-ci)/.*\.ya?ml|\.gitlab-ci\.ya?ml"
    r"|\.pre-commit-config\.ya?ml|(?:[.\w-]+/)?\.?azure-pipelines?\.ya?ml|\.travis\.yml|tox\.(?:ini|toml)"
    r"|noxfile\.py|[Mm]akefile|GNUmakefile|[Jj]ustfile|[Tt]askfile\.ya?ml"
)
"""Files that say what runs; one that cannot be read must not count as one that is not there."""


def read_automation(
    texts: Mapping[str, str],
    read: Callable[[str], str | None],
    pyproject: TomlFile | None,
    unread: Mapping[str, str] = MappingProxyType({}),
    sources: tuple[str, ...] = (),
) -> Automation:
    """Return what CI and hooks run, followed to the innermost commands.

    Args:
        texts: Known configuration files by path.
        read: Gives the text of any other file of the project, None when there is none.
        pyproject: The project's parsed ``pyproject.toml``.
        unread: Why configuration files could not be read, by path.
        sources: The source files, which filters of paths are held against; empty where nobody asks.
    """
    walk = Walk(texts, read, pyproject, _HANDLERS, sources)
    for path, reason in unread.items():
        if path not in texts and _DECIDING.fullmatch(path):
            walk.note(path, reason)
    workflows = read_workflows(walk)
    others = read_others(walk)
    service = read_hooks(walk)
    return Automation(
        commands=tuple(walk.commands),
        pythons=tuple(walk.pythons.values()),
        systems=tuple(walk.systems.values()),
        tolerated=tuple(walk.tolerated.values()),
        files=tuple(walk.files),
        unread=walk.unread,
        computed=walk.computed,
        has_ci=workflows or others or service,
    )
