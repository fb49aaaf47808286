from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.project import Silencer
from tests.syntax.sources import module_of

NOQA, MYPY = Silencer.NOQA, Silencer.TYPE_IGNORE
PYRIGHT, SEMGREP = Silencer.PYRIGHT_IGNORE, Silencer.NOSEMGREP


@pytest.mark.parametrize(
    ("comment", "silencer", "rules", "whole_file"),
    [
        ("# noqa", NOQA, (), False),
        ("# NoQA", NOQA, (), False),
        ("# noqa: E501", NOQA, ("E501",), False),
        ("# noqa:E501,W291", NOQA, ("E501", "W291"), False),
        ("# noqa: E501 W291 because", NOQA, ("E501", "W291"), False),
        ("# long words  # noqa: S101 - why", NOQA, ("S101",), False),
        ("# type: ignore", MYPY, (), False),
        ("# type: ignore[attr-defined, misc]", MYPY, ("attr-defined", "misc"), False),
        ("# pyright: ignore", PYRIGHT, (), False),
        ("# pyright: ignore[reportFoo]", PYRIGHT, ("reportFoo",), False),
        ("# nosemgrep", SEMGREP, (), False),
        ("# nosemgrep: a.b, c-d", SEMGREP, ("a.b", "c-d"), False),
        ("# nosem", SEMGREP, (), False),
    ],
)
def test_a_comment_behind_code(
    comment: str, silencer: Silencer, rules: tuple[str, ...], whole_file: bool
) -> None:
    (one,) = module_of(f"x = 1\ny = 2  {comment}\n").suppressions
    assert (one.silencer, one.rules, one.whole_file) == (silencer, rules, whole_file)
    assert (one.location.line, one.location.column) == (2, 8)


@pytest.mark.parametrize(
    ("comment", "silencer", "rules"),
    [
        ("# ruff: noqa", NOQA, ()),
        ("# ruff: noqa: E501, F401", NOQA, ("E501", "F401")),
        ("# flake8: noqa", NOQA, ()),
        ("# mypy: ignore-errors", MYPY, ()),
        ('# mypy: disable-error-code="misc, attr-defined"', MYPY, ("misc", "attr-defined")),
        ("# pyright: basic", PYRIGHT, ()),
        ("# pyright: reportFoo=false, reportBar=true", PYRIGHT, ("reportFoo",)),
        ("# type: ignore", MYPY, ()),
    ],
)
def test_a_comment_about_the_file(comment: str, silencer: Silencer, rules: tuple[str, ...]) -> None:
    (one,) = module_of(f"#!/usr/bin/env python\n{comment}\nx = 1\n").suppressions
    assert (one.silencer, one.rules, one.whole_file) == (silencer, rules, True)


@pytest.mark.parametrize(
    "comment",
    [
        "# an inline `# pyright: ignore` would be reported",
        "# an inline `# type: ignore` would be reported",
        "# pyright: ignored",
    ],
)
def test_a_comment_about_such_comments(comment: str) -> None:
    assert module_of(f"{comment}\nx = 1  {comment}\n").suppressions == ()


@pytest.mark.parametrize(
    "line",
    [
        "x = '# noqa'",
        "x = '''\n# type: ignore\n'''",
        "x = 1  # noqasomething",
        "x = 1  # noqa: because",
        "x = 1  # ruff: noqa",
        "x = 1  # pyright: strict",
        "# pyright: strict",
        "# mypy: ignore-errors=False",
        "# mypy: disallow-untyped-defs",
        "x = 1  # the type: ignored here",
        "# a word about semgrep",
    ],
)
def test_what_only_looks_like_one(line: str) -> None:
    assert module_of(line + "\n").suppressions == ()


def test_semgrep_is_silenced_on_the_next_line_too() -> None:
    (one,) = module_of("x = 1\n# nosemgrep: a\ny = 2\n").suppressions
    assert one.location.line == 3


def test_a_type_ignore_below_code_covers_its_line_only() -> None:
    (one,) = module_of("x = 1\n# type: ignore\n").suppressions
    assert not one.whole_file


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_comment_is_read(text: str) -> None:
    for word in ("noqa", "type: ignore[", "pyright: ", "mypy: ", "nosemgrep:"):
        for one in module_of(f"x = 1  # {word}{text}\n").suppressions:
            assert one.location.line == 1
