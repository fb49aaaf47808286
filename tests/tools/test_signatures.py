"""Which unused arguments stand in a signature that somebody else wrote."""

from __future__ import annotations

import ast

import pytest

from doctrine.drivers._signatures import dictated

DICTATED = {
    "special method": "class A:\n    def __exit__(self, *x): self.close()\n",
    "special method of a coroutine": "class A:\n    async def __aexit__(self, x): await b()\n",
    "abstract": "class A(ABC):\n    @abc.abstractmethod\n    def f(self, x): return 1\n",
    "overload": "@overload\ndef f(x: int) -> int: return 1\n",
    "override": "class A:\n    @typing.override\n    def f(self, x): return 1\n",
    "part of a protocol": "class A(Protocol[T]):\n    def f(self, x: int) -> int: ...\n",
    "described only": 'class A:\n    def f(self, x):\n        """Do it."""\n',
    "left to others": "class A:\n    def f(self, x): raise NotImplementedError('f')\n",
    "base in the file": (
        "class A:\n    def f(self, y): return y\n"
        "class B(A): pass\n"
        "class C(B):\n    def f(self, x): return 1\n"
    ),
    "base in another file": "class A(asyncio.Protocol):\n    def lost(self, x): return 1\n",
    "read by locals()": "class A:\n    def __init__(self, x): keep(self, locals())\n",
    "base of the language": "class A(dict):\n    def get(self, x): return 1\n",
}
OWN = {
    "function": "def f(x): return 1\n",
    "method": "class A:\n    def f(self, x): return 1\n",
    "initialiser": "class A:\n    def __init__(self, x): self.y = 1\n",
    "locals() elsewhere": "def f(x): return 1\n\ndef g(): return locals()\n",
    "base without the method": (
        "class A(A):\n    def g(self): return 1\nclass B(A):\n    def f(self, x): return 1\n"
    ),
    "base that only marks": "class A(Generic[T]):\n    def f(self, x): return 1\n",
    "base of the language without it": ("class A(ValueError):\n    def f(self, x): return 1\n"),
}


@pytest.mark.parametrize("source", DICTATED.values(), ids=DICTATED.keys())
def test_an_argument_that_whoever_calls_decides_on(source: str) -> None:
    assert "x" in {name for name, _ in _dictated(source)}


@pytest.mark.parametrize("source", OWN.values(), ids=OWN.keys())
def test_an_argument_that_can_be_deleted(source: str) -> None:
    assert "x" not in {name for name, _ in _dictated(source)}


def test_the_line_is_the_arguments() -> None:
    assert _dictated("class A:\n    def __call__(\n        self,\n        x,\n    ): g()\n") == {
        ("self", 3),
        ("x", 4),
    }


def _dictated(source: str) -> frozenset[tuple[str, int]]:
    return dictated(ast.parse(source), source)
