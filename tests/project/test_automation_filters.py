"""What filters of paths keep from the code is no gate for it."""

from __future__ import annotations

import pytest

from tests.project.automation_helper import automation, named

SOURCES = ("src/app/__init__.py", "src/app/[odd].py", "tool.py")
_HOOKED = "its `files` let no source file through"
_FILTERED = "its `paths` leave out every source file"


@pytest.mark.parametrize(
    ("hook", "why"),
    [
        ("id: mypy", ""),
        ("id: mypy, files: ^src/", ""),
        ("id: mypy, files: app", ""),
        ("id: mypy, files: ^docs/", _HOOKED),
        ("id: mypy, files: ^app/", _HOOKED),
        ("id: mypy, files: ^src/, exclude: ^src/app/", _HOOKED),
        ("id: mypy, files: ^src/, exclude: odd", ""),
        ("id: mypy, files: '('", ""),
        ("id: mypy, files: ^docs/, pass_filenames: false", _HOOKED),
        ("id: mypy, files: ^docs/, always_run: true", _HOOKED),
        ("id: mypy, files: ^docs/, always_run: true, pass_filenames: false", ""),
        ("id: uv-lock, files: ^uv\\.lock$", ""),
    ],
)
def test_a_hook_that_is_handed_no_source_file_is_no_gate(hook: str, why: str) -> None:
    text = f"repos: [{{repo: 'https://example.invalid/hooks', hooks: [{{{hook}}}]}}]\n"
    (command,) = automation({".pre-commit-config.yaml": text}, SOURCES).commands
    assert (command.can_fail, command.why_not) == (not why, why)


def test_files_around_all_hooks_count_as_well() -> None:
    text = "files: ^docs/\nrepos: [{repo: 'https://example.invalid/hooks', hooks: [{id: ruff}]}]\n"
    (command,) = automation({".pre-commit-config.yaml": text}, SOURCES).commands
    assert command.why_not == _HOOKED


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("{push: {}}", ""),
        ("{push: {branches: [main]}}", ""),
        ("{push: {paths: ['src/**']}}", ""),
        ("{push: {paths: ['**.py']}}", ""),
        ("{push: {paths: ['**/*.py']}}", ""),
        ("{push: {paths: ['*.py']}}", ""),
        ("{push: {paths: ['src/*.py']}}", _FILTERED),
        ("{push: {paths: ['docs/**', '*.md', pyproject.toml]}}", _FILTERED),
        ("{push: {paths: ['**', '!**.py']}}", _FILTERED),
        ("{push: {paths: ['!**.py', 'src/**']}}", ""),
        ("{push: {paths: ['src/app/[a-z]*.py']}}", _FILTERED),
        ("{push: {paths: ['src/app/_?__init__.py']}}", ""),
        ("{push: {paths: ['src/[z-a]/**']}}", ""),
        ("{push: {paths-ignore: ['docs/**']}}", ""),
        ("{push: {paths-ignore: ['src/**', '*.py']}}", _FILTERED),
        ("{push: {paths-ignore: ['[z-a]']}}", ""),
        ("{push: {paths: ['docs/**']}, pull_request: {paths: ['docs/**']}}", _FILTERED),
        ("{push: {paths: ['docs/**']}, pull_request: {}}", ""),
        ("{push: {paths: ['docs/**']}, schedule: [{cron: '0 0 * * *'}]}", ""),
        ("{push: {paths: ['docs/**']}, workflow_dispatch: {}}", _FILTERED),
    ],
)
def test_a_workflow_that_no_source_file_starts_is_no_gate_for_them(on: str, why: str) -> None:
    text = (
        f"on: {on}\n"
        "jobs: {check: {runs-on: ubuntu-latest, steps: [{run: ruff check . && uv lock --check}]}}\n"
    )
    found = automation({".github/workflows/ci.yml": text}, SOURCES)
    assert named(found, "ruff").why_not == why
    assert named(found, "uv").can_fail


def test_without_source_files_no_filter_is_held_against_them() -> None:
    text = "repos: [{repo: 'https://example.invalid/hooks', hooks: [{id: mypy, files: ^docs/}]}]\n"
    (command,) = automation({".pre-commit-config.yaml": text}).commands
    assert command.can_fail


