"""The configuration, automation and documentation files that later steps ask about."""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping

from doctrine.model.project import Layout
from doctrine.project.reading import CannotReadError, read_regular

LIMIT = 1024 * 1024
"""Bytes that a configuration file may have; larger ones are no configuration."""

# fnmatch patterns over paths, or over file names in any folder where they begin with **/.
_KNOWN = (
    "**/pyproject.toml",
    "**/ruff.toml",
    "**/.ruff.toml",
    "**/setup.py",
    "**/setup.cfg",
    "**/*requirements*.txt",
    "**/*requirements*.in",
    "requirements/*.txt",
    "requirements/*.in",
    "*/requirements/*.txt",
    "*/requirements/*.in",
    "**/constraints*.txt",
    "**/Pipfile",
    "**/noxfile.py",
    "**/tox.ini",
    "**/tox.toml",
    "**/hatch.toml",
    "**/pytest.toml",
    "**/[Mm]akefile",
    "**/GNUmakefile",
    "**/*.mk",
    "**/[Jj]ustfile",
    "**/.justfile",
    "**/*.just",
    "**/[Tt]askfile*.y*ml",
    "**/Dockerfile*",
    "**/*.[Dd]ockerfile",
    "**/Containerfile*",
    "**/*compose*.y*ml",
    "**/Procfile",
    "**/Caddyfile",
    "**/*nginx*.conf*",
    "**/*.nginx",
    "**/*traefik*.y*ml",
    "**/*envoy*.y*ml",
    "**/*kong*.y*ml",
    "**/*ingress*.y*ml",
    "**/*deployment*.y*ml",
    "**/*entrypoint*.sh",
    "k8s/*.y*ml",
    "kubernetes/*.y*ml",
    "helm/*.y*ml",
    "charts/*.y*ml",
    "deploy/*.y*ml",
    "deploy/*.conf",
    "nginx/*.conf",
    "**/README*",
    "**/CONTRIBUTING*",
    "**/renovate.json*",
    "**/.renovaterc*",
    "**/.gitlab-ci.y*ml",
    ".gitlab-ci/*",
    ".github/*",
    ".gitlab/*",
    ".circleci/*",
    ".azure*/*",
    ".buildkite/*",
    ".woodpecker/*",
    ".forgejo/*",
    ".gitea/*",
    ".ci/*",
    ".husky/*",
    ".githooks/*",
    "ci/*",
    "bin/*",
    "scripts/*.sh",
    "script/*",
    "tools/*.sh",
)
_ROOT = (
    "*.toml",
    "*.ini",
    "*.cfg",
    "*.y*ml",
    "*.json",
    "*.json5",
    "*.sh",
    "tasks.py",
    "dodo.py",
    "fabfile.py",
    "toxfile.py",
    "hatch_build.py",
    "pylintrc",
    "Jenkinsfile",
    "environment*.yml",
    ".[!.]*",
)
# Files of these kinds lie beside automation and say nothing about it.
_SILENT = re.compile(
    r"\.(?:png|jpe?g|gif|svg|ico|webp|pdf|mp4|mov|woff2?|ttf|zip|gz|xz|whl|exe|dll|so|pyc)$"
    r"|(?:^|/)\.(?:env(?:\..*)?|coverage(?:\..*)?|DS_Store)$",
    re.IGNORECASE,
)
_NOT_SILENT = ".coveragerc"


def read_texts(layout: Layout) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read the files whose names say that they configure, automate or document.

    Args:
        layout: The project's files.

    Returns:
        Their texts by path, and by path why one could not be read. A file that is not wholly
        UTF-8 is in both: its text has replacement characters.
    """
    texts: dict[str, str] = {}
    unread: dict[str, str] = {}
    paths = sorted({*layout.others, *(file.path for file in layout.files)})
    for path in paths:
        if not is_known(path):
            continue
        try:
            texts[path], problem = _read(layout, path)
        except CannotReadError as error:
            problem = str(error)
        if problem:
            unread[path] = problem
    return texts, unread


def is_known(path: str) -> bool:
    """Whether a path names a file that `read_texts` reads."""
    folder, _, base = path.rpartition("/")
    known = _MATCH_NAME(base) or _MATCH_PATH(path) or (not folder and _MATCH_ROOT(path))
    return bool(known) and (not _SILENT.search(path) or path.endswith(_NOT_SILENT))


def _compiled(patterns: Iterable[str]) -> Callable[[str], re.Match[str] | None]:
    """Join patterns into one expression, so that each path is looked at once."""
    return re.compile("|".join(map(fnmatch.translate, patterns))).match


_MATCH_NAME = _compiled(pattern[3:] for pattern in _KNOWN if pattern.startswith("**/"))
_MATCH_PATH = _compiled(pattern for pattern in _KNOWN if not pattern.startswith("**/"))
_MATCH_ROOT = _compiled(_ROOT)


def reader(layout: Layout) -> Callable[[str], str | None]:
    """Return a function that reads any file of the project, for following references.

    It takes a path relative to the root and returns None for what does not exist, cannot be
    read, is too large, or lies outside the root.

    Args:
        layout: The project's files.
    """

    def read(path: str) -> str | None:
        normal = posixpath.normpath(path)
        if posixpath.isabs(normal) or normal == ".." or normal.startswith("../"):
            return None
        try:
            return _read(layout, normal)[0]
        except CannotReadError:
            return None

    return read


def _read(layout: Layout, path: str) -> tuple[str, str]:
    """Return a file's text, and what is wrong with it."""
    root = layout.root
    if path in layout.planned:
        planned = layout.planned[path]
        if planned is None:
            raise CannotReadError("it is about to be removed")
        return planned, ""
    try:
        full = os.path.realpath(f"{root}/{path}")
    except (OSError, ValueError) as error:
        raise CannotReadError("its name is not a file name") from error
    if not full.startswith(os.path.realpath(root).rstrip(os.sep) + os.sep):
        raise CannotReadError("a link that leads out of the project")
    content = read_regular(full, LIMIT)
    if b"\0" in content:
        raise CannotReadError("a binary file")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        problem = "not UTF-8: bytes that cannot be decoded were replaced"
        return content.decode("utf-8-sig", "replace"), problem
