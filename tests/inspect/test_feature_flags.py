from __future__ import annotations

import pytest

from doctrine.inspect.feature_flags import INSPECTOR
from tests.inspect.build import rules, seen
from tests.inspect.code import gathered

PATH = "src/app/a.py"
TEST = "tests/test_a.py"
USE = "def f(flags):\n    return flags.is_enabled('new-ui')\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (USE, 2),
        ("from waffle import flag_is_active\ndef f(r):\n    flag_is_active(r, 'new-ui')\n", 3),
        ("import posthog\ndef f(u):\n    posthog.feature_enabled('new-ui', u)\n", 3),
        ("import os\ndef f():\n    os.environ['FEATURE_UI']\n", 3),
        ("from os import getenv\nUI = getenv('FEATURE_UI', '')\n", 2),
        ("NEW_UI = 'new-ui'\ndef f(flags):\n    return flags.is_enabled(NEW_UI)\n", 3),
        (("import flagsmith as fs\nF = fs.Flagsmith()\ndef f():\n"
         "    F.get_environment_flags().is_feature_enabled('new-ui')\n"), 4),
    ],
)  # fmt: skip
def test_a_flag_that_no_test_sets(source: str, line: int) -> None:
    found = seen(gathered(INSPECTOR, {PATH: source, TEST: "def test_a():\n    f()\n"}))
    assert ("flag-untested", PATH, line, "error") in found


@pytest.mark.parametrize(
    "source",
    [
        "def f(plugin):\n    return plugin.is_enabled('host')\n",
        "def f(user):\n    return user.is_active()\n",
        "COLUMNS = ['FEATURE_A', 'FEATURE_B']\n",
        "import os\nTTL = os.getenv('FEATURE_CACHE_SECONDS')\n",
        "import posthog\nposthog.capture('u', 'seen')\n",
        "def f(config):\n    return config.get_value('host')\n",
    ],
)
def test_what_asks_for_no_flag(source: str) -> None:
    reading = gathered(INSPECTOR, {PATH: source})
    assert rules(reading) == set()
    assert not any(one.rule == "flag-untested" for one in reading.supports)


@pytest.mark.parametrize(
    "test",
    [
        (
            "@pytest.mark.parametrize('on', [True, False])\ndef test_a(on, mocker):\n"
            "    mocker.patch('app.a.is_enabled', return_value=on)\n"
        ),
        (
            "@pytest.mark.parametrize('on', [True, False])\ndef test_a(on):\n"
            "    with flags.override('new-ui', on):\n        f()\n"
        ),
        (
            "@pytest.mark.parametrize(('on', 'size'), [(True, 1), (False, 2)])\n"
            "def test_a(on, size, monkeypatch):\n    value = '1' if on else '0'\n"
            "    flags.set('new-ui', value)\n"
        ),
        (
            "@pytest.mark.parametrize('feature_flag', [True, False], indirect=True)\n"
            "def test_a(feature_flag):\n    assert f('new-ui')\n"
        ),
        "def test_a():\n    f(flags={'new-ui': True})\ndef test_b():\n    f(flags={'new-ui': False})\n",
        "@given(booleans())\ndef test_a(on):\n    f(flags={'new-ui': on})\n",
        (
            "def test_a(monkeypatch):\n    for on in (True, False):\n"
            "        monkeypatch.setattr(flags, 'is_enabled', lambda key: on)\n"
        ),
        (
            "class TestA:\n    def test_a(self):\n        with override_flag('new-ui'):\n            f()\n"
            "    def test_b(self):\n        with override_flag('new-ui', active=False):\n            f()\n"
        ),
    ],
)
def test_both_states(test: str) -> None:
    reading = gathered(INSPECTOR, {PATH: USE, TEST: test})
    assert rules(reading) == set()
    assert reading.undecided == {}
    assert any(one.rule == "flag-untested" for one in reading.supports)


@pytest.mark.parametrize(
    ("test", "lacking"),
    [
        ("def test_a(mocker):\n    mocker.patch('a.is_enabled', return_value=True)\n", "off"),
        ("def test_a():\n    f(flags={'new-ui': True})\n    assert g() is False\n", "off"),
        ("def test_a():\n    f(flags={'new-ui': False})\n", "on"),
        ("def test_a():\n    f(flags={'other': False})\n    g({'other': True})\n", "on or off"),
    ],
)
def test_a_state_that_no_test_has(test: str, lacking: str) -> None:
    reading = gathered(INSPECTOR, {PATH: USE, TEST: test})
    (found,) = (one for one in reading.findings if one.rule == "flag-untested")
    assert f"no test has the flag new-ui {lacking}:" in found.message


