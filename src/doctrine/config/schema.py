"""The JSON Schema of ``[tool.doctrine]``, for editors that complete and check TOML. Pure.

It says what the loader accepts, with the clause ids, facts and formats that there are; a test holds
the two against each other, key by key and value by value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from doctrine.config.entries import fields_of
from doctrine.config.gate import CONDITIONS, MOST_PERCENT
from doctrine.config.loading import SETTABLE
from doctrine.config.values import LONGEST_TIMEOUT, MOST_JOBS, MOST_MEGABYTES
from doctrine.model.outcome import Verdict
from doctrine.model.settings import FailOn
from doctrine.model.stated import EntryKind

Json = Mapping[str, object]
_TEXT: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_OPERATIONS: Json = {
    "type": "array",
    "items": {"type": "string", "pattern": r"^[^\W\d][\w.]*:[^\W\d][\w.]*$"},
}
_DAY: Json = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def settings_schema(
    *, clauses: Collection[str], facts: Collection[str], formats: Collection[str]
) -> Json:
    """Return the schema of the table.

    Args:
        clauses: Ids of the clauses there are.
        facts: Ids of the facts that can be stated.
        formats: Names of the report formats.
    """
    properties = _properties(clauses, facts, formats)
    missing = SETTABLE.keys() - properties.keys()
    if missing:
        message = f"settings without a schema: {', '.join(sorted(missing))}"
        raise AssertionError(message)
    return {
        "title": "doctrine's settings",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: properties[key] for key in SETTABLE},
    }


def pyproject_schema(table: Json) -> Json:
    """Return the schema of a whole ``pyproject.toml`` that knows doctrine's table alone.

    Args:
        table: From ``settings_schema``.
    """
    tool: Json = {"type": "object", "properties": {"doctrine": table}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "pyproject.toml with [tool.doctrine]",
        "type": "object",
        "properties": {"tool": tool},
    }


def _properties(
    clauses: Collection[str], facts: Collection[str], formats: Collection[str]
) -> dict[str, Json]:
    told = _told
    return {
        "jobs": told("Tools at a time; 0 is one per core.", type="integer", minimum=0,
                     maximum=MOST_JOBS, default=0),
        "timeout": told("Seconds each tool may take.", type="number", exclusiveMinimum=0,
                        maximum=LONGEST_TIMEOUT, default=600),
        "fail-on": told("What the exit code looks at.", enum=[one.value for one in FailOn],
                        default="must"),
        "gate": told("Further conditions of the exit code; all have to be satisfied.",
                     type="object", additionalProperties=False, properties=_conditions()),
        "baseline": told("File of the accepted findings; doctrine-baseline.txt.", **_TEXT),
        "format": told("Format of stdout.", enum=sorted(formats), default="terminal"),
        "output": told("Further reports, as FORMAT=FILE, or a file whose suffix tells.",
                       type="array", items={"type": "string", "pattern":
                       rf"^(({'|'.join(sorted(formats))})=.+|[^=]+\.[a-z]+)$"}),
        "install": told("Install the locked packages in a private environment (network).",
                        type="boolean", default=False),
        "tests": told("Run the tests in a copy to measure coverage.", type="boolean",
                      default=False),
        "network": told("Ask services: known vulnerabilities, rule packs that CI names.",
                        type="boolean", default=False),
        "python": told("Interpreter of the project's environment.", **_TEXT),
        "exclude": told("Gitignore-style patterns of files that are not the project's own.",
                        **_TEXTS),
        "cache-dir": told("Folder inside the project for what is kept between runs; else the "
                          "user's own.", **_TEXT),
        "cache-size": told("Megabytes that it may take.", type="integer", minimum=1,
                           maximum=MOST_MEGABYTES, default=1000),
        "facts": told("Facts you state, each with a reason.", type="object",
                      additionalProperties=False,
                      properties={one: _fact() for one in sorted(facts)}),
        "critical-operations": told("What must not happen twice, as MODULE:NAME.", **_OPERATIONS),
        "expensive-operations": told("What is worth caching, as MODULE:NAME.", **_OPERATIONS),
        "waivers": told("Clauses that may fail for now.", type="array",
                        items=_entry(EntryKind.WAIVER, clauses)),
        "attestations": told("Clauses that somebody knows to be kept.", type="array",
                             items=_entry(EntryKind.ATTESTATION, clauses)),
    }  # fmt: skip


def _told(description: str, **keywords: object) -> Json:
    return {"description": description, **keywords}


def _conditions() -> Json:
    percentage: Json = {"type": "number", "minimum": 0, "maximum": MOST_PERCENT}
    count: Json = {"type": "integer", "minimum": 0}
    known: dict[str, Json] = {
        "verdict": _told("The worst verdict that will do.", enum=[one.value for one in Verdict]),
        "min-score": _told("The least strict score.", **percentage),
        "min-assurance": _told("The least share that was verified.", **percentage),
        "new-findings": _told("The most failing findings that are not in the baseline.", **count),
        "expired-waivers": _told("The most waivers whose last day is over.", **count),
        "clauses": _told("Patterns of further clauses that may not fail.", **_TEXTS),
    }
    return {key: known[key] for key in CONDITIONS}


def _fact() -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["value", "reason"],
        "properties": {
            "value": {"type": "boolean"},
            "reason": _told("Why it is so, as a reader can check it.", **_TEXT),
        },
    }


def _entry(kind: EntryKind, clauses: Collection[str]) -> Json:
    known: dict[str, Json] = {
        "clause": _told("The clause that it is about.", enum=sorted(clauses)),
        "owner": _told("Who answers for it.", **_TEXT),
        "date": _told("The day it was made.", **_DAY),
        "expires": _told("Its last day.", **_DAY),
        "evidence": _told("Files of the project, or URLs, that bear it out.", minItems=1, **_TEXTS),
        "paths": _told("Only findings in files of these patterns.", minItems=1, **_TEXTS),
        "clause-digest": _told("Of the clause's text when it was written.", type="string"),
        kind.words: _told("Why.", **_TEXT),
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["clause", kind.words, "owner", "date", "expires"],
        "properties": {key: known[key] for key in fields_of(kind)},
    }
