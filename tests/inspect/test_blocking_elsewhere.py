from __future__ import annotations

import pytest

from doctrine.inspect.blocking_elsewhere import INSPECTOR
from tests.inspect.code import found_at, gathered

UTIL = "src/app/util.py"
MAIN = "src/app/main.py"
FETCH = "import requests\n\n\ndef fetch(u):\n    return requests.get(u, timeout=3)\n"


@pytest.mark.parametrize(
    "source",
    [
        "from app.util import fetch\nasync def go(u):\n    return fetch(u)\n",
        "from .util import fetch as get\nasync def go(u):\n    return get(u).text\n",
        "from app import util\nclass A:\n  async def go(self, u): return [util.fetch(u)]\n",
        "import app.util\nasync def go(u):\n    x = app.util.fetch(u)\n",
    ],
)
def test_a_coroutine_that_calls_a_function_of_another_file_that_waits(source: str) -> None:
    (one,) = gathered(INSPECTOR, {UTIL: FETCH, MAIN: source}).findings
    assert (one.location.path, one.location.line) == (MAIN, 3)
    assert f"requests.get() ({UTIL}:5)" in one.message


@pytest.mark.parametrize(
    "source",
    [
        "from app.util import fetch\ndef go(u):\n    return fetch(u)\n",
        "from app.util import fetch\nasync def go(u):\n    return await to_thread(fetch, u)\n",
        "from app.util import fetch\nasync def go(u):\n    return await fetch(u)\n",
        "from app.util import fetch\nasync def go(u):\n    def later():\n        fetch(u)\n    return later\n",
        "from app.util import other\nasync def go(u):\n    return other(u)\n",
        "from lib.util import fetch\nasync def go(u):\n    return fetch(u)\n",
    ],
)
def test_who_does_not_wait_for_it(source: str) -> None:
    assert found_at(INSPECTOR, {UTIL: FETCH, MAIN: source}) == []


@pytest.mark.parametrize(
    ("function", "found"),
    [
        ("import os\ndef fetch(u):\n    os.system(u)\n", True),
        ("import time\ndef fetch(u):\n    time.sleep(u)\n", True),
        ("import time\n@in_a_thread\ndef fetch(u):\n    time.sleep(u)\n", False),
        ("import time\nasync def fetch(u):\n    time.sleep(u)\n", False),
        ("import time\ndef fetch(u):\n    yield time.sleep(u)\n", False),
        ("import os\ndef fetch(u):\n    return os.getcwd()\n", False),
        ("import time\nclass A:\n    def fetch(u):\n        time.sleep(u)\n", False),
    ],
)
def test_which_functions_keep_a_coroutine_waiting(function: str, found: bool) -> None:
    source = "from app.util import fetch\nasync def go(u):\n    return fetch(u)\n"
    assert bool(found_at(INSPECTOR, {UTIL: function, MAIN: source})) is found
