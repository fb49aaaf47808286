"""Describes clauses, and the rules of tools that found something no clause is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from doctrine.model.guide import Level as Duty
from doctrine.reports._gfm.text import code, prose
from doctrine.reports._issues import is_security
from doctrine.reports._shape import ClauseV1, GuideV1
from doctrine.reports._text import sentence, visible
from doctrine.reports.sarif.limits import DESCRIPTION, NAME, RULES, fitted
from doctrine.reports.sarif.shape import Configuration, Descriptor, Level, Message, RuleProperties

LEVELS: Mapping[Duty, Level] = {Duty.MUST: "error", Duty.SHOULD: "warning", Duty.MAY: "note"}
_PROBLEMS: Mapping[Level, str] = {
    "error": "error",
    "warning": "warning",
    "note": "recommendation",
}
_SECURITY: Mapping[Duty, str] = {Duty.MUST: "8.0", Duty.SHOULD: "5.0", Duty.MAY: "2.0"}
"""Code scanning calls these high, medium and low. They follow from the level: nobody rated the
single defect."""
_WORDS = re.compile(r"[A-Za-z0-9]+")
_NAMELESS = "nameless"
"""Code scanning takes no empty id."""
_LONGEST = 10_000
"""Characters of a paragraph of help."""


class Rules(Struct, frozen=True):
    """Every rule of a run.

    Attributes:
        descriptors: The clauses in the guide's order, then tools' rules by their ids.
        index: The place of each in ``descriptors``, by its id.
    """

    descriptors: tuple[Descriptor, ...]
    index: Mapping[str, int]


def described(clauses: Iterable[ClauseV1], guide: GuideV1, foreign: Iterable[str]) -> Rules:
    """Return the rules of a run, as many as code scanning takes.

    Args:
        clauses: All clauses of the report.
        guide: Where they are from.
        foreign: Ids of tools' rules, ``ruff:E501``.
    """
    found = {rule_id(clause): _clause(clause, guide) for clause in clauses}
    found |= {one: _foreign(one) for one in sorted(set(foreign)) if one not in found}
    descriptors = tuple(found.values())[:RULES]
    return Rules(descriptors, {one.id: index for index, one in enumerate(descriptors)})


def rule_id(clause: ClauseV1) -> str:
    """Return the id of a clause's rule."""
    return visible(clause.id) or _NAMELESS


def _clause(clause: ClauseV1, guide: GuideV1) -> Descriptor:
    level = LEVELS[clause.level]
    security = is_security(clause)
    name = rule_id(clause)
    tags = ("doctrine", clause.level.lower(), *(("security",) if security else ()))
    return Descriptor(
        id=name,
        name=_name(f"{clause.section} {clause.id}"),
        short_description=Message(text=fitted(clause.statement, DESCRIPTION) or name),
        full_description=Message(
            text=fitted(f"{clause.statement} {clause.rationale}", DESCRIPTION) or name
        ),
        help=_help(clause, guide),
        default_configuration=Configuration(level=level),
        properties=RuleProperties(
            tags=tags,
            problem_severity=_PROBLEMS[level],
            security_severity=_SECURITY[clause.level] if security else None,
            section=visible(clause.section),
            line=clause.line,
        ),
    )


def _help(clause: ClauseV1, guide: GuideV1) -> Message:
    said = (
        ("", clause.statement),
        ("Why", clause.rationale),
        ("Remedy", clause.remedy),
        ("From", f"{guide.title or guide.id} {guide.version}, {clause.section}"),
    )
    parts = [(head, sentence(text, limit=_LONGEST)) for head, text in said if text.strip()]
    plain = [f"{head}: {text}" if head else text for head, text in parts]
    marked = [f"**{head}:** {_prose(text)}" if head else _prose(text) for head, text in parts]
    command = f"doctrine explain {clause.id}"
    return Message(
        text="\n\n".join((*plain, f"`{visible(command)}` shows examples.")),
        markdown="\n\n".join((*marked, f"{code(command)} shows examples.")),
    )


def _foreign(rule: str) -> Descriptor:
    text = f"{rule}: advice of a tool, which fails no clause of the guide."
    return Descriptor(
        id=rule,
        name=_name(rule),
        short_description=Message(text=fitted(text, DESCRIPTION)),
        full_description=Message(text=fitted(text, DESCRIPTION)),
        help=Message(text=text, markdown=_prose(text)),
        default_configuration=Configuration(level="note"),
        properties=RuleProperties(tags=("doctrine", "advice"), problem_severity=_PROBLEMS["note"]),
    )


def _name(text: str) -> str:
    """Return words as an identifier in Pascal case, as SARIF asks of a rule's name."""
    words = "".join(word[0].upper() + word[1:] for word in _WORDS.findall(text))
    return words[:NAME] or "Rule"


def _prose(text: str) -> str:
    return prose(text, limit=_LONGEST)
