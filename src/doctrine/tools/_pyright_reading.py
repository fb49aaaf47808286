"""What pyright's output says, and which files it proves to have been read."""

from __future__ import annotations

from collections import Counter

from doctrine.model.observation import Finding
from doctrine.model.process import Completed
from doctrine.model.project import SourceFile
from doctrine.model.run import Reading
from doctrine.model.tool import Request, UnreadableError
from doctrine.tools._decode import decode_json, decode_text, outside, require_exit, strays
from doctrine.tools._pyright_config import MAX_SIZE, covered, find_config, sources
from doctrine.tools._pyright_output import Output, findings_of, missing_packages

_FINISHED = frozenset({0, 1})


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings, and the files that the summary accounts for.

    Raises:
        CrashedError: Pyright did not finish, or could not read its configuration.
        UnreadableError: The output is not pyright's.
    """
    done = completed[0]
    require_exit(done, _FINISHED, tool="pyright")
    output = decode_json(done.stdout, Output, what="its JSON", lenient=True)
    _require_counts(done, output)
    layout = request.layout
    expected = _expected(request)
    missing = missing_packages(output, layout)
    findings = tuple(findings_of(output, layout, frozenset(missing)))
    analysed = _analysed(output, expected, findings)
    too_large = {
        file.path: "pyright reads no file of more than 50 MB"
        for file in layout.files
        if file.size > MAX_SIZE
    }
    known = frozenset(file.path for file in layout.files)
    told = {one.file for one in output.generalDiagnostics if one.severity != "information"}
    return Reading(
        findings=findings,
        analysed=analysed,
        unread=too_large,
        excluded=len(layout.files) - len(expected),
        missing_packages=missing,
        undecided=outside(told, layout.root, known, tool="pyright"),
        strays=strays(told, layout.root, known),
        note=_note(done, output, expected),
    )


def _require_counts(done: Completed, output: Output) -> None:
    """Raise when the parts of the output contradict each other.

    Raises:
        UnreadableError: The findings are others than the summary or the exit code tells of.
    """
    told = output.summary
    counted = {
        "error": told.errorCount,
        "warning": told.warningCount,
        "information": told.informationCount,
    }
    shown = Counter(one.severity for one in output.generalDiagnostics)
    # Warnings make it fail where the project asks for that.
    reasons = told.errorCount + (told.warningCount if done.exit_code else 0)
    if shown != Counter(counted) or bool(reasons) is not bool(done.exit_code):
        message = (
            f"it shows {shown.total()} findings, its summary counts {sum(counted.values())}, "
            f"{told.errorCount} of them errors, and it exited with {done.exit_code}"
        )
        raise UnreadableError(message)


def _expected(request: Request) -> tuple[SourceFile, ...]:
    """Return the project's files that this run has to cover."""
    config = find_config(request.layout)
    if not config.path:
        return sources(request.layout)
    return covered(request.layout, config.options or {})


def _analysed(
    output: Output, expected: tuple[SourceFile, ...], findings: tuple[Finding, ...]
) -> frozenset[str]:
    """Return what the count proves: all of what was expected, or only what has findings."""
    if expected and output.summary.filesAnalyzed >= len(expected):
        return frozenset(file.path for file in expected)
    return frozenset(finding.location.path for finding in findings)


def _note(done: Completed, output: Output, expected: tuple[SourceFile, ...]) -> str:
    said = " ".join(line for line in decode_text(done.stderr).splitlines() if "onfig" in line)
    count = output.summary.filesAnalyzed
    if count < len(expected):
        said = f"pyright read {count:,} of {len(expected):,} files. {said}"
    return said.strip()[:400]
