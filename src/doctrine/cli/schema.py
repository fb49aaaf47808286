"""``doctrine schema``: the published contracts, for editors and other programs."""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files

import msgspec

from doctrine.app import GUIDE
from doctrine.config.schema import Json, pyproject_schema, settings_schema
from doctrine.guide.loader import load
from doctrine.plan import facts_of
from doctrine.reports.discovery import formats


class Contract(StrEnum):
    """What has a schema."""

    PYPROJECT = "pyproject"
    SETTINGS = "settings"
    REPORT = "report"


def schema(of: Contract) -> str:
    """Return a JSON Schema as text.

    Args:
        of: ``pyproject`` for editors, which check the whole file; ``settings`` for the table
            alone; ``report`` for ``doctrine.report/v1``.
    """
    if of is Contract.REPORT:
        return files("doctrine.reports").joinpath("report-v1.schema.json").read_text("utf-8")
    guide = load(GUIDE)
    table = settings_schema(
        clauses=[clause.id for clause in guide.clauses],
        facts=facts_of(guide),
        formats=tuple(formats()),
    )
    return _printed(pyproject_schema(table) if of is Contract.PYPROJECT else table)


def _printed(document: Json) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
