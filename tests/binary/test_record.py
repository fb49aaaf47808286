"""``doctrine waive`` and ``doctrine attest``, as a user runs them."""

from __future__ import annotations

import stat
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from doctrine.cli.main import run
from tests.binary.running import Ran, doctrine, snapshot, write

PYPROJECT = """\
# a project
[project]
name = "sample"  # its name
version = "1"

[tool.doctrine]
jobs = 2 # two

# about mypy
[tool.mypy]
strict = true
"""
REASON = ("--reason", "the generated parser is replaced in the spring")
STATEMENT = ("--statement", "constraints are tested in the repository of the schema")
OWNER = ("--owner", "Ada")
NO_GIT = {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}


def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", {"pyproject.toml": PYPROJECT, "docs/plan.md": "Spring.\n"})


def waive(folder: Path, *arguments: str) -> Ran:
    return doctrine("waive", *arguments, cwd=folder, env=NO_GIT)


def waivers(folder: Path) -> list[dict[str, object]]:
    data = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, object]] = data["tool"]["doctrine"].get("waivers", [])
    return found


def test_a_waiver_is_written_and_everything_else_is_kept(project: Path) -> None:
    (project / "pyproject.toml").chmod(0o640)
    ran = waive(
        project, "cpx002", *REASON, *OWNER, "--days", "30", "--path", "src/grammar/",
        "--evidence", "docs/plan.md",
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    assert "waiver of CPX002 by Ada" in ran.stdout
    (entry,) = waivers(project)
    digest = entry.pop("clause-digest")
    assert isinstance(digest, str)
    assert digest.startswith("sha256:")
    assert entry == {
        "clause": "CPX002",
        "reason": REASON[1],
        "owner": "Ada",
        "date": today(),
        "expires": today() + timedelta(days=30),
        "paths": ["src/grammar/"],
        "evidence": ["docs/plan.md"],
    }
    text = (project / "pyproject.toml").read_text("utf-8")
    start, end = text.index("\n[[tool.doctrine.waivers]]"), text.index("\n# about mypy")
    assert text[:start] + text[end:] == PYPROJECT
    assert stat.S_IMODE((project / "pyproject.toml").stat().st_mode) == 0o640
    assert sorted(path.name for path in project.iterdir()) == ["docs", "pyproject.toml"]


def test_an_attestation_is_written_for_a_folder_named(project: Path, tmp_path: Path) -> None:
    arguments = ("attest", "DAT001", *STATEMENT, *OWNER, "--project", str(project))
    ran = doctrine(*arguments, cwd=tmp_path, env=NO_GIT)
    assert ran.code == 0, ran.stderr
    data = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    (entry,) = data["tool"]["doctrine"]["attestations"]
    assert (entry["statement"], entry["expires"]) == (STATEMENT[1], today() + timedelta(days=90))


def test_the_difference_is_shown_and_nothing_written(project: Path) -> None:
    before = snapshot(project)
    ran = waive(project, "CPX002", *REASON, *OWNER, "--diff")
    assert ran.code == 0
    assert '+clause = "CPX002"\n' in ran.stdout
    assert not [line for line in ran.stdout.splitlines() if line.startswith("-")][1:]
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("CPX002", "--reason", "TODO", *OWNER), "its reason 'TODO' says nothing"),
        (("CPX002", "--reason", "because", *OWNER), "says nothing"),
        (("CPX002", *REASON, "--owner", "me"), "its owner 'me' is nobody"),
        (("CPX002", *REASON, "--owner", ""), "--owner is empty"),
        (("CPX002", *OWNER), "--reason is missing"),
        (REASON + OWNER, "the clause is missing"),
        (("CPX02", *REASON, *OWNER), "the guide has no clause 'CPX02', did you mean CPX002?"),
        (("SEC005", *REASON, *OWNER), "the clause cannot be waived"),
        (("TYP005", *REASON, *OWNER), "the clause restates others and follows them: write it for"),
        (("TYP001", *REASON, *OWNER, "--days", "91"), "one of a MUST clause lasts 90 at most"),
        (("CPX002", *REASON, *OWNER, "--days", "366"), "--days 366 is out of range"),
        (("CPX002", *REASON, *OWNER, "--days", "0"), "--days 0 is out of range"),
        (("CPX002", *REASON, *OWNER, "--expires", "2027-02-30"), "is no day that exists"),
        (("CPX002", *REASON, *OWNER, "--expires", "2020-01-01"), "before its date"),
        (("CPX002", *REASON, *OWNER, "--expires", "2999-01-01"), "lasts 365 at most"),
        (("CPX002", *REASON, *OWNER, "--expires", "2027-01-01", "--days", "3"), "give one of them"),
        (("CPX002", *REASON, *OWNER, "--path", "!"), "unusable pattern"),
        (("CPX002", *REASON, *OWNER, "--evidence", "docs/gone.md"), "does not exist"),
        (("CPX002", *REASON, *OWNER, "--evidence", "../secret"), "does not exist"),
        (("CPX002", *REASON), "--owner is missing, and git knows no user"),
    ],
)
def test_what_would_not_be_honoured_is_not_written(
    project: Path,
    arguments: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In this process, for there are many: starting the program for each would take a minute."""
    for name, value in NO_GIT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project)
    before = snapshot(project)
    assert run(["waive", *arguments]) == 2
    stdout, stderr = capsys.readouterr()
    assert stdout == ""
    assert said in stderr
    assert snapshot(project) == before


def test_a_placeholder_ends_with_usage(project: Path) -> None:
    before = snapshot(project)
    ran = waive(project, "CPX002", "--reason", "fix later", *OWNER)
    assert (ran.code, ran.stdout) == (2, "")
    assert "its reason 'fix later' says nothing" in ran.stderr
    assert snapshot(project) == before


def test_a_second_waiver_takes_the_place_of_the_first_only_when_asked(project: Path) -> None:
    assert waive(project, "CPX002", *REASON, *OWNER, "--path", "src/").code == 0
    before = snapshot(project)
    ran = waive(project, "CPX002", *REASON, "--owner", "Bob")
    assert ran.code == 2
    assert "pyproject.toml:9 has a waiver of CPX002 already" in ran.stderr
    assert "--replace" in ran.stderr
    assert snapshot(project) == before
    assert waive(project, "CPX002", *REASON, "--owner", "Bob", "--replace").code == 0
    (entry,) = waivers(project)
    assert entry["owner"] == "Bob"
    assert "paths" not in entry
    assert "# about mypy\n[tool.mypy]\n" in (project / "pyproject.toml").read_text("utf-8")


def test_the_owner_is_whom_git_knows(project: Path, tmp_path: Path) -> None:
    write(tmp_path / "home", {".gitconfig": "[user]\nname = Ada\nemail = ada@example.org\n"})
    env = {**NO_GIT, "HOME": str(tmp_path / "home")}
    ran = doctrine("waive", "CPX002", *REASON, cwd=project, env=env)
    assert ran.code == 0, ran.stderr
    assert waivers(project)[0]["owner"] == "Ada <ada@example.org>"


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    (project / "pyproject.toml").rename(project / "docs" / "real.toml")
    (project / "pyproject.toml").symlink_to("docs/real.toml")
    assert waive(project, "CPX002", *REASON, *OWNER).code == 0
    assert (project / "pyproject.toml").is_symlink()
    assert 'clause = "CPX002"' in (project / "docs" / "real.toml").read_text("utf-8")


def test_a_link_out_of_the_project_is_refused(project: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared.toml"
    (project / "pyproject.toml").rename(shared)
    (project / "pyproject.toml").symlink_to(shared)
    ran = waive(project, "CPX002", *REASON, *OWNER)
    assert ran.code == 2
    assert "pyproject.toml is a link to" in ran.stderr
    assert shared.read_text("utf-8") == PYPROJECT


def test_a_read_only_file_is_left_alone(project: Path) -> None:
    (project / "pyproject.toml").chmod(0o444)
    ran = waive(project, "CPX002", *REASON, *OWNER)
    assert ran.code == 2
    assert "pyproject.toml is read-only" in ran.stderr
    assert (project / "pyproject.toml").read_text("utf-8") == PYPROJECT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[tool.doctrine\n", "pyproject.toml:1"),
        ("[tool.doctrine]\nwaivers = 3\n", "must be an array of tables"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_cannot_be_parsed_is_left_alone(
    project: Path, content: str | bytes, said: str
) -> None:
    write(project, {"pyproject.toml": content})
    before = snapshot(project)
    ran = waive(project, "CPX002", *REASON, *OWNER)
    assert ran.code == 2
    assert said in ran.stderr
    assert snapshot(project) == before


def test_without_a_file_there_is_nothing_to_write_to(tmp_path: Path) -> None:
    ran = waive(tmp_path, "CPX002", *REASON, *OWNER, "--project", str(tmp_path))
    assert ran.code == 2
    assert "has no pyproject.toml" in ran.stderr


def test_line_ends_and_a_byte_order_mark_are_kept(project: Path) -> None:
    content = b"\xef\xbb\xbf" + PYPROJECT.replace("\n", "\r\n").encode()
    write(project, {"pyproject.toml": content})
    assert waive(project, "CPX002", *REASON, *OWNER).code == 0
    after = (project / "pyproject.toml").read_bytes()
    assert after.startswith(b"\xef\xbb\xbf# a project\r\n")
    assert after.count(b"\n") == after.count(b"\r\n")


def test_waivers_are_listed_with_the_days_left_and_what_is_wrong(project: Path) -> None:
    assert waive(project, "CPX002", *REASON, *OWNER, "--days", "30").code == 0
    text = (project / "pyproject.toml").read_text("utf-8")
    expired = (
        '\n[[tool.doctrine.waivers]]\nclause = "LNT001"\nreason = "moved to the new linter soon"\n'
        'owner = "Bob"\ndate = 2020-01-01\nexpires = 2020-02-01\n'
    )
    write(project, {"pyproject.toml": text + expired})
    ran = waive(project, "--list")
    assert ran.code == 0
    assert "CPX002  30 days left" in ran.stdout
    assert "the waiver of LNT001 is not honoured: it expired on 2020-02-01" in ran.stdout
