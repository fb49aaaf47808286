"""The schema that editors check ``[tool.doctrine]`` with agrees with the loader."""

from __future__ import annotations

import json
import tomllib
from functools import cache

import jsonschema
import msgspec
import pytest
from jsonschema import Draft7Validator

from doctrine.cli.schema import Contract, schema
from doctrine.config import load_settings
from doctrine.config.loading import SETTABLE
from doctrine.documents import parse_toml
from doctrine.errors import UsageError
from doctrine.guide.chosen import load_guide
from doctrine.guide.loader import clause_ids
from doctrine.plan import facts_of
from doctrine.reports.discovery import formats
from tests.test_config import FULL

ENTRY = """
[[tool.doctrine.waivers]]
clause = "CPX002"
reason = "the parser is replaced in spring"
owner = "parser team <parser@example.org>"
date = "2030-01-01"
expires = "2030-03-01"
paths = ["src/parser/"]
"""

GATE = """
[tool.doctrine.gate]
verdict = "conditional"
min-score = 80
min-assurance = 70.5
new-findings = 0
expired-waivers = 1
clauses = ["SEC*", "TYP001"]
"""


@cache
def contract(of: Contract) -> dict[str, object]:
    return msgspec.json.decode(schema(of), type=dict[str, object])


def is_fine(source: str) -> bool:
    try:
        jsonschema.validate(tomllib.loads(source), contract(Contract.PYPROJECT), Draft7Validator)
    except jsonschema.ValidationError:
        return False
    return True


def loads(source: str) -> bool:
    try:
        load_settings(
            "/p",
            parse_toml("pyproject.toml", source),
            {},
            fact_ids=facts_of(load_guide()),
            formats=tuple(formats()),
            clause_ids=clause_ids(),
        )
    except UsageError:
        return False
    return True


@pytest.mark.parametrize("of", [Contract.PYPROJECT, Contract.SETTINGS])
def test_it_is_a_schema(of: Contract) -> None:
    Draft7Validator.check_schema(contract(of))


def test_it_knows_every_setting_and_no_other() -> None:
    properties = json.loads(schema(Contract.SETTINGS))["properties"]
    assert list(properties) == list(SETTABLE)
    assert all(one["description"] for one in properties.values())


@pytest.mark.parametrize(
    "source",
    [
        "",
        "[tool.ruff]\nline-length = 100\n",
        "[tool.doctrine]\n",
        FULL.replace('"sarif=a=b"', '"terminal=a=b"'),
        ENTRY,
        GATE,
    ],
)
def test_both_take_what_is_right(source: str) -> None:
    assert loads(source)
    assert is_fine(source)


@pytest.mark.parametrize(
    "wrong",
    [
        "zzz = 1",
        "fail_on = 'must'",
        "jobs = true",
        "jobs = -1",
        "jobs = 1025",
        "jobs = 1.5",
        "timeout = 0",
        "timeout = 86401",
        "fail-on = 'mst'",
        "baseline = ''",
        "gate = 'must'",
        "gate = { min_score = 80 }",
        "gate = { min-score = 101 }",
        "gate = { min-assurance = true }",
        "gate = { verdict = 'good' }",
        "gate = { new-findings = -1 }",
        "gate = { expired-waivers = 0.5 }",
        "gate = { clauses = 'SEC005' }",
        "format = ''",
        "format = 'sarfi'",
        "output = 'json=x'",
        "output = ['json']",
        "output = ['nope=x']",
        "tests = 'yes'",
        "python = ''",
        "exclude = [1]",
        "critical-operations = ['charge']",
        "critical-operations = ['app.payments:']",
        "facts = { async = true }",
        "facts = { async = { value = true } }",
        "facts = { asink = { value = true, reason = 'it is so in the service' } }",
        "waivers = 'SEC005'",
        "attestations = { clause = 'SEC005' }",
    ],
)
def test_both_refuse_what_is_wrong(wrong: str) -> None:
    source = f"[tool.doctrine]\n{wrong}\n"
    assert not loads(source)
    assert not is_fine(source)


@pytest.mark.parametrize(
    "line",
    [
        'clause = "CPX999"',
        'reason = ""',
        'expires = "in spring"',
        "paths = []",
        'pahts = ["src/"]',
    ],
)
def test_an_entry_that_would_not_be_honoured_is_marked(line: str) -> None:
    key = line.partition(" ")[0]
    kept = [one for one in ENTRY.splitlines() if not one.startswith(f"{key} ")]
    assert not is_fine("\n".join((*kept, line)))
    required = {"clause", "reason", "expires"}
    assert is_fine("\n".join(kept)) is (key not in required)
