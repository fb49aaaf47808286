"""Lines 1-based; columns 1-based in characters, ends exclusive; paths absolute, or as given.

The formatter as the project configured it, on Python files only: newer versions format notebooks
and Markdown as well, which nobody asked for. From 0.16 on it has JSON; before, one line a file
that nothing escapes. Exit code 2 means that some file could not be formatted as often as that
nothing ran; only the log tells the one from the other.
"""

from __future__ import annotations

import re
import shlex

from msgspec import Struct
from packaging.version import InvalidVersion, Version

from doctrine.model.observation import Applicability, Edit, Finding, Fix, Location
from doctrine.model.process import Completed, Invocation
from doctrine.model.run import Reading
from doctrine.model.tool import Request, Skip, Tool, UnreadableError
from doctrine.tools._decode import decode_log, outside, relative_path, require_exit
from doctrine.tools._ruff import (
    ENVIRONMENT,
    LED_OUT,
    Log,
    configuration,
    decode_diagnostics,
    edits_of,
    inputs,
    is_led_out,
    is_open,
    located,
    narrow,
    path_of,
    places,
    python_paths,
    read_log,
    require_end,
    require_reason,
)

RULE = "unformatted"

_NAME = "ruff-format"
_SOME_FAILED = 2
_JSON = "--output-format=json"
_FIRST_WITH_JSON = Version("0.16")
_WOULD = re.compile(r"^Would reformat: ", re.MULTILINE)
_SUMMARY = re.compile(
    r"^\d+ files? (?:would be reformatted|already formatted|left unchanged).*\Z",
    re.MULTILINE | re.DOTALL,
)


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the one command that compares without writing."""
    if not request.layout.files:
        return Skip(reason="there is no Python file to format")
    if is_led_out(request, "format"):
        return Skip(reason=LED_OUT)
    options, files = configuration(request, "format")
    named, lists = places(request)
    argv = (
        *request.located.command,
        "format",
        "--check",
        "--verbose",
        "--no-cache",
        "--force-exclude",
        *((_JSON,) if _has_json(request.located.version) else ()),
        *options,
        *named,
    )
    invocation = Invocation(
        name="format",
        argv=argv,
        cwd=request.layout.root,
        env=ENVIRONMENT,
        files={**files, **lists},
        timeout=request.settings.timeout,
    )
    return (invocation,)


def _has_json(version: str) -> bool:
    try:
        return Version(version) >= _FIRST_WITH_JSON
    except InvalidVersion:
        return True


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return one finding for each file that would change.

    Raises:
        CrashedError: ruff did not finish; a bad configuration is named with its file.
        UnreadableError: The output is not ruff's.
    """
    done = completed[0]
    log = read_log(done.stderr, request.layout.root)
    finished = {0, 1, 2} if log.seen else {0, 1}
    require_exit(done, frozenset(finished), tool=_NAME)
    said = _said(request, done, log)
    require_reason(done, len(said.found) + len(said.failed), log)
    if done.exit_code == _SOME_FAILED and not said.failed and not log.failed:
        message = "it exited with 2, but names no file that it could not format"
        raise UnreadableError(message)
    files = python_paths(request.layout)
    unread = {path: why for path, why in {**log.failed, **said.failed}.items() if path in files}
    require_end(log, unread)
    return Reading(
        findings=tuple(one for one in said.found if one.location.path in files),
        analysed=(log.seen & files) - unread.keys(),
        unread=unread,
        excluded=len(files - log.seen - unread.keys()),
        undecided=outside(said.printed, request.layout.root, files, tool=_NAME),
    )


class _Said(Struct, frozen=True):
    """What it found: files that it would change, why it gave up on others, and all as printed."""

    found: list[Finding]
    failed: dict[str, str]
    printed: list[str]


def _said(request: Request, done: Completed, log: Log) -> _Said:
    """Return what it found; where it was kept from every file it prints no JSON and no summary."""
    if log.counted == 0 and not done.stdout:
        return _Said([], {}, [])
    in_json = _JSON in done.invocation.argv
    return _from_json(request, done) if in_json else _from_text(request, done, log)


def _from_json(request: Request, done: Completed) -> _Said:
    said = _Said([], {}, [])
    for one in decode_diagnostics(done):
        said.printed.append(one.filename)
        path = path_of(one, request)
        if path is None:
            continue
        if one.rule == RULE:
            edits = edits_of(one) if request.settings.mending else ()
            said.found.append(_finding(located(one, path), edits))
        else:
            said.failed[path] = one.message
    return said


def _from_text(request: Request, done: Completed, log: Log) -> _Said:
    text = decode_log(done.stdout, what="what it printed")
    if not _SUMMARY.search(text) and not log.failed:
        message = "its summary of the formatted files is missing"
        raise UnreadableError(message)
    printed = [chunk.removesuffix("\n") for chunk in _WOULD.split(_SUMMARY.sub("", text))[1:]]
    placed = (relative_path(one, request.layout.root) for one in printed)
    found = [_finding(Location.point(path)) for path in placed if path is not None]
    return _Said(found, {}, printed)


def _finding(place: Location, edits: tuple[Edit, ...] = ()) -> Finding:
    return Finding(
        tool=_NAME,
        rule=RULE,
        message="the formatter would change this file",
        location=place,
        fix=Fix(
            applicability=Applicability.SAFE,
            description=f"ruff format {shlex.quote(place.path)}",
            edits=edits,
        ),
    )


TOOL = Tool(
    per_file=True,
    alone=True,
    name=_NAME,
    distribution="ruff",
    program="ruff",
    prepare=prepare,
    read=read,
    cost=0.3,
    after_parse=False,
    undecided=is_open,
    inputs=inputs,
    narrow=narrow,
    supported=">=0.4",
)
