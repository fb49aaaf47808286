from __future__ import annotations

import pytest

from doctrine.inspect.outgoing import INSPECTOR
from tests.inspect.build import rules, seen
from tests.inspect.code import gathered

PATH = "src/app/a.py"
CALL = 'requests.get("https://api.github.com/user", timeout=5)'


def calling(call: str, head: str = "import requests, httpx, aiohttp, urllib.request") -> str:
    return f"{head}\n\n\ndef f(x, s: requests.Session, c: httpx.AsyncClient):\n    return {call}\n"


@pytest.mark.parametrize(
    "source",
    [
        calling(CALL),
        calling("s.post('https://api.github.com/user')"),
        calling("c.request('GET', f'https://api.github.com/{x}')"),
        calling("c.get(url='https://api.github.com/user')"),
        calling("urllib.request.urlopen('https://api.github.com/' + x)"),
        calling("requests.get(BASE.format(x))") + "BASE = 'https://api.github.com/{}'\n",
        calling("requests.get(f'{BASE}/user')") + "BASE = 'https://api.github.com'\n",
        "import requests as r\n\ndef f():\n    r.get('https://api.github.com')\n",
    ],
)
def test_a_call_of_a_public_address(source: str) -> None:
    assert rules(gathered(INSPECTOR, {PATH: source})) == {
        "outgoing-unlimited",
        "outgoing-unprotected",
    }


