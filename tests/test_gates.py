from __future__ import annotations

import pytest

from doctrine.gates import (
    Asked,
    GateKind,
    brings,
    has_option,
    match,
    option_value,
    pytest_commands,
)
from doctrine.model.guide import GatePattern
from doctrine.model.observation import Evidence
from doctrine.model.project import Command, CommandKind
from doctrine.model.replacing import replace

CHECK = GatePattern(
    program="ruff",
    subcommands=("check",),
    forbids=("--exit-zero",),
    rewrites=("--fix",),
    rewrites_unless=("--exit-non-zero-on-fix",),
)
FORMAT = GatePattern(
    program="ruff", subcommands=("format",), rewrites=("format",), rewrites_unless=("--check",)
)
MYPY = GatePattern(program="mypy")
SEMGREP = GatePattern(program="semgrep", needs_all=("--error",), needs_any=("--config", "-c"))


def command(
    written: str,
    *,
    why_not: str = "",
    kind: CommandKind = CommandKind.CI,
    brings_tool: bool = False,
    rewrites_fail: bool = False,
    provides: tuple[str, ...] = (),
) -> Command:
    return Command(
        argv=tuple(written.split()),
        kind=kind,
        place=Evidence(path="ci.yml", line=3, detail=written),
        via=("ci.yml", "tox -e lint"),
        can_fail=not why_not,
        why_not=why_not,
        brings_tool=brings_tool,
        rewrites_fail=rewrites_fail,
        provides=provides,
    )


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (CHECK, "ruff check ."),
        (CHECK, "ruff --config ruff.toml check ."),
        (CHECK, "ruff -q check --fix --exit-non-zero-on-fix"),
        (FORMAT, "ruff format --check"),
        (MYPY, "mypy --strict src"),
        (SEMGREP, "semgrep scan --config=rules --error"),
        (SEMGREP, "semgrep scan -c rules --error"),
    ],
)
def test_commands_that_are_gates(pattern: GatePattern, written: str) -> None:
    found = match((pattern,), (command(written),), Asked(ci_only=True))
    assert found.kind is GateKind.HOLDS
    assert written in found.detail
    assert "ci.yml > tox -e lint" in found.detail


@pytest.mark.parametrize(
    ("pattern", "written", "why"),
    [
        (CHECK, "ruff check --exit-zero", "`--exit-zero` keeps it from failing on findings"),
        (CHECK, "ruff check --fix", "it runs only with `--fix`, which exits 0 after repairing"),
        (CHECK, "ruff check --help", "with `--help` it checks nothing"),
        (FORMAT, "ruff format", "it rewrites the files and exits 0"),
        (MYPY, "mypy --version", "with `--version` it checks nothing"),
        (SEMGREP, "semgrep scan --config=rules", "it needs `--error`"),
        (SEMGREP, "semgrep --error", "it needs `--config` or `-c`"),
    ],
)
def test_commands_that_nearly_are_gates(pattern: GatePattern, written: str, why: str) -> None:
    found = match((pattern,), (command(written),))
    assert found.kind is GateKind.DEFUSED
    assert found.detail == f"`{written}` at ci.yml:3 is no gate: {why}"


@pytest.mark.parametrize("written", ["ruff format --check", "ruff", "flake8", "ruff help check"])
def test_other_commands_are_no_gate_at_all(written: str) -> None:
    found = match((CHECK,), (command(written),))
    assert found.kind is GateKind.ABSENT
    assert found.detail == "neither CI nor a hook runs `ruff check`"


def test_a_command_that_can_fail_is_preferred() -> None:
    soft = command("ruff check a", why_not="followed by `|| true`")
    hard = command("ruff check b")
    assert match((CHECK,), (soft, hard)).command == hard
    alone = match((CHECK,), (soft,))
    assert alone.kind is GateKind.DEFUSED
    assert alone.detail.endswith("followed by `|| true`")


def test_a_hook_counts_unless_ci_is_asked_for() -> None:
    hook = command("ruff check --fix", kind=CommandKind.HOOK, rewrites_fail=True)
    assert match((CHECK,), (hook,)).detail.startswith("a hook runs")
    assert "developers' machines" in match((CHECK,), (hook,), Asked(ci_only=True)).detail


