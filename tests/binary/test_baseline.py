"""Accept, mend, add, move and rename, with the real program and the real tools."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.binary.running import Ran, doctrine, keeping, snapshot, write
from tests.repositories import git

pytestmark = pytest.mark.live
NAME = "doctrine-baseline.txt"
LEGACY = """\
import os
import random


def token():
    return str(random.random())


def other(a, b):
    return [a for a in range(3) if a == None]
"""


class Stale(msgspec.Struct):
    path: str
    rule: str


class Debt(msgspec.Struct):
    entries: int
    matched: int
    new: int
    regressions: list[str]
    stale: list[Stale]
    notes: list[str]


class Condition(msgspec.Struct):
    name: str
    held: str
    detail: str


class Gate(msgspec.Struct):
    exit_code: int
    conditions: list[Condition]


class Finding(msgspec.Struct):
    status: str


class Grade(msgspec.Struct):
    letter: str | None
    score: float | None


class Report(msgspec.Struct):
    verdict: str
    grade: Grade
    gate: Gate
    baseline: Debt | None
    findings: list[Finding]


def read(ran: Ran) -> Report:
    return msgspec.json.decode(ran.stdout, type=Report)


def debt(ran: Ran) -> Debt:
    found = read(ran).baseline
    assert found is not None
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write(
        tmp_path / "project",
        {
            "pyproject.toml": '[project]\nname = "old"\nversion = "1"\nrequires-python = ">=3.11"\n',
            "src/old/__init__.py": "",
            "src/old/legacy.py": LEGACY,
        },
    )
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def run(project: Path, *arguments: str) -> Ran:
    return doctrine(*arguments, cwd=project, env=keeping(project.parent / "cache"))


def check(project: Path, *more: str) -> Ran:
    return run(project, "check", "--format", "json", *more)


def test_from_a_legacy_project_to_a_held_line(project: Path) -> None:
    bare = check(project)
    assert bare.code == 1
    made = run(project, "baseline", "create", "--timeout", "500")
    assert (made.code, "accepted" in made.stdout) == (0, True)
    git(project, "add", ".")
    git(project, "commit", "-qm", "baseline")

    before = snapshot(project)
    held = check(project)
    assert snapshot(project) == before, "a check writes nothing, the baseline included"
    assert (held.code, debt(held).new, debt(held).regressions) == (0, 0, [])
    # The accepted debt changes what the gate looks at, and nothing else.
    assert (read(held).verdict, read(held).grade) == (read(bare).verdict, read(bare).grade)
    assert "baseline" in {one.status for one in read(held).findings}
    assert check(project, "--no-baseline").code == 1

    code = project / "src" / "old" / "legacy.py"
    split = "str(\n        random.random(),\n    )"
    code.write_text("# moved\n\n" + LEGACY.replace("str(random.random())", split))
    git(project, "mv", "src/old/legacy.py", "src/old/renamed.py")
    moved = check(project)
    assert (debt(moved).new, moved.code) == (0, 0)

    code = project / "src" / "old" / "renamed.py"
    code.write_text(code.read_text().replace("import os\n", "") + "\n\nSALT = eval('1')\n")
    both = check(project)
    assert both.code == 1
    assert debt(both).new >= 1
    assert "unused-import" in {one.rule for one in debt(both).stale}
    (condition,) = [one for one in read(both).gate.conditions if one.held != "satisfied"]
    assert (condition.name, "new finding" in condition.detail) == ("fail-on", True)

    updated = run(project, "baseline", "update")
    assert "mended, dropped" in updated.stdout
    assert "new, and not accepted" in updated.stdout
    text = (project / NAME).read_text()
    assert "legacy.py" not in text, "the entries are written under the new name"
    assert check(project).code == 1, "an update accepts nothing"
    grown = run(project, "baseline", "update", "--grow")
    assert "accepted as well" in grown.stdout
    assert check(project).code == 0


def test_a_baseline_is_not_overwritten_unasked_and_a_broken_one_stops_everything(
    project: Path,
) -> None:
    missing = check(project, "--baseline", NAME)
    assert (missing.code, f"no baseline {NAME}" in missing.stderr) == (2, True)
    (project / NAME).write_text("# doctrine baseline v1\n<<<<<<< ours\n")
    for command in (
        ("check",),
        ("baseline", "update"),
        ("baseline", "show"),
        ("baseline", "prune"),
    ):
        broken = run(project, *command)
        assert broken.code == 2
        assert f"{NAME}:2: the baseline has an unresolved merge conflict" in broken.stderr
    refused = run(project, "baseline", "create")
    assert (refused.code, "--force" in refused.stderr) == (2, True)
    assert (project / NAME).read_text().endswith("ours\n")
    assert run(project, "baseline", "create", "--force").code == 0
    shown = run(project, "baseline", "show")
    assert "src/old/legacy.py" in shown.stdout
    (project / "src" / "old" / "legacy.py").unlink()
    pruned = run(project, "baseline", "prune")
    assert pruned.code == 0
    assert "legacy.py" not in (project / NAME).read_text()
