"""The few configuration files that decide how tools are started, read before the sources are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from doctrine.project.reading import CannotReadError, read_regular

_NAMES = ("mypy.ini", ".mypy.ini", "setup.cfg", "pyrightconfig.json", ".coveragerc")
_STARTERS = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.circleci/config\.yml|\.?azure-pipelines?\.ya?ml"
    r"|\.(?:pre-commit-config|gitlab-ci)\.ya?ml|\.travis\.yml"
    r"|(?:requirements[^/]*|noxfile\.py|tox\.ini|tasks\.py|[Mm]akefile|[Jj]ustfile|package\.json)"
)
"""Hooks, workflows, and what they start or install."""
_PYRIGHT = re.compile(r"\bpyright\b(?!:[ \t]*(?:ignore|strict|standard|basic|report))")
_MOST = 60
_LIMIT = 1024 * 1024


def early_texts(root: str) -> Mapping[str, str]:
    """Return the content of those files that exist and can be read, by name.

    Args:
        root: Absolute project root.
    """
    texts: dict[str, str] = {}
    for name in _NAMES:
        try:
            content = read_regular(f"{root}/{name}", _LIMIT)
        except CannotReadError:
            continue
        texts[name] = content.decode("utf-8", "replace")
    return texts


def names_pyright(root: str, paths: Iterable[str]) -> bool:
    """Return whether pyright is named where hooks and CI say what they run.

    pyright starts before these are followed, and whoever only calls it there runs it as it comes.

    Args:
        root: Absolute project root.
        paths: The project's files.
    """
    told = [path for path in paths if _STARTERS.fullmatch(path)]
    return any(_PYRIGHT.search(_text(f"{root}/{path}")) for path in told[:_MOST])


def _text(path: str) -> str:
    try:
        return read_regular(path, _LIMIT).decode("utf-8", "replace")
    except CannotReadError:
        return ""
