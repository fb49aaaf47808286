"""Where what a tool says does not fit together, nothing of it is believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doctrine.model.process import Completed
from doctrine.model.project import Role
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.model.tool import Request, Tool, UnreadableError
from doctrine.tools._decode import decode_log
from tests.faults.damage import Json, at
from tests.tools import recordings
from tests.tools.test_recordings import replayed


def recorded(name: str) -> tuple[Tool, Request, Completed]:
    tool, request, completed = replayed(Path(recordings.RECORDINGS, name))
    return tool, request, completed[0]


def read(
    name: str,
    *,
    stdout: bytes | None = None,
    exit_code: int | None = None,
    rules: tuple[str, ...] | None = None,
) -> Reading:
    """Return what an adapter makes of a recorded run of which something is changed."""
    tool, request, done = recorded(name)
    request = request if rules is None else replace(request, rules=rules)
    said = replace(
        done,
        stdout=done.stdout if stdout is None else stdout,
        exit_code=done.exit_code if exit_code is None else exit_code,
    )
    return tool.read(request, (said,))


def printed(name: str) -> Json:
    _, _, done = recorded(name)
    value: Json = json.loads(done.stdout)
    return value


def listed(value: Json, *path: str | int) -> list[Json]:
    found = at(value, path)
    assert isinstance(found, list)
    return found


def noted(value: Json, *path: str | int) -> dict[str, Json]:
    found = at(value, path)
    assert isinstance(found, dict)
    return found


def encoded(value: Json) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("tool", ["ruff", "ruff-guide"])
def test_an_exit_code_that_tells_of_findings_needs_one(tool: str) -> None:
    assert read(f"{tool}/clean").findings == ()
    with pytest.raises(UnreadableError, match="exited with 1"):
        read(f"{tool}/clean", exit_code=1, stdout=b"[]")


def test_a_single_finding_outside_of_the_project_is_no_silence_about_it() -> None:
    first, *_ = listed(printed("ruff/findings"))
    assert isinstance(first, dict)
    reading = read("ruff/findings", stdout=encoded([{**first, "filename": "/elsewhere/a.py"}]))
    assert reading.findings == ()
    assert "outside" in reading.undecided


@pytest.mark.parametrize(("name", "stray"), [("src/made.py", True), ("notes.txt", False)])
def test_a_finding_of_a_file_that_nobody_knows_is_told(name: str, stray: bool) -> None:
    first, *_ = listed(printed("ruff/findings"))
    assert isinstance(first, dict)
    known = read("ruff/findings", stdout=encoded([first]))
    assert (len(known.findings), known.strays) == (1, ())
    reading = read("ruff/findings", stdout=encoded([{**first, "filename": name}]))
    assert (reading.findings, reading.strays) == ((), (name,) * stray)


def test_a_message_in_other_words_is_not_guessed_at() -> None:
    shown = listed(printed("ruff-guide/findings"))
    first = next(one for one in shown if isinstance(one, dict))
    for code in ("TID251", "UP035"):
        changed: Json = {**first, "code": code, "message": "in other words"}
        with pytest.raises(UnreadableError, match="other words"):
            read("ruff-guide/findings", stdout=encoded([changed]), rules=("TID251/x", "UP035/y"))


def test_a_formatter_that_prints_text_has_to_print_its_summary() -> None:
    tool, request, done = recorded("ruff-format/clean")
    argv = tuple(word for word in done.invocation.argv if not word.startswith("--output-format"))
    silent = replace(done, invocation=replace(done.invocation, argv=argv), stdout=b"")
    with pytest.raises(UnreadableError, match="summary"):
        tool.read(request, (silent,))


def test_dead_code_in_a_file_that_was_not_read_is_a_contradiction() -> None:
    value = printed("vulture/findings")
    item = noted(value, "items", 0)
    items: list[Json] = [{**item, "path": "src/pkg/other.py"}]
    with pytest.raises(UnreadableError, match="did not read"):
        read("vulture/findings", stdout=encoded({**noted(value), "items": items}))


@pytest.mark.parametrize("code", [0, 1])
def test_warnings_alone_may_make_pyright_fail_or_not(code: int) -> None:
    whole = noted(printed("pyright/findings"))
    warning: Json = {**noted(whole, "generalDiagnostics", 0), "severity": "warning"}
    counts: Json = {
        **noted(whole, "summary"), "errorCount": 0, "warningCount": 1, "informationCount": 0
    }  # fmt: skip
    value: Json = {**whole, "generalDiagnostics": [warning], "summary": counts}
    assert len(read("pyright/findings", stdout=encoded(value), exit_code=code).findings) == 1


def test_a_source_that_was_not_measured_is_counted_as_left_out() -> None:
    tool, request, done = recorded("coverage/findings")
    before = tool.read(request, (done,)).excluded
    source = next(file for file in request.layout.files if file.role is Role.SOURCE)
    files = (*request.layout.files, replace(source, path="src/pkg/unmeasured.py"))
    more = replace(request, layout=replace(request.layout, files=files))
    assert tool.read(more, (done,)).excluded == before + 1


@pytest.mark.parametrize("raw", [b"a\xff", b"a\0b"])
def test_a_log_with_bytes_that_no_tool_prints_is_none(raw: bytes) -> None:
    with pytest.raises(UnreadableError, match="a log"):
        decode_log(raw, what="a log")
