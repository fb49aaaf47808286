from __future__ import annotations

import pytest

from doctrine.inspect.drawn_elsewhere import INSPECTOR
from tests.inspect.code import found_at, gathered

UTIL = "src/app/util.py"
AUTH = "src/app/auth.py"
MAKER = (
    "import random\nimport string\n\n\ndef random_string(n):\n"
    "    return ''.join(random.choice(string.digits) for _ in range(n))\n"
)


@pytest.mark.parametrize(
    "source",
    [
        "from app.util import random_string\nuser.token = random_string(9)\n",
        "from app.util import random_string as draw\napi_key = draw(9)\n",
        "from .util import random_string\nrow['password'] = random_string(9)\n",
        "from . import util\ndata = {'token': util.random_string(9)}\n",
        "import app.util\notp = app.util.random_string(9)\n",
        "import app.util as u\nuser = User(password=u.random_string(9))\n",
        "from app.util import random_string\ndef make_token(): return random_string(9)\n",
    ],
)
def test_a_secret_that_a_function_of_another_file_draws(source: str) -> None:
    found = gathered(INSPECTOR, {UTIL: MAKER, AUTH: source}).findings
    assert [(one.location.path, one.location.line) for one in found] == [(AUTH, 2)]
    assert f"({UTIL}:6)" in found[0].message


@pytest.mark.parametrize(
    "source",
    [
        "from app.util import random_string\nlabel = random_string(9)\n",
        "from app.util import random_string\ntoken_length = random_string(9)\n",
        "from app.util import other\ntoken = other(9)\n",
        "from other.util import random_string\ntoken = random_string(9)\n",
        "from app.util import random_string\nfrom lib import random_string\ntoken = random_string(9)\n",
        "def f(random_string):\n    token = make(random_string(9))\n",
        "from app.util import random_string\n# token = random_string(9)\n",
        "import torch\nfrom app.util import random_string\ntoken = random_string(9)\n",
    ],
)
def test_what_is_no_secret_or_not_drawn_by_that_function(source: str) -> None:
    assert found_at(INSPECTOR, {UTIL: MAKER, AUTH: source}) == []


def test_the_function_can_stand_in_the_same_file_or_class() -> None:
    assert found_at(INSPECTOR, {UTIL: MAKER + "token = random_string(9)\n"}) == [(UTIL, 7)]
    method = (
        "import random\nclass A:\n    def draw(self):\n        return random.random()\n"
        "    def go(self):\n        self.token = self.draw()\n"
    )
    assert found_at(INSPECTOR, {UTIL: method}) == [(UTIL, 6)]


def test_a_package_can_hand_the_function_on() -> None:
    files = {
        "src/app/tools/__init__.py": "from .strings import random_string\n",
        "src/app/tools/strings.py": MAKER,
        AUTH: "from app.tools import random_string\ntoken = random_string(9)\n",
    }
    assert found_at(INSPECTOR, files) == [(AUTH, 2)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("    x = random.random()\n    return str(x)\n", True),
        ("    xs = []\n    xs.append(random.choice('ab'))\n    return ''.join(xs)\n", True),
        ("    x = random.random()\n    time.sleep(x)\n    return 'a'\n", False),
        ("    if random.random() < 0.5:\n        log()\n    return 'a'\n", False),
        ("    return secrets.token_hex(n)\n", False),
    ],
)
def test_only_what_is_returned_makes_the_secret(body: str, found: bool) -> None:
    maker = f"import random, secrets, time\ndef draw(n):\n{body}"
    files = {UTIL: maker, AUTH: "from app.util import draw\ntoken = draw(9)\n"}
    assert bool(found_at(INSPECTOR, files)) is found


def test_packages_that_import_from_each_other_in_a_circle_end_the_search() -> None:
    files = {
        "src/app/a.py": "from app.b import draw\n",
        "src/app/b.py": "from app.a import draw\n",
        UTIL: MAKER,
        AUTH: "from app.a import draw\ntoken = draw(9)\n",
    }
    assert found_at(INSPECTOR, files) == []
