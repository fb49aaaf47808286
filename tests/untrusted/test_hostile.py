"""No trap of a hostile project goes off with ``--untrusted``; without it, some do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tests.binary.running import Report
from tests.untrusted.hostile import SECRET, build

pytestmark = [pytest.mark.live, pytest.mark.skipif(os.name == "nt", reason="traps are scripts")]
DOCTRINE = str(Path(sys.executable).with_name("doctrine"))


class Judged(NamedTuple):
    root: Path
    marks: Path
    code: int
    said: str
    report: Report


def _bytes(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(folder)), path.read_bytes()


def _doctrine(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # In the project's folder, where a user is who has just unpacked it.
    argv = [DOCTRINE, "check", "--no-history", *words]
    return subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    folder = tmp_path_factory.mktemp("hostile")
    root, marks = build(folder)
    assert not list(marks.iterdir())
    before = dict(_bytes(folder))
    done = _doctrine(root, "--untrusted", "--format", "json", "-v")
    assert dict(_bytes(folder)) == before
    return Judged(
        root,
        marks,
        done.returncode,
        done.stdout + done.stderr,
        msgspec.json.decode(done.stdout, type=Report),
    )


def test_no_trap_goes_off(judged: Judged) -> None:
    assert sorted(one.name for one in judged.marks.iterdir()) == []


def test_nothing_outside_of_the_project_is_quoted(judged: Judged) -> None:
    assert SECRET not in judged.said
    assert any("linked.py" in one.message for one in judged.report.problems)


def test_its_own_settings_have_no_say(judged: Judged) -> None:
    # It asks for no gate at all, and to look away from its only source.
    assert judged.code == 1
    assert "code.py" in {one.path for one in judged.report.findings}


def test_the_tools_have_judged_it_all_the_same(judged: Judged) -> None:
    tools = {one.name: one for one in judged.report.run.tools}
    ran = ("mypy", "pyright", "radon", "ruff", "ruff-format", "ruff-guide", "semgrep", "vulture")
    assert {name: tools[name].status for name in ran} == dict.fromkeys(ran, "ok")
    assert {one.origin for one in tools.values()} == {"doctrine"}


def test_the_traps_are_live(judged: Judged) -> None:
    """Without the flag the environment is used, as it is documented, and git's monitor is not."""
    (judged.root / "pyproject.toml").write_text(
        '[project]\nname = "hostile"\nversion = "1"\nrequires-python = ">=3.11"\n'
        '[tool.mypy]\nplugins = ["plugin.py"]\n'
    )
    try:
        _doctrine(judged.root, "--format", "json")
        marks = {one.name for one in judged.marks.iterdir()}
    finally:
        for one in judged.marks.iterdir():
            one.unlink()
    assert {"plugin", "program-ruff", "pth"} <= marks
    assert not {one for one in marks if one.startswith(("git", "hook", "include"))}
