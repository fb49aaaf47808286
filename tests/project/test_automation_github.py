from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import CommandKind
from doctrine.project.automation._expressions import Context, evaluate
from doctrine.project.automation._yaml import YamlError, parse_yaml
from tests.project.automation_helper import argvs, automation, ci, named, places, workflow


def test_steps_become_commands_with_their_lines() -> None:
    found = ci(
        """
        - uses: actions/checkout@v4
        - name: Lint
          run: uv run ruff check .
        - run: |
            # first the types
            uv run mypy src

            uv run pytest -n auto
        - run: >
            python -m
            pyright
            --stats
        """
    )
    assert places(found) == [
        ("ruff", ".github/workflows/ci.yml", 8),
        ("mypy", ".github/workflows/ci.yml", 11),
        ("pytest", ".github/workflows/ci.yml", 13),
        ("pyright", ".github/workflows/ci.yml", 15),
    ]
    assert argvs(found)[-1] == ("pyright", "--stats")
    assert all(one.kind is CommandKind.CI and one.can_fail for one in found.commands)
    assert found.has_ci
    assert found.files == (".github/workflows/ci.yml",)
    assert not found.unread


@pytest.mark.parametrize("on", ["workflow_dispatch", "issue_comment", "workflow_call"])
def test_what_somebody_has_to_start_is_no_ci(on: str) -> None:
    found = automation({".github/workflows/ci.yml": workflow("- run: ruff check", on=on)})
    assert found.commands == ()
    assert found.has_ci  # the file exists


@pytest.mark.parametrize(
    ("condition", "there"),
    [
        ("false", False),
        ("${{ false }}", False),
        ("github.event_name == 'workflow_dispatch'", False),
        ("github.event_name != 'pull_request'", True),
        ("failure()", False),
        ("always() && !cancelled()", True),
        ("runner.os == 'Windows'", False),
        ("runner.os == 'Linux' && github.ref == 'refs/heads/main'", True),
        ("github.repository == 'a/b'", True),
    ],
)
def test_conditions_of_steps(condition: str, there: bool) -> None:
    found = ci(f'- if: "{condition}"\n  run: ruff check')
    assert bool(found.commands) is there


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (
            "- run: ruff check\n  continue-on-error: true",
            "`continue-on-error` of the step at .github/workflows/ci.yml:7",
        ),
        ("- run: ruff check || true", "followed by `|| true`"),
        ("- run: ruff check | tee log", "its result is lost in the pipe into `tee`"),
        ("- run: ruff check | tee log\n  shell: bash", ""),
        ("- run: ruff check\n  continue-on-error: ${{ matrix.maybe }}", ""),
        (
            "- run: ruff check\n  continue-on-error: ${{ vars.maybe }}",
            "`continue-on-error` of the step at .github/workflows/ci.yml:7",
        ),
    ],
)
def test_failures_that_do_not_count(step: str, why: str) -> None:
    command = named(ci(step), "ruff")
    assert command.why_not == why
    assert command.can_fail is (not why)


def test_a_recorded_outcome_that_a_later_step_fails_on_counts() -> None:
    steps = """
        - id: lint
          continue-on-error: true
          run: ruff check
        - id: types
          continue-on-error: true
          run: mypy .
        - if: steps.lint.outcome == 'failure'
          run: exit 1
        """
    found = ci(steps)
    assert named(found, "ruff").can_fail
    assert not named(found, "mypy").can_fail


