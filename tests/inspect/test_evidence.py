"""Evidence in tests, from source text to the reading of the inspector."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from doctrine.inspect.evidence import INSPECTOR
from doctrine.model.observation import Severity
from doctrine.model.project import Automation, Module
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.sights import sights
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import ci, look, project, role_of

STORE = """\
import threading
class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.items = {}
    def put(self, key):
        with self.lock:
            self.items[key] = 1
def serve(store):
    threading.Thread(target=store.put).start()
"""
MODEL = """\
from sqlalchemy import Column, String
class User(Base):
    __tablename__ = "users"
    email = Column(String, unique=True)
"""
WEB = {"web-ui": True}


def read(
    files: Mapping[str, str],
    facts: Mapping[str, bool] | None = None,
    automation: Automation | None = None,
) -> Reading:
    modules: list[Module] = []
    for path, text in files.items():
        if path.endswith(".py"):
            parsed = parse(path, role_of(path), text.encode())
            assert isinstance(parsed, ParsedFile), parsed
            modules.append(replace(parsed.module, sights=sights(parsed)))
    judged = project(files, modules=tuple(modules), facts=facts, automation=automation)
    return look(INSPECTOR, judged)


def outcome(reading: Reading, rule: str) -> str:
    """Return what a check of one rule would come to."""
    if any(one.rule == rule and one.severity is not Severity.INFO for one in reading.findings):
        return "fail"
    if rule in reading.undecided:
        return "unverified"
    assert any(one.rule == rule for one in reading.supports), "silence would be a false pass"
    return "pass"


RULES = (
    "thread-safety",
    "race-conditions",
    "idempotence",
    "circuit-breaker",
    "retry",
    "fault-tolerance",
    "browser-tests",
    "unicode-text",
    "constraints",
    "migration-reversibility",
    "scenarios",
    "locales",
)


@pytest.mark.parametrize("rule", RULES)
def test_a_project_without_anything_is_never_passed(rule: str) -> None:
    assert outcome(read({"src/app/a.py": "x = 1\n"}), rule) in {"fail", "unverified"}


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("def test_put():\n    Store().put(1)\n", "fail"),
        ("# not thread-safe yet\n", "unverified"),
        (
            (
                "def test_put():\n    with ThreadPoolExecutor() as e:\n"
                "        f = [e.submit(Store().put, 1)]\n        assert f[0].result() is None\n"
            ),
            "pass",
        ),
        (
            (
                "from threading import Thread as T\ndef run(f):\n    t = T(target=f)\n    t.start()\n"
                "    t.join()\ndef test_put():\n    s = Store()\n    run(s.put)\n    assert s.items\n"
            ),
            "pass",
        ),
        (
            (
                "def test_put():\n    Thread(target=HTTPServer(1).serve_forever).start()\n"
                "    assert Store()\n"
            ),
            "unverified",
        ),
        ("def test_other():\n    Thread(target=print).start()\n    assert 1\n", "unverified"),
        ("TEXT = 'Thread(target=Store)'\n", "unverified"),
        # One piece of work in a thread, awaited at once, meets no other.
        (
            "async def test_put():\n    await to_thread(Store().put, 1)\n    assert 1\n",
            "unverified",
        ),
        (
            (
                "async def test_put():\n    seen = []\n    real = loop.run_in_executor\n"
                "    loop.run_in_executor = spy(seen, real)\n    await put(Store())\n    assert seen\n"
            ),
            "unverified",
        ),
        (
            (
                "async def test_put():\n    s = Store()\n"
                "    await asyncio.gather(*(asyncio.to_thread(s.put, i) for i in range(9)))\n"
                "    assert len(s.items) == 9\n"
            ),
            "pass",
        ),
    ],
)
def test_thread_safety(test: str, expected: str) -> None:
    files = {"src/app/store.py": STORE, "tests/test_a.py": test}
    assert outcome(read(files), "thread-safety") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    def run(self):\n        self.n += 1\n", True),
        (
            "    def run(self):\n        self.work()\n    def work(self):\n        self.n += 1\n",
            True,
        ),
        (
            "    def run(self):\n        self.seen.append(1)\n    def n2(self):\n        self.seen\n",
            True,
        ),
        ("    def run(self):\n        self.m = 1\n", False),
        ("    def run(self):\n        pass\n", False),
    ],
)
def test_state_that_a_thread_shares(body: str, expected: bool) -> None:
    source = (
        "import threading as t\nclass W(t.Thread):\n    def __init__(self):\n        self.n = 0\n"
        "    def total(self):\n        return self.n\n" + body
    )
    parsed = parse("src/app/w.py", role_of("src/app/w.py"), source.encode())
    assert isinstance(parsed, ParsedFile)
    assert ("shared-state" in {one.name for one in sights(parsed)}) is expected


def test_a_flag_that_ends_a_thread_is_no_shared_state() -> None:
    source = (
        "import threading\nclass W(threading.Thread):\n    def run(self):\n        self.on = False\n"
        "    def stop(self):\n        self.on = False\n"
    )
    parsed = parse("src/app/w.py", role_of("src/app/w.py"), source.encode())
    assert isinstance(parsed, ParsedFile)
    assert "shared-state" not in {one.name for one in sights(parsed)}


def test_a_free_threaded_build_makes_threads_meet() -> None:
    files = {
        "src/app/store.py": STORE,
        "tests/test_a.py": "def test_put():\n    t = Thread(target=Store().put)\n    assert t\n",
    }
    assert outcome(read(files), "race-conditions") == "unverified"
    built = ci("pytest", pythons=("3.14", "3.14t"))
    reading = read(files, automation=built)
    assert outcome(reading, "race-conditions") == "pass"
    (shown,) = [one.evidence for one in reading.supports if one.rule == "race-conditions"]
    assert (shown.path, shown.line) == ("tests/test_a.py", 2)
    assert "(Thread on the free-threaded build at .github/workflows/ci.yml:" in shown.detail


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("def test_user():\n    assert User()\n", "fail"),
        (
            "def test_user():\n    with pytest.raises(IntegrityError):\n        save(User())\n",
            "pass",
        ),
        (
            (
                "from sqlalchemy.exc import IntegrityError as Broken\n"
                "def test_user():\n    with pytest.raises(Broken):\n        save(User())\n"
            ),
            "pass",
        ),
        (
            "def test_user():\n    with pytest.raises(IntegrityError):\n        save(Other())\n",
            "unverified",
        ),
        (
            (
                "from pydantic import ValidationError\n"
                "def test_user():\n    with pytest.raises(ValidationError):\n        User()\n"
            ),
            "unverified",
        ),
    ],
)
def test_constraints(test: str, expected: str) -> None:
    files = {"src/app/models.py": MODEL, "tests/test_a.py": test}
    assert outcome(read(files), "constraints") == expected


def test_some_models_of_several_are_named() -> None:
    more = MODEL + "class Team(Base):\n    name = Column(String, unique=True)\n"
    test = "def test_user():\n    with pytest.raises(IntegrityError):\n        save(User())\n"
    reading = read({"src/app/models.py": more, "tests/test_a.py": test})
    assert outcome(reading, "constraints") == "unverified"
    assert "1 of 2 models" in reading.undecided["constraints"]
    assert "Team (src/app/models.py:6)" in reading.undecided["constraints"]


def test_a_form_is_no_model() -> None:
    form = "from django import forms\nclass F(forms.ModelForm):\n    a = forms.CharField(unique=True)\n"
    reading = read({"src/app/forms.py": form, "tests/test_a.py": ""})
    assert outcome(reading, "constraints") == "unverified"


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("from selenium import webdriver\n", "fail"),
        ("def test_a():\n    assert 1\n", "fail"),
        ("from playwright.sync_api import Page\n", "unverified"),
    ],
)
def test_browser(test: str, expected: str) -> None:
    reading = read({"src/app/a.py": "", "tests/test_a.py": test}, WEB)
    assert outcome(reading, "browser-tests") == expected


def test_a_browser_test_that_ci_prepares() -> None:
    files = {"src/app/a.py": "", "tests/test_a.py": "from playwright.sync_api import Page\n"}
    reading = read(files, WEB, ci("playwright install", "pytest"))
    assert outcome(reading, "browser-tests") == "pass"
    assert [one.rule for one in reading.findings if one.rule == "page-fixture"] == ["page-fixture"]


@pytest.mark.parametrize(
    ("declared", "expected"), [("pytest-playwright", "pass"), ("flask", "fail")]
)
def test_a_page_that_a_fixture_gives_is_playwrights(declared: str, expected: str) -> None:
    test = "def test_home(page):\n    page.goto('/')\n    assert page.title()\n"
    groups = f'[dependency-groups]\ntest = ["{declared}"]\n'
    files = {"src/app/a.py": "", "tests/test_a.py": test, "pyproject.toml": groups}
    reading = read(files, WEB, ci("playwright install", "pytest"))
    assert outcome(reading, "browser-tests") == expected


@pytest.mark.parametrize(
    ("literals", "expected"),
    [
        ("'abc'", "fail"),
        ("'Zo\u00eb \u4f60'", "pass"),
        ("'\\u0645', '\\u4f60'", "pass"),
        ("'\u4f60'", "unverified"),
        ("'\u201cquoted\u201d'", "fail"),
    ],
)
def test_text(literals: str, expected: str) -> None:
    test = f"from app import f\ndef test_f():\n    assert f([{literals}])\n"
    files = {"src/app/a.py": "", "tests/test_a.py": test}
    assert outcome(read(files, {"international": True}), "unicode-text") == expected


def test_text_that_was_damaged_is_advice() -> None:
    test = "def test_f():\n    assert f('\u00e4\u00bd\u00a0')\n"
    reading = read({"tests/test_a.py": test})
    (finding,) = (one for one in reading.findings if one.rule == "damaged-text")
    assert (finding.severity, finding.location.line) == (Severity.INFO, 2)


def test_an_assertion_before_the_join_is_advice_and_no_evidence() -> None:
    test = (
        "def test_put():\n    with ThreadPoolExecutor() as e:\n        e.submit(Store().put, 1)\n"
        "        assert 1\n"
    )
    reading = read({"src/app/store.py": STORE, "tests/test_a.py": test})
    assert outcome(reading, "thread-safety") == "unverified"
    assert [one.severity for one in reading.findings if one.rule == "assert-before-join"] == [
        Severity.INFO
    ]


def test_the_reason_says_what_of_threads_is_there() -> None:
    lock = {"src/app/a.py": "import threading\nLOCK = threading.Lock()\n", "tests/test_a.py": ""}
    reason = read(lock, {"concurrent": True, "parallelism": False}).undecided["thread-safety"]
    assert "neither to start one nor to share state" in reason
    pool = {**lock, "src/app/b.py": "from concurrent.futures import ThreadPoolExecutor\n"}
    reason = read(pool, {"concurrent": True, "parallelism": True}).undecided["thread-safety"]
    assert "the threads that the project starts" in reason


def test_the_reason_says_what_is_retried() -> None:
    files = {"src/app/a.py": "import tenacity\n", "tests/test_a.py": "# one more attempt\n"}
    reason = read(files, {"retry": True}).undecided["retry"]
    assert "tests/test_a.py:1 may be about what is retried" in reason
