"""``doctrine report merge``: one report of the reports of a project's parts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from doctrine.cli.files import write_pieces
from doctrine.cli.report.reading import STDIN, read_whole_report
from doctrine.cli.writing import print_text
from doctrine.errors import UsageError
from doctrine.reports._json import pieces
from doctrine.reports._merge.shard import Shard
from doctrine.reports._merge.whole import merged


def merge(given: Sequence[str], output: str | None, project: str) -> int:
    """Merge reports.

    Args:
        given: Reports, each as ``FILE`` or ``FOLDER=FILE``.
        output: The file to write; stdout if left out.
        project: What the whole is called; empty for the name that all parts have.

    Returns:
        0.

    Raises:
        UsageError: A report cannot be used, or they are no parts of one project.
    """
    if sum(one.rpartition("=")[2] == STDIN for one in given) > 1:
        raise UsageError("only one report can come from stdin", hint="name the others' files")
    report = merged([_shard(one) for one in given], project)
    if output is None:
        for piece in pieces(report):
            print_text(piece)
    else:
        write_pieces(pieces(report), Path(output), "merged")
    for problem in report.problems:
        if problem.tool == "doctrine" and "both judged" in problem.message:
            said = f"warning: {problem.message}\n"
            sys.stderr.write(said.encode("utf-8", "backslashreplace").decode("utf-8"))
    return 0


def _shard(given: str) -> Shard:
    """Return a part; a file whose name has a ``=`` in it is a file all the same."""
    folder, equals, file = given.partition("=")
    if not equals or Path(given).exists():
        return Shard(name=given, folder="", report=read_whole_report(given))
    parts = PurePosixPath(folder).parts
    if not folder or not parts or ".." in parts or parts[0] == "/":
        raise UsageError(
            f"{given}: {folder!r} is no folder inside the project",
            hint="write FOLDER=FILE, the folder relative to the project: packages/api=api.json",
        )
    return Shard(name=file, folder="/".join(parts), report=read_whole_report(file))
