"""Where the judged files can be read on the web: a pipeline tells it in its environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w.~/-]*)?\Z", re.ASCII)
_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)+\Z", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


def folder_of(root: str) -> str:
    """Return the project's folder inside its repository.

    Args:
        root: Absolute folder of the project; empty where nobody knows.

    Returns:
        A POSIX path; empty where the project is the whole repository, or in none.
    """
    top = _top(root)
    relative = Path(os.path.realpath(root)).relative_to(top).as_posix() if top else "."
    return "" if relative == "." else relative


def blobs_of(root: str, environ: Mapping[str, str]) -> str:
    """Return the address of the repository's files at the commit that the pipeline is about.

    Args:
        root: Absolute folder of the project; empty where nobody knows.
        environ: The environment, as GitHub Actions and GitLab CI set it.

    Returns:
        An address with a slash at its end; empty outside a pipeline, and where the project is not
        of the repository that the pipeline is about: its commit says nothing about other files.
    """
    top = _top(root)
    if not top:
        return ""
    for workspace, known in (
        ("GITHUB_WORKSPACE", _github(environ)),
        ("CI_PROJECT_DIR", _gitlab(environ)),
    ):
        if known and environ.get(workspace) and os.path.realpath(environ[workspace]) == top:
            return known
    return ""


def _github(environ: Mapping[str, str]) -> str:
    server, name, commit = (
        environ.get(key, "") for key in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    )
    if _SERVER.match(server) and _NAME.match(name) and _COMMIT.match(commit):
        return f"{server.rstrip('/')}/{quote(name)}/blob/{commit}/"
    return ""


def _gitlab(environ: Mapping[str, str]) -> str:
    project, commit = environ.get("CI_PROJECT_URL", ""), environ.get("CI_COMMIT_SHA", "")
    if _SERVER.match(project) and _COMMIT.match(commit):
        return f"{project.rstrip('/')}/-/blob/{commit}/"
    return ""


def _top(root: str) -> str:
    """Return the repository's folder: the nearest one up that git knows; empty if none."""
    if not root:
        return ""
    start = os.path.realpath(root)
    for folder in (start, *map(str, Path(start).parents)):
        # A worktree and a submodule have a file of that name.
        if Path(folder, ".git").exists():
            return folder
    return ""