@pytest.mark.parametrize(
    ("jobs", "there"),
    [
        ("{b: {if: false, steps: []}, a: {needs: b, STEPS}}", False),
        ("{a: {needs: [c], STEPS}, c: {needs: [b], steps: []}, b: {if: false, steps: []}}", False),
        ("{b: {if: false, steps: []}, a: {needs: b, if: always(), STEPS}}", True),
        ("{b: {if: false, steps: []}, a: {needs: b, if: '!cancelled()', STEPS}}", True),
        ("{b: {if: false, steps: []}, a: {needs: b, if: success(), STEPS}}", False),
        ("{b: {if: false, steps: []}, a: {STEPS}}", True),
        ("{b: {if: inputs.some, steps: []}, a: {needs: [b], STEPS}}", False),
        ("{b: {if: env.SOME, steps: []}, a: {needs: [b, gone], STEPS}}", True),
        ("{b: {if: EVENT == 'push', steps: []}, a: {needs: b, STEPS}}", True),
        ("{b: {if: EVENT == 'push', steps: []}, a: {needs: b, if: EVENT != 'push', STEPS}}", False),
        ("{a: {needs: b, STEPS}, b: {needs: a, steps: []}}", True),
    ],
)
def test_a_job_runs_where_those_do_that_it_needs(jobs: str, there: bool) -> None:
    text = jobs.replace("STEPS", "runs-on: ubuntu-latest, steps: [{run: ruff check .}]")
    text = text.replace("EVENT", "github.event_name")
    found = automation({".github/workflows/ci.yml": f"on: [push, pull_request]\njobs: {text}\n"})
    assert [one.argv[0] for one in found.commands] == ["ruff"] * there


def test_a_tolerated_job_hides_its_steps() -> None:
    job = "continue-on-error: true\nruns-on: ubuntu-latest"
    found = automation({".github/workflows/ci.yml": workflow("- run: ruff check", job=job)})
    assert "of the job" in named(found, "ruff").why_not


def test_matrix_with_include_and_exclude() -> None:
    job = """
        runs-on: ${{ matrix.os }}
        strategy:
          matrix:
            os: [ubuntu-latest, windows-latest]
            python: ["3.12", "3.13"]
            exclude:
              - {os: windows-latest, python: "3.12"}
            include:
              - {os: macos-14, python: "3.14-dev"}
        """
    steps = """
        - uses: actions/setup-python@v5
          with:
            python-version: ${{ matrix.python }}
        - run: pytest
          shell: bash
        """
    found = automation({".github/workflows/ci.yml": workflow(steps, job=job)})
    assert [(one.detail, one.line) for one in found.pythons] == [
        ("3.12", 8), ("3.13", 8), ("3.14", 12),
    ]  # fmt: skip
    assert [(one.detail, one.line) for one in found.systems] == [
        ("linux", 7), ("windows", 7), ("macos", 12),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "tests"),
    [
        ("python -m django test -v2", True),
        ("python -b -W always -m coverage run -m django test tests", True),
        ("django-admin test --settings tests.settings", True),
        ("django-admin check", False),
        ("django-admin makemessages test", False),
        ("zope-testrunner --test-path=src", True),
        ("./runtests.py --noinput", True),
        ("./manage.py test", True),
        ("./manage.py check", False),
    ],
)
def test_whatever_runs_the_tests_tells_the_versions(command: str, tests: bool) -> None:
    steps = f"- uses: actions/setup-python@v5\n  with: {{python-version: '3.12'}}\n- run: {command}"
    assert [one.detail for one in ci(steps).pythons] == (["3.12"] if tests else [])


@pytest.mark.parametrize(
    ("free", "version"),
    [("true", "3.14t"), ("false", "3.14"), ("${{ matrix.kind == 'free' }}", "3.14t")],
)
def test_a_build_without_the_lock_is_one_of_its_own(free: str, version: str) -> None:
    job = "runs-on: ubuntu-latest\nstrategy: {matrix: {kind: [free]}}"
    steps = (
        "- uses: actions/setup-python@v5\n"
        f"  with: {{python-version: '3.14', freethreaded: \"{free}\"}}\n- run: pytest"
    )
    found = automation({".github/workflows/ci.yml": workflow(steps, job=job)})
    assert [one.detail for one in found.pythons] == [version]


def test_versions_of_jobs_without_tests_do_not_count() -> None:
    steps = '- uses: actions/setup-python@v5\n  with: {python-version: "3.13"}\n- run: ruff check'
    assert ci(steps).pythons == ()
    assert [one.detail for one in ci(steps + " && pytest").pythons] == ["3.13"]


def test_an_unquoted_version_is_the_number_that_yaml_makes_of_it() -> None:
    steps = "- uses: actions/setup-python@v5\n  with: {python-version: 3.10}\n- run: pytest"
    assert [one.detail for one in ci(steps).pythons] == ["3.1"]


