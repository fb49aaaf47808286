from __future__ import annotations

import pytest

from doctrine.inspect.program_loop import INSPECTOR
from tests.inspect.code import gathered

SCRIPT = '[project]\nname = "app"\n[project.scripts]\napp = "app.cli:main"\n'


def seen(source: str, path: str = "src/app/__main__.py") -> list[tuple[str, int]]:
    files = {path: source, "pyproject.toml": SCRIPT}
    return [(one.rule, one.location.line) for one in gathered(INSPECTOR, files).findings]


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasyncio.get_event_loop().run_until_complete(f())\n",
        "import asyncio as a\na.new_event_loop().run_forever()\n",
        "import uvloop\nuvloop.new_event_loop().run_forever()\n",
        "from asyncio import get_event_loop\nget_event_loop().run_forever()\n",
    ],
)
def test_a_loop_run_by_hand(source: str) -> None:
    assert seen(source) == [("hand-run-loop", 2)]


def test_a_loop_from_one_of_two_places() -> None:
    source = (
        "import asyncio\ntry:\n    loop = asyncio.get_running_loop()\nexcept RuntimeError:\n"
        "    loop = asyncio.new_event_loop()\nloop.run_until_complete(f())\n"
    )
    assert seen(source) == [("hand-run-loop", 6)]


def test_console_scripts_and_main_guards_are_programs_and_other_modules_are_not() -> None:
    source = "import asyncio\ndef main():\n    asyncio.get_event_loop().run_forever()\n"
    assert seen(source, "src/app/cli.py") == [("hand-run-loop", 3)]
    assert seen(source, "src/app/other.py") == []
    guarded = source + "if __name__ == '__main__':\n    main()\n"
    assert seen(guarded, "src/app/other.py") == [("hand-run-loop", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasyncio.run(f())\n",
        "import asyncio\nwith asyncio.Runner() as runner:\n    runner.run(f())\n    runner.run(g())\n",
        "import asyncio, qasync\nloop = qasync.QEventLoop(app)\nloop.run_forever()\n",
        "import asyncio\nclient.loop.run_until_complete(f())\n",
        (
            "import asyncio, threading\nloop = asyncio.new_event_loop()\n"
            "threading.Thread(target=loop.run_forever).start()\n"
        ),
    ],
)
def test_what_is_fine(source: str) -> None:
    assert seen(source) == []


def test_what_starts_the_loop_is_shown() -> None:
    (one,) = gathered(INSPECTOR, {"src/app/a.py": "import anyio\nanyio.run(f)\n"}).supports
    assert (one.rule, one.evidence.line) == ("hand-run-loop", 2)


@pytest.mark.parametrize("source", ["x = 1\n", "import asyncio\nasync def f():\n    pass\n"])
def test_nothing_that_starts_a_loop_decides_nothing(source: str) -> None:
    assert set(gathered(INSPECTOR, {"src/app/a.py": source}).undecided) == {"hand-run-loop"}


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        ("    asyncio.run(g())\n", [4]),
        ("    with open(p):\n        asyncio.run(g())\n", [5]),
        ("    await asyncio.to_thread(asyncio.run, g())\n", []),
        ("    await asyncio.to_thread(lambda: asyncio.run(g()))\n", []),
        ("    def inner():\n        asyncio.run(g())\n", []),
        ("    runner = asyncio.Runner()\n", []),
    ],
)
def test_a_loop_inside_of_a_coroutine_is_refused(inside: str, lines: list[int]) -> None:
    source = f"import asyncio\nasyncio.run(f())\nasync def f():\n{inside}"
    assert seen(source) == [("hand-run-loop", line) for line in lines]
