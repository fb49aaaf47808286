from __future__ import annotations

import pytest

from doctrine.inspect.parallelism import INSPECTOR
from doctrine.model.observation import Severity
from doctrine.model.run import Reading
from tests.inspect.code import gathered

HEAD = (
    "import threading\nfrom threading import Thread as T\nfrom multiprocessing import dummy\n"
    "from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor, as_completed\n"
)


def look(source: str) -> Reading:
    return gathered(INSPECTOR, {"src/app/a.py": HEAD + source})


def failing(source: str) -> list[str]:
    return [one.rule for one in look(source).findings if one.severity is not Severity.INFO]


START = "    for t in ts:\n        t.start()\n"
JOIN = "    for t in ts:\n        t.join()\n"


@pytest.mark.parametrize(
    "body",
    [
        "    ts = [T(target=g, args=(x,)) for x in xs]\n" + START + JOIN,
        "    ts = []\n    for x in xs:\n        t = T(target=g)\n        t.start()\n"
        "        ts.append(t)\n" + JOIN,
        (
            "    ts = [threading.Thread(target=g) for x in xs]\n    [t.start() for t in ts]\n"
            "    [t.join() for t in ts]\n"
        ),
        (
            "    ts = {x: T(target=g) for x in xs}\n    for x, t in ts.items():\n        t.join(5)\n"
            "    for t in ts.values():\n        t.join(timeout=5)\n"
        ),
    ],
)
def test_threads_that_an_executor_would_run(body: str) -> None:
    assert failing(f"def f(xs, g):\n{body}") == ["threads-by-hand"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(xs, g):\n    ts = [T(target=g, daemon=True) for x in xs]\n" + START + JOIN,
        "def f(xs, g):\n    ts = [T(target=x.serve_forever) for x in xs]\n" + START + JOIN,
        "def g():\n    while True:\n        pass\ndef f(xs):\n    ts = [T(target=g) for x in xs]\n"
        + START
        + JOIN,
        "def f(g):\n    t = T(target=g)\n    t.start()\n    t.join()\n",
        "def f(xs, g):\n    ts = [T(target=g) for x in xs]\n" + START,
        (
            "def f(xs, g):\n    ts = [T(target=g) for x in xs]\n"
            "    for t in xs:\n        ','.join(xs)\n"
        ),
        "def f(xs, g):\n    with ThreadPoolExecutor() as e:\n        e.map(g, xs)\n",
    ],
)
def test_threads_that_are_something_else(source: str) -> None:
    assert failing(source) == []


WORK = "class W(T):\n    def run(self):\n        fetch()\n"
KEPT = "def f(xs):\n    ts = [W(x) for x in xs]\n" + START + JOIN


def test_threads_of_an_own_class_are_threads() -> None:
    assert failing(WORK + KEPT) == ["threads-by-hand"]
    assert list(look(WORK).undecided) == ["busy-threads"]


@pytest.mark.parametrize(
    "made",
    [
        "class W(T):\n    def run(self):\n        while True:\n            fetch()\n",
        "class W(T):\n    def __init__(self):\n        self.daemon = True\n",
        "class W(Timer):\n    pass\n",
    ],
)
def test_objects_that_work_on_are_no_pool(made: str) -> None:
    assert failing(made + KEPT) == []


def test_pools_of_threads_in_multiprocessing() -> None:
    assert failing("p = dummy.Pool(3)\n") == ["thread-pool"]


def test_a_limit_on_what_is_done() -> None:
    loop = "for f in as_completed(fs):\n    {}\n"
    assert [one.rule for one in look(loop.format("f.result(timeout=3)")).findings] == [
        "useless-limit"
    ]
    assert look(loop.format("f.result()")).findings == ()
    assert look(loop.format("g.result(timeout=3)")).findings == ()


SUM = "def s(n):\n    t = 0\n    for i in range(n):\n        t += i * i\n    return t\n"
LOAD = "def s(n):\n    for i in range(n):\n        t = open(n + i)\n    return t\n"


def test_a_thread_that_only_computes_is_a_hint() -> None:
    pool = "with ThreadPoolExecutor() as e:\n    e.map(s, [1])\n"
    reading = look(SUM + pool)
    assert [(one.rule, one.severity) for one in reading.findings] == [
        ("busy-threads", Severity.INFO)
    ]
    assert "busy-threads" in reading.undecided
    assert look(LOAD + pool).findings == ()


def test_processes_alone_leave_nothing_open() -> None:
    reading = look("with ProcessPoolExecutor() as e:\n    e.map(s, [1])\n")
    assert (reading.findings, reading.undecided) == ((), {})
    assert [one.rule for one in reading.supports] == ["busy-threads"]