def test_a_matrix_that_only_a_run_resolves_is_said_to_be_computed() -> None:
    job = """
        runs-on: ubuntu-latest
        strategy:
          matrix:
            python: ${{ fromJSON(needs.plan.outputs.pythons) }}
        """
    found = automation({".github/workflows/ci.yml": workflow("- run: pytest", job=job)})
    assert argvs(found) == [("pytest",)]
    assert "line 7" in found.computed[".github/workflows/ci.yml"]


def test_a_matrix_of_literal_json_is_resolved() -> None:
    job = """
        runs-on: ubuntu-latest
        strategy:
          matrix:
            python: ${{ fromJSON('["3.11", "3.12"]') }}
        """
    steps = "- run: uv run --python ${{ matrix.python }} pytest"
    found = automation({".github/workflows/ci.yml": workflow(steps, job=job)})
    assert [one.detail for one in found.pythons] == ["3.11", "3.12"]
    assert not found.unread


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- run: uv run pytest", []),
        ("- name: test on ${{ matrix.py }}\n  run: uv run pytest", []),
        ("- run: uv run pytest\n  env: {SYSTEM: '${{ matrix.python }}'}", []),
        ("- run: uv run pytest -p ${{ matrix.py }}", ["3.12", "3.13"]),
        ("- run: tox\n  env: {TOXENV: '${{ matrix.py }}'}", ["3.12", "3.13"]),
        (
            "- uses: ./.github/actions/test\n  with: {matrix: '${{ toJSON(matrix) }}'}\n- run: pytest",
            ["3.12", "3.13"],
        ),
    ],
)
def test_versions_of_a_matrix_count_where_a_job_does_something_with_them(
    steps: str, expected: list[str]
) -> None:
    job = """
        name: on ${{ matrix.py }}
        runs-on: ubuntu-latest
        strategy: {matrix: {py: ["3.12", "3.13"]}}
        """
    files = {
        ".github/workflows/ci.yml": workflow(steps, job=job),
        "tox.ini": "[testenv]\ncommands = pytest\n",
    }
    assert [one.detail for one in automation(files).pythons] == expected


@pytest.mark.parametrize(
    "where", ["env: {PYTHON: '${{ matrix.py }}'}", "container: python:${{ matrix.py }}"]
)
def test_a_job_can_use_its_matrix_outside_of_the_steps(where: str) -> None:
    job = f"runs-on: ubuntu-latest\n{where}\nstrategy: {{matrix: {{py: ['3.12', '3.13']}}}}"
    files = {".github/workflows/ci.yml": workflow("- run: pytest", job=job)}
    assert [one.detail for one in automation(files).pythons] == ["3.12", "3.13"]


def test_a_row_without_an_image_runs_on_its_runner() -> None:
    job = """
        runs-on: ${{ matrix.os }}
        container: ${{ matrix.image }}
        strategy:
          matrix:
            os: [ubuntu-latest]
            include:
              - {os: windows-latest}
              - {os: ubuntu-22.04, image: 'python:3.7-slim'}
        """
    files = {".github/workflows/ci.yml": workflow("- run: pytest", job=job)}
    found = automation(files)
    assert {one.detail for one in found.systems} == {"linux", "windows"}
    assert [one.detail for one in found.pythons] == ["3.7"]


def test_windows_runs_powershell_unless_told_otherwise() -> None:
    job = "runs-on: windows-latest"
    script = "- run: |\n    ruff check\n    pytest"
    found = automation({".github/workflows/ci.yml": workflow(script, job=job)})
    assert not named(found, "ruff").can_fail
    assert named(found, "pytest").can_fail


@pytest.mark.parametrize(
    ("shell", "read"),
    [
        ("python", False),
        ("uv run --script --no-project {0}", False),
        ("/usr/bin/deno run {0}", False),
        ("uv run bash -e {0}", True),
        ("micromamba-shell {0}", True),
    ],
)
def test_a_script_in_another_language_is_no_script_of_a_shell(shell: str, *, read: bool) -> None:
    found = ci(f"- run: ruff check .\n  shell: '{shell}'")
    assert (argvs(found) != []) == read
    assert not found.unread


