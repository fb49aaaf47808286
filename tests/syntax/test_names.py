from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.model.project import Role
from doctrine.syntax.language import walk
from doctrine.syntax.names import Names
from doctrine.syntax.parse import parse
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile
from tests.syntax.sources import parsed


def last_call(source: str) -> str:
    """Return what the last call of a source calls."""
    file = parsed(source)
    called = [
        node.child_by_field_name("function") for node in walk(file.tree) if node.type == "call"
    ]
    node = called[-1]
    assert node is not None
    return Names(file).dotted(node)


@pytest.mark.parametrize(
    ("source", "dotted"),
    [
        ("import asyncio as aio\naio.sleep()", "asyncio.sleep"),
        ("from random import choice as pick\npick()", "random.choice"),
        ("import os.path\nos.path.join()", "os.path.join"),
        ("import os.path as p\np.join()", "os.path.join"),
        ("import redis.asyncio as redis\nredis.Redis()", "redis.asyncio.Redis"),
        ("import random\nr = random\nr.choice()", "random.choice"),
        ("import random\nr = random.Random()\nr.choice", "random.Random"),
        ("import m\nwith m.open() as f:\n    f.read()", "m.open().read"),
        ("import m\ndef f(s: m.S):\n    s.get()", "m.S().get"),
        (
            "import m\nclass A:\n    def f(self):\n        self.x = m.S()\n    def g(self):\n        self.x.get()",
            "m.S().get",
        ),
        ("try:\n    import m\nexcept ImportError:\n    m = None\nm.f()", "m.f"),
        ("from m import *\nf()", "m.f"),
        ("def f():\n    import m\n    m.f()", "m.f"),
        ("import m\nclass A:\n    m = 1\n    def f(self):\n        m.f()", "m.f"),
        ("import m\n[m.f() for x in y]", "m.f"),
        ("import m\nf = m.f\nf()", "m.f"),
    ],
)
def test_a_call_is_resolved(source: str, dotted: str) -> None:
    assert last_call(source) == dotted


@pytest.mark.parametrize(
    "source",
    [
        "import m\ndef f(m):\n    m.f()",
        "import m\ndef f(*m):\n    m.f()",
        "import m\nm = other()\nm.f()",
        "import m\nfor m in x:\n    m.f()",
        "import m\n[m.f() for m in y]",
        "from m import f\ndef f(): ...\nf()",
        "import m\ndef g():\n    global m\n    m = 1\nm.f()",
        "import m\nlambda m: m.f()",
        "import m\nmatch x:\n    case [m]:\n        m.f()",
        "import m\nmatch x:\n    case {'a': 1} as m:\n        m.f()",
        "import m\nwith x as (m, n):\n    m.f()",
        "import m\nif (m := x):\n    m.f()",
        "import m\ntry:\n    x\nexcept E as m:\n    m.f()",
        "import m\nm += 1\nm.f()",
        "if x:\n    import a as m\nelse:\n    import b as m\nm.f()",
        "from a import *\nfrom b import *\nf()",
        "from .m import f\nf()",
        "m.f()",
        "x = y\ny = x\nx()",
        "x = x\nx()",
        "import m\nclass A:\n    def f(self, x):\n        self.x = m.S()\n        self.x = x\n        self.x.get()",
    ],
)
def test_doubt_is_silence(source: str) -> None:
    assert last_call(source) == ""


def test_a_function_of_the_file_is_found() -> None:
    file = parsed("def helper(): ...\nasync def f():\n    helper()\n")
    (call,) = [node for node in walk(file.tree) if node.type == "call"]
    called = call.child_by_field_name("function")
    assert called is not None
    found = Names(file).local(called)
    assert found is not None
    assert text_of(found) == "def helper(): ..."


PIECES = st.sampled_from(
    [
        "import m",
        "from m import a as x",
        "x = y",
        "y = x.a()",
        "x, *y = m",
        "for x in y: pass",
        "def f(x, *y, z: m.T = 1, **k): x.y()",
        "class A:\n    x = m\n    def f(self): self.x = m.S(); self.x.y()",
        "with m.o() as x: x.r()",
        "lambda x: x()",
        "[x() for x in y for y in x]",
        "global x",
        "del x",
        "match x:\n    case [y, {'a': x, **k}] | A(b=y): y()",
        "try: x()\nexcept E as x: x()",
        "(x := m.f)()",
        "type T[X] = m.X",
        "x: int",
        "async def g():\n    await x.y(z=x)",
    ]
)


@given(st.lists(PIECES, max_size=8).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_any_file_has_names(source: str) -> None:
    file = parse("a.py", Role.SOURCE, source.encode())
    if isinstance(file, ParsedFile):
        names = Names(file)
        for node in walk(file.tree):
            assert isinstance(names.dotted(node), str)
