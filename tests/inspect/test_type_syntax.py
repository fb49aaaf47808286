"""Types that are declared as before Python 3.12, where ruff does not see it."""

from __future__ import annotations

import pytest

from doctrine.inspect.type_syntax import INSPECTOR
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Role
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project


def seen(source: str, *, minor: int = 12) -> list[tuple[str, str]]:
    parsed = parse("src/a.py", Role.SOURCE, source.encode())
    assert isinstance(parsed, ParsedFile)
    layout = project({"src/a.py": source}, minors=(minor,)).layout
    found = [one for one in INSPECTOR.inspect(parsed, layout) if isinstance(one, Finding)]
    return [(one.rule, one.symbol) for one in found]


USE = "\ndef f(x: A) -> None: ...\n"


@pytest.mark.parametrize(
    "source",
    [
        "A = dict[str, int]" + USE,
        "import typing as t\nA = t.Callable[[int], str]" + USE,
        "from collections.abc import Mapping as M\nA = M[str, int]" + USE,
        "A = list[int]\ndef f() -> dict[str, A]: ...\n",
        "A = list[int]\nx: A = []\n",
        "A = list[int]\ntype B = A | None\n",
    ],
)
def test_a_name_for_a_type_that_annotations_alone_use(source: str) -> None:
    assert seen(source) == [("plain-alias", "A")]
    assert seen(source, minor=11) == []


@pytest.mark.parametrize(
    "source",
    [
        "type A = dict[str, int]" + USE,
        # isinstance takes it, and no alias made by a statement
        "A = int | str" + USE,
        "import typing\nA = typing.Union[int, str]" + USE,
        "A = int" + USE,
        "A = dict[str, int]" + USE + "f(A())\n",
        "A = dict[str, int]" + USE + "class B(A): ...\n",
        "A = dict[str, int]" + USE + "hints = get_args(A)\n",
        "A = dict[str, int]\nB = list[A]\n",
        "A = dict[str, int]\n",
        "from typing import Annotated\nA = Annotated[int, Depends(f)]" + USE,
        "from typing import Literal\nA = Literal['a', 'b']" + USE,
        "A = table['dict']" + USE,
        "dict = {}\nA = dict[str]" + USE,
        "from .compat import Callable\nA = Callable[[int], str]" + USE,
        "def g():\n    A = dict[str, int]\n    def f(x: A) -> None: ...\n",
    ],
)
def test_what_is_no_alias_or_has_to_stay(source: str) -> None:
    assert seen(source) == []


HEAD = """from typing import Generic, Protocol, TypeVar
T = TypeVar("T")
U = TypeVar("U", covariant=True)
V = TypeVar("V", contravariant=True, default=int)
"""


@pytest.mark.parametrize(
    ("base", "minor", "found"),
    [
        ("Protocol[U]", 12, True),
        ("Generic[T, U]", 12, True),
        # ruff reports these itself
        ("Generic[T]", 12, False),
        ("Protocol[V]", 12, False),
        ("Protocol[V]", 13, True),
        ("Generic[U, V]", 12, False),
        ("Generic[U, W]", 12, False),
        ("Other[U]", 12, False),
        ("Protocol[U]", 11, False),
    ],
)
def test_a_class_that_is_generic_by_a_variable_with_a_variance(
    base: str, minor: int, found: bool
) -> None:
    source = f"{HEAD}class A({base}):\n    def f(self) -> int: ...\n"
    assert seen(source, minor=minor) == ([("old-type-variable", "A")] if found else [])


@pytest.mark.parametrize(
    "source",
    [
        f"{HEAD}class A(Protocol[U]):  # noqa: UP046 - the variance is part of the interface\n    x: U\n",
        "A = dict[str, int]  # noqa: UP040\n" + USE,
    ],
)
def test_a_comment_that_waves_the_like_aside_is_respected(source: str) -> None:
    parsed = parse("src/a.py", Role.SOURCE, source.encode())
    assert isinstance(parsed, ParsedFile)
    layout = project({"src/a.py": source}, minors=(12,)).layout
    found = [one for one in INSPECTOR.inspect(parsed, layout) if isinstance(one, Finding)]
    assert [one.severity for one in found] == [Severity.INFO]