def test_what_comes_late_counts_unless_changes_are_asked_for() -> None:
    late = replace(command("ruff check ."), late="only a tag starts it")
    assert match((CHECK,), (late,)).kind is GateKind.HOLDS
    found = match((CHECK,), (late,), Asked(on_change=True))
    assert (found.kind, found.detail) == (
        GateKind.DEFUSED,
        "`ruff check .` at ci.yml:3 is no gate: only a tag starts it",
    )
    both = (late, command("ruff check src"))
    assert match((CHECK,), both, Asked(on_change=True)).command == both[1]


def test_an_equivalent_is_named() -> None:
    fork = GatePattern(program="basedpyright", note="a fork of pyright")
    found = match(
        (GatePattern(program="pyright"), fork), (command("basedpyright"),), Asked(ci_only=True)
    )
    assert found.kind is GateKind.HOLDS
    assert "(a fork of pyright)" in found.detail


def test_values_of_options_can_be_asked_for() -> None:
    pattern = GatePattern(program="ruff", needs_any=("--select=C901",))
    for written in ("ruff check --select=C901", "ruff check --select E,C901"):
        assert match((pattern,), (command(written),), Asked(ci_only=True)).kind is GateKind.HOLDS
    other = match((pattern,), (command("ruff check --select C90"),), Asked(ci_only=True))
    assert other.kind is GateKind.DEFUSED


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("pytest -n auto", "auto"),
        ("pytest -n4", "4"),
        ("pytest --numprocesses=2", "2"),
        ("pytest -n 2 -n 0", "0"),
        ("pytest -n", ""),
        ("pytest", None),
    ],
)
def test_option_values(written: str, value: str | None) -> None:
    assert option_value(tuple(written.split()), ("-n", "--numprocesses")) == value


def test_presence_of_options() -> None:
    argv = ("pytest", "--cov=src", "--no-cov-on-fail")
    assert has_option(argv, "--cov")
    assert not has_option(argv, "--no-cov")


def test_pytest_commands_leave_out_what_runs_no_tests() -> None:
    commands = tuple(
        command(one) for one in ("pytest -x", "pytest --collect-only", "mypy", "pytest --version")
    )
    assert [one.argv for one in pytest_commands(commands)] == [("pytest", "-x")]


def test_what_brings_its_tool_is_named() -> None:
    commands = (
        command("pip-audit", brings_tool=True),
        command("pytest --cov", provides=("pytest-cov",)),
        command("mypy"),
    )
    assert [one.detail for one in brings(("pip-audit",), commands)] == [
        "`pip-audit` through ci.yml > tox -e lint"
    ]
    assert len(brings(("pytest-cov", "coverage"), commands)) == 1
    assert brings(("mypy",), commands) == ()


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("pip install codespell pytest-cov -r requirements.txt", True),
        ("pip install pytest_cov[toml]>=4", True),
        ("uv tool install pytest-cov", True),
        ("pip3 install pytest-cov", True),
        ("pip install -r pytest-cov", False),
        ("pip install ./pytest-cov", False),
        ("pip install pytest-cov-extras", False),
        ("pip uninstall pytest-cov", False),
        ("echo install pytest-cov", False),
    ],
)
def test_what_an_installer_is_told_by_name_is_brought(written: str, named: bool) -> None:
    assert bool(brings(("pytest-cov",), (command(written),))) is named


def test_a_gate_that_can_be_kept_from_running_says_so_where_no_other_always_runs() -> None:
    excused = replace(command("ruff check ."), excused="a label can keep it from running")
    told = match((CHECK,), (excused,))
    assert told.kind is GateKind.HOLDS
    assert told.detail.endswith(", though a label can keep it from running")
    assert "though" not in match((CHECK,), (excused, command("ruff check src"))).detail


def test_what_only_a_run_can_tell_holds_only_where_that_may_be_open() -> None:
    perhaps = replace(command("ruff check ."), perhaps="a matrix decides")
    assert match((CHECK,), (perhaps,)).kind is GateKind.DEFUSED
    assert match((CHECK,), (perhaps,), Asked(settled=False)).kind is GateKind.HOLDS
