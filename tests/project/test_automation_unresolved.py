"""Matrices that only a run resolves: what depends on them stays open, and nothing else."""

from __future__ import annotations

import pytest

from doctrine.model.project import Automation
from tests.project.automation_helper import argvs, automation, named, workflow

VERSIONS = """
runs-on: ${{ matrix.os }}
needs: setup
strategy:
  matrix: ${{ fromJSON(needs.setup.outputs.matrix) }}
"""
SETUP = """
    - uses: actions/setup-python@v5
      with:
        python-version: ${{ matrix.python-version }}
"""


def read(steps: str, job: str = VERSIONS, **others: str) -> Automation:
    files = {name.replace("__", "/"): text for name, text in others.items()}
    return automation({".github/workflows/ci.yml": workflow(SETUP + steps, job=job), **files})


def test_a_command_that_does_not_depend_on_the_matrix_is_known() -> None:
    found = read("    - run: ruff check .\n    - run: pytest\n")
    assert [one[:1] for one in argvs(found)] == [("ruff",), ("pytest",)]
    assert (found.unread, found.pythons, found.systems) == ({}, (), ())
    assert "only a run resolves" in found.computed[".github/workflows/ci.yml"]
    assert all(one.can_fail and not one.perhaps for one in found.commands)


@pytest.mark.parametrize(
    "step",
    [
        "run: nox -s ${{ matrix.session }}",
        "run: nox -s ${{ format('{0}', matrix.session) }}",
        "{run: nox -s $SESSION, env: {SESSION: '${{ matrix.session }}'}}",
        "{run: tox -e py$PYTHON_VERSION, env: {PYTHON_VERSION: '${{ matrix.python }}'}}",
        "{run: 'tox -e py${{ env.PYTHON }}', env: {PYTHON: '${{ matrix.python }}'}}",
        "{run: ruff check ., working-directory: '${{ matrix.package }}'}",
        "{run: ruff check ., shell: '${{ matrix.shell }}'}",
        "{uses: astral-sh/ruff-action@v3, with: {args: '${{ matrix.args }}'}}",
        "{uses: nick-fields/retry@v3, with: {command: 'nox -s ${{ matrix.session }}'}}",
        "{uses: ./.github/act, with: {session: '${{ matrix.session }}'}}",
    ],
)
def test_a_command_that_holds_a_value_of_it_is_not(step: str) -> None:
    act = """
        inputs:
          session: {default: lint}
        runs:
          steps:
            - run: nox -s ${{ inputs.session }}
        """
    found = read(f"    - {step}\n", **{".github__act__action.yml": act})
    assert "only a run resolves" in found.unread[".github/workflows/ci.yml"]


@pytest.mark.parametrize(
    "step",
    [
        "{run: ruff check ., name: 'On ${{ matrix.os }}', env: {UV_PYTHON: '${{ matrix.python }}'}}",
        "{uses: codecov/codecov-action@v5, with: {flags: '${{ matrix.os }}'}}",
        "{uses: ./.github/act, with: {python: '${{ matrix.python }}'}}",
    ],
)
def test_values_that_decide_no_command_leave_nothing_open(step: str) -> None:
    act = """
        inputs:
          python: {default: ''}
        runs:
          steps:
            - uses: actions/setup-python@v5
              with: {python-version: '${{ inputs.python }}'}
            - run: ruff check .
        """
    found = read(f"    - {step}\n", **{".github__act__action.yml": act})
    assert not found.unread
    assert not any(one.perhaps for one in found.commands)


@pytest.mark.parametrize(
    ("keys", "perhaps", "there"),
    [
        ("if: matrix.lint", True, True),
        ("if: matrix.os == 'ubuntu-latest'", True, True),
        ("if: runner.os == 'Linux'", True, True),
        ("continue-on-error: ${{ matrix.experimental }}", True, True),
        ("if: always() || matrix.lint", False, True),
        ("if: matrix.lint && false", False, False),
        ("continue-on-error: ${{ matrix.experimental && false }}", False, True),
    ],
)
def test_a_condition_on_it_leaves_the_command_open(keys: str, perhaps: bool, there: bool) -> None:
    found = read(f"    - run: ruff check .\n      {keys}\n")
    assert not found.unread
    assert [(bool(one.perhaps), one.can_fail) for one in found.commands] == [
        (perhaps, True)
    ] * there


def test_jobs_that_an_empty_matrix_leaves_out_are_open() -> None:
    asking = f"{VERSIONS}if: needs.setup.outputs.matrix != '[]'\n"
    assert "fills their matrix" in named(read("    - run: ruff check .\n", asking), "ruff").perhaps


def test_an_input_of_a_called_workflow_that_holds_a_value_of_it_is_no_value() -> None:
    caller = """
        on: [push]
        jobs:
          all:
            strategy:
              matrix:
                what: ${{ fromJSON(needs.setup.outputs.all) }}
            uses: ./.github/workflows/one.yml
            with:
              what: ${{ matrix.what }}
        """
    called = """
        on:
          workflow_call:
            inputs: {what: {type: string}}
        jobs:
          one:
            if: inputs.what == 'lint'
            runs-on: ubuntu-latest
            steps:
              - run: ruff check .
              - run: mypy .
                if: inputs.what == 'types'
        """
    paths = (".github/workflows/all.yml", ".github/workflows/one.yml")
    found = automation(dict(zip(paths, (caller, called), strict=True)))
    assert [(one[0]) for one in argvs(found)] == ["ruff", "mypy"]
    assert all(one.perhaps for one in found.commands)


def test_known_parts_of_a_matrix_stay_known() -> None:
    job = """
        runs-on: ubuntu-latest
        strategy:
          matrix:
            python: ${{ fromJSON(needs.setup.outputs.pythons) }}
            task: [lint, tests]
        """
    noxfile = """
        import nox
        @nox.session
        def lint(session):
            session.run("ruff", "check", ".")
        @nox.session
        def tests(session):
            session.run("pytest")
        """
    found = read("    - run: nox -s ${{ matrix.task }}\n", job, **{"noxfile.py": noxfile})
    assert {one[0] for one in argvs(found)} == {"ruff", "pytest"}
    assert not found.unread


def test_what_is_left_out_by_a_run_leaves_the_known_parts_open() -> None:
    job = """
        runs-on: ubuntu-latest
        strategy:
          matrix:
            task: [lint, tests]
            exclude: ${{ fromJSON(needs.setup.outputs.never) }}
        """
    assert read("    - run: nox -s ${{ matrix.task }}\n", job).unread


def test_an_included_job_does_not_hide_those_that_are_not_known() -> None:
    job = """
        runs-on: ubuntu-latest
        strategy:
          matrix:
            python: ${{ fromJSON(needs.setup.outputs.pythons) }}
            include:
              - {python: '3.12', task: lint}
        """
    found = read("    - run: nox -s ${{ matrix.task }}\n", job)
    assert "only a run resolves" in found.unread[".github/workflows/ci.yml"]


def test_environments_that_tox_picks_by_the_interpreter_are_open() -> None:
    tox = """
        [tox]
        envlist = py311, lint
        [gh-actions]
        python =
            3.11: py311, lint
        [testenv]
        commands =
            py311: pytest
            lint: ruff check .
        """
    found = read("    - run: tox\n", **{"tox.ini": tox})
    assert all("picks its environments" in one.perhaps for one in found.commands)
    assert found.pythons == ()
    chosen = read("    - run: tox -e lint\n", **{"tox.ini": tox})
    assert not named(chosen, "ruff").perhaps
