from __future__ import annotations

import pytest

from doctrine.inspect.exposed import INSPECTOR
from tests.inspect.build import rules, seen
from tests.inspect.code import gathered

PATH = "src/app/main.py"
APP = "from fastapi import FastAPI as F\napp = F()\n"
USED = "limiter = Limiter(key)\nlimiter.limit('9/m')(router)\n"


@pytest.mark.parametrize(
    "source",
    [
        APP,
        "import litestar\napp = litestar.Litestar([])\n",
        "from ninja import NinjaAPI\napi = NinjaAPI()\n",
        "from rest_framework.viewsets import ModelViewSet\nclass A(ModelViewSet):\n    pass\n",
        "from flask import Flask, jsonify\napp = Flask('a')\n",
    ],
)
def test_an_api_that_nothing_limits(source: str) -> None:
    assert rules(gathered(INSPECTOR, {PATH: source})) == {"exposed-unlimited"}


@pytest.mark.parametrize(
    "source",
    [
        "from fastapi import HTTPException\n",
        "from flask import Flask, render_template\napp = Flask('a')\n",
        "from flask import Flask, jsonify, render_template\napp = Flask('a')\n",
        "from django.urls import path\nurlpatterns = [path('', home)]\n",
        "from aiohttp import web\napp = web.Application()\n",
    ],
)
def test_what_may_serve_people_only_is_left_open(source: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    assert "exposed-unlimited" in reading.undecided


@pytest.mark.parametrize(
    ("source", "equivalent"),
    [
        ("from slowapi import Limiter\n" + APP + USED, False),
        ("import limits\n" + APP + "limits.strategies.MovingWindowRateLimiter(s).hit(i)\n", False),
        (
            "from asgi_ratelimit import RateLimitMiddleware as R\n"
            + APP
            + "app.add_middleware(R)\n",
            True,
        ),
        (APP + "REST_FRAMEWORK = {'DEFAULT_THROTTLE_CLASSES': [A]}\n", True),
    ],
)
def test_a_limiter_of_any_kind(source: str, equivalent: bool) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    assert reading.undecided == {}
    assert any(one.rule == "exposed-advice" for one in reading.findings) is equivalent


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import limits\n" + APP, "nothing is seen that asks it"),
        ("from pyrate_limiter import Limiter\n" + APP, "nothing is seen that asks it"),
        ("from asgi_ratelimit import RateLimitMiddleware\n" + APP, "nothing is seen that asks it"),
        ("from slowapi import Limiter\n" + APP, "nothing is seen that asks it"),
        ("from slowapi import Limiter\n" + APP + "app.state.limiter = Limiter(key)\n", "none is seen that"),
        ("from fastapi_limiter import FastAPILimiter\n" + APP + "FastAPILimiter.init(r)\n", "none is seen"),
    ],
)  # fmt: skip
def test_a_limiter_that_nothing_is_seen_to_ask_is_left_open(source: str, told: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) - {"exposed-advice"} == set()
    assert told in reading.undecided["exposed-unlimited"]


@pytest.mark.parametrize(
    "files",
    [
        {"nginx/app.conf": "location / { limit_req zone=a; }"},
        {"k8s/ingress.yaml": 'nginx.ingress.kubernetes.io/limit-rps: "5"'},
        {"src/app/guard.py": "class RateLimitMiddleware:\n    pass\n"},
    ],
)
def test_a_proxy_or_a_limiter_by_hand_is_left_open(files: dict[str, str]) -> None:
    reading = gathered(INSPECTOR, {PATH: APP, **files})
    assert rules(reading) == set()
    assert "exposed-unlimited" in reading.undecided


def test_an_exception_is_no_limiter() -> None:
    source = APP + "class RateLimitExceededError(Exception):\n    pass\n"
    assert rules(gathered(INSPECTOR, {PATH: source})) == {"exposed-unlimited"}


@pytest.mark.parametrize(
    ("arguments", "command", "advised"),
    [
        ("f", "gunicorn --workers 4", True),
        ("f", "gunicorn -w 1", False),
        ("f", "gunicorn", False),
        ("f, storage_uri='redis://r'", "gunicorn --workers=4", False),
    ],
)
def test_counts_of_several_workers_belong_together(
    arguments: str, command: str, advised: bool
) -> None:
    source = f"from slowapi import Limiter\n{APP}L = Limiter({arguments})\n"
    reading = gathered(INSPECTOR, {PATH: source, "Procfile": f"web: {command} app"})
    assert [line for rule, _, line, _ in seen(reading) if rule == "exposed-advice"] == (
        [4] if advised else []
    )


ROUTE = '@app.get("/{0}")\n{1}def {0}(request: Request{2}): ...\n'
SLOW = "from slowapi import Limiter\n" + APP
ADDED = "app.add_middleware(SlowAPIMiddleware)\n"
PASSING = "from slowapi.middleware import SlowAPIMiddleware\n"
FLASK = "from flask_limiter import Limiter\n" + APP + "Limiter(key, app=app)\n"
LIMIT = '@limiter.limit("5/minute")\n'
FAST = "from fastapi_limiter.depends import RateLimiter\n" + APP
DEPENDS = ", _=Depends(RateLimiter(times=2))"
REST = "from rest_framework.views import APIView\n"
SETTINGS = "src/app/settings.py"


