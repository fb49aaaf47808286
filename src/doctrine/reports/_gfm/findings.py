"""Findings in Markdown: a list of places with what is there."""

from __future__ import annotations

from collections.abc import Sequence

from doctrine.reports._format import Canvas
from doctrine.reports._gfm.text import code, place, prose
from doctrine.reports._issues import PROJECT
from doctrine.reports._shape import FindingV1
from doctrine.reports._text import counted


def findings_list(found: Sequence[FindingV1], canvas: Canvas, most: int) -> str:
    """Return the first findings, an item each, and how many more there are.

    Args:
        found: The worst first.
        canvas: Knows where places lead.
        most: How many to show.
    """
    items = [_item(one, canvas) for one in found[:most]]
    more = len(found) - most
    if more > 0:
        items.append(f"- and {counted(more, 'more finding')}\n")
    return "".join(items) + "\n" if items else ""


def _item(one: FindingV1, canvas: Canvas) -> str:
    rules = ", ".join(f"{each.tool}:{each.rule}" for each in one.reported_by[:2])
    told = f" {code(rules)}" if rules else ""
    where = place(canvas, one.path, one.line)
    if one.path in {"", PROJECT}:
        where += ":"  # It is a word of the sentence, where all other places are set apart as code.
    return f"- {where} {prose(one.message)}{told}\n"
