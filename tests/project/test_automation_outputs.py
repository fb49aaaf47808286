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


PRINTED = """
    on: [push]
    jobs:
      plan:
        runs-on: ubuntu-latest
        steps:
          - id: said
            run: {run}
        outputs:
          pythons: ${{{{ steps.said.outputs.pythons }}}}
      check:
        runs-on: ubuntu-latest
        strategy:
          matrix:
            python: ${{{{ fromJson(needs.plan.outputs.pythons) }}}}
        steps:
          - uses: actions/setup-python@v5
            with: {{python-version: "${{{{ matrix.python }}}}"}}
          - run: pytest
    """


@pytest.mark.parametrize(
    ("run", "known"),
    [
        ("""echo 'pythons=["3.12", "3.13"]' >> $GITHUB_OUTPUT""", True),
        ("""echo 'pythons=["3.12", "3.13"]' >> "${GITHUB_OUTPUT}\"""", True),
        ("""echo pythons=[3.12,3.13] >> "$GITHUB_OUTPUT\"""", True),
        ("""echo pythons=["3.12", "3.13"] >> "$GITHUB_OUTPUT\"""", True),
        ("""echo 'pythons=["3.12", "3.13"]' > $GITHUB_OUTPUT""", False),
        ("""echo "pythons=$(python list.py)" >> $GITHUB_OUTPUT""", False),
        ("""test $X && echo 'pythons=["3.12"]' >> $GITHUB_OUTPUT""", False),
        ("""python list.py >> $GITHUB_OUTPUT""", False),
    ],
)
def test_a_matrix_that_a_step_prints_as_it_is_written_is_resolved(run: str, known: bool) -> None:
    found = automation({".github/workflows/ci.yml": PRINTED.format(run=run)})
    assert [one.detail for one in found.pythons] == (["3.12", "3.13"] if known else [])
    assert (not found.computed) is known


def test_what_a_step_prints_only_on_a_condition_is_not_known() -> None:
    written = PRINTED.format(run="""echo 'pythons=["3.12"]' >> $GITHUB_OUTPUT""")
    asked = written.replace("- id: said", "- id: said\n            if: github.ref == 'x'")
    assert automation({".github/workflows/ci.yml": asked}).computed