@pytest.mark.parametrize(
    "source",
    [
        calling("requests.get(x)"),
        calling("requests.get('http://localhost:8000/user')"),
        calling("requests.get('http://10.0.0.7/user')"),
        calling("requests.get('http://users.default.svc/user')"),
        calling("requests.get('https://example.com/user')"),
        calling("requests.get('https://github.com/a/b/releases/download/1/a.tar.gz')"),
        calling("requests.get('https://api.github.com/data.csv')"),
        calling("requests.get(BASE)") + "BASE = 'https://a.com'\nBASE = 'https://b.com'\n",
        f"import requests\nUSER = {CALL}\n",
        "import requests\n\ndef f():\n    raise requests.HTTPError\n",
    ],
)
def test_what_may_be_no_service_of_others_is_left_open(source: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    assert set(reading.undecided) == {"outgoing-unlimited", "outgoing-unprotected"}


@pytest.mark.parametrize(
    "path",
    [
        "scripts/release.py",
        "src/app/management/commands/sync.py",
        "src/app/commands/user.py",
        "src/app/check_update.py",
        "src/app/updater.py",
        "src/install_model.py",
        "setup.py",
    ],
)
def test_what_people_start_once_is_left_open(path: str) -> None:
    reading = gathered(INSPECTOR, {path: calling(CALL)})
    assert rules(reading) == set()
    assert set(reading.undecided) == {"outgoing-unlimited", "outgoing-unprotected"}


@pytest.mark.parametrize("path", ["src/app/updates.py", "src/app/command.py", "src/setups/a.py"])
def test_other_modules_are_no_scripts(path: str) -> None:
    assert "outgoing-unlimited" in rules(gathered(INSPECTOR, {path: calling(CALL)}))


def test_tests_call_nobody() -> None:
    assert gathered(INSPECTOR, {"tests/test_a.py": calling(CALL)}).findings == ()


def test_a_file_has_one_finding_that_counts_its_calls() -> None:
    source = calling(f"({CALL}, {CALL})")
    found = list(gathered(INSPECTOR, {PATH: source}).findings)
    assert len(found) == 2
    assert all("2 such calls" in one.message for one in found)


@pytest.mark.parametrize("library", ["limits", "pyrate_limiter", "requests_ratelimiter"])
def test_a_limiter_in_an_imported_module(library: str) -> None:
    files = {
        "src/app/quota.py": f"import {library}\n",
        PATH: "from . import quota\n" + calling(CALL),
    }
    reading = gathered(INSPECTOR, files)
    assert rules(reading) == {"outgoing-unprotected"}
    assert "outgoing-unlimited" not in reading.undecided


def test_a_limiter_far_from_any_call_limits_none() -> None:
    files = {"src/app/quota.py": "import limits\n", PATH: calling(CALL)}
    assert "outgoing-unlimited" in rules(gathered(INSPECTOR, files))


def test_a_limiter_of_some_calls_limits_no_others() -> None:
    files = {
        "src/app/quota.py": "import limits\n",
        PATH: "from . import quota\n" + calling(CALL),
        "src/app/other.py": calling(CALL),
        "src/app/third.py": calling("requests.get(x)"),
    }
    reading = gathered(INSPECTOR, files)
    limited = [one.location.path for one in reading.findings if one.rule == "outgoing-unlimited"]
    assert limited == ["src/app/other.py"]
    assert "src/app/other.py" in reading.undecided["outgoing-unlimited"]
    del files["src/app/other.py"]
    assert "src/app/third.py" in gathered(INSPECTOR, files).undecided["outgoing-unlimited"]


LIMITED = """import requests
from pyrate_limiter import Duration, Limiter, Rate

limiter = Limiter(Rate(5, Duration.SECOND))


def price():
    limiter.try_acquire("a")
    return requests.get("https://api.github.com/user")


def rates():
    return requests.get("https://api.github.com/rates")
"""
BROKEN = """import pybreaker
import requests

calm = pybreaker.CircuitBreaker()


@calm
def price():
    return requests.get("https://api.github.com/user")


def rates():
    return requests.get("https://api.github.com/rates")
"""


@pytest.mark.parametrize(
    ("source", "rule"), [(LIMITED, "outgoing-unlimited"), (BROKEN, "outgoing-unprotected")]
)
def test_one_of_two_calls_in_a_file_says_nothing_of_the_other(source: str, rule: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rule not in rules(reading)
    assert "around 1 of 2 calls" in reading.undecided[rule]
    assert f"{PATH}, and not around requests.get at line" in reading.undecided[rule]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (
            f"{LIMITED}\n\ndef all():\n    limiter.try_acquire('b')\n    rates()\n",
            "outgoing-unlimited",
        ),
        (f"{BROKEN}\n\nsafe = pybreaker.CircuitBreaker()(rates)\n", "outgoing-unprotected"),
        (f"{BROKEN}\n\ndef all(breaker):\n    breaker.call(rates)\n", "outgoing-unprotected"),
    ],
)
def test_what_names_a_call_s_function_beside_its_guard_sees_to_it(source: str, rule: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rule not in rules(reading)
    assert rule not in reading.undecided


def test_an_equivalent_counts_and_is_named() -> None:
    source = calling(CALL, "import requests, aiolimiter, circuitbreaker")
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    assert {rule for rule, *_ in seen(reading)} == {"limiter-advice", "breaker-advice"}


def test_a_limiter_by_hand_is_left_open() -> None:
    source = calling(CALL) + "\nclass TokenBucket:\n    pass\n"
    reading = gathered(INSPECTOR, {PATH: source})
    assert "outgoing-unlimited" not in rules(reading)
    assert "a.py:7" in reading.undecided["outgoing-unlimited"]


@pytest.mark.parametrize(
    "limiter",
    [
        "from starlette.middleware.base import BaseHTTPMiddleware\nclass RateLimit(BaseHTTPMiddleware):\n    pass\n",
        "from rest_framework import throttling\nclass Burst(throttling.BaseThrottle):\n    pass\ndef throttle(r): pass\n",
        "class RateLimitMiddleware:\n    pass\n",
        "class LoginRateLimit:\n    pass\n",
        "def rate_limit_by_ip(request):\n    pass\n",
    ],
)
def test_a_limiter_by_hand_of_what_comes_in_excuses_no_call(limiter: str) -> None:
    files = {"src/app/limit.py": limiter, PATH: "from . import limit\n" + calling(CALL)}
    assert "outgoing-unlimited" in rules(gathered(INSPECTOR, files))


def test_a_limiter_by_hand_beside_the_calls_is_left_open_in_a_web_application() -> None:
    source = calling(CALL, "import fastapi, requests") + "\nclass TokenBucket:\n    pass\n"
    assert "outgoing-unlimited" not in rules(gathered(INSPECTOR, {PATH: source}))


BREAKER = "import pybreaker, aiobreaker, httpx\nB = {library}.CircuitBreaker(name='b')\n"


@pytest.mark.parametrize(
    ("library", "decorator", "hazard"),
    [
        ("pybreaker", "@B", True),
        ("pybreaker", "@B(__pybreaker_call_async=True)", False),
        ("aiobreaker", "@B", False),
    ],
)
def test_a_breaker_on_a_coroutine(library: str, decorator: str, hazard: bool) -> None:
    source = BREAKER.format(library=library) + f"{decorator}\nasync def f(c):\n    await c.get()\n"
    found = rules(gathered(INSPECTOR, {PATH: source}))
    assert ("breaker-on-coroutine" in found) is hazard


def test_a_breaker_on_a_coroutine_of_another_module() -> None:
    files = {
        "src/app/deps.py": BREAKER.format(library="pybreaker"),
        PATH: "from app.deps import B as breaker\n\n@breaker\nasync def f(c):\n    await c.get()\n",
    }
    found = [one for one in gathered(INSPECTOR, files).findings if one.severity.value != "info"]
    assert [(one.rule, one.location.line) for one in found] == [("breaker-on-coroutine", 3)]


def test_a_breaker_on_a_plain_function_is_right() -> None:
    source = BREAKER.format(library="pybreaker") + "@B\ndef f(c):\n    return c.get()\n"
    assert rules(gathered(INSPECTOR, {PATH: source})) == set()


def test_a_limiter_of_what_comes_in_limits_nothing_that_goes_out() -> None:
    head = "import requests\nfrom ratelimit import RateLimitMiddleware"
    assert "outgoing-unlimited" in rules(gathered(INSPECTOR, {PATH: calling(CALL, head)}))


def test_end_to_end_tests_in_a_folder_of_their_own_are_left_open() -> None:
    assert rules(gathered(INSPECTOR, {"playwright_tests/core/a.py": calling(CALL)})) == set()


@pytest.mark.parametrize(
    ("settings", "compose", "expected"),
    [
        ("name='b'", "", ""),
        ("fail_max=5, reset_timeout=60, name='b'", "", ""),
        ("fail_max=50, name='b'", "", "breaker-patience"),
        ("5, 600, name='b'", "", "breaker-patience"),
        ("", "", "breaker-unnamed"),
        ("name='b'", "gunicorn -w 4 app", "breaker-state"),
        ("name='b'", "gunicorn -w 1 app", ""),
        ("name='b', state_storage=shared", "gunicorn -w 4 app", ""),
    ],
)
def test_how_a_breaker_is_set_up_is_advice(settings: str, compose: str, expected: str) -> None:
    source = f"import pybreaker\nB = pybreaker.CircuitBreaker({settings})\n"
    found = gathered(INSPECTOR, {PATH: source, "Procfile": f"web: {compose}\n"}).findings
    assert {one.rule for one in found} == {expected} - {""}
    assert {one.severity.value for one in found} <= {"info"}
