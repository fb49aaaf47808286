"""``doctrine check --staged``, ``--changed`` and ``--files``, with the real program, tools and repositories."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from doctrine.cli.options import CheckOptions
from doctrine.cli.partly import check_partly
from doctrine.errors import UsageError
from tests.binary.running import doctrine, snapshot, write
from tests.repositories import committed, git

GOOD = '"""Names."""\n\n\ndef first() -> str:\n    """Return it."""\n    return ""\n'
BAD = '"""Keys."""\n\nimport random\n\n\ndef make_token() -> str:\n    """Return it."""\n    token = random.choice("ab")\n    return token\n'
FILES: Mapping[str, str] = {
    "pyproject.toml": '[project]\nname = "old"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "src/old/__init__.py": '"""Old."""\n',
    "src/old/names.py": GOOD,
    "src/old/untouched.py": BAD,
}


class Partial(msgspec.Struct):
    picked: str
    files: list[str]
    clauses: list[str]
    whole: str


class Clause(msgspec.Struct):
    id: str
    outcome: str


class Grade(msgspec.Struct):
    letter: str | None
    score: float | None


class Report(msgspec.Struct):
    partial: Partial
    clauses: list[Clause]
    grade: Grade

    def failing(self) -> set[str]:
        return {one.id for one in self.clauses if one.outcome == "fail"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return committed(write(tmp_path / "project", FILES))


@pytest.mark.live
def test_a_file_that_is_partly_staged_is_judged_as_it_will_be_committed(project: Path) -> None:
    names = project / "src" / "old" / "names.py"
    names.write_text(BAD)
    git(project, "add", ".")
    names.write_text(GOOD)
    before = snapshot(project)
    ran = doctrine("check", "--staged", "--format", "json", cwd=project / "src")
    assert snapshot(project) == before, "neither the tree nor its repository"
    report = msgspec.json.decode(ran.stdout, type=Report)
    assert ran.code == 1
    assert report.partial.files == ["src/old/names.py"]
    assert "SEC005" in report.failing() & set(report.partial.clauses)
    assert {one.outcome for one in report.clauses} == {"fail", "unverified"}
    assert (report.grade.letter, report.grade.score) == (None, None)

    git(project, "reset", "-q", "--hard")
    names.write_text(f"{GOOD}\n\nLAST = 1\n")
    ran = doctrine("check", "--changed", cwd=project)
    assert (ran.code, "Partial run over 1 changed Python file" in ran.stdout) == (0, True)

    # As pre-commit names them, whether or not anything is staged.
    picked = ("src/old/names.py", "src/old/untouched.py", "pyproject.toml")
    ran = doctrine("check", "--files", "--format", "concise", *picked, cwd=project)
    assert ran.code == 1
    assert "src/old/untouched.py:8:" in ran.stdout
    assert "partial run over 2 given Python files: " in ran.stdout


def test_where_no_python_file_is_staged_there_is_nothing_to_judge(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "README.md").write_text("hello\n")
    git(project, "add", ".")
    assert check_partly(CheckOptions(path=str(project), staged=True)) == 0
    said = capsys.readouterr().out
    assert said.startswith("no Python file is staged: nothing to judge in this run")
    assert f"doctrine check {project}" in said


def test_named_files_of_another_project_are_not_judged_and_that_is_said(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.py").write_text(BAD)
    names = (str(tmp_path / "other.py"), str(project / "pyproject.toml"), str(project))
    assert check_partly(CheckOptions(named=True, files=names)) == 0
    said = capsys.readouterr().out
    assert said.startswith("none of the named files is a Python file of this project: nothing")
    assert f"doctrine check {project}`" in said


@pytest.mark.parametrize(
    ("files", "said"), [(("gone.py",), "does not exist"), (("src", "."), "are two")]
)
def test_what_cannot_be_named_is_refused(
    files: tuple[str, ...], said: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    with pytest.raises(UsageError, match=said) as caught:
        check_partly(CheckOptions(named=True, files=files))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (CheckOptions(named=True, staged=True), "judge different files"),
        (CheckOptions(staged=True, changed=True), "judge different files"),
        (CheckOptions(staged=True, since="main"), "--since compares two whole projects"),
        (CheckOptions(changed=True, base="a.json"), "cannot be compared with --base"),
        (CheckOptions(changed=True, tests=True), "--tests serves checks of the whole project"),
    ],
)
def test_what_a_partial_run_cannot_do_is_refused(options: CheckOptions, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        check_partly(options)
    assert caught.value.hint
