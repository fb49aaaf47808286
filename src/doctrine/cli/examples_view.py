"""One project that complies with a clause and one that violates it, as they are in its file."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from rich.text import Text

from doctrine.model.example import Example
from doctrine.model.guide import Clause, Guide
from doctrine.model.outcome import Outcome
from doctrine.reports.terminal.page import Page, styled

_LINES = 24
"""Lines of a file that are shown; what an example is about stands early in it."""


class Shown(Struct, frozen=True, kw_only=True):
    """An example and how it is introduced.

    Attributes:
        label: ``complies``, ``violates``, or ``open`` where the clause cannot be decided.
        owner: The clause it belongs to: a member where the clause is an umbrella.
        example: The example.
    """

    label: str
    owner: Clause
    example: Example


def chosen_examples(guide: Guide, clause: Clause) -> tuple[Shown, ...]:
    """Return the shortest example that complies and the shortest that violates.

    A clause that applies is shown where it holds, rather than where it does not apply; one that
    never fails is shown where it stays open.

    Args:
        guide: The guide.
        clause: The clause; an umbrella without examples of its own is shown by its members.
    """
    members = () if clause.examples else clause.members
    owners = [guide.clause(member) for member in members] or [clause]
    pool = [(owner, example) for owner in owners if owner for example in owner.examples]
    good = _shortest(pool, (Outcome.PASS, Outcome.NOT_APPLICABLE), "complies")
    bad = _shortest(pool, (Outcome.FAIL,), "violates")
    bad = bad or _shortest(pool, (Outcome.UNVERIFIED,), "open")
    return tuple(one for one in (good, bad) if one is not None)


def _shortest(
    pool: Iterable[tuple[Clause, Example]], outcomes: tuple[Outcome, ...], label: str
) -> Shown | None:
    fitting = [
        (outcomes.index(example.outcome), sum(map(len, example.files.values())), order)
        for order, (_, example) in enumerate(pool)
        if example.outcome in outcomes
    ]
    if not fitting:
        return None
    owner, example = list(pool)[min(fitting)[2]]
    return Shown(label=label, owner=owner, example=example)


def show_example(page: Page, shown: Shown, asked: Clause, indent: int) -> None:
    """Write an example's files; what decides it is marked.

    Args:
        page: Where to.
        shown: The example.
        asked: The clause that the page is about.
        indent: Columns before each line.
    """
    example = shown.example
    name = example.name if shown.owner.id == asked.id else f"{shown.owner.id} {example.name}"
    title = page.plain(f"{name}: {example.note}" if example.note else name)
    if page.narrow:
        page.paragraph(styled(f"{shown.label}: ", "dim").append_text(title), "  ")
    else:
        page.paragraph(title, styled(f"  {shown.label:<{indent - 2}}", "dim"))
    margin = " " * (4 if page.narrow else indent)
    for path, text in example.files.items():
        page.line(Text(margin, end="").append_text(page.place(path)))
        _show_text(page, text, margin, _marked(example, path))


def _marked(example: Example, path: str) -> frozenset[int]:
    places = (place.rpartition(":") for place in example.places if example.violates)
    return frozenset(int(line) for name, _, line in places if name == path)


def _show_text(page: Page, text: str, margin: str, marked: frozenset[int]) -> None:
    lines = text.expandtabs(4).splitlines()
    for number, line in enumerate(lines[:_LINES], start=1):
        mark = page.marks.failed if number in marked else " "
        lead = styled(f"{margin}{mark} ", "bold red")
        page.line(lead.append_text(page.plain(line)))
    if len(lines) > _LINES:
        page.line(f"{margin}  {page.marks.more}")