def test_local_composite_actions_and_reusable_workflows() -> None:
    found = automation(
        {
            ".github/workflows/ci.yml": """\
                on: push
                jobs:
                  call:
                    uses: ./.github/workflows/checks.yml
                    with: {tool: ruff}
                """,
            ".github/workflows/checks.yml": """\
                on:
                  workflow_call:
                    inputs:
                      tool: {type: string}
                jobs:
                  check:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: ./.github/actions/run
                        with: {tool: "${{ inputs.tool }}"}
                """,
            ".github/actions/run/action.yml": """\
                inputs:
                  tool: {default: flake8}
                  verb: {default: check}
                runs:
                  using: composite
                  steps:
                    - run: ${{ inputs.tool }} ${{ inputs.verb }} .
                      shell: bash
                """,
        }
    )
    command = named(found, "ruff")
    assert command.argv == ("ruff", "check", ".")
    assert (command.place.path, command.place.line) == (".github/actions/run/action.yml", 7)
    assert command.via == (
        ".github/workflows/ci.yml",
        "uses ./.github/workflows/checks.yml",
        "uses ./.github/actions/run",
    )


def test_circles_of_actions_and_workflows_end() -> None:
    found = automation(
        {
            ".github/workflows/ci.yml": """\
                on: push
                jobs:
                  again: {uses: ./.github/workflows/ci.yml}
                  act: {runs-on: ubuntu-latest, steps: [{uses: ./}, {run: ruff check}]}
                """,
            "action.yml": "runs: {using: composite, steps: [{uses: ./}, {run: mypy .}]}",
        }
    )
    assert {command.argv[0] for command in found.commands} == {"ruff", "mypy"}


def test_a_workflow_of_another_repository_is_unread() -> None:
    text = "on: push\njobs:\n  far:\n    uses: them/theirs/.github/workflows/x.yml@v1\n"
    found = automation({".github/workflows/ci.yml": text})
    assert "another repository" in found.unread[".github/workflows/ci.yml:4"]


@pytest.mark.parametrize(
    ("step", "argv"),
    [
        ("- uses: astral-sh/ruff-action@v3", ("ruff", "check")),
        (
            "- uses: astral-sh/ruff-action@v3\n  with: {args: format --check, src: lib}",
            ("ruff", "format", "--check", "lib"),
        ),
        ("- uses: jakebailey/pyright-action@v2", ("pyright",)),
        ("- uses: pypa/gh-action-pip-audit@v1.1.0", ("pip-audit",)),
    ],
)
def test_well_known_actions(step: str, argv: tuple[str, ...]) -> None:
    (command,) = ci(step).commands
    assert command.argv == argv
    assert command.brings_tool
    assert command.place.line == 6


@pytest.mark.parametrize(
    "text",
    [
        "on: [",
        "on: push\njobs: &a {x: *a}",
        "a: 1\na: 2",
        "[" * 100_000,
        "- " * 5_000,
        "\x00",
        "jobs: 3",
        "",
        "on: push\njobs: {a: 1, b: {steps: 7}, c: {steps: [1, [2]]}}",
    ],
)
def test_broken_workflows_are_unread_or_empty(text: str) -> None:
    found = automation({".github/workflows/ci.yml": text})
    assert found.commands == ()
    assert found.unread or "steps: 7" in text


def test_aliases_do_not_multiply() -> None:
    rows = ["a0: &a0 [x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    found = automation({".gitlab-ci.yml": "\n".join([*rows, "job: {script: *a19}"])})
    assert found.has_ci
    assert ".gitlab-ci.yml" in found.unread


_YAML = st.lists(
    st.sampled_from(["a: ", "- ", "\n", "  ", "[", "]", "{", "}", "&x ", "*x", "<<: ", "!t ", "|\n",
                     ">\n", "'", '"', "#", "---\n", "x", ": ", ",", "? ", "%", "\t", "3.10"]),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.text(max_size=200) | _YAML)
def test_any_text_is_a_node_or_the_documented_error(source: str) -> None:
    try:
        node = parse_yaml(source)
    except YamlError:
        return
    assert not node.get("no such key", "at all").exists


@given(st.text(alphabet="ab.'()[]!&|=<>,3 ${}", max_size=40))
def test_any_expression_has_a_value_or_none(source: str) -> None:
    assert isinstance(evaluate(source, Context(values={"a": "1"})), str | tuple | None)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("matrix.os == 'Linux' && 'a' || 'b'", "a"),
        ("matrix.none || 'fallback'", "fallback"),
        ("format('py{0}', matrix.v)", "py3.12"),
        ('contains(fromJSON(\'["3.11", "3.12"]\'), matrix.v)', "true"),
        ("!startsWith(matrix.os, 'win')", "true"),
        ("vars.unknown && false", "false"),
        ("vars.unknown || true", "true"),
        ("vars.unknown", None),
        ("matrix.os ==", None),
    ],
)
def test_expressions(expression: str, value: str | None) -> None:
    values = {"matrix.os": "linux", "matrix.v": "3.12"}
    assert evaluate(expression, Context(values=values, closed=frozenset({"matrix"}))) == value


