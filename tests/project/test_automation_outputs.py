"""Outputs of jobs that are known before a run."""

from __future__ import annotations

import pytest

from tests.project.automation_helper import argvs, automation

WORKFLOW = """
    on: [push]
    jobs:
      build:
        runs-on: ubuntu-latest
        steps:
          - uses: {action}
            id: built
        outputs:
          pythons: ${{{{ steps.built.outputs.{output} }}}}
      check:
        runs-on: ubuntu-latest
        strategy:
          matrix:
            python: ${{{{ fromJson(needs.build.outputs.pythons) }}}}
        env:
          WANTED: ${{{{ matrix.python }}}}
        steps:
          - run: tox run -f ${{WANTED}}-tests
    """
TOX = """
    [tox]
    env_list = 3.1{1-3}-{tests,docs}, lint
    [testenv]
    commands =
        tests: coverage run -m pytest
        docs: sphinx-build
    """
NAMED = 'classifiers = ["Programming Language :: Python :: 3.11", "Typing :: Typed"]'
ACTION, OUTPUT = (
    "hynek/build-and-inspect-python-package@v2",
    "supported_python_classifiers_json_array",
)


@pytest.mark.parametrize(
    ("project", "action", "output", "known"),
    [
        (NAMED, ACTION, OUTPUT, True),
        (f'{NAMED}\ndynamic = ["classifiers"]', ACTION, OUTPUT, False),
        ('classifiers = ["Programming Language :: Python :: 3"]', ACTION, OUTPUT, False),
        (NAMED, "somebody/else@v2", OUTPUT, False),
        (NAMED, ACTION, "package_version", False),
    ],
)
def test_a_matrix_of_the_classifiers_is_resolved(
    project: str, action: str, output: str, known: bool
) -> None:
    found = automation(
        {
            ".github/workflows/ci.yml": WORKFLOW.format(action=action, output=output),
            "tox.ini": TOX,
            "pyproject.toml": f"[project]\n{project}\n",
        }
    )
    measured = ("coverage", "run", "-m", "pytest") in argvs(found)
    assert (measured, not found.unread) == (known, known)
    assert [one.detail for one in found.pythons] == (["3.11"] if known else [])
