from __future__ import annotations

import pytest

from doctrine.inspect.unions import INSPECTOR
from doctrine.model.project import Role
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project
from tests.inspect.code import failing

HEAD = "import typing as t\nfrom typing import Union, cast\n"


@pytest.mark.parametrize(
    "source",
    [
        "A = Union[int, None]",
        "A = t.Union[None, type[int], str]",
        "x = cast(Union[int, None], y)",
        "A = list[Union[int, None]]",
    ],
)
def test_a_union_with_none_is_found_where_it_runs(source: str) -> None:
    assert failing(INSPECTOR, HEAD + source) == [("optional-union", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "A = Union[int, str]",
        "A = Union['Node', None]",
        "A: Union[int, None] = 1",
        "def f(x: t.Union[int, None]) -> None: ...",
        "A = Other[int, None]",
        "Union = dict\nA = Union[int, None]",
    ],
)
def test_other_unions_and_annotations_are_left_to_ruff(source: str) -> None:
    assert failing(INSPECTOR, HEAD + source) == []


@pytest.mark.parametrize(("minor", "found"), [(9, 0), (10, 1)])
def test_the_bar_is_asked_of_no_python_that_lacks_it(minor: int, found: int) -> None:
    source = HEAD + "A = Union[int, None]\n"
    parsed = parse("a.py", Role.SOURCE, source.encode())
    assert isinstance(parsed, ParsedFile)
    layout = project({"a.py": source}, minors=(minor,)).layout
    assert len(list(INSPECTOR.inspect(parsed, layout))) == found
