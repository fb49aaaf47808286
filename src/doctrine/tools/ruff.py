"""Lines 1-based; columns 1-based in characters, ends exclusive; paths absolute.

The linter as the project configured it: its own selection, ignores and ``# noqa``. Findings in
notebooks and in ``pyproject.toml`` are kept, because they fail the project's own gate as well;
what lies outside of the project's files is not.
"""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.model.process import Completed, Invocation
from doctrine.model.run import Reading
from doctrine.model.tool import Request, Skip, Tool
from doctrine.tools._decode import outside, require_exit, strays
from doctrine.tools._ruff import (
    ENVIRONMENT,
    LED_OUT,
    READ_ONLY,
    SYNTAX,
    Diagnostic,
    configuration,
    decode_diagnostics,
    finding_of,
    inputs,
    is_led_out,
    is_open,
    narrow,
    path_of,
    places,
    python_paths,
    read_log,
    require_end,
    require_reason,
)

_NAME = "ruff"
_FINISHED = frozenset({0, 1})


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the one command that lints without writing."""
    if not request.layout.files:
        return Skip(reason="there is no Python file to lint")
    if is_led_out(request, "check"):
        return Skip(reason=LED_OUT)
    options, files = configuration(request, "check")
    named, lists = places(request)
    argv = (
        *request.located.command,
        "check",
        "--verbose",
        *READ_ONLY,
        "--force-exclude",
        *(("--ignore-noqa",) if request.settings.audit else ()),
        "--output-format=json",
        *options,
        *named,
    )
    invocation = Invocation(
        name="check",
        argv=argv,
        cwd=request.layout.root,
        env=ENVIRONMENT,
        files={**files, **lists},
        timeout=request.settings.timeout,
    )
    return (invocation,)


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings, and what the log proves to have been linted.

    Raises:
        CrashedError: ruff did not finish; a bad configuration is named with its file.
        UnreadableError: The output is not ruff's.
    """
    done = completed[0]
    require_exit(done, _FINISHED, tool=_NAME)
    diagnostics = decode_diagnostics(done)
    log = read_log(done.stderr, request.layout.root)
    require_reason(done, len(diagnostics), log)
    files = python_paths(request.layout)
    known = files | frozenset(request.layout.others)
    placed = [(path_of(one, request), one) for one in diagnostics]
    unread = {**log.failed, **_unread(placed)}
    require_end(log, unread)
    skipped = files - log.seen - unread.keys()
    mending = request.settings.mending
    return Reading(
        findings=tuple(
            finding_of(one, path, tool=_NAME, mending=mending)
            for path, one in placed
            if path and path in known
        ),
        analysed=(log.seen & known) - unread.keys(),
        unread={path: why for path, why in unread.items() if path in known},
        excluded=len(skipped),
        undecided=outside(
            (one.filename for one in diagnostics), request.layout.root, known, tool=_NAME
        ),
        strays=strays((one.filename for one in diagnostics), request.layout.root, known),
    )


def _unread(placed: list[tuple[str | None, Diagnostic]]) -> Mapping[str, str]:
    """Return the files that ruff could not read to their end."""
    return {
        path: one.message
        for path, one in placed
        if path and (one.rule == "E902" or (one.rule == SYNTAX and not one.version_gated))
    }


TOOL = Tool(
    per_file=True,
    alone=True,
    name=_NAME,
    distribution="ruff",
    program="ruff",
    prepare=prepare,
    read=read,
    cost=0.5,
    after_parse=False,
    undecided=is_open,
    inputs=inputs,
    narrow=narrow,
    supported=">=0.4",
)
