"""``doctrine waive`` and ``doctrine attest`` as Typer shows them."""

from __future__ import annotations

from typing import Annotated

import typer

from doctrine.cli.completion import clause_ids
from doctrine.cli.writing import print_text
from doctrine.model.stated import EntryKind

_Clause = Annotated[
    str | None,
    typer.Argument(help="Id of a clause, such as CPX002.", autocompletion=clause_ids),
]
_Owner = Annotated[str | None, typer.Option(help="Who answers for it; git's user if left out.")]
_Expires = Annotated[str | None, typer.Option(help="Its last day, such as 2030-01-31.")]
_Days = Annotated[
    int | None,
    typer.Option(help="How long it lasts: at most 90 days for a MUST, 365 for a SHOULD."),
]
_Evidence = Annotated[
    list[str] | None,
    typer.Option(help="File of the project, or URL, that bears it out. Can be repeated."),
]
_Replace = Annotated[bool, typer.Option("--replace", help="Write over the one there is.")]
_Diff = Annotated[bool, typer.Option("--diff", help="Show what would be written; write nothing.")]
_List = Annotated[bool, typer.Option("--list", help="List those there are, with the days left.")]
_Project = Annotated[str, typer.Option(help="A folder of the project.")]


def waive(
    clause: _Clause = None,
    *,
    reason: Annotated[str | None, typer.Option(help="Why the clause is not kept.")] = None,
    owner: _Owner = None,
    expires: _Expires = None,
    days: _Days = None,
    path: Annotated[
        list[str] | None,
        typer.Option(help="Waive only findings in files of this pattern. Can be repeated."),
    ] = None,
    evidence: _Evidence = None,
    replace: _Replace = False,
    diff: _Diff = False,
    list_: _List = False,
    project: _Project = ".",
) -> None:
    """Excuse a clause that fails, with a reason and until a day, in pyproject.toml."""
    from doctrine.cli.record import RecordOptions, record

    options = RecordOptions(
        kind=EntryKind.WAIVER,
        project=project,
        clause=clause,
        words=reason,
        owner=owner,
        expires=expires,
        days=days,
        paths=tuple(path or ()),
        evidence=tuple(evidence or ()),
        replace=replace,
        diff=diff,
        listing=list_,
    )
    print_text(record(options))


def attest(
    clause: _Clause = None,
    *,
    statement: Annotated[
        str | None, typer.Option(help="What you know that shows that the clause is kept.")
    ] = None,
    owner: _Owner = None,
    expires: _Expires = None,
    days: _Days = None,
    evidence: _Evidence = None,
    replace: _Replace = False,
    diff: _Diff = False,
    list_: _List = False,
    project: _Project = ".",
) -> None:
    """State that a clause is kept which nothing could verify, in pyproject.toml."""
    from doctrine.cli.record import RecordOptions, record

    options = RecordOptions(
        kind=EntryKind.ATTESTATION,
        project=project,
        clause=clause,
        words=statement,
        owner=owner,
        expires=expires,
        days=days,
        evidence=tuple(evidence or ()),
        replace=replace,
        diff=diff,
        listing=list_,
    )
    print_text(record(options))
