"""Clauses about code, through the whole pipeline and the real tools: outcome and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary.running import Report, doctrine, write

pytestmark = pytest.mark.live

PYPROJECT = """\
[project]
name = "sample"
version = "1"
requires-python = ">=3.12"
"""

VIOLATING = {
    "src/sample/unions.py": (
        "from typing import Optional, Union\n\n\n"
        "def f(a: Optional[int], b: Union[str, None], c: Union[int, str]) -> None: ...\n"
    ),
    "src/sample/containers.py": (
        "import typing as t\nfrom typing import Callable\n\n\n"
        "def g(a: Callable[[], int]) -> t.Sequence[int]: ...\n"
    ),
    "src/sample/generic.py": (
        'from typing import TypeAlias, TypeVar\n\nT = TypeVar("T")\nName: TypeAlias = str\n\n\n'
        "def first(items: list[T]) -> T:\n    return items[0]\n"
    ),
    "src/sample/removed.py": "import cgi\n",
    "src/sample/tokens.py": (
        "from random import choice as pick\n\n\n"
        "def make_token() -> str:\n"
        '    return "".join(pick("abc") for _ in range(32))\n'
    ),
    "src/sample/loops.py": (
        "import asyncio as aio\nimport time\n\n\n"
        "def run() -> None:\n    loop = aio.new_event_loop()\n    loop.close()\n\n\n"
        "async def wait() -> None:\n    time.sleep(1)\n"
    ),
    "src/sample/branchy.py": (
        "def choose(n: int) -> int:\n"
        + "".join(f"    if n == {i}:\n        return {i}\n" for i in range(11))
        + "    return n\n"
    ),
}
COMPLYING = {
    "src/sample/unions.py": "def f(a: int | None, b: str | None, c: int | str) -> None: ...\n",
    "src/sample/containers.py": (
        "from collections.abc import Callable, Sequence\n\n\n"
        "def g(a: Callable[[], int]) -> Sequence[int]: ...\n"
    ),
    "src/sample/generic.py": (
        "type Name = str\n\n\ndef first[T](items: list[T]) -> T:\n    return items[0]\n"
    ),
    "src/sample/removed.py": "try:\n    import cgi\nexcept ImportError:\n    cgi = None\n",
    "src/sample/tokens.py": (
        "import random\nimport secrets\n\n\n"
        "def make_token() -> str:\n    return secrets.token_urlsafe(32)\n\n\n"
        "def jitter() -> float:\n    return random.random()\n"
    ),
    "src/sample/loops.py": (
        "import asyncio\nimport time\n\n\n"
        "async def wait() -> None:\n    await asyncio.to_thread(time.sleep, 1)\n"
    ),
    "src/sample/branchy.py": (
        "def choose(n: int) -> int:\n"
        + "".join(f"    if n == {i}:\n        return {i}\n" for i in range(9))
        + "    return n\n"
    ),
}
PLACES = {
    "TYP006": {("unions.py", 4)},
    "TYP007": {("containers.py", 2), ("containers.py", 5)},
    "TYP008": {("generic.py", 7)},
    "TYP009": {("generic.py", 4)},
    "STD001": {("removed.py", 1)},
    "SEC005": {("tokens.py", 5)},
    "ASY003": {("loops.py", 6)},
    "ASY007": {("loops.py", 11)},
    "CPX002": {("branchy.py", 1)},
}


@pytest.fixture(scope="module")
def violating(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = write(tmp_path_factory.mktemp("bad"), {"pyproject.toml": PYPROJECT, **VIOLATING})
    return doctrine("check", ".", "--format", "json", cwd=folder).report


@pytest.fixture(scope="module")
def complying(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = write(tmp_path_factory.mktemp("good"), {"pyproject.toml": PYPROJECT, **COMPLYING})
    return doctrine("check", ".", "--format", "json", cwd=folder).report


def test_simple_functions_pass_where_no_syntax_needs_another_interpreter(tmp_path: Path) -> None:
    plain = {path: text for path, text in COMPLYING.items() if "generic" not in path}
    write(tmp_path, {"pyproject.toml": PYPROJECT, **plain})
    report = doctrine("check", ".", "--format", "json", cwd=tmp_path).report
    assert report.outcome("CPX002") == "pass", report.reason("CPX002")


@pytest.mark.parametrize("clause", PLACES)
def test_a_violation_is_found_where_it_is(violating: Report, clause: str) -> None:
    assert violating.outcome(clause) == "fail"
    places = {
        (Path(one.path).name, one.line)
        for one in violating.findings
        if clause in one.clauses and one.severity != "info"
    }
    assert places == PLACES[clause]


@pytest.mark.parametrize("clause", sorted(PLACES.keys() - {"CPX002"}))
def test_what_complies_passes(complying: Report, clause: str) -> None:
    assert complying.outcome(clause) == "pass", complying.reason(clause)
