"""What cannot be read or makes no sense: named with its place, and never a pass.

Each case is a small project judged by one check of one clause; what the check would say of a sound
project is tested elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import Struct

from doctrine import survey
from doctrine.app import check
from doctrine.cli.check import Silence
from doctrine.config import load_settings
from doctrine.errors import ConfigError
from doctrine.model.guide import Guide
from doctrine.model.observation import Severity
from doctrine.model.outcome import Outcome
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.project.pyproject import read_pyproject
from tests.guide.examples import guide, narrowed, plant

TODAY = datetime.date(2026, 11, 27)
FAIL, ERROR, UNVERIFIED = Outcome.FAIL, Outcome.ERROR, Outcome.UNVERIFIED
LARGEST = 1000

PROJECT = """\
[project]
name = "example"
version = "1.0.0"
requires-python = ">=3.11"
"""
RUFF = '[dependency-groups]\ndev = ["ruff>=0.14"]\n'
STEPS = """\
    steps:
      - run: uv run ruff check .
"""
JOB = f"""\
  lint:
    runs-on: ubuntu-latest
{STEPS}"""
WORKFLOW = f"on: push\njobs:\n{JOB}"
CI = ".github/workflows/ci.yml"
MAIN = "src/app/main.py"
LOCK = 'version = 1\nrequires-python = ">=3.11"\n'


class Case(Struct, frozen=True, kw_only=True):
    """A project, a check (`LNT001.gate`), what becomes of it, and what the report says."""

    check: str
    outcome: Outcome
    said: tuple[str, ...]
    files: Mapping[str, str | bytes]


def source(content: str | bytes, *said: str) -> Case:
    files = {MAIN: content}
    return Case(check="STD001.imports", outcome=ERROR, said=(MAIN, "exclude", *said), files=files)


def workflow(content: str | bytes, *said: str) -> Case:
    files = {"pyproject.toml": PROJECT + RUFF, CI: content}
    return Case(check="LNT001.gate", outcome=UNVERIFIED, said=(CI, *said), files=files)


def pipeline(path: str, content: str | bytes, *said: str, ci: str = "pytest") -> Case:
    files = {
        "pyproject.toml": PROJECT + RUFF,
        CI: WORKFLOW.replace("ruff check .", ci),
        path: content,
    }
    return Case(check="LNT001.gate", outcome=UNVERIFIED, said=(path, *said), files=files)


def lock(content: str | bytes, *said: str, outcome: Outcome = FAIL) -> Case:
    files = {"pyproject.toml": PROJECT, "uv.lock": content}
    return Case(check="DEP002.present", outcome=outcome, said=("uv.lock", *said), files=files)


def hashes(case: Case) -> Case:
    return replace(case, check="DEP003.hashes", outcome=UNVERIFIED)


def requirement(content: str, *said: str) -> Case:
    files = {"pyproject.toml": content, "uv.lock": LOCK}
    told = ("pyproject.toml", *said)
    return Case(check="DEP004.bounds", outcome=FAIL, said=told, files=files)


def waiver(date: str, expires: str, *said: str) -> Case:
    entry = f"""\
