from __future__ import annotations

import pytest

from doctrine.inspect.type_guards import INSPECTOR
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Role
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project

HEAD = "import typing as t\nfrom typing_extensions import TypeGuard, TypeIs as Is\n"


def look(source: str, *, minor: int = 13) -> list[Finding]:
    parsed = parse("src/a.py", Role.SOURCE, source.encode())
    assert isinstance(parsed, ParsedFile)
    layout = project({"src/a.py": source}, minors=(minor,)).layout
    return [one for one in INSPECTOR.inspect(parsed, layout) if isinstance(one, Finding)]


def seen(source: str) -> list[str]:
    found = look(HEAD + source)
    for one in found:
        assert (one.rule == "type-guard") is (one.severity is Severity.WARNING)
        assert one.location.line >= 3
    return [one.rule for one in found]


@pytest.mark.parametrize(
    "source",
    [
        "def f(v: object) -> TypeGuard[str]:\n    return isinstance(v, str)\n",
        "def f(v) -> t.TypeGuard['str']:\n    return isinstance(v, str)\n".replace("'", ""),
        "def f(v: t.Any) -> 'TypeGuard[str]':\n    '''Doc.'''\n    return (isinstance(v, str))\n",
        "def f(v: int | str | None) -> TypeGuard[str]:\n    return isinstance(v, str)\n",
        "def f(v) -> TypeGuard[str | int]:\n    return isinstance(v, (int, str))\n",
        "def f(v) -> TypeGuard[t.Union[str, int]]:\n    return isinstance(v, int | str)\n",
        "def f(v) -> TypeGuard[str | int]:\n    return isinstance(v, int) or isinstance(v, str)\n",
        "def f(v) -> TypeGuard[t.Optional[str]]:\n    return v is None or isinstance(v, str)\n",
        (
            "def f(v) -> TypeGuard[str]:\n    if isinstance(v, str):\n        return True\n"
            "    return False\n"
        ),
        (
            "def f(v) -> TypeGuard[str]:\n    if isinstance(v, str):\n        return True\n"
            "    else:\n        return False\n"
        ),
        "class C:\n    def f(self, v: object) -> TypeGuard[str]:\n        return isinstance(v, str)\n",
        (
            "class A: ...\nclass B(A): ...\n"
            "def f(v: A) -> TypeGuard[B]:\n    return isinstance(v, B)\n"
        ),
    ],
)
def test_a_guard_that_is_exact_is_found(source: str) -> None:
    assert seen(source) == ["type-guard"]


@pytest.mark.parametrize(
    "source",
    [
        # one-sided: False says nothing about the type
        "def f(v: object) -> TypeGuard[str]:\n    return isinstance(v, str) and len(v) > 0\n",
        # narrows to what is no subtype
        (
            "def f(v: list[object]) -> TypeGuard[list[str]]:\n"
            "    return all(isinstance(x, str) for x in v)\n"
        ),
        "def f(v: object) -> TypeGuard[dict[str, int]]:\n    return isinstance(v, dict)\n",
        # an int is a float to a checker, and not to isinstance
        "def f(v: object) -> TypeGuard[float]:\n    return isinstance(v, float)\n",
        "def f(v: object) -> TypeGuard[str]:\n    return isinstance(v, (str, bytes))\n",
        "def f(v: object) -> TypeGuard[str]:\n    return not isinstance(v, str)\n",
        "def f(v: object, w: object) -> TypeGuard[str]:\n    return isinstance(w, str)\n",
        (
            "def f(v: object) -> TypeGuard[str]:\n    if isinstance(v, str):\n        return True\n"
            "    return bool(v)\n"
        ),
        (
            "def f(v: object) -> TypeGuard[str]:\n    if isinstance(v, str):\n        return True\n"
            "    elif v == 3:\n        return False\n    return False\n"
        ),
        # B may be no subtype of A, and TypeIs would be an error
        "class A: ...\nclass B: ...\ndef f(v: A) -> TypeGuard[B]:\n    return isinstance(v, B)\n",
    ],
)
def test_a_guard_in_doubt_is_advice(source: str) -> None:
    assert seen(source) == ["type-guard-perhaps"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(v: object) -> Is[str]:\n    return isinstance(v, str)\n",
        "def f(v: object) -> bool:\n    return isinstance(v, str)\n",
        "def f(v: object) -> TypeGuard[str]: ...\n",
        "def f(v: object) -> Other[str]:\n    return isinstance(v, str)\n",
        "def f(v: object) -> Is[str | None]:\n    return isinstance(v, str) or v is None\n",
    ],
)
def test_other_functions_are_left_alone(source: str) -> None:
    assert seen(source) == []


def test_a_type_is_with_one_more_condition_is_told() -> None:
    source = "def f(v: list[int] | None) -> Is[list[int]]:\n    "
    assert seen(source + "return isinstance(v, list) and len(v) > 0\n") == ["type-is-inexact"]
    assert seen(source + "return isinstance(v, list) and isinstance(v, A)\n") == []


def test_a_guard_of_ones_own_is_another_thing() -> None:
    source = "from app.types import TypeGuard\ndef f(v) -> TypeGuard[str]:\n    return isinstance(v, str)\n"
    assert look(source) == []


def test_older_floors_are_asked_for_nothing() -> None:
    source = HEAD + "def f(v) -> TypeGuard[str]:\n    return isinstance(v, str)\n"
    assert look(source, minor=12) == []
