"""Tests that look like evidence for a clause, and have to do with something else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from doctrine.inspect.evidence import INSPECTOR
from doctrine.model.observation import Evidence
from doctrine.model.project import Fact, Module, Project
from doctrine.model.replacing import replace
from doctrine.model.stated import Declaration, OperationKind
from doctrine.sights import sights
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import ci, declared, look, project, role_of
from tests.inspect.test_evidence import outcome, read

MODELS = """\
from sqlalchemy import Column, String
class User(Base):
    __tablename__ = "users"
    email = Column(String, unique=True)
class Order(Base):
    __tablename__ = "orders"
    number = Column(String, unique=True)
"""
POOL = """\
from concurrent.futures import ThreadPoolExecutor
def fetch_all(urls):
    with ThreadPoolExecutor() as pool:
        return list(pool.map(fetch, urls))
"""
BOTH = "from app.models import Order, User\n"
REFUSED = "    with pytest.raises(IntegrityError):\n        "


def with_sights(files: Mapping[str, str], *operations: Declaration) -> Project:
    """Return a project with what is seen in its files."""
    watched = frozenset(one.qualname for one in operations)
    modules: list[Module] = []
    for path, text in files.items():
        parsed = parse(path, role_of(path), text.encode())
        assert isinstance(parsed, ParsedFile), parsed
        modules.append(replace(parsed.module, sights=sights(parsed, watched)))
    return project(files, modules=tuple(modules), declarations=operations)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("def test_opens(line_breaker):\n    assert line_breaker.is_open\n", "unverified"),
        (
            "from app import breaker\ndef test_order():\n    assert order.state == 'open'\n",
            "unverified",
        ),
        ("def test_new():\n    assert breaker.current_state == 'closed'\n", "unverified"),
        (
            "def test_down(breaker):\n    fail(breaker)\n    assert breaker.current_state == 'open'\n",
            "pass",
        ),
        ("def test_it():\n    with pytest.raises(CircuitBreakerError):\n        call()\n", "pass"),
        (
            (
                "class TestBreaker:\n    def test_failing(self):\n        fail(5)\n"
                "        assert gate.is_open\n"
            ),
            "pass",
        ),
    ],
)
def test_breakers(test: str, expected: str) -> None:
    assert outcome(read({"tests/test_a.py": test}), "circuit-breaker") == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (
            "def test_failed_login_attempts():\n    login('wrong')\n    assert user.attempts == 1\n",
            "unverified",
        ),
        (
            (
                "def test_retry_raises_on_bad_value():\n    with pytest.raises(ValueError):\n"
                "        Settings(retries=-1)\n"
            ),
            "unverified",
        ),
        ("def test_retry_settings():\n    assert Retry(total=3).count == 3\n", "unverified"),
        (
            (
                "def test_retry():\n    def flaky():\n        nonlocal calls\n        calls += 1\n"
                "        raise KeyError\n    assert calls == 3\n"
            ),
            "pass",
        ),
        (
            (
                "def test_retries():\n    stub = Mock(side_effect=[TimeoutError, 42])\n"
                "    assert get(stub) == 42\n"
            ),
            "pass",
        ),
        ("def test_gives_up():\n    with pytest.raises(RetryError):\n        get()\n", "pass"),
    ],
)
def test_retries(test: str, expected: str) -> None:
    assert outcome(read({"tests/test_a.py": test}), "retry") == expected


CLIENT = "import httpx\ndef fetch_prices():\n    return httpx.get(URL)\n"
ASGI = "from httpx import ASGITransport, AsyncClient\n"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (
            ASGI + "async def test_database_down():\n"
            "    mock(side_effect=Exception('gone'))\n"
            "    async with AsyncClient(transport=ASGITransport(app)) as c:\n"
            "        assert (await c.get('/')).status_code == 500\n",
            "unverified",
        ),
        (
            (
                "import httpx\ndef test_page():\n    assert httpx.get(live).text\n"
                "def test_save():\n    mock(side_effect=Exception('full'))\n    assert not save()\n"
            ),
            "unverified",
        ),
        (
            (
                "from httpx import ConnectError\ndef test_down():\n"
                "    mock(side_effect=ConnectError('no'))\n    assert prices() == {}\n"
            ),
            "pass",
        ),
        (
            ASGI + "async def test_down():\n    mock(side_effect=httpx.ConnectError('no'))\n"
            "    async with AsyncClient(transport=ASGITransport(app)) as c:\n        assert c\n",
            "pass",
        ),
        (
            "import respx\ndef test_down():\n    respx.get(U).respond(status_code=503)\n    assert not f()\n",
            "pass",
        ),
    ],
)
def test_failing_dependencies(test: str, expected: str) -> None:
    judged = with_sights({"src/app/prices.py": CLIENT, "tests/test_a.py": test})
    place = Evidence(path="src/app/prices.py", line=1, detail="imports httpx")
    calls = Fact(id="external-calls", value=True, evidence=(place,))
    reading = look(INSPECTOR, replace(judged, facts={"external-calls": calls}))
    assert outcome(reading, "fault-tolerance") == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (
            (
                f"{BOTH}def test_user():\n{REFUSED}save(User(), User())\n"
                "def test_order():\n    assert Order()\n"
            ),
            "unverified",
        ),
        (
            (
                f"{BOTH}def test_user(user_factory):\n{REFUSED}user_factory()\n"
                f"def test_order(make_order):\n{REFUSED}make_order()\n"
            ),
            "pass",
        ),
        (
            (
                f"{BOTH}def test_both():\n    commit.side_effect = IntegrityError()\n"
                f"{REFUSED}save(User(), Order())\n"
            ),
            "unverified",
        ),
    ],
)
def test_each_model_is_asked_for_a_test_of_its_own(test: str, expected: str) -> None:
    files = {"src/app/models.py": MODELS, "tests/test_a.py": test}
    assert outcome(read(files), "constraints") == expected


@pytest.mark.parametrize(
    ("test", "passes"),
    [
        ("def test_plan():\n    subscription.downgrade('basic')\n", False),
        ("from pytest_alembic.tests import test_upgrade\n", False),
        ("from pytest_alembic.tests import test_up_down_consistency\n", True),
        ("from pytest_alembic.tests import *\n", True),
        ("from alembic import command\ndef test_it():\n    command.downgrade(c, 'base')\n", True),
    ],
)
def test_what_takes_a_migration_back(test: str, passes: bool) -> None:
    reading = read({"tests/test_a.py": test})
    assert (outcome(reading, "migration-reversibility") == "pass") is passes


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (
            "def test_page():\n    Thread(target=fill_the_buffer).start()\n    assert page()\n",
            "unverified",
        ),
        (
            (
                "def test_all():\n    with ThreadPoolExecutor() as p:\n"
                "        f = p.submit(fetch_all, [])\n    assert f.result() == []\n"
            ),
            "pass",
        ),
    ],
)
def test_a_thread_drives_what_has_to_do_with_threads(test: str, expected: str) -> None:
    files = {"src/app/pool.py": POOL, "tests/test_a.py": test}
    assert outcome(read(files), "thread-safety") == expected


@pytest.mark.parametrize(
    ("many", "expected"), [("limit = 50", "pass"), ("limit = 5", "unverified")]
)
def test_repetitions_may_have_a_name(many: str, expected: str) -> None:
    test = (
        f"def test_all():\n    {many}\n    for _ in range(8):\n"
        "        Thread(target=repeat, args=(fetch_all, limit)).start()\n    assert done\n"
    )
    files = {"src/app/pool.py": POOL, "tests/test_a.py": test}
    assert outcome(read(files), "race-conditions") == expected


def test_state_of_each_thread_is_driven_by_threads_as_well() -> None:
    source = (
        "import threading\nclass Store:\n    here = threading.local()\n    def incr(self): ...\n"
    )
    test = (
        "def test_incr(store):\n    with ThreadPoolExecutor() as p:\n        p.map(store.incr, keys)\n"
        "    assert store\n"
    )
    files = {"src/app/store.py": source, "tests/test_a.py": test}
    assert outcome(read(files), "thread-safety") == "pass"


def test_a_race_is_provoked_and_looked_at() -> None:
    test = (
        "def test_all():\n    b = Barrier(2)\n    for _ in range(2):\n"
        "        Thread(target=fetch_all, args=(b,)).start()\n"
    )
    files = {"src/app/pool.py": POOL, "tests/test_a.py": test}
    assert outcome(read(files), "race-conditions") == "unverified"
    files["tests/test_a.py"] = f"{test}    assert done\n"
    assert outcome(read(files), "race-conditions") == "pass"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pip install pytest-playwright", "unverified"),
        ("uv sync --group playwright", "unverified"),
        ("uv run playwright install --with-deps chromium", "pass"),
        ("npx playwright@1.50 test", "pass"),
        ("python -m playwright install", "pass"),
    ],
)
def test_ci_installs_browsers_and_not_only_the_package(command: str, expected: str) -> None:
    files = {"tests/test_a.py": "from playwright.sync_api import Page\n"}
    reading = read(files, {"web-ui": True}, ci(command))
    assert outcome(reading, "browser-tests") == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("def test_a():\n    print('\U0001f680 start')\n    assert f('Ren\u00e9')\n", "unverified"),
        ("def test_a():\n    assert f('Ren\u00e9'), '\U0001f4a5 lost'\n", "unverified"),
        ("def test_a():\n    assert f('Ren\u00e9') == '\U0001f4a5'\n", "pass"),
        ("import hypothesis\ndef test_a():\n    assert page.text()\n", "fail"),
        ("from hypothesis import strategies as st\nA = st.text(string.ascii_letters)\n", "fail"),
        ("from hypothesis import strategies as st\nA = st.text(alphabet='abc')\n", "fail"),
        ("from hypothesis import strategies as st\nA = st.text(min_size=1)\n", "pass"),
        ("from hypothesis.strategies import text\nA = text()\n", "pass"),
    ],
)
def test_text_that_the_code_gets(test: str, expected: str) -> None:
    assert outcome(read({"tests/test_a.py": test}), "unicode-text") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    for user in users:\n        charge(user)\n", "fail"),
        ("    [charge(user) for user in users]\n", "fail"),
        ("    for _ in range(2):\n        charge(user)\n", "pass"),
        ("    [charge(user) for _ in range(2)]\n", "pass"),
        ("    charge(user)\n    charge(user)\n", "pass"),
    ],
)
def test_twice_is_twice_the_same(body: str, expected: str) -> None:
    files = {
        "src/app/pay.py": "def charge(user):\n    pass\n",
        "tests/test_a.py": f"def test_charge():\n{body}    assert paid\n",
    }
    operation = declared("app.pay:charge", OperationKind.CRITICAL, path="src/app/pay.py", line=1)
    reading = look(INSPECTOR, with_sights(files, operation))
    assert outcome(reading, "idempotence") == expected