[[tool.doctrine.waivers]]
clause = "DEP002"
reason = "the lock comes with the new build"
owner = "Ada <ada@example.org>"
date = {date}
expires = {expires}
"""
    told = ("pyproject.toml:5: the waiver of DEP002 is not honoured", *said)
    files = {"pyproject.toml": PROJECT + entry}
    return Case(check="DEP002.present", outcome=FAIL, said=told, files=files)


BOMB = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}' if before else 'x'] * 9)}]\n"
    for before, name in zip(["", *"abcde"], "abcdef", strict=True)
)
GROUPS = PROJECT + "[dependency-groups]\n"
PACKAGE = f'{LOCK}[[package]]\nname = "httpx"\nversion = "0.28.0"\n'
CASES: Mapping[str, Case] = {
    # Source that cannot be read.
    "source-syntax": source("def broken(:\n", f"{MAIN}:1: syntax"),
    "source-python-2": source('VALUE = 1\nprint "hello"\n', f"{MAIN}:2: syntax"),
    "source-binary": source(b"\x7fELF\x02\xff\x00", f"{MAIN}:1: undecodable: byte 0xff"),
    "source-null-byte": source(b"x = 1\n\x00\n", "syntax", "null bytes"),
    "source-deep": source(f"x = {'(' * 5000}{')' * 5000}\n", f"{MAIN}:1", "nested parentheses"),
    "source-enormous": source("x = 1\n" * LARGEST, f"larger than {LARGEST:,} bytes"),
    # Workflows.
    "workflow-not-yaml": workflow("on: push\njobs: [\n", "line 3"),
    "workflow-tab": workflow(WORKFLOW.replace("      -", "\t-"), "line 6: found character"),
    "workflow-empty": workflow("", "it has no jobs"),
    "workflow-text": workflow("hello\n", "it has no jobs"),
    "workflow-list": workflow("- on\n- jobs\n", "it has no jobs"),
    "workflow-binary": workflow(b"on: push\n\x00\n", "a binary file"),
    "workflow-enormous": workflow("# filler\n" * 200_000 + WORKFLOW, "larger than 1,048,576 bytes"),
    "workflow-deep": workflow(f"a: {'[' * 100}{']' * 100}\n{WORKFLOW}", "line 1: nested more than"),
    "workflow-bomb": workflow(
        BOMB + WORKFLOW.replace("uv run ruff check .", "*f"), "line 6: `run`", "no text"
    ),
    "workflow-unknown-anchor": workflow(
        WORKFLOW.replace(STEPS, "    steps: *steps\n"), "line 5: `*steps` stands for nothing"
    ),
    "workflow-anchor-in-itself": workflow(
        f"on: push\njobs: &jobs\n{JOB}  again: *jobs\n", "line 7: `*jobs` stands for nothing"
    ),
    "workflow-key-twice": workflow(f"{WORKFLOW}{JOB}", "line 7: the key `lint` is there twice"),
    "workflow-no-trigger": workflow(f"jobs:\n{JOB}", "does not say `on`", "mend it"),
    "workflow-odd-trigger": workflow(f"on: 3\njobs:\n{JOB}", "line 1: `on` names no event"),
    "workflow-jobs-list": workflow(f"on: push\njobs:\n  - lint\n{STEPS}", "line 4"),
    "workflow-jobs-text": workflow("on: push\njobs: lint\n", "it has no jobs"),
    "workflow-job-text": workflow("on: push\njobs:\n  lint: x\n", "line 3: the job `lint`"),
    "workflow-steps-map": workflow(
        WORKFLOW.replace("      - run", "      run"), "line 6: the steps of the job `lint`"
    ),
    "workflow-step-text": workflow(
        WORKFLOW.replace("run: uv", "uv"), "line 6: a step of the job `lint` is no mapping"
    ),
    "workflow-run-list": workflow(
        WORKFLOW.replace("uv run ruff check .", "[uv run ruff check .]"), "line 6: `run`"
    ),
    "workflow-uses-map": workflow(
        WORKFLOW + "      - uses: {a: b}\n", "line 7: `uses`", "refuses the whole workflow"
    ),
    "workflow-matrix-text": workflow(
        WORKFLOW.replace("    steps", "    strategy: {matrix: {python: '3.11'}}\n    steps"),
        "line 5: `python` of the matrix is no list",
    ),
    # Hooks, other services, and what CI starts.
    "hooks-not-yaml": pipeline(".pre-commit-config.yaml", "repos: [\n", "line 2"),
    "hooks-list": pipeline(".pre-commit-config.yaml", "- repo: local\n", "it has no `repos`"),
    "hooks-repos-text": pipeline(".pre-commit-config.yaml", "repos: ruff\n", "line 1: `repos`"),
    "hooks-hooks-text": pipeline(
        ".pre-commit-config.yaml", "repos:\n  - repo: local\n    hooks: ruff\n", "line 2", "`hooks`"
    ),
    "hooks-hook-text": pipeline(
        ".pre-commit-config.yaml", "repos:\n  - hooks:\n      - ruff\n", "line 3: a hook has no"
    ),
    "gitlab-list": pipeline(".gitlab-ci.yml", "- lint\n", "no mapping of jobs"),
    "gitlab-job-text": pipeline(".gitlab-ci.yml", "lint: ruff check\n", "line 1: the job `lint`"),
    "gitlab-script-map": pipeline(".gitlab-ci.yml", "lint:\n  script: {a: b}\n", "line 2: a script"),
    "circle-jobs-text": pipeline(".circleci/config.yml", "jobs: lint\n", "line 1: `jobs`"),
    "circle-steps-text": pipeline(
        ".circleci/config.yml", "jobs:\n  build:\n    steps: ruff\n", "the job `build`", "`steps`"
    ),
    "circle-binary": pipeline(".circleci/config.yml", b"\x00", "a binary file"),
    "azure-steps-text": pipeline("azure-pipelines.yml", "steps: ruff\n", "line 1: `steps`"),
    "travis-script-map": pipeline(".travis.yml", "script: {a: b}\n", "line 1: `script`"),
    "tox-ini": pipeline("tox.ini", "[tox]\nenv_list\n", "line 2", "tox refuses", ci="tox"),
    "tox-ini-binary": pipeline("tox.ini", b"\x00", "a binary file", ci="tox"),
    "tox-toml": pipeline("tox.toml", "[env\n", "line 1: the file is not valid TOML", ci="tox"),
    # Locks.
    "lock-newer": lock("version = 2\n", "format version 2", "update", outcome=UNVERIFIED),
    "lock-newer-hashes": hashes(lock("version = 2\n", "format version 2", "update")),
    "lock-version-0": lock("version = 0\n", "no format version 0", "uv lock"),
    "lock-version-0-hashes": hashes(lock("version = 0\n", "no format version 0")),
    "lock-version-text": lock('version = "1"\n', "it has no format version", "uv lock"),
    "lock-empty": lock("", "it has no format version", "uv lock"),
    "lock-not-toml": lock("version = [\n", "line 2: the file is not valid TOML", "uv lock"),
    "lock-binary": lock(b"\xff\x00", "it is not UTF-8", "uv lock"),
    "lock-packages-number": lock(f"{LOCK}package = 3\n", "`package` is no array", "uv lock"),
    "lock-packages-mixed": hashes(lock(f"{LOCK}package = [1]\n", "`package` is no array")),
    "lock-older-names": hashes(lock(f"{LOCK}[[distribution]]\n", "before its format was stable")),
    "lock-no-source": hashes(lock(PACKAGE, "does not say where httpx comes from")),
    "lock-source-text": hashes(lock(f'{PACKAGE}source = "x"\n', "where httpx comes from")),
    # Requirements.
    "requirement-none": requirement(
        f'{PROJECT}dependencies = ["httpx >>> 1"]\n', "'httpx >>> 1'", "write `name>=1.2,<2`"
    ),
    "requirement-empty": requirement(f'{PROJECT}dependencies = [""]\n', "no valid requirement"),
    "requirement-number": requirement(f"{PROJECT}dependencies = [3]\n", "holds 3", "no string"),
    "requirement-text": requirement(
        f'{PROJECT}dependencies = "httpx>=1,<2"\n', "project.dependencies", "must be an array"
    ),
    "requirement-table": requirement(
        f'{PROJECT}[project.dependencies]\nhttpx = "1"\n', "project.dependencies", "array"
    ),
    "extra-text": requirement(
        f'{PROJECT}optional-dependencies = {{ a = "httpx>=1,<2" }}\n', "optional-dependencies.a"
    ),
    "extras-list": requirement(
        f'{PROJECT}optional-dependencies = ["httpx"]\n', "optional-dependencies", "a table"
    ),
    "build-text": requirement(
        f'{PROJECT}[build-system]\nrequires = "hatchling>=1,<2"\n', "build-system.requires", "array"
    ),
    "project-text": requirement('project = "example"\n', "'project'", "must be a table"),
    "groups-list": requirement(
        f'dependency-groups = ["ruff"]\n{PROJECT}', "dependency-groups", "must be a table"
    ),
    "group-text": requirement(f'{GROUPS}dev = "ruff>=1,<2"\n', "dependency-groups.dev", "array"),
    "group-item": requirement(f'{GROUPS}dev = [{{ other = "x" }}]\n', "dev", "include-group"),
    "group-circle": requirement(
        f'{GROUPS}a = [{{ include-group = "b" }}]\nb = [{{ include-group = "a" }}]\n',
        "pyproject.toml:6", "pyproject.toml:7", "include each other; take one of the includes out",
    ),
    "group-in-itself": requirement(
        f'{GROUPS}a = ["ruff>=1,<2", {{ include-group = "a" }}]\n', "pyproject.toml:6", "each other"
    ),
    "group-gone": requirement(
        f'{GROUPS}a = [{{ include-group = "b" }}]\n', "pyproject.toml:6", "no such dependency group"
    ),
    # Dates of waivers.
    "waiver-no-such-day": waiver('"2026-02-31"', "2026-12-01", "date is no day", "2026-02-31"),
    "waiver-backwards": waiver("2026-11-20", "2026-11-10", "expires on 2026-11-10, before its date"),
    "waiver-future": waiver("2027-11-20", "2027-12-20", "is in the future", "2026-11-27"),
    "waiver-expired": waiver("2026-09-01", "2026-11-26", "expired on 2026-11-26, 1 day ago"),
    "waiver-for-ever": waiver("2026-11-20", "9999-12-31", "90 at most", "2027-02-18"),
    "waiver-long-ago": waiver("0001-01-01", "0001-01-02", "expired on 0001-01-02"),
    "waiver-last-day": waiver("9999-12-31", "9999-12-31", "is in the future"),
    "waiver-with-time": waiver(
        "2026-11-20T00:00:00Z", "2026-12-01", "2026-11-20 00:00:00+00:00 cannot be its date"
    ),
    "waiver-time": waiver("07:30:00", "2026-12-01", "07:30:00 cannot be its date", "2030-01-31"),
    "waiver-number": waiver("3", "2026-12-01", "3 cannot be its date: write a date such as"),
    # Versions that are none.
    **{
        f"version-{name}": Case(
            check="CMP001.versions",
            outcome=UNVERIFIED,
            said=("pyproject.toml:4", "requires-python", why, "write what is supported"),
            files={"pyproject.toml": PROJECT.replace('">=3.11"', written), CI: WORKFLOW},
        )
        for name, written, why in (
            ("text", '"three"', "not a valid version specifier"),
            ("number", "3", "not a string"),
            ("empty-range", '">=4,<3"', "no existing Python 3 version"),
        )
    },
}  # fmt: skip


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    plain = {MAIN: 'MESSAGE = "hello"\n', "pyproject.toml": PROJECT}
    for name, content in {**plain, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    plant(folder, {})


def judge(folder: Path, judged_by: Guide) -> Report:
    pyproject = read_pyproject(str(folder))
    settings = replace(load_settings(str(folder), pyproject, {}), today=TODAY)
    return check(settings, pyproject, Silence(), guide=judged_by)


def only(name: str) -> Guide:
    """Return the guide with one check of one clause."""
    clause_id, _, check_id = name.partition(".")
    (clause,) = (one for one in guide().clauses if one.id == clause_id)
    (chosen,) = (one for one in clause.checks if one.id == check_id)
    alone = replace(clause, checks=(chosen,), parents=(), members=())
    return replace(guide(), clauses=(alone,))


def told(report: Report) -> str:
    """Return everything that a reader sees of what was found."""
    findings = (
        f"{one.location.path}:{one.location.line}: {one.message}"
        for one in report.findings
        if one.severity is not Severity.INFO
    )
    problems = (one.message for one in report.problems)
    return "\n".join([*problems, *findings, *(one.reason for one in report.clauses)])


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_told_and_never_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(survey, "MAX_SOURCE", LARGEST if name == "source-enormous" else 64 << 20)
    case = CASES[name]
    write(tmp_path, case.files)
    report = judge(tmp_path, only(case.check))
    (verdict,) = report.clauses
    assert verdict.outcome is case.outcome, told(report)
    assert [one for one in case.said if one not in told(report)] == [], told(report)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PROJECT + "[[tool.doctrine.waivers]]\ndate = 2026-02-31\n", "pyproject.toml:6"),
        ("[project\n", "pyproject.toml:1"),
        (b"\xff\xfe\x00", "pyproject.toml:1"),
    ],
)
def test_a_pyproject_that_cannot_be_read_is_not_judged(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    write(tmp_path, {"pyproject.toml": content})
    with pytest.raises(ConfigError, match=said):
        judge(tmp_path, only("DEP002.present"))


def test_anchors_are_followed(tmp_path: Path) -> None:
    """The good case: what an anchor stands for runs wherever it is used."""
    again = "  again:\n    runs-on: ubuntu-latest\n    steps: *steps\n"
    first = JOB.replace("steps:", "steps: &steps").replace("ruff check .", "pytest")
    both = f"on: push\njobs:\n{first}{again}".replace("uv run pytest", "uv run ruff check .")
    write(tmp_path, {"pyproject.toml": PROJECT + RUFF, CI: both})
    (verdict,) = judge(tmp_path, only("LNT001.gate")).clauses
    assert verdict.outcome is Outcome.PASS


@pytest.mark.live
@pytest.mark.parametrize(
    ("clause", "files", "said"),
    [
        ("LNT001", {"ruff.toml": "[lint\n"}, "ruff.toml"),
        ("FMT001", {"ruff.toml": "[lint\n"}, "ruff.toml"),
        ("TYP001", {MAIN: "def broken(:\n"}, f"{MAIN}:1"),
        ("CPX002", {MAIN: b"x = 1\n\x00\n"}, "null bytes"),
        ("DED001", {MAIN: b"\x7fELF\xff"}, f"{MAIN}:1"),
        ("SGP001", {MAIN: "def broken(:\n"}, f"{MAIN}:1"),
        ("DEP002", {"uv.lock": "version = 2\n"}, "uv.lock"),
    ],
)
def test_what_a_tool_cannot_read_does_not_pass(
    tmp_path: Path, clause: str, files: Mapping[str, str | bytes], said: str
) -> None:
    write(tmp_path, {"pyproject.toml": PROJECT + RUFF, CI: WORKFLOW, **files})
    report = judge(tmp_path, narrowed(clause))
    verdict = next(one for one in report.clauses if one.clause.id == clause)
    assert verdict.outcome in {FAIL, ERROR, UNVERIFIED}
    assert said in told(report)
