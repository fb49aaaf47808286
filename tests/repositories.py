"""Git repositories that tests make."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_GIT = (
    "git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false",
    "-c", "maintenance.auto=false",
)  # fmt: skip
"""Without what newer versions leave running: tests look whether anything changes afterwards."""


def git(folder: Path, *words: str, stdin: bytes = b"", **variables: str) -> str:
    """Return what git says, by somebody who may commit; it has to succeed."""
    done = subprocess.run(
        (*_GIT, *words),
        cwd=folder,
        check=True,
        capture_output=True,
        input=stdin,
        env={**os.environ, **variables},
    )
    return os.fsdecode(done.stdout)


def committed(folder: Path) -> Path:
    """Make a repository of a folder whose files are its first commit, on ``main``."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    return folder
