"""Every adapter against recordings of its tool, against the live tool, and against sabotage."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.model.process import Completed
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.model.tool import CrashedError, Request, Tool, UnreadableError
from doctrine.tools.discovery import tools
from tests.tools import recordings
from tests.tools.advisories import serving

TOOLS = {tool.name: tool for tool in tools()}
CASES = [
    pytest.param(folder, id=f"{folder.parent.name}-{folder.name}") for folder in recordings.cases()
]


@cache
def replayed(folder: Path) -> tuple[Tool, Request, tuple[Completed, ...]]:
    """Return a recording as if its tool had just run on the input where it lies."""
    tool = TOOLS[folder.parent.name]
    case = recordings.case_of(folder)
    root = folder / "input"
    request = recordings.request_of(tool, case, root)
    invocations = recordings.prepared(tool, request, case)
    scrubber = recordings.Scrubber(root, folder / "scratch")
    return tool, request, recordings.load(folder, invocations, scrubber)


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_has_the_needed_recordings(name: str) -> None:
    missing = [
        case
        for case in recordings.NEEDED
        if not (recordings.RECORDINGS / name / case / "case.toml").exists()
    ]
    assert not missing


@pytest.mark.parametrize("folder", CASES)
@pytest.mark.skipif(recordings.RECORD, reason="recording")
def test_recorded_output_is_read_as_expected(folder: Path) -> None:
    tool, request, completed = replayed(folder)
    expected = recordings.read_json(folder / "expected.json")
    scrubber = recordings.Scrubber(folder / "input", folder / "scratch")
    assert scrubber.scrub_value(recordings.outcome(tool, request, completed)) == expected


@pytest.mark.live
@pytest.mark.parametrize("folder", CASES)
def test_live_tool_gives_the_recorded_reading(folder: Path, tmp_path: Path) -> None:
    tool = TOOLS[folder.parent.name]
    case = recordings.case_of(folder)
    root, scratch = tmp_path / "root", tmp_path / "scratch"
    recordings.unpack(folder, case, root)
    before = snapshot(root)
    with serving() as service:
        request = recordings.request_of(tool, case, root, service)
        invocations = recordings.prepared(tool, request, case, service)
        completed = recordings.run_all(invocations, scratch)
    scrubber = recordings.Scrubber(root, scratch)
    outcome = scrubber.scrub_value(recordings.outcome(tool, request, completed))
    assert snapshot(root) == before, "a check wrote into the judged tree"
    if recordings.RECORD:
        recordings.save(folder, completed, scrubber)
        recordings.write_json(folder / "expected.json", outcome)
    assert outcome == recordings.read_json(folder / "expected.json")


def snapshot(root: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content; links by where they point."""
    return {
        str(path.relative_to(root)): str(path.readlink()).encode()
        if path.is_symlink()
        else path.read_bytes()
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


SABOTAGE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "an empty object": lambda _: b"{}",
    "an empty list": lambda _: b"[]",
    "null": lambda _: b"null",
    "a truncated half": lambda raw: raw[: len(raw) // 2],
    "a list of numbers": lambda _: b"[1, 2, 3]",
    "another shape": lambda _: b'{"results": 1, "files": "x", "errors": {"a": null}}',
    "plain words": lambda _: b"Segmentation fault (core dumped)\n",
    "a page of HTML": lambda _: b"<!doctype html><title>502 Bad Gateway</title>",
}


@pytest.mark.parametrize("code", [0, 1])
@pytest.mark.parametrize("damage", SABOTAGE)
@pytest.mark.parametrize("name", TOOLS)
def test_damaged_output_is_never_a_clean_reading(name: str, damage: str, code: int) -> None:
    """Every channel is damaged, so that no proof of what was read is left whole."""
    spoil = SABOTAGE[damage]
    tool, request, completed = replayed(recordings.RECORDINGS / name / "findings")
    half = damage == "a truncated half"
    spoilt = tuple(
        replace(
            one,
            exit_code=code,
            stdout=spoil(one.stdout),
            stderr=b"" if not half else one.stderr,
            kept={kept: spoil(content) for kept, content in one.kept.items()},
        )
        for one in completed
    )
    reading = reading_or_error(tool, request, spoilt)
    if reading is not None:
        assert reading.findings or not reading.analysed


@pytest.mark.parametrize("name", TOOLS)
def test_death_by_signal_is_a_crash(name: str) -> None:
    tool, request, completed = replayed(recordings.RECORDINGS / name / "findings")
    killed = tuple(replace(one, exit_code=-6, stdout=b"", kept={}) for one in completed)
    with pytest.raises((CrashedError, UnreadableError)):
        tool.read(request, killed)


@pytest.mark.parametrize("name", TOOLS)
@given(stdout=st.binary(), stderr=st.binary(), kept=st.binary(), code=st.integers(-15, 300))
def test_any_bytes_are_a_reading_or_a_known_error(
    name: str, stdout: bytes, stderr: bytes, kept: bytes, code: int
) -> None:
    tool, request, completed = replayed(recordings.RECORDINGS / name / "findings")
    wild = tuple(
        replace(
            one,
            exit_code=code,
            stdout=stdout,
            stderr=stderr,
            kept=dict.fromkeys(one.invocation.keep, kept),
        )
        for one in completed
    )
    reading = reading_or_error(tool, request, wild)
    assert reading is None or reading.findings or not reading.analysed


def reading_or_error(
    tool: Tool, request: Request, completed: tuple[Completed, ...]
) -> Reading | None:
    """Return the reading, or None for one of the two errors an adapter may raise."""
    try:
        return tool.read(request, completed)
    except (CrashedError, UnreadableError):
        return None
