"""The quick reader of ``check``'s flags agrees with Typer wherever it answers at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.cli import check as check_module
from doctrine.cli.command_line import run_typer
from doctrine.cli.options import CheckOptions
from doctrine.cli.quick import read
from doctrine.cli.viewing import ViewOptions

WORDS = st.lists(
    st.sampled_from(
        [
            "src", "-q", "--quiet", "--install", "--no-install", "--tests", "--no-tests", "--audit",
            "--jobs", "2", "-j", "0", "--jobs=3", "--timeout", "1.5", "--timeout=9", "-1", "x",
            "--fail-on", "should", "--fail-on=never", "must", "--format", "json", "--format=terminal",
            "--output", "json=a.json", "--output=json=b.json", "--python", "/p", "--nonsense", "--",
            "-v", "--verbose", "--new", "--no-history", "--no-cache",
            "--cache-dir=x", "--show", "SEC005", "--show=SEC", "--sort=points",
            "--sort", "path", "--outcome", "fail,error", "--level=must", "--path", "src/*.py", "--path=x",
            "--baseline", "b.txt", "--baseline=c", "--no-baseline", "--since", "--since=main", "--staged", "--changed",
            "--help", "--jobs=x", "-jx", "--quiet=1", "",
        ]
    ),
    max_size=6,
)  # fmt: skip


def through_typer(argv: list[str], monkeypatch: pytest.MonkeyPatch) -> CheckOptions | None:
    seen: list[CheckOptions] = []

    def spy(options: CheckOptions) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr(check_module, "check", spy)
    code = run_typer(["check", *argv])
    return seen[0] if seen and code == 0 else None


@given(WORDS)
def test_it_never_understands_something_else_than_typer(argv: list[str]) -> None:
    quick = read(argv)
    if quick is not None:
        with pytest.MonkeyPatch.context() as monkeypatch:
            assert through_typer(argv, monkeypatch) == quick


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], CheckOptions()),
        (["."], CheckOptions(path=".")),
        (["src", "--jobs=2", "-q"], CheckOptions(path="src", jobs=2, view=ViewOptions(quiet=True))),
        (["--output", "json=a", "--output=json=b"], CheckOptions(output=("json=a", "json=b"))),
        (["--fail-on", "should"], CheckOptions(fail_on="should")),
        (
            ["--show=SEC", "--show", "CPX002", "-v", "--sort=points", "--no-history"],
            CheckOptions(
                view=ViewOptions(show=("SEC", "CPX002"), verbose=True, sort="points"), history=False
            ),
        ),
        (
            ["--outcome", "fail", "--level=must", "--path", "src/", "--new"],
            CheckOptions(
                view=ViewOptions(outcome=("fail",), level=("must",), paths=("src/",), new=True)
            ),
        ),
        (["--timeout", "0.5", "--no-tests"], CheckOptions(timeout=0.5, tests=False)),
    ],
)
def test_the_common_command_lines_are_read_quickly(argv: list[str], expected: CheckOptions) -> None:
    assert read(argv) == expected


@pytest.mark.parametrize(
    "argv", [["--help"], ["a", "b"], ["--jobs"], ["--jobs", "x"], ["--fail-on", "all"], ["--jo=1"]]
)
def test_anything_else_is_left_to_typer(argv: list[str]) -> None:
    assert read(argv) is None
