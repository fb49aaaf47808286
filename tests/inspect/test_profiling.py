from __future__ import annotations

import pytest

from doctrine.inspect.profiling import INSPECTOR
from tests.inspect.build import rules
from tests.inspect.code import gathered

MAIN = "src/app/__init__.py"
DDTRACE = '[project]\nname = "app"\ndependencies = ["ddtrace>=3"]\n'


@pytest.mark.parametrize(
    "source",
    [
        "import pyroscope as p\np.configure(application_name='a')",
        "from googlecloudprofiler import start\nstart(service='a')",
        "import ddtrace.profiling.auto",
        "from ddtrace.profiling import Profiler\nProfiler().start()",
        "import sentry_sdk\nsentry_sdk.init(dsn='x', profiles_sample_rate=0.2)",
        "import sentry_sdk\nsentry_sdk.init(profile_session_sample_rate=RATE)",
        "import pyroscope\nif not DEBUG:\n    pyroscope.configure(application_name='a')",
    ],
)
def test_a_profiler_that_the_service_starts(source: str) -> None:
    reading = gathered(INSPECTOR, {MAIN: source})
    shown = {one.rule for one in reading.supports}
    assert shown == {"continuous-profiler", "production-profile"}
    assert set(reading.undecided) == {"profiled-first"}


@pytest.mark.parametrize(
    "source",
    [
        "import pyroscope",
        "configure(application_name='a')",
        "import pyroscope\nif settings.DEBUG:\n    pyroscope.configure(application_name='a')",
        "import sentry_sdk\nsentry_sdk.init(dsn='x')",
        "import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0.0)",
        "import ddtrace\nddtrace.patch_all()",
        "import cProfile\ncProfile.run('f()')",
    ],
)
def test_what_profiles_no_production_leaves_it_open(source: str) -> None:
    reading = gathered(INSPECTOR, {MAIN: source})
    assert {"continuous-profiler", "production-profile"} <= set(reading.undecided)
    assert rules(reading) == set()


@pytest.mark.parametrize(
    ("compose", "off"),
    [
        ("      DD_SERVICE: app", True),
        ("      DD_SERVICE: app\n      DD_PROFILING_ENABLED: 'true'", False),
        ("      - name: DD_PROFILING_ENABLED\n        value: '1'", False),
        ("      # DD_SERVICE: app", False),
        ("      LOG_LEVEL: info", False),
    ],
)
def test_a_tracer_that_is_set_up_and_not_asked_to_profile(compose: str, off: bool) -> None:
    text = f"services:\n  web:\n    environment:\n{compose}\n"
    files = {MAIN: "", "pyproject.toml": DDTRACE, "compose.yaml": text}
    assert ("profiler-off" in rules(gathered(INSPECTOR, files))) is off


def test_a_tracer_that_nothing_deploys_is_no_finding() -> None:
    assert rules(gathered(INSPECTOR, {MAIN: "", "pyproject.toml": DDTRACE})) == set()


def test_tools_and_results_are_shown_and_decide_nothing() -> None:
    files = {
        MAIN: "import cProfile",
        "benchmarks/a.py": "",
        "pyproject.toml": '[dependency-groups]\ndev = ["memory-profiler>=0.61"]\n',
    }
    reading = gathered(INSPECTOR, files)
    shown = {one.evidence.path for one in reading.supports if one.rule == "profiled-first"}
    assert shown == {MAIN, "benchmarks/a.py", "pyproject.toml"}
    assert "profiled-first" in reading.undecided
    assert {one.rule for one in reading.findings} == {"profiler-advice"}


@pytest.mark.parametrize(
    ("path", "decided"),
    [("compose.yaml", True), ("compose.dev.yaml", False), ("docker-compose.override.yml", False)],
)
def test_a_profiler_at_home_is_none_in_production(path: str, decided: bool) -> None:
    text = "services:\n  web:\n    environment:\n      DD_PROFILING_ENABLED: 'true'\n"
    reading = gathered(INSPECTOR, {MAIN: "", path: text})
    assert ("production-profile" not in reading.undecided) is decided
