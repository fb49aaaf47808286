"""The template and what it may do: every text that it prints is made visible and escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import cast
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from doctrine.reports._digest import is_quiet
from doctrine.reports._text import counted, number, sentence, visible
from doctrine.reports.html.judgement import sign

_CODE = re.compile(r"`([^`]+)`")
_PROSE = 2000
"""Characters of a message that are shown."""


def resource(name: str) -> str:
    """Return a file of this package.

    Args:
        name: Of the file.
    """
    return (files("doctrine.reports.html") / name).read_text("utf-8")


@cache
def environment() -> Environment:
    """Return what compiles and renders templates; compiled once, it serves every report."""
    made = Environment(
        loader=FunctionLoader(resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    # Typed as those that it comes with, which ours are not.
    filters = cast("dict[str, Callable[..., object]]", made.filters)
    filters |= {
        "prose": prose,
        "counted": counted,
        "points": number,
        "sign": sign,
        "query": _query,
        "quiet": is_quiet,
        "percent": "{:.3f}%".format,
    }
    return made


def _finalized(value: object) -> object:
    """Return what is printed: a text from anywhere shows what it holds, and steers nothing."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _query(text: str) -> str:
    """Return a text as a part of an address; what it is compared with was made visible too."""
    return quote(visible(text), safe="")


def prose(text: str, limit: int = _PROSE) -> Markup:
    """Return a message as one paragraph, code between backticks set off.

    Args:
        text: A message.
        limit: Most characters to show; what is cut is counted.
    """
    parts = _CODE.split(sentence(text, limit=limit))
    return Markup().join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def reference(anchors: Mapping[str, str], clause_id: str) -> Markup:
    """Return a clause's id as a link to it, if the page has it.

    Args:
        anchors: Fragments of the addresses of the clauses, by id.
        clause_id: The clause.
    """
    shown = visible(clause_id)
    if clause_id not in anchors:
        return escape(shown)
    return Markup('<a href="#{}">{}</a>').format(anchors[clause_id], shown)
