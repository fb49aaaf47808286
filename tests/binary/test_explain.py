"""``doctrine explain``: clauses, rules and findings, alone and in a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.binary.running import doctrine, keeping, write

pytestmark = pytest.mark.live

FILES = {
    "pyproject.toml": '[project]\nname = "sample"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "src/sample/tokens.py": (
        "from random import choice as pick\n\n\n"
        'def make_token() -> str:\n    return "".join(pick("abc") for _ in range(32))\n'
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("explain") / "project", FILES)
    doctrine(
        "check",
        ".",
        "--quiet",
        "--output",
        "json=../report.json",
        cwd=folder,
        env=keeping(folder.parent / "cache"),
    )
    return folder


def fingerprint(project: Path) -> str:
    report = json.loads((project.parent / "report.json").read_text())
    return next(str(one["fingerprint"]) for one in report["findings"] if "SEC005" in one["clauses"])


def said(*arguments: str, cwd: Path) -> str:
    ran = doctrine(
        "explain", *arguments, cwd=cwd, env={**keeping(cwd.parent / "cache"), "COLUMNS": "200"}
    )
    assert ran.code == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    "flags", [("--project", "."), ("--report", "../report.json")], ids=["now", "stored"]
)
def test_a_clause_shows_outcome_fact_and_place_in_a_project(
    project: Path, flags: tuple[str, ...]
) -> None:
    text = said("sec005", *flags, cwd=project)
    static, _, own = text.partition("In sample")
    assert "why" in static
    assert "remedy" in static
    assert own.splitlines()[1].startswith("  fail: ")
    assert "fact: the code imports `random`" in own
    assert "src/sample/tokens.py:1 " in own
    assert "src/sample/tokens.py:5:" in own
    # Only a whole check knows what a finding is called.
    assert (fingerprint(project) in own) is ("--report" in flags)


def test_without_a_project_the_way_to_one_is_named_and_nothing_is_checked(project: Path) -> None:
    text = said("SEC005", cwd=project)
    assert "In sample" not in text
    assert "doctrine explain SEC005 --project ." in text


def test_looking_at_a_clause_decides_its_members_and_what_it_rests_on(project: Path) -> None:
    flags = ("--project", ".")
    assert "parent-TYP001: fail, TYP001 fails" in said("TYP003", *flags, cwd=project)
    assert "error" not in said("TYP005", *flags, cwd=project).partition("In sample")[2]


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ("ruff:S311", ("suspicious-non-cryptographic", "LNT001", "SEC005 as well")),
        ("ruff-guide:UP006", ("non-pep585-annotation", "TYP007")),
        ("mypy:no-untyped-def", ("TYP001", "Merged with `ruff:ANN001`", "on one function")),
        ("pyright:reportUnknownMemberType", ("TYP002",)),
        ("pyright:reportImplicitOverride", ("TYP002",)),
        ("pyright:syntax", ("TYP002",)),
        ("randomness:random-secret", ("SEC005", "Merged with `ruff:S311`")),
        ("doctrine:lock-missing", ("DEP002",)),
        ("uv:vulnerable", ("DEP005", "where it runs")),
        ("radon:complexity", ("CPX002",)),
    ],
)
def test_a_rule_shows_its_clauses_and_what_it_is_merged_with(
    tmp_path: Path, rule: str, parts: tuple[str, ...]
) -> None:
    text = " ".join(said(rule, cwd=tmp_path).split())
    for part in parts:
        assert part in text


def test_a_rule_that_no_clause_asks_for_is_advice(tmp_path: Path) -> None:
    assert "fails nothing" in said("ruff-guide:COM812", cwd=tmp_path)


def test_a_rule_shows_its_findings_in_a_project(project: Path) -> None:
    own = said("doctrine:random-secret", "--project", ".", cwd=project).partition("In sample")[2]
    assert "1 finding\n" in own
    assert "src/sample/tokens.py:5:" in own


@pytest.mark.parametrize("digits", [16, 8])
def test_a_finding_is_known_by_the_beginning_of_its_fingerprint(project: Path, digits: int) -> None:
    whole = fingerprint(project)
    text = said(whole[:digits], "--report", "../report.json", cwd=project)
    for part in ("src/sample/tokens.py:5:", "SEC005  fail", "ruff:S311", "To mend it", whole):
        assert part in text


def test_without_a_report_the_project_around_is_checked_for_a_finding(project: Path) -> None:
    assert "SEC005  fail" in said(fingerprint(project), cwd=project)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (("SEC05",), "SEC005"),
        (("S311",), "ruff:S311"),
        (("ruff:S312345",), "ruff:S31"),
        (("rufff:S311",), "ruff"),
        (("mypy:no-untyped",), "mypy:no-untyped-def"),
        (("randomness:random-secrets",), "randomness:random-secret"),
        (("pyright:reportFooBar",), "did you mean pyright:report"),
        (("pyright:reportUnusedImports",), "pyright:reportUnusedImport"),
        (("0000000000000000", "--report", "../report.json"), "fingerprint"),
        (("SEC005", "--report", "../nowhere.json"), "--output json=FILE"),
        (("SEC005", "--report", "pyproject.toml"), "--output json=FILE"),
        (("SEC005", "--report", "../report.json", "--project", "."), "one of them"),
        (("SEC005", "--project", "../nowhere"), ""),
    ],
)
def test_what_does_not_exist_is_an_error_that_names_the_nearest(
    project: Path, asked: tuple[str, ...], hint: str
) -> None:
    ran = doctrine("explain", *asked, cwd=project, env=keeping(project.parent / "cache"))
    assert ran.code == 2
    assert ran.stdout == ""
    assert hint in ran.stderr
