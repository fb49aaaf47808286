"""``doctrine report compare``: what changed between two stored reports, and a gate on it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from msgspec import Struct

from doctrine.cli.report.choices import CompareFormat
from doctrine.cli.report.compare_json import in_json
from doctrine.cli.report.compare_text import in_text
from doctrine.cli.report.compared import Compared
from doctrine.cli.report.reading import STDIN, read_whole_report
from doctrine.cli.writing import canvas_of, print_text
from doctrine.errors import UsageError
from doctrine.model.replacing import replace
from doctrine.reports._change_conditions import FailOnChange
from doctrine.reports._change_gate import answer
from doctrine.reports._difference import difference
from doctrine.reports._format import Canvas
from doctrine.reports.discovery import formats


class CompareOptions(Struct, frozen=True, kw_only=True):
    """What was asked for.

    Attributes:
        base: The earlier report.
        head: The later report.
        form: How the difference is told.
        fail_on: What the exit code looks at.
    """

    base: str
    head: str
    form: CompareFormat = CompareFormat.TEXT
    fail_on: tuple[FailOnChange, ...] = (FailOnChange.REGRESSION,)


def _in_markdown(compared: Compared, canvas: Canvas) -> str:
    """Return the comment on a pull request, which says what changed."""
    drawn = formats()["pr-comment"].render(compared.head, replace(canvas, base=compared.base))
    return "".join(drawn)


_DRAW: Mapping[CompareFormat, Callable[[Compared, Canvas], str]] = {
    CompareFormat.TEXT: in_text,
    CompareFormat.MARKDOWN: _in_markdown,
    CompareFormat.JSON: in_json,
}


def compare(options: CompareOptions) -> int:
    """Tell what changed.

    Args:
        options: What was asked for.

    Returns:
        What the gate answers: 0, 1 or 3 of the documented table.

    Raises:
        UsageError: A report cannot be used.
    """
    if options.base == options.head == STDIN:
        raise UsageError("only one report can come from stdin", hint="name the other's file")
    base, head = read_whole_report(options.base), read_whole_report(options.head)
    found = difference(base, head)
    compared = Compared(
        base=base,
        head=head,
        names=(options.base, options.head),
        found=found,
        fail_on=options.fail_on,
        answer=answer(found, head, options.fail_on),
    )
    print_text(_DRAW[options.form](compared, canvas_of(sys.stdout)))
    return compared.answer.exit_code
