"""``doctrine schema``: the published contracts, for editors and other programs."""

from __future__ import annotations

import inspect
from enum import StrEnum
from importlib.resources import files

import msgspec

from doctrine.config.schema import Json, pyproject_schema, settings_schema
from doctrine.guide.chosen import GUIDE
from doctrine.guide.loader import load
from doctrine.plan import facts_of
from doctrine.reports.discovery import formats


class Contract(StrEnum):
    """What has a schema."""

    PYPROJECT = "pyproject"
    SETTINGS = "settings"
    REPORT = "report"
    DIFFERENCE = "difference"
    HISTORY = "history"


def schema(of: Contract) -> str:
    """Return a JSON Schema as text.

    Args:
        of: ``pyproject`` for editors, which check the whole file; ``settings`` for the table
            alone; ``report`` for ``doctrine.report/v1``; ``difference`` and ``history`` for what
            ``doctrine report compare`` and ``history`` write as JSON.
    """
    if of is Contract.REPORT:
        return files("doctrine.reports").joinpath("report-v1.schema.json").read_text("utf-8")
    if of is Contract.DIFFERENCE:
        from doctrine.cli.report.compare_json import SCHEMA, DifferenceV1

        return _printed(_of_type(DifferenceV1, SCHEMA))
    if of is Contract.HISTORY:
        from doctrine.cli.report.history.tables import SCHEMA, HistoryV1

        return _printed(_of_type(HistoryV1, SCHEMA))
    guide = load(GUIDE)
    table = settings_schema(
        clauses=[clause.id for clause in guide.clauses],
        facts=facts_of(guide),
        formats=tuple(formats()),
    )
    return _printed(pyproject_schema(table) if of is Contract.PYPROJECT else table)


def _of_type(kind: type[msgspec.Struct], name: str) -> Json:
    """Return the schema of what is written, which names itself in its ``schema``."""
    parts: dict[str, dict[str, object]] = msgspec.json.schema_components(
        (kind,), ref_template="#/$defs/{name}"
    )[1]
    for part in parts.values():
        part["description"] = inspect.cleandoc(str(part.get("description", "")))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "$ref": f"#/$defs/{kind.__name__}",
        "properties": {"schema": {"const": name}},
        "$defs": parts,
    }


def _printed(document: Json) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