ACTION = "runs:\n  using: composite\n  steps:\n    - run: mypy src\n      shell: bash\n"


def test_an_action_of_the_repository_is_found_where_the_job_checked_it_out() -> None:
    found = ci(
        """
        - uses: actions/checkout@v4
          with:
            repository: someone/website
        - uses: actions/checkout@v4
          with:
            path: here
        - uses: ./here/.github/actions/types
          with:
            x: 1
        - run: ruff check
          working-directory: here
        """,
        **{".github/actions/types/action.yml": ACTION},
    )
    assert not found.unread
    assert argvs(found) == [("ruff", "check")]  # the action ran in the website


@pytest.mark.parametrize(
    ("repository", "ours"),
    [
        ("someone/plugin", False),
        ("someone/app", True),
        ("${{ github.repository }}", True),
        ("owner/other-name", True),
        ("owner/other-name-plugin", False),
    ],
)
@pytest.mark.parametrize(
    "step", ["- run: cd sub && pytest", "- run: pytest\n  working-directory: sub"]
)
def test_commands_in_another_repository_are_not_about_the_project(
    repository: str, step: str, *, ours: bool
) -> None:
    checkout = (
        f"- uses: actions/checkout@v4\n  with:\n    path: sub\n    repository: {repository}\n"
    )
    project = '[project]\nname = "App"\nurls.Source = "https://github.com/owner/other-name"\n'
    found = ci(
        f"- uses: actions/checkout@v4\n{checkout}{step}\n- run: ruff check\n",
        **{"pyproject.toml": project},
    )
    assert argvs(found) == [("pytest",), ("ruff", "check")][0 if ours else 1 :]


def test_a_command_elsewhere_that_names_the_projects_files_is_about_them() -> None:
    found = ci(
        """
        - uses: actions/checkout@v4
          with:
            repository: someone/tools
        - uses: actions/checkout@v4
          with:
            path: ./app
        - run: ruff check app/src
        - run: ruff check src
        """
    )
    assert argvs(found) == [("ruff", "check", "app/src")]


def test_a_makefile_is_found_where_the_job_checked_it_out() -> None:
    found = ci(
        """
        - uses: actions/checkout@v4
          with:
            path: app
        - run: make lint
          working-directory: app
        """,
        Makefile="lint:\n\truff check\n",
    )
    assert argvs(found) == [("ruff", "check")]


@pytest.mark.parametrize(
    ("image", "held"),
    [
        ("semgrep/semgrep", ("semgrep",)),
        ("ghcr.io/astral-sh/ruff:0.15.1", ("ruff",)),
        ("registry.example.org:5000/tools/mypy@sha256:abcdef", ("mypy",)),
        ("semgrep/semgrep-agent", ("semgrep-agent",)),
        ("", ()),
    ],
)
def test_an_image_holds_what_it_is_named_after(image: str, held: tuple[str, ...]) -> None:
    job = f"runs-on: ubuntu-latest\ncontainer:\n  image: {image}"
    found = automation({".github/workflows/ci.yml": workflow("- run: tool", job=job)})
    assert named(found, "tool").provides == held
    other = automation({".gitlab-ci.yml": f"check:\n  image: {image}\n  script: [tool]\n"})
    assert named(other, "tool").provides == held