@pytest.mark.parametrize(
    "files",
    [
        {PATH: SLOW + "limiter = Limiter(key)\n" + ROUTE.format("a", "", "")},
        {PATH: SLOW + "limiter = Limiter(key, default_limits=[])\n" + ROUTE.format("a", "", "")},
        {PATH: SLOW + "limiter = Limiter(key, default_limits=['9/m'])\n" + ROUTE.format("a", "", "")},
        {PATH: SLOW + PASSING + "Limiter(key, default_limits=['9/m'])\n" + ROUTE.format("a", "", "")},
        {PATH: SLOW + '# @limiter.limit("5/minute")\n' + "Limiter(key)\n" + ROUTE.format("a", "", "")},
        {PATH: FAST + "FastAPILimiter.init(redis)\n" + ROUTE.format("a", "", "")},
        {PATH: REST + "class A(APIView):\n    pass\n", SETTINGS: "R = {'DEFAULT_THROTTLE_RATES': {'anon': '9/m'}}"},
        {PATH: REST + "class A(APIView):\n    pass\n", SETTINGS: "R = {'DEFAULT_THROTTLE_CLASSES': []}"},
        {PATH: REST + "class A(APIView):\n    pass\n", SETTINGS: "# 'DEFAULT_THROTTLE_CLASSES': [A]"},
    ],
)  # fmt: skip
def test_a_limiter_that_nothing_asks_limits_nothing(files: dict[str, str]) -> None:
    assert rules(gathered(INSPECTOR, files)) - {"exposed-advice"} == {"exposed-unlimited"}


@pytest.mark.parametrize(
    "files",
    [
        {PATH: SLOW + ROUTE.format("a", LIMIT, "") + ROUTE.format("b", LIMIT, "")},
        {PATH: SLOW + ROUTE.format("a", LIMIT, "") + ROUTE.format("health", "", "")},
        {PATH: SLOW + PASSING + ADDED + "Limiter(key, default_limits=['9/m'])\n" + ROUTE.format("a", "", "")},
        {PATH: SLOW + PASSING + "Limiter(key, default_limits=['9/m'])\nF(middleware=[Middleware("
         "SlowAPIMiddleware)])\n" + ROUTE.format("a", "", "")},
        {PATH: FLASK + "Limiter(key, default_limits=['9/m'])\n" + ROUTE.format("a", "", "")},
        {PATH: FLASK + ROUTE.format("a", "", ""), SETTINGS: "RATELIMIT_DEFAULT = '9/m'\n"},
        {PATH: FLASK + ROUTE.format("a", "", ""), "compose.yml": "RATELIMIT_DEFAULT: 9/m\n"},
        {PATH: FAST + ROUTE.format("a", "", DEPENDS)},
        {PATH: FAST + "app = F(dependencies=[Depends(RateLimiter())])\n"
         .replace("F(", "FastAPI(") + ROUTE.format("a", "", "")},
        {PATH: REST + "class A(APIView):\n    throttle_classes = [B]\n"},
        {PATH: REST + "class A(APIView):\n    pass\n", SETTINGS: "R = {'DEFAULT_THROTTLE_CLASSES': [A]}"},
        {PATH: "from asgi_ratelimit import X\n" + APP + "app.add_middleware(X)\n" + ROUTE.format("a", "", "")},
    ],
)  # fmt: skip
def test_limits_for_all_routes_or_on_each(files: dict[str, str]) -> None:
    reading = gathered(INSPECTOR, files)
    assert rules(reading) - {"exposed-advice"} == set()
    assert reading.undecided == {}


@pytest.mark.parametrize(
    ("files", "open_route"),
    [
        ({PATH: SLOW + ROUTE.format("a", LIMIT, "") + ROUTE.format("b", "", "")}, "1 of 2"),
        ({PATH: SLOW + LIMIT + ROUTE.format("a", "", "")}, "1 of 1"),
        ({PATH: SLOW + ROUTE.format("a", "", "") + "limiter.limit('9/m')(blueprint)\n"}, "1 of 1"),
        (
            {
                PATH: FAST + ROUTE.format("a", "", ""),
                "src/app/b.py": "from fastapi import APIRouter\n"
                "APIRouter(dependencies=[Depends(RateLimiter())])\n",
            },
            "1 of 1",
        ),
    ],
)
def test_limits_for_some_routes_are_told_with_the_others(
    files: dict[str, str], open_route: str
) -> None:
    reading = gathered(INSPECTOR, files)
    assert rules(reading) - {"exposed-advice"} == set()
    assert open_route in reading.undecided["exposed-unlimited"]


CALLS = "import httpx\nfrom pyrate_limiter import Limiter\n"


def test_a_limiter_beside_calls_that_go_out_says_nothing_of_the_api() -> None:
    files = {PATH: APP + "from app import client\n", "src/app/client.py": CALLS}
    reading = gathered(INSPECTOR, files)
    assert rules(reading) == set()
    assert "src/app/client.py:2" in reading.undecided["exposed-unlimited"]


def test_a_limiter_that_refuses_requests_limits_the_api() -> None:
    source = CALLS + APP + "Limiter(rate)\nraise HTTPException(429)\n"
    assert gathered(INSPECTOR, {PATH: source}).undecided == {}
