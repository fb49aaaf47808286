from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Command
from doctrine.project.settings_text import ini_section
from tests.project.test_facts import facts, run

ADDOPTS = "[tool.pytest.ini_options]\naddopts = {}\n"
FAIL_UNDER = "[tool.coverage.report]\nfail_under = {}\n"


@pytest.mark.parametrize(
    ("files", "commands", "expected"),
    [
        ({"pyproject.toml": ADDOPTS.format('"-n auto"')}, (), True),
        ({"pyproject.toml": ADDOPTS.format('["-n", "4"]')}, (), True),
        ({"pyproject.toml": ADDOPTS.format('"-n4"')}, (), True),
        ({"pyproject.toml": ADDOPTS.format('"-n 1"')}, (), False),
        ({"pyproject.toml": ADDOPTS.format('"-n auto -n 0"')}, (), False),
        ({"pyproject.toml": "[tool.pytest]\naddopts = ['--numprocesses=2']\n"}, (), True),
        ({"pytest.ini": "[pytest]\naddopts = -n auto\n"}, (), True),
        ({"setup.cfg": "[tool:pytest]\naddopts =\n    -q\n    -n auto\n"}, (), True),
        ({"tox.ini": "[testenv]\naddopts = -n auto\n"}, (), False),
        ({"pytest.toml": "[pytest]\naddopts = ['-n', 'auto']\n"}, (), True),
        ({"pytest.toml": "[pytest\n"}, (), False),
        # An own file of pytest's takes the place of all others, an empty one as well.
        ({"pytest.ini": "", "pyproject.toml": ADDOPTS.format("'-n auto'")}, (), False),
        ({".pytest.toml": "", "pytest.ini": "[pytest]\naddopts = -n auto\n"}, (), False),
        (
            {
                "pytest.ini": "[pytest]\naddopts = -n auto\n",
                "pyproject.toml": ADDOPTS.format("'-q'"),
            },
            (),
            True,
        ),
        (
            {
                "tox.ini": "[pytest]\naddopts = -n auto\n",
                "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['tests']\n",
            },
            (),
            False,
        ),
        ({}, (run("pytest", "-n", "auto"),), True),
        ({}, (run("pytest", "-n", "0"),), False),
        ({}, (run("make", "-n", "4"),), False),
        ({}, (run("pytest", "-n", "auto", "-p", "no:xdist"),), False),
        ({"pytest.ini": "[pytest]\naddopts = -n auto\n"}, (run("pytest", "-q"),), True),
        ({"pytest.ini": "[pytest]\naddopts = -n auto\n"}, (run("pytest", "-n0"),), False),
        ({"pytest.ini": "[pytest]\naddopts = -n auto -p no:xdist\n"}, (), False),
        (
            {"pytest.ini": "[pytest]\naddopts = -n auto\n"},
            (run("pytest", "-n0"), run("pytest")),
            True,
        ),
    ],
)
def test_parallel_tests(
    files: Mapping[str, str], commands: tuple[Command, ...], expected: bool
) -> None:
    assert facts(files, commands=commands)["xdist-enabled"].value is expected


GATES = [
    ("", (run("pytest", "--cov", "--cov-fail-under=80"),), 80),
    ("", (run("pytest", "--cov=src", "--cov-fail-under", "85"),), 80),
    ("", (run("pytest", "--cov", "--cov-fail-under=79.9"),), 1),
    ("", (run("pytest", "--cov", "--cov-fail-under=0"),), 0),
    ("", (run("pytest", "--cov", "--cov-fail-under=${{ matrix.cov }}"),), 0),
    ("", (run("pytest", "--cov", "--cov-fail-under=80", can_fail=False),), 0),
    ("", (run("coverage", "report", "--fail-under=90"),), 80),
    (FAIL_UNDER.format(80), (run("pytest", "--cov"),), 80),
    (FAIL_UNDER.format(80.5), (run("coverage", "report"),), 80),
    (FAIL_UNDER.format(50), (run("coverage", "report"),), 1),
    (FAIL_UNDER.format(80), (run("coverage", "xml"),), 80),
    (FAIL_UNDER.format(80), (run("coverage", "run", "-m", "pytest"),), 0),
    (FAIL_UNDER.format(80), (run("coverage", "combine"),), 0),
    (FAIL_UNDER.format(80), (run("coverage"),), 0),
    (FAIL_UNDER.format(80), (run("pytest"),), 0),
    (FAIL_UNDER.format(80), (), 0),
    (FAIL_UNDER.format(80), (run("pytest", "--cov", "--cov-fail-under=10"),), 1),
    (ADDOPTS.format('"--cov --cov-fail-under=80"'), (run("pytest"),), 80),
    (ADDOPTS.format('"--cov --cov-fail-under=80"'), (run("pytest", "--no-cov"),), 0),
    (ADDOPTS.format('"--cov --cov-fail-under=80"'), (), 0),
]


@pytest.mark.parametrize(("pyproject", "commands", "gate"), GATES)
def test_gates(pyproject: str, commands: tuple[Command, ...], gate: int) -> None:
    found = facts({"pyproject.toml": pyproject}, commands=commands)
    assert found["coverage-gate"].value is (gate == 80)
    assert found["coverage-low-gate"].value is (gate == 1)


