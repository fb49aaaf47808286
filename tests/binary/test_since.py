"""What is new since a commit, with the real program, the real tools and real repositories."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from tests.binary.running import Ran, doctrine, keeping, snapshot, write
from tests.repositories import committed, git

pytestmark = pytest.mark.live
BASE: Mapping[str, str] = {
    "pyproject.toml": '[project]\nname = "old"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "src/old/__init__.py": "",
    "src/old/names.py": '"""Names."""\n\n\ndef first() -> str:\n    """Return it."""\n    return ""\n',
    "src/old/user.py": '"""Use."""\n\nimport os\n\nfrom old.names import first\n\nfirst()\n',
}


class Debt(msgspec.Struct):
    path: str
    since: str
    entries: int
    new: int
    regressions: list[str]


class Finding(msgspec.Struct):
    path: str
    severity: str
    status: str
    clauses: list[str]


class Report(msgspec.Struct):
    findings: list[Finding]
    baseline: Debt


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return committed(write(tmp_path / "project", BASE))


def since(project: Path, revision: str, *more: str) -> Ran:
    cache = project.parent / "cache"
    env = {**keeping(cache / "results"), "XDG_CACHE_HOME": str(cache)}
    flags = ("--format", "json", "--since", revision, *more)
    return doctrine("check", *flags, cwd=project, env=env)


def read(ran: Ran) -> Report:
    return msgspec.json.decode(ran.stdout, type=Report)


def test_only_what_came_since_then_is_looked_at_and_nothing_is_written(project: Path) -> None:
    git(project, "checkout", "-qb", "work")
    before = snapshot(project)
    ran = since(project, "main")
    assert snapshot(project) == before, "neither the tree nor its repository"
    assert (ran.code, read(ran).baseline.new, read(ran).baseline.regressions) == (0, 0, [])
    assert read(ran).baseline.since.startswith("main (")
    (kept,) = (project.parent / "cache" / "doctrine" / "commits").iterdir()

    names = project / "src" / "old" / "names.py"
    names.write_text(names.read_text().replace("first", "second"))
    written = kept.stat().st_ino
    ran = since(project, "main")
    assert kept.stat().st_ino == written, "the commit was judged once"
    new = {
        one.path for one in read(ran).findings if one.status == "new" and "TYP001" in one.clauses
    }
    assert ran.code == 1
    assert new == {"src/old/user.py"}, "nobody touched that file"


def test_what_others_mended_since_is_not_new_here(project: Path) -> None:
    git(project, "checkout", "-qb", "work")
    git(project, "commit", "-q", "--allow-empty", "-m", "mine")
    git(project, "checkout", "-q", "main")
    user = project / "src" / "old" / "user.py"
    user.write_text(user.read_text().replace("import os\n\n", ""))
    git(project, "commit", "-qam", "theirs")
    git(project, "checkout", "-q", "work")
    ran = since(project, "main")
    assert (ran.code, read(ran).baseline.new) == (0, 0)


def test_a_project_inside_a_repository_and_a_shallow_clone(project: Path) -> None:
    whole = project.parent / "whole"
    write(whole, {"README.md": "", **{f"part/{name}": text for name, text in BASE.items()}})
    git(whole, "init", "-q", "-b", "main")
    for number in range(2):
        (whole / "README.md").write_text(str(number))
        git(whole, "add", ".")
        git(whole, "commit", "-qm", str(number))
    cache = project.parent / "cache"
    git(project.parent, "clone", "-q", "--depth=1", f"file://{whole}", "shallow")
    for folder in (whole, project.parent / "shallow"):
        ran = doctrine(
            "check", "part", "--since", "HEAD", "--format", "json",
            cwd=folder, env={**keeping(cache / "results"), "XDG_CACHE_HOME": str(cache)},
        )  # fmt: skip
        assert (ran.code, read(ran).baseline.new) == (0, 0)
        assert read(ran).baseline.entries > 0


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--since", "nowhere"), "--since 'nowhere' names no commit of this repository"),
        (("--since=--all",), "--since '--all' names no commit"),
        (("--since", "main", "--baseline", "b.txt"), "give one of them"),
    ],
)
def test_what_cannot_be_compared_with_is_a_mistake(
    project: Path, flags: tuple[str, ...], said: str
) -> None:
    ran = doctrine("check", *flags, cwd=project)
    assert (ran.code, said in ran.stderr) == (2, True)


def test_outside_of_a_repository_there_is_no_since(tmp_path: Path) -> None:
    folder = write(tmp_path, BASE)
    env = {"GIT_CEILING_DIRECTORIES": os.fspath(tmp_path.parent)}
    ran = doctrine("check", "--since", "main", cwd=folder, env=env)
    assert (ran.code, "the project is in none" in ran.stderr) == (2, True)
