"""What ``doctrine fix`` has done and what is left to do, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doctrine.adopt.edits import Plan
from doctrine.cli.locking import LOCK
from doctrine.mend.engine import Mended, TakenBack
from doctrine.mend.summary import Counts, Summary

Again = Callable[..., str]
"""Gives the command that was run, with further flags."""

_FEW = 4
"""Files that are named; of more, only the number is told."""


def told_of(
    done: Mended,
    summary: Summary,
    again: Again,
    configuration: Plan,
    *,
    written: bool,
    locked: bool,
) -> str:
    """Return what there is to say, with the command for each thing that is left.

    Args:
        done: What came of it.
        summary: The same, counted.
        again: Gives the command that was run, with further flags.
        configuration: What was configured before.
        written: Whether the changes were written.
        locked: Whether the lock fits what was written.
    """
    lines = (
        *_configured(configuration, written=written),
        *_lines(done, summary, again, written=written),
        *_next(done, configuration, again, written=written, locked=locked),
    )
    return "".join(f"{line}\n" for line in lines)


def _configured(configuration: Plan, *, written: bool) -> Iterator[str]:
    for edit in configuration.edits:
        does, did = ("write", "wrote") if edit.after is not None else ("remove", "removed")
        yield f"{did if written else f'would {does}'} {edit.path}"
        for reason in edit.reasons:
            clauses = f" ({', '.join(reason.clauses)})" if reason.clauses else ""
            yield f"  {reason.text}{clauses}"


def _next(
    done: Mended, configuration: Plan, again: Again, *, written: bool, locked: bool
) -> Iterator[str]:
    paths = {*done.changes, *(one.path for one in configuration.edits)}
    if paths and not written:
        yield f"to write this: {again('--yes') if configuration.edits else again()}"
    elif paths:
        lock = "" if locked else f"`{LOCK}`, "
        yield f"next: {lock}look at `git diff`, run the tests, then `doctrine check`"


def _lines(done: Mended, summary: Summary, again: Again, *, written: bool) -> Iterator[str]:
    yield _headline(done, summary, written=written)
    width = max(map(len, summary.mended), default=0)
    for clause, files in summary.mended.items():
        yield f"  {clause:<{width}}  {sum(files.values())} in {_named(files)}"
    yield from map(_taken_back, done.taken_back)
    yield from _not_mended(done, summary, again)
    yield from _left(done, summary, again)


def _not_mended(done: Mended, summary: Summary, again: Again) -> Iterator[str]:
    if summary.spared:
        yield (
            f"left alone: {_findings(summary.spared)} in files with uncommitted changes, "
            f"{_named(summary.spared)}: commit them, or {again('--allow-dirty')}"
        )
    stubborn = {
        path: number
        for path, number in summary.stubborn.items()
        if all(one.path != path for one in done.taken_back)
    }
    if stubborn:
        yield f"not mended: {_findings(stubborn)} in {_named(stubborn)}, whose repair did not hold"


def _doubted(summary: Summary, again: Again) -> Iterator[str]:
    named = " ".join(f"--clause {one}" for one in summary.doubted)
    shown = " ".join(f"--show {one}" for one in summary.doubted)
    yield f"left: {_findings(summary.doubted)} ({_shares(summary.doubted)}) by another version"
    yield "  than the project pins, which may not report them: mend them with that version installed"
    yield f"  (`doctrine check {shown}` names the command), or by {again('--diff')} {named}"


def _left(done: Mended, summary: Summary, again: Again) -> Iterator[str]:
    if summary.unused:
        named = " ".join(f"--clause {one}" for one in summary.unused)
        yield f"left: {_findings(summary.unused)} ({_shares(summary.unused)}) by tools that neither"
        yield f"  CI nor a hook runs here: doctrine fix --diff {named}"
    if summary.settings and not done.named:
        number = _count(len(summary.settings), "clause")
        yield f"left: the configuration of {number} ({', '.join(summary.settings)}): doctrine init"
    if summary.doubted:
        yield from _doubted(summary, again)
    if summary.unsafe:
        yield f"left: {_findings(summary.unsafe)} ({_shares(summary.unsafe)}) whose repair may"
        yield f"  change what the code does: {again('--unsafe', '--diff')}"
    if summary.manual:
        shown = " ".join(f"--show {one}" for one in summary.manual)
        yield f"left: {_findings(summary.manual)} ({_shares(summary.manual)}) to mend by hand:"
        yield f"  doctrine check {shown}"


def _headline(done: Mended, summary: Summary, *, written: bool) -> str:
    if not done.changes:
        left = (
            summary.stubborn, summary.spared, summary.doubted, summary.unused, summary.unsafe,
        )  # fmt: skip
        return "nothing was mended" if any(left) else "nothing to mend"
    files = _count(len(done.changes), "file")
    return f"{'mended' if written else 'would mend'} {_count(summary.total, 'finding')} in {files}"


def _taken_back(one: TakenBack) -> str:
    rules = ", ".join(map(str, one.rules))
    why = f"there would have been more of {rules}" if one.worse else f"{rules} was still found"
    return f"taken back: {one.path} is as it was, since {why}"


def _named(files: Counts) -> str:
    if len(files) > _FEW:
        return f"{len(files)} files"
    return ", ".join(f"{path} ({number})" if number > 1 else path for path, number in files.items())


def _shares(clauses: Counts) -> str:
    return ", ".join(f"{clause}: {number}" for clause, number in clauses.items())


def _findings(numbers: Counts) -> str:
    return _count(sum(numbers.values()), "finding")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