@pytest.mark.parametrize(
    ("on", "condition", "late"),
    [
        ("{push: {}}", "", ""),
        ("{push: {branches: [main], tags: ['v*']}}", "", ""),
        ("{push: {tags: ['v*']}}", "", "a tag"),
        ("{release: {types: [published]}}", "", "a release"),
        ("{schedule: [{cron: '0 0 * * *'}], workflow_dispatch: {}}", "", "a schedule"),
        ("{schedule: [{cron: '0 0 * * *'}], release: {}}", "", "a schedule or a release"),
        ("{schedule: [{cron: '0 0 * * *'}], pull_request: {}}", "", ""),
        ("{push: {}, schedule: [{cron: '0 0 * * *'}]}", "github.event_name == 'schedule'", "a schedule"),
        ("{push: {}}", "startsWith(github.ref, 'refs/tags/v')", "a tag"),
        ("{push: {}}", "!startsWith(github.ref, 'refs/tags/v')", ""),
        ("{push: {}}", "startsWith(github.ref, 'refs/tags/') || github.event_name == 'push'", ""),
        ("{pull_request: {types: [closed]}}", "", "a pull request that is closed"),
        ("{pull_request: {types: [labeled, opened]}}", "", ""),
        ("{pull_request: {types: [labeled]}, push: {branches: [main]}}", "", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["job", "step"])
def test_what_no_change_of_the_code_starts_comes_late(
    on: str, condition: str, late: str, where: str
) -> None:
    of = {"job": "", "step": "", where: f'if: "{condition}", ' if condition else ""}
    text = (
        f"on: {on}\n"
        f"jobs: {{check: {{{of['job']}runs-on: linux, steps: [{{{of['step']}run: ruff check .}}]}}}}\n"
    )
    (command,) = automation({".github/workflows/ci.yml": text}).commands
    told = f"only {late} starts it, and no change of the code does" if late else ""
    assert (command.late, command.can_fail) == (told, True)


_LABELS = "github.event.pull_request.labels.*.name"
_MESSAGE = "github.event.head_commit.message"


@pytest.mark.parametrize(
    ("on", "condition", "late"),
    [
        ("[pull_request]", f"contains({_LABELS}, 'lint')", True),
        ("[pull_request]", f"!contains({_LABELS}, 'no-lint')", False),
        ("[pull_request]", f"contains(join({_LABELS}, ','), 'lint')", True),
        ("[pull_request]", "github.event.label.name == 'lint'", True),
        ("[pull_request]", f"contains({_LABELS}, 'lint') || github.base_ref == 'main'", False),
        ("[pull_request, push]", f"github.event_name == 'push' || contains({_LABELS}, 'x')", False),
        ("[push]", f"contains({_MESSAGE}, '[lint]')", True),
        ("[push]", f"!contains({_MESSAGE}, '[skip ci]')", False),
        ("[push]", f"startsWith({_MESSAGE}, 'release:')", True),
        ("[push, pull_request]", f"startsWith({_MESSAGE}, 'fix') && github.actor == 'x'", True),
    ],
)
@pytest.mark.parametrize("where", ["job", "step", "needed"])
def test_what_runs_only_where_somebody_asks_for_it_does_not_come_with_each_change(
    on: str, condition: str, late: bool, where: str
) -> None:
    of = {"job": "", "step": "", "needed": "", where: f'if: "{condition}", '}
    text = (
        f"on: {on}\n"
        "jobs:\n"
        f"  asked: {{{of['needed']}runs-on: linux, steps: []}}\n"
        f"  check: {{needs: asked, {of['job']}runs-on: linux, "
        f"steps: [{{{of['step']}run: ruff check .}}]}}\n"
    )
    (command,) = automation({".github/workflows/ci.yml": text}).commands
    assert ("asks for it" in command.late, command.can_fail) == (late, True)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        (f"!contains({_LABELS}, 'no-lint')", True),
        (f"!contains({_MESSAGE}, '[skip ci]') && github.base_ref == 'main'", True),
        (f"always() || contains({_LABELS}, 'x')", False),
        ("github.base_ref == 'main'", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("where", ["job", "step"])
def test_what_a_mark_can_keep_from_running_says_so(condition: str, kept: bool, where: str) -> None:
    of = {"job": "", "step": "", where: f'if: "{condition}", ' if condition else ""}
    text = (
        "on: pull_request\n"
        f"jobs: {{check: {{{of['job']}runs-on: linux, steps: [{{{of['step']}run: ruff check .}}]}}}}\n"
    )
    (command,) = automation({".github/workflows/ci.yml": text}).commands
    assert ("can keep it from running" in command.excused, command.late) == (kept, "")


def test_where_somebody_may_ask_the_rest_of_what_starts_it_decides() -> None:
    text = (
        "on: {pull_request: {}, schedule: [{cron: '0 0 * * *'}]}\n"
        f"jobs: {{check: {{if: \"github.event_name == 'schedule' || contains({_LABELS}, 'x')\", "
        "runs-on: linux, steps: [{run: ruff check .}]}}\n"
    )
    (command,) = automation({".github/workflows/ci.yml": text}).commands
    assert command.late.startswith("only a schedule")


@pytest.mark.parametrize(
    ("condition", "open_one"),
    [
        ("vars.LINT == 'true'", True),
        ("vars.LINT", True),
        ("vars.SKIP_LINT != 'true'", False),
        ("!vars.SKIP_LINT", False),
        ("vars.LINT == 'true' || github.ref == 'refs/heads/main'", False),
    ],
)
@pytest.mark.parametrize("where", ["job", "step"])
def test_what_a_variable_of_the_repository_turns_on_is_open(
    condition: str, open_one: bool, where: str
) -> None:
    of = {"job": "", "step": "", where: f'if: "{condition}", '}
    text = (
        "on: push\n"
        f"jobs: {{check: {{{of['job']}runs-on: linux, steps: [{{{of['step']}run: ruff check .}}]}}}}\n"
    )
    (command,) = automation({".github/workflows/ci.yml": text}).commands
    assert ("only GitHub knows" in command.perhaps) is open_one
    assert (command.late, command.can_fail) == ("", True)


def test_a_called_workflow_comes_as_late_as_its_caller() -> None:
    files = {
        ".github/workflows/release.yml": """\
            on: {push: {tags: ['*']}}
            jobs: {check: {uses: ./.github/workflows/checks.yml}}
            """,
        ".github/workflows/checks.yml": """\
            on: {workflow_call: {}, push: {branches: [main]}}
            jobs: {lint: {runs-on: linux, steps: [{run: ruff check .}]}}
            """,
    }
    found = automation(files).commands
    assert sorted(bool(one.late) for one in found) == [False, True]


_EXAMPLE = "it runs in examples/shop, where the project has no source file"
_EXAMPLE_TESTS = "it runs in examples/shop, whose tests are not about the project's code"


@pytest.mark.parametrize(
    ("folder", "command", "why"),
    [
        ("examples/shop", "ruff check .", _EXAMPLE),
        ("examples/shop", "mypy src", _EXAMPLE),
        ("examples/shop", "ruff check ../../src", ""),
        ("examples/shop", "mypy --config-file=../../pyproject.toml .", ""),
        ("examples/shop", "mypy -p app", ""),
        ("examples/shop", "ruff check $ROOT", ""),
        ("examples/shop", "pytest --cov", _EXAMPLE_TESTS),
        ("examples/shop", "pytest --pyargs app", ""),
        ("examples/shop", "coverage run -m pytest", _EXAMPLE_TESTS),
        ("examples/shop", "uv lock --check", ""),
        ("tests", "pytest --cov", ""),
        ("tests", "ruff check .", "it runs in tests, where the project has no source file"),
        ("src", "ruff check .", ""),
        ("src/app", "ruff check .", ""),
        ("/elsewhere/copy", "ruff check .", ""),
        ("$FOLDER", "ruff check .", ""),
    ],
)
def test_a_check_of_an_example_is_none_of_the_project(folder: str, command: str, why: str) -> None:
    text = (
        "on: push\n"
        f"jobs: {{check: {{runs-on: linux, steps: [{{run: 'cd {folder} && {command}'}}]}}}}\n"
    )
    found = automation({".github/workflows/ci.yml": text}, SOURCES).commands
    assert {one.why_not for one in found} == {why}


def test_an_example_that_is_tested_on_a_version_says_nothing_of_the_project() -> None:
    steps = "[{uses: actions/setup-python@v5, with: {python-version: '3.12'}}, {run: pytest, working-directory: demo}]"
    text = f"on: push\njobs: {{check: {{runs-on: ubuntu-latest, steps: {steps}}}}}\n"
    found = automation({".github/workflows/ci.yml": text}, SOURCES)
    assert (found.pythons, found.systems) == ((), ())


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("ruff check tests", "tests"),
        ("ruff check tests docs/conf.py", "tests, docs/conf.py"),
        ("pyright tests/", "tests/"),
        ("semgrep scan --config p/python --error scripts", "scripts"),
        ("vulture tests --min-confidence 80", "tests"),
        ("ruff check src tests", ""),
        ("ruff check tool.py", ""),
        ("ruff check", ""),
        ("ruff check .", ""),
        ("cd src && ruff check ../tests ..", ""),
        ("ruff check --exclude tests", ""),
        ("ruff check --config tests/ruff.toml", ""),
        ("ruff check tests app", ""),
        ("ruff check $FOLDERS tests", ""),
        ("ruff check 'tests/**'", ""),
        ("mypy tests", ""),
        ("pytest tests", ""),
    ],
)
def test_a_command_that_is_told_to_look_elsewhere_is_no_gate(command: str, why: str) -> None:
    text = f'on: push\njobs: {{check: {{runs-on: ubuntu-latest, steps: [{{run: "{command}"}}]}}}}\n'
    last = automation({".github/workflows/ci.yml": text}, SOURCES).commands[-1]
    expected = f"it looks at {why} only, and at no source file" if why else ""
    assert (last.can_fail, last.why_not) == (not why, expected)


def test_a_hook_is_handed_files_beside_its_arguments() -> None:
    text = "repos: [{repo: 'https://example.invalid/hooks', hooks: [{id: ruff, args: [tests]}]}]\n"
    (command,) = automation({".pre-commit-config.yaml": text}, SOURCES).commands
    assert command.can_fail
