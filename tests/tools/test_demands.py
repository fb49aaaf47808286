from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.drivers._demands import (
    demanded,
    handed_on,
    is_tried,
    makes_generator,
    may_hand_on,
    owner,
)


@pytest.mark.parametrize(
    ("source", "demands"),
    [
        ("def f(x): return 1\nf(2)", False),
        ("def f(x): return 1\nregister(f)", True),
        ("class A:\n  def f(self, x): return 1\na.f(2)", False),
        ("class A:\n  def f(self, x): return 1\nsignal.connect(a.f)", True),
        ("class A:\n  @staticmethod\n  def f(x): return 1", False),
        ("@app.get('/')\nasync def f(x): return 1", True),
        ("@lru_cache(maxsize=1)\ndef f(x): return 1", False),
        ("@register(f)\ndef g(y):\n  def f(x): return 1\n  return f(y)", True),
        ("@register\ndef g(y):\n  def f(x): return 1\n  return f(y)", False),
    ],
)
def test_whom_a_function_is_given_to_decides_on_its_arguments(
    source: str, *, demands: bool
) -> None:
    tree = ast.parse(source)
    line = next(one.lineno for one in ast.walk(tree) if isinstance(one, ast.arg) and one.arg == "x")
    assert _is_excused(tree, "x", line, [tree]) is demands


def test_a_function_may_be_given_away_in_another_file() -> None:
    views, urls = ast.parse("def index(request): return 1"), ast.parse("path('', views.index)")
    assert _is_excused(views, "request", 1, [views, urls])
    assert not _is_excused(views, "request", 1, [views])


def test_the_class_of_a_validator_is_handed_to_it() -> None:
    tree = ast.parse("class A:\n  @staticmethod\n  def f(cls, y): return y")
    assert _is_excused(tree, "cls", 3, [])
    assert not _is_excused(tree, "y", 3, [])
    assert not _is_excused(tree, "unknown", 3, [])


def _is_excused(tree: ast.Module, name: str, line: int, trees: list[ast.Module]) -> bool:
    function = owner(tree, name, line)
    return function is not None and (demanded(function, name) or function.name in handed_on(trees))


@pytest.mark.parametrize(
    ("source", "may"),
    [
        ("register(f)", True),
        ("x = f\n(y)", True),
        ("@f\ndef g(): ...", True),
        ("a.f", True),
        ("\N{LATIN SMALL LETTER LONG S} = 1", True),
        ("def f(x): return f(x)", False),
        ("a.f (2)", False),
        ("fine = off", False),
    ],
)
def test_a_file_where_a_function_is_only_called_need_not_be_parsed(
    source: str, *, may: bool
) -> None:
    assert may_hand_on(source, ["f"]) is may


@given(
    st.lists(
        st.sampled_from(
            ("f", "f()", "(f)()", "@f\ndef g(): ...", "def f(): ...", "a.f", "a.f()", "async def f(): f",
             "x = [f, f()]", "f .f", "print(f'{f}')", "f\\\n()", "class A(f): ...", "del f", "f = 1",
             "lambda f: f", "g(ﬀ)")
        )
    ).map("\n".join)
)  # fmt: skip
def test_whatever_is_handed_on_is_seen_without_parsing(source: str) -> None:
    handed = handed_on([ast.parse(source)])
    assert all(may_hand_on(source, [name]) for name in handed & {"f", "ff"})


@pytest.mark.parametrize(
    ("body", "makes"),
    [
        ("if False:\n    yield 1", True),
        ("return\nyield", True),
        ("if False:\n    work()\n    yield 1", False),
        ("return\nwork()", False),
    ],
)
def test_a_yield_that_is_never_reached_makes_a_generator(body: str, *, makes: bool) -> None:
    tree = ast.parse("async def f():\n" + textwrap.indent(body, "    "))
    line = 2 if body.startswith("if") else 3
    assert makes_generator(tree, line) is makes


@pytest.mark.parametrize(
    ("source", "tried"),
    [
        ("try:\n  import x\nexcept ImportError:\n  x = None", True),
        ("try:\n  from a import (b,\n    x)\nexcept (ModuleNotFoundError, OSError):\n  ...", True),
        ("try:\n  import x\nexcept ValueError:\n  ...", False),
        ("try:\n  import x\nfinally:\n  ...", False),
        ("try:\n  import y\nexcept ImportError:\n  import x", False),
        ("import x", False),
    ],
)
def test_an_import_that_is_tried_tells_whether_a_package_is_there(
    source: str, *, tried: bool
) -> None:
    line = next(
        number
        for number, text in enumerate(source.split("\n"), 1)
        if text.rstrip(")").endswith("x")
    )
    assert is_tried(ast.parse(source), line) is tried
