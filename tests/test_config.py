from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.config import load_settings
from doctrine.documents import parse_toml
from doctrine.errors import ConfigError, UsageError
from doctrine.model.observation import Evidence
from doctrine.model.outcome import Verdict
from doctrine.model.replacing import replace
from doctrine.model.settings import FailOn, GateRules, Output, Settings
from doctrine.model.stated import Declaration, OperationKind, StatedFact

FULL = """\
[tool.doctrine]
jobs = 3
timeout = 12.5
fail-on = "should"
baseline = "ci/accepted.txt"
gate = { new-findings = 0 }
format = "json"
output = ["json=report.json", "sarif=a=b"]
install = true
tests = true
python = ".venv/bin/python"
exclude = ["generated/", "*_pb2.py"]
critical-operations = [
    "app.payments:charge",
    "app.cart:Cart.pay",
]

[tool.doctrine.facts]
library = { value = false, reason = "it is a service" }
"""


def load(source: str, **overrides: object) -> Settings:
    return load_settings("/p", parse_toml("pyproject.toml", source), overrides)


def test_every_key_of_the_file_arrives() -> None:
    assert replace(load(FULL), origins={}) == Settings(
        root="/p",
        jobs=3,
        timeout=12.5,
        baseline="ci/accepted.txt",
        gate=GateRules(new_findings=0),
        fail_on=FailOn.SHOULD,
        format="json",
        outputs=(
            Output(format="json", path="report.json"),
            Output(format="sarif", path="a=b"),
        ),
        install=True,
        tests=True,
        python=".venv/bin/python",
        exclude=("generated/", "*_pb2.py"),
        facts={
            "library": StatedFact(
                value=False,
                reason="it is a service",
                place=Evidence(path="pyproject.toml", line=19, detail="stated: it is a service"),
            )
        },
        declarations=(
            Declaration(
                kind=OperationKind.CRITICAL,
                module="app.payments",
                qualname="charge",
                place=Evidence(path="pyproject.toml", line=14, detail="app.payments:charge"),
            ),
            Declaration(
                kind=OperationKind.CRITICAL,
                module="app.cart",
                qualname="Cart.pay",
                place=Evidence(path="pyproject.toml", line=15, detail="app.cart:Cart.pay"),
            ),
        ),
    )


def test_settings_remember_where_they_came_from() -> None:
    settings = load(FULL, jobs=1)
    assert settings.origins["jobs"] == "--jobs"
    assert settings.origins["fail-on"] == "pyproject.toml:4"
    assert "audit" not in settings.origins


def test_a_flag_wins_and_an_absent_flag_does_not() -> None:
    settings = load(FULL, fail_on="never", format=None, audit=True, outputs=["html=x.html"])
    assert settings.fail_on is FailOn.NEVER
    assert settings.format == "json"
    assert settings.audit
    assert settings.outputs == (Output(format="html", path="x.html"),)


def test_stated_facts_of_file_and_flags_add_up() -> None:
    said = {name: {"value": True, "reason": "we say so"} for name in ("library", "async")}
    settings = load(FULL + said_in_file("crypto"), facts=said)
    assert {name: (fact.value, fact.reason) for name, fact in settings.facts.items()} == {
        "library": (True, "we say so"),
        "async": (True, "we say so"),
        "crypto": (False, "not in use"),
    }


def said_in_file(name: str) -> str:
    return f'{name} = {{ value = false, reason = "not in use" }}\n'


