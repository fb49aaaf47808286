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
