from __future__ import annotations

import pytest

from doctrine.inspect.event_loop import INSPECTOR
from doctrine.model.project import Role
from tests.inspect.code import failing, inspected


@pytest.mark.parametrize(
    "call",
    [
        "asyncio.new_event_loop()",
        "aio.set_event_loop(x)",
        "asyncio.get_event_loop()",
        "fresh()",
        "asyncio.SelectorEventLoop()",
        "asyncio.get_event_loop_policy().new_event_loop()",
        "uvloop.new_event_loop()",
    ],
)
def test_a_loop_by_hand_in_library_code(call: str) -> None:
    head = "import asyncio, uvloop\nimport asyncio as aio\nfrom asyncio import new_event_loop as fresh\n"
    assert failing(INSPECTOR, f"{head}def f():\n    {call}\n") == [("manual-loop", 5)]


def test_a_policy_in_a_variable_is_followed() -> None:
    source = "import asyncio\np = asyncio.get_event_loop_policy()\np.new_event_loop()\n"
    assert failing(INSPECTOR, source) == [("manual-loop", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "asyncio.run(main())",
        "loop = asyncio.get_running_loop()",
        "if __name__ == '__main__':\n    asyncio.new_event_loop()",
        "def main():\n    asyncio.get_event_loop()\nif __name__ == '__main__':\n    main()",
        "def f(asyncio):\n    asyncio.new_event_loop()",
    ],
)
def test_what_is_fine(source: str) -> None:
    assert inspected(INSPECTOR, f"import asyncio\n{source}\n") == []


def test_only_what_the_main_guard_calls_is_the_program() -> None:
    source = (
        "import asyncio\ndef offered():\n    asyncio.get_event_loop()\n"
        "def main():\n    pass\nif __name__ == '__main__':\n    main()\n"
    )
    assert failing(INSPECTOR, source) == [("manual-loop", 3)]


SOURCE = "import asyncio\nasyncio.new_event_loop()\n"


@pytest.mark.parametrize("path", ["src/app/__main__.py", "src/app/cli.py", "src/app/__init__.py"])
def test_programs_own_their_loop(path: str) -> None:
    pyproject = "[project.scripts]\napp = 'app.cli:main'\nother = 'app:main'\n"
    assert failing(INSPECTOR, SOURCE, path=path, pyproject=pyproject) == []
    assert failing(INSPECTOR, SOURCE, pyproject=pyproject) == [("manual-loop", 2)]


@pytest.mark.parametrize("path", ["tools/bench.py", "scripts/ci/a.py", "src/app/run-me.py"])
def test_what_nobody_imports_is_no_library(path: str) -> None:
    assert failing(INSPECTOR, SOURCE, path=path) == []


@pytest.mark.parametrize(
    "path", ["tools/__init__.py", "src/tools/a.py", "tools.py", "app/dev/a.py"]
)
def test_a_package_called_like_a_folder_of_scripts_is_a_library(path: str) -> None:
    assert failing(INSPECTOR, SOURCE, path=path) == [("manual-loop", 2)]


def test_tests_are_no_library() -> None:
    assert inspected(INSPECTOR, SOURCE, role=Role.TEST) == []


def test_fetching_in_a_coroutine_is_advice() -> None:
    source = "import asyncio\nasync def f():\n    asyncio.get_event_loop()\n    asyncio.new_event_loop()\n"
    assert [one.rule for one in inspected(INSPECTOR, source)] == [
        "manual-loop-in-coroutine",
        "manual-loop",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "loop = asyncio.new_event_loop()\nthreading.Thread(target=loop.run_forever).start()",
        (
            "class A:\n    def __init__(self):\n        self.loop = asyncio.new_event_loop()\n"
            "        Thread(target=self._run).start()\n    def _run(self):\n"
            "        asyncio.set_event_loop(self.loop)\n        self.loop.run_forever()"
        ),
    ],
)
def test_a_loop_in_a_thread_of_its_own_is_advice(source: str) -> None:
    head = "import asyncio, threading\nfrom threading import Thread\n"
    assert {one.rule for one in inspected(INSPECTOR, head + source + "\n")} == {
        "manual-loop-in-thread"
    }


def test_a_thread_elsewhere_excuses_nothing() -> None:
    source = (
        "import asyncio, threading\nthreading.Thread(target=work).start()\n"
        "def f():\n    return asyncio.new_event_loop()\n"
    )
    assert failing(INSPECTOR, source) == [("manual-loop", 4)]
