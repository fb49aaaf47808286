from __future__ import annotations

import pytest

from doctrine.inspect.exposed import INSPECTOR
from tests.inspect.build import rules, seen
from tests.inspect.code import gathered

PATH = "src/app/main.py"
APP = "from fastapi import FastAPI as F\napp = F()\n"


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
        ("from slowapi import Limiter\n" + APP, False),
        ("import limits\n" + APP, False),
        ("from fastapi_limiter import FastAPILimiter\n" + APP, True),
        ("from rest_framework import throttling\n" + APP, True),
        (APP + "REST_FRAMEWORK = {'DEFAULT_THROTTLE_RATES': {}}\n", True),
    ],
)
def test_a_limiter_of_any_kind(source: str, equivalent: bool) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    assert reading.undecided == {}
    assert any(one.rule == "exposed-advice" for one in reading.findings) is equivalent


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