def test_without_a_file_there_are_defaults() -> None:
    assert load_settings("/p", None, {}) == Settings(root="/p")


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("[tool.doctrine]\n\nfail_on = 'must'", 3, "did you mean 'fail-on'"),
        (
            "[tool.doctrine]\nzzz = 1",
            2,
            "one of: attestations, baseline, cache-dir, cache-size, critical-operations",
        ),
        ("[tool.doctrine]\njobs = true", 2, "whole number"),
        ("[tool.doctrine]\njobs = -1", 2, "whole number"),
        ("[tool.doctrine]\ntimeout = 0", 2, "number of seconds"),
        ("[tool.doctrine]\ntimeout = nan", 2, "number of seconds"),
        ("[tool.doctrine]\ntimeout = inf", 2, "number of seconds"),
        ("[tool.doctrine]\nno-baseline = true", 2, "is not a setting"),
        ("[tool.doctrine]\nno-cache = true", 2, "is not a setting"),
        ("[tool.doctrine]\ncache-size = 0", 2, "whole number of megabytes"),
        ("[tool.doctrine]\ncache-size = true", 2, "whole number of megabytes"),
        ("[tool.doctrine]\ncache-dir = ''", 2, "string that is not empty"),
        ("[tool.doctrine]\nbaseline = ''", 2, "string that is not empty"),
        ("[tool.doctrine]\ngate = 'must'", 2, "must be a table"),
        ("[tool.doctrine.gate]\nmin_score = 80", 2, "did you mean 'min-score'"),
        ("[tool.doctrine.gate]\nverdict = 'conformnt'", 2, "did you mean 'conformant'"),
        ("[tool.doctrine.gate]\nmin-score = 101", 2, "from 0 to 100"),
        ("[tool.doctrine.gate]\nmin-score = nan", 2, "from 0 to 100"),
        ("[tool.doctrine.gate]\nmin-assurance = true", 2, "from 0 to 100"),
        ("[tool.doctrine.gate]\nnew-findings = -1", 2, "not negative"),
        ("[tool.doctrine.gate]\nexpired-waivers = 0.5", 2, "whole number"),
        ("[tool.doctrine.gate]\nclauses = 'SEC005'", 2, "array of strings"),
        ("[tool.doctrine]\nfail-on = 'mst'", 2, "did you mean 'must'"),
        ("[tool.doctrine]\nformat = ''", 2, "string that is not empty"),
        ("[tool.doctrine]\noutput = 'json=x'", 2, "array of strings"),
        ("[tool.doctrine]\noutput = ['json']", 2, "FORMAT=FILE"),
        ("[tool.doctrine]\ntests = 'yes'", 2, "true or false"),
        ("[tool.doctrine]\nexclude = ['!']", 2, "unusable pattern"),
        ("[tool.doctrine]\naudit = true", 2, "is not a setting"),
        ("[tool.doctrine.facts]\nasync = 'yes'", 2, "must be a table"),
        ("[tool.doctrine.facts]\nasync = true", 2, "stated without a reason"),
        (
            "[tool.doctrine.facts]\nasync = false",
            2,
            'write async = { value = false, reason = "why it is so" }',
        ),
        ("[tool.doctrine]\ncritical-operations = 'a:b'", 2, "array of strings"),
        ("[tool.doctrine]\nexpensive-operations = ['a.b']", 2, "MODULE:NAME"),
        ("[tool.doctrine]\nexpensive-operations = ['a/b:c']", 2, "MODULE:NAME"),
        ("[tool.doctrine]\ncritical-operation = ['a:b']", 2, "'critical-operations'"),
        ("[tool.doctrine.facts]\nasync = {value = true}", 2, "has no reason"),
        ("[tool.doctrine.facts]\nasync = {value = 1, reason = 'we know it'}", 2, "true or false"),
        (
            "[tool.doctrine.facts]\nasync = {value = true, reason = 'TODO'}",
            2,
            "says nothing: 'TODO'",
        ),
        ("[tool.doctrine.facts]\nasync = {valu = true, reason = 'x'}", 2, "did you mean 'value'"),
        ("[tool]\ndoctrine = 3", 2, "must be a table"),
        ("tool = 3", 1, "must be a table"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(source: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(source)
    assert caught.value.line == line
    assert said in f"{caught.value.message} {caught.value.hint}"


def test_a_bad_flag_is_named_as_a_flag() -> None:
    with pytest.raises(UsageError, match="--fail-on must be") as caught:
        load("", fail_on="maybe")
    assert not isinstance(caught.value, ConfigError)


def test_facts_and_formats_that_do_not_exist_are_refused() -> None:
    file = parse_toml("pyproject.toml", "[tool.doctrine.facts]\n" + said_in_file("asink"))
    with pytest.raises(ConfigError, match=r"^pyproject.toml:2: tool.doctrine.facts.asink") as fact:
        load_settings("/p", file, {}, fact_ids=("async", "library"))
    assert fact.value.hint == "did you mean 'async'?"
    with pytest.raises(UsageError, match="--output names no report format: 'jsn'") as output:
        load_settings("/p", None, {"output": ["jsn=x"]}, formats=("json", "terminal"))
    assert output.value.hint == "did you mean 'json'?"


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *("jobs", "timeout", "facts", "output", "exclude", "fail-on", "python", "paths"),
                *("zzz", "critical-operations"),
            ]
        ),
        st.recursive(
            st.integers() | st.floats() | st.text() | st.booleans() | st.none(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=20,
        ),
    )
)
def test_any_value_gives_settings_or_a_usage_error(overrides: dict[str, object]) -> None:
    try:
        settings = load_settings("/p", None, overrides)
    except UsageError:
        return
    assert settings.root == "/p"
    assert settings.jobs >= 0
    assert settings.timeout > 0


def test_the_gate_is_read_with_all_its_conditions() -> None:
    rules = load(
        "[tool.doctrine.gate]\nverdict = 'conditional'\nmin-score = 80\nmin-assurance = 70.5\n"
        "new-findings = 0\nexpired-waivers = 1\nclauses = ['SEC*']\n"
    ).gate
    assert rules == GateRules(
        verdict=Verdict.CONDITIONAL,
        min_score=80.0,
        min_assurance=70.5,
        new_findings=0,
        expired_waivers=1,
        clauses=("SEC*",),
    )


def test_a_gate_that_names_no_clause_is_refused_where_the_clauses_are_known() -> None:
    source = "[tool.doctrine.gate]\nclauses = ['SEC*', 'TYP0O1']\n"
    file = parse_toml("pyproject.toml", source)
    known = ("SEC005", "TYP001")
    with pytest.raises(ConfigError, match="names no clause: 'TYP0O1'") as caught:
        load_settings("/project", file, {}, clause_ids=known)
    assert (caught.value.line, caught.value.hint) == (2, "did you mean 'TYP001'?")
    assert load_settings("/project", file, {}).gate.clauses == ("SEC*", "TYP0O1")