def test_evidence_says_what_a_command_proves_and_says_it_once() -> None:
    commands = (
        run("pytest", "-q", "--numprocesses=auto"),
        run("pytest", "-x", "--numprocesses=auto"),
        run("coverage", "report", "--show-missing", "--fail-under=100"),
    )
    found = facts({}, commands=commands)
    parallel = [one.detail for one in found["xdist-enabled"].evidence]
    assert parallel == ["pytest runs with --numprocesses=auto"]
    gates = [one.detail for one in found["coverage-gate"].evidence]
    assert gates == ["`coverage` fails the build below 100 %"]


def test_ini_files_hold_gates() -> None:
    files = {".coveragerc": "[report]\nfail_under = 90\n"}
    found = facts(files, commands=(run("pytest", "--cov"),))["coverage-gate"]
    assert found.value is True
    assert (found.evidence[0].path, found.evidence[0].line) == (".coveragerc", 2)


@pytest.mark.parametrize(
    ("files", "command", "expected"),
    [
        # Its own file takes the place of all others, even an empty one.
        ({".coveragerc": "", "pyproject.toml": FAIL_UNDER.format(90)}, ("pytest", "--cov"), False),
        ({".coveragerc": "[run]\nbranch = true\n", "pyproject.toml": FAIL_UNDER.format(90)},
         ("coverage", "report"), False),
        ({".coveragerc.toml": "[report]\nfail_under = 90\n"}, ("coverage", "report"), True),
        ({".coveragerc.toml": "[tool.coverage.report]\nfail_under = 90\n"},
         ("coverage", "report"), True),
        ({".coveragerc.toml": "[report\n", "pyproject.toml": FAIL_UNDER.format(90)},
         ("coverage", "report"), False),
        ({"setup.cfg": "[coverage:run]\nbranch = true\n", "pyproject.toml": FAIL_UNDER.format(90)},
         ("coverage", "report"), False),
        ({"tox.ini": "[tox]\n", "pyproject.toml": FAIL_UNDER.format(90)}, ("coverage", "report"), True),
        ({"setup.cfg": "[report]\nfail_under = 90\n"}, ("coverage", "report"), False),
        # unless a command names another
        ({".coveragerc": "", "pyproject.toml": FAIL_UNDER.format(90)},
         ("pytest", "--cov", "--cov-config=pyproject.toml"), True),
        ({".coveragerc": "[report]\nfail_under = 90\n", "ci/cov.ini": "[run]\n"},
         ("coverage", "report", "--rcfile", "ci/cov.ini"), False),
        ({"ci/cov.ini": "[report]\nfail_under = 90\n"},
         ("coverage", "report", "--rcfile=./ci/cov.ini"), True),
    ],
)  # fmt: skip
def test_one_file_of_settings_sets_the_limit(
    files: Mapping[str, str], command: tuple[str, ...], expected: bool
) -> None:
    assert facts(files, commands=(run(*command),))["coverage-gate"].value is expected


@pytest.mark.parametrize(
    ("files", "commands", "expected"),
    [
        ({}, (), False),
        ({"pyproject.toml": "[tool.coverage.run]\nbranch = true\n"}, (), True),
        ({"pyproject.toml": ADDOPTS.format('"--cov"')}, (), True),
        ({"setup.cfg": "[coverage:run]\nsource = src\n"}, (), True),
        ({}, (run("pytest", "--cov=src"),), True),
        ({}, (run("pytest"),), False),
    ],
)
def test_coverage_is_configured(
    files: Mapping[str, str], commands: tuple[Command, ...], expected: bool
) -> None:
    assert facts(files, commands=commands)["coverage-configured"].value is expected


def test_unread_automation_leaves_gates_open() -> None:
    found = facts(unread={".gitlab-ci.yml": "includes a remote file"})
    assert found["coverage-gate"].value is None
    assert found["xdist-enabled"].value is None
    assert found["coverage-gate"].evidence[0].path == ".gitlab-ci.yml"


@given(st.text(max_size=120))
def test_any_text_is_an_ini_file_or_none(text: str) -> None:
    for content in (text, "[pytest]\naddopts =" + text):
        assert all(isinstance(one, str) for one in ini_section(content, "pytest").values())


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"tox.ini": "[flake8]\nmax-complexity = 10\n"}, True),
        ({"setup.cfg": "[flake8]\nmax_complexity: 8\n"}, True),
        ({".flake8": "[flake8]\nmax-complexity = 10\n"}, True),
        ({".flake8": "[flake8]\nmax-complexity = -1\n"}, False),
        ({".flake8": "[flake8]\nmax-complexity = 10\nextend-ignore = E203, C901\n"}, False),
        ({".flake8": "[flake8]\nmax-complexity = 10\nignore = E203\n"}, True),
        ({"tox.ini": "[pylint]\nmax-complexity = 10\n"}, False),
        ({}, False),
    ],
)
def test_flake8_watches_complexity_where_its_configuration_sets_a_limit(
    files: Mapping[str, str], expected: bool
) -> None:
    assert facts(files)["complexity-flaked"].value is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from hypothesis import given\n", True),
        ("from hypothesis import strategies as st\n", True),
        ("import hypothesis\n@hypothesis.given(x)\ndef test_a(x): ...\n", True),
        ("from hypothesis.stateful import RuleBasedStateMachine\n", True),
        ("from hypothesis import HealthCheck, settings\nsettings.register_profile('ci')\n", False),
        ("import hypothesis\nhypothesis.settings.load_profile('ci')\n", False),
    ],
)
def test_a_profile_is_no_property(source: str, expected: bool) -> None:
    assert facts({"tests/conftest.py": source})["property-tests"].value is expected
