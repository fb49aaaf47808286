"""The projects on disk: fetched on request, and refused when they are not the labelled version."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from email.parser import HeaderParser
from pathlib import Path

from benchmarks.corpus.labels import LabelError, ProjectLabel


def fetch(project: ProjectLabel, folder: Path) -> None:
    """Bring the labelled version of a project into a folder that does not exist yet.

    Args:
        project: How to get it. A source distribution comes through pip, as pip is configured.
        folder: Where it goes.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if project.pypi:
        _fetch_sdist(project.pypi, folder)
    else:
        _run("git", "clone", "--quiet", "--no-checkout", project.git, str(folder))
        _run("git", "-C", str(folder), "checkout", "--quiet", "--detach", project.commit)


def _fetch_sdist(requirement: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
        _run(*pip, "--no-deps", "--no-binary", ":all:", "--dest", scratch, requirement)
        archives = sorted(Path(scratch).glob("*.tar.gz"))
        if len(archives) != 1:
            raise LabelError(f"{requirement} has no source distribution that is a .tar.gz")
        with tarfile.open(archives[0]) as archive:
            archive.extractall(Path(scratch, "tree"), filter="data")
        (top,) = Path(scratch, "tree").iterdir()
        shutil.move(top, folder)


def _run(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise LabelError(f"`{' '.join(argv)}` failed: {said}")
    return done.stdout.decode("utf-8", "replace").strip()


def verify(name: str, project: ProjectLabel, folder: Path) -> None:
    """Refuse a checkout that is missing or another version than the labelled one.

    Args:
        name: The project's name.
        project: What it should be.
        folder: Where it should be.

    Raises:
        LabelError: It is not there, or not that version.
    """
    if not folder.is_dir():
        raise LabelError(f"{name} is not in {folder.parent}: bring it with the `fetch` command")
    found = _sdist_version(folder) if project.pypi else _commit(folder)
    wanted = project.pypi.partition("==")[2] or project.commit
    if found != wanted:
        raise LabelError(f"{folder} is {found or 'of no known version'}, but the labels are of "
                         f"{wanted}: remove it and `fetch` it again")  # fmt: skip


def _sdist_version(folder: Path) -> str:
    metadata = folder / "PKG-INFO"
    if not metadata.is_file():
        return ""
    return HeaderParser().parsestr(metadata.read_text("utf-8", "replace")).get("Version", "")


def _commit(folder: Path) -> str:
    if not (folder / ".git").exists():
        return ""
    return _run("git", "-C", str(folder), "rev-parse", "HEAD")


def line_count(folder: Path, path: str) -> int:
    """Return how many lines a file of a checkout has; 0 when there is no such file.

    Args:
        folder: The checkout.
        path: POSIX path below it; ``.`` is the project itself, which has one line.
    """
    file = folder / path
    if file.is_dir():
        return 1
    try:
        return max(1, len(file.read_bytes().splitlines()))
    except OSError:
        return 0