@pytest.mark.parametrize(
    "test",
    [
        "def test_a(monkeypatch):\n    monkeypatch.setenv('FEATURE_UI', '1')\n",
        "def test_a(value):\n    put('FEATURE_UI', value)\n",
    ],
)
def test_a_variable_may_be_off_by_default(test: str) -> None:
    source = "import os\ndef f():\n    return os.getenv('FEATURE_UI')\n"
    reading = gathered(INSPECTOR, {PATH: source, TEST: test})
    assert rules(reading) == set()
    assert "flag-untested" in reading.undecided


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("src/app/views.py", "import ldclient\ndef f(c):\n    ldclient.get().variation('a', c, 0)\n", [3]),
        ("src/app/flags.py", "import ldclient\ndef f(c):\n    ldclient.get().variation('a', c, 0)\n", []),
        ("src/app/views.py", "import ldclient\ndef f(k, c):\n    ldclient.get().variation(k, c, 0)\n", []),
        ("src/app/views.py", "import ldclient\nldclient.set_config(1)\n", []),
    ],
)  # fmt: skip
def test_a_vendor_is_asked_by_adapters_only(path: str, source: str, found: list[int]) -> None:
    reading = gathered(INSPECTOR, {path: source})
    assert [line for rule, _, line, _ in seen(reading) if rule == "vendor-flag-call"] == found


def test_users_are_not_drawn_by_lot() -> None:
    source = (
        "import random\nclass FeatureFlags:\n    def is_enabled(self, flag):\n"
        "        return random.random() < 0.1\n"
    )
    assert ("flag-advice", PATH, 4, "info") in seen(gathered(INSPECTOR, {PATH: source}))


OPEN = "from openfeature import api\nc = api.get_client()\ndef f():\n    return c.{call}\n"
MANY = OPEN.format(call="get_string_value('colour', 'blue')")


@pytest.mark.parametrize(
    "test",
    [
        "def test_a():\n    f({'colour': 'red'})\ndef test_b():\n    f({'colour': 'blue'})\n",
        (
            "@pytest.mark.parametrize('variant', ['red', 'blue'])\n"
            "def test_a(variant, put):\n    put('colour', variant)\n"
        ),
        (
            "def test_a(put):\n    put('colour', 'red')\n    f()\n"
            "    put('colour', 'blue')\n    f()\n"
        ),
        (
            "def test_colour(mocker):\n    'colour'\n"
            "    mocker.patch('app.a.c.get_string_value', side_effect=['red', 'blue'])\n"
        ),
    ],
)
def test_a_flag_with_variants_is_tested_with_two_of_them(test: str) -> None:
    reading = gathered(INSPECTOR, {PATH: MANY, TEST: "# flags\n" + test})
    assert rules(reading) == set()
    assert "flag-untested" not in reading.undecided
    assert any(one.evidence.detail == "tests have colour with 2 values" for one in reading.supports)


@pytest.mark.parametrize(
    "test",
    [
        "def test_a():\n    f()\n",
        "def test_a():\n    f({'colour': 'red', 'other': 'blue'})\n",
        "def test_a(put):\n    put('colour', 'red')\n    put('size', 'blue')\n",
        "def test_a():\n    f({'colour': True})\n    assert f() is False\n",
        (
            "@pytest.mark.parametrize('email', ['a@b', 'c@d'])\n"
            "def test_a(email, put):\n    put('colour', 'red')\n"
        ),
    ],
)
def test_a_flag_with_variants_of_which_tests_show_fewer_is_left_open(test: str) -> None:
    reading = gathered(INSPECTOR, {PATH: MANY, TEST: "# flags\n" + test})
    assert rules(reading) == set()
    assert "colour" in reading.undecided["flag-untested"]


@pytest.mark.parametrize(
    "call", ["get_boolean_value('colour', False)", "get_value('colour', default=True)"]
)
def test_a_truth_value_for_default_makes_it_on_or_off(call: str) -> None:
    source = OPEN.format(call=call)
    found = seen(gathered(INSPECTOR, {PATH: source, TEST: "def test_a():\n    f()\n"}))
    assert ("flag-untested", PATH, 4, "error") in found


@pytest.mark.parametrize(
    "test",
    [
        "def test_a(monkeypatch):\n    monkeypatch.setitem(flags, 'new-ui', True, raising=False)\n",
        "def test_a(client):\n    flags.on('new-ui', True)\n    client.get('/', follow_redirects=False)\n",
        "def test_a():\n    flags.on('new-ui', True)\n    ask.assert_called_once_with('new-ui', False)\n",
        "class TestA:\n    def test_a(self):\n        flags.on('new-ui', True)\n        self.assertFalse(f(False))\n",
    ],
)
def test_an_option_beside_a_flag_is_no_state_of_it(test: str) -> None:
    reading = gathered(INSPECTOR, {PATH: USE, TEST: test})
    assert rules(reading) == {"flag-untested"}
    assert "off" in reading.findings[0].message


@pytest.mark.parametrize(
    "test",
    [
        (
            "@pytest.mark.parametrize('verbose', [True, False])\ndef test_a(verbose):\n"
            "    run(verbose=verbose)\n    f(flags=['new-ui'])\n"
        ),
        (
            "@pytest.mark.parametrize('verbose,x', [(True, 1), (False, 2)])\n"
            "def test_a(verbose, x):\n    options = make(verbose)\n    run(options)\n"
            "    f(flags=['new-ui'])\n"
        ),
        "@pytest.mark.parametrize('x', [True, False])\ndef test_a(x):\n    f(flags=['new-ui'])\n",
    ],
)
def test_cases_of_something_else_are_no_states_of_the_flag(test: str) -> None:
    reading = gathered(INSPECTOR, {PATH: USE, TEST: test})
    assert not any(one.rule == "flag-untested" for one in reading.supports)
    assert "flag-untested" in reading.undecided
