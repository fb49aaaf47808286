"""Pyright's server is believed only where it answered for the files as they are."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.following import Words
from doctrine.model.replacing import replace
from doctrine.plan import Step
from doctrine.tools._pyright_output import Output
from doctrine.tools._pyright_server import Workspace
from doctrine.tools.pyright import TOOL
from doctrine.watch.residents import pyright as resident_module
from doctrine.watch.residents import server as module
from doctrine.watch.residents.pyright import ResidentPyright
from doctrine.watch.residents.server import Server
from doctrine.watch.residents.wire import BrokenError, Frames, Message, framed
from tests.tools.asking import a_layout, a_request, prepared

SPEAKING = Path(__file__).with_name("speaking.py")


def a_workspace(folder: Path, manner: str) -> Workspace:
    scratch = folder.with_name(f"{folder.name}-scratch")
    scratch.mkdir(exist_ok=True)
    return Workspace(
        argv=(sys.executable, str(SPEAKING), manner, f"file://{folder}/a%20b.py"),
        folder=str(folder),
        root=str(folder),
        scratch=str(scratch),
        env={},
        files={"pyrightconfig.json": b"{}"},
    )


def heard(output: bytes) -> list[str]:
    return [one.message for one in msgspec.json.decode(output, type=Output).generalDiagnostics]


async def changed(server: Server) -> tuple[list[str], int]:
    """Start a server, tell it of a change, and return what it says then."""
    await server.start()
    assert heard(server.output()[0]) == ["heard 0"]
    paths = [f"{server.workspace.folder}/a b.py"]
    assert await server.change(paths) == frozenset()  # there is no such file to be shown
    await server.settle(paths)
    output, code = server.output()
    return heard(output), code


def conversation(folder: Path, manner: str) -> tuple[list[str], int]:
    """What a server says after a change; it is ended whatever it does."""

    async def main() -> tuple[list[str], int]:
        server = Server(a_workspace(folder, manner))
        try:
            return await changed(server)
        finally:
            pid = server.pid
            await server.close()
            assert pid is None or not psutil.pid_exists(pid)

    return asyncio.run(main())


def test_what_it_says_after_a_change_counts_and_hints_do_not(tmp_path: Path) -> None:
    assert conversation(tmp_path, "works") == (["heard 2"], 1)
    assert (tmp_path / "pyrightconfig.json").read_bytes() == b"{}"
    assert len([*tmp_path.iterdir()]) == 1, "its folder may be the project"


@pytest.mark.parametrize("manner", ["dies", "babbles", "hangs"])
def test_one_that_dies_babbles_or_hangs_is_not_believed(
    tmp_path: Path, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SILENCE", 0.1)
    monkeypatch.setattr(module, "_SILENCES", 2)
    with pytest.raises(BrokenError):
        conversation(tmp_path, manner)


_MESSAGES = st.lists(
    st.tuples(
        st.integers(0, 9), st.sampled_from(["", "a/b", "\r\n\r\n", "ü", "Content-Length: 1"])
    ),
    max_size=4,
)


@settings(max_examples=50)
@given(_MESSAGES, st.integers(1, 40))
def test_messages_are_whole_however_they_come(messages: list[tuple[int, str]], piece: int) -> None:
    data = b"".join(framed({"id": number, "method": name}) for number, name in messages)
    frames = Frames()
    found: list[Message] = []
    for start in range(0, len(data), piece):
        found += frames.feed(data[start : start + piece])
    assert [(one.id, one.method) for one in found] == messages


@given(st.binary(max_size=80))
def test_anything_else_is_no_message_and_no_crash(data: bytes) -> None:
    try:
        found = Frames().feed(data + b"\r\n\r\n")
    except BrokenError:
        return
    assert found == [] or b"ontent-" in data.lower()


def test_what_is_said_of_the_changed_file_itself_is_known_first(tmp_path: Path) -> None:
    file = tmp_path / "a b.py"
    file.write_text("1\n")

    async def main() -> tuple[frozenset[str], list[str], list[str]]:
        server = Server(a_workspace(tmp_path, "works"))
        try:
            await server.start()
            said = await server.change([str(file), str(tmp_path / "unknown.py")])
            first = heard(server.output()[0])
            await server.settle([str(file)])
            return said, first, heard(server.output()[0])
        finally:
            await server.close()

    said, first, last = asyncio.run(main())
    assert said == {str(file)}
    assert (first, last) == (["heard 1"], ["heard 2"])


def test_another_server_takes_the_place_of_a_grown_one_and_hears_what_changed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown: int | None = None

    def the_workspace(*_: object) -> Workspace:
        return a_workspace(tmp_path, "works")

    def has_grown(server: Server) -> bool:
        return server.pid == grown

    monkeypatch.setattr(resident_module, "workspace", the_workspace)
    monkeypatch.setattr(Server, "has_grown", has_grown)
    layout = replace(a_layout("a b.py"), root=str(tmp_path))
    request = a_request(layout)
    step = Step(tool=TOOL, request=request, invocations=(prepared(TOOL, request),))

    async def said(resident: ResidentPyright) -> list[str]:
        run = await resident.run(step, Words())
        assert run is not None
        return [one.message for one in run.reading.findings]

    async def main() -> None:
        nonlocal grown
        resident = ResidentPyright()
        try:
            assert await said(resident) == ["heard 0"]
            (first,) = psutil.Process().children()
            grown = first.pid
            resident.warm(step)
            resident.warm(step)
            resident.touch(["a b.py"])
            assert await said(resident) == ["heard 2"], "the grown one goes on to answer"
            async with asyncio.timeout(20):
                while first.is_running():  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.02)
            assert len(psutil.Process().children()) == 1
            assert await said(resident) == ["heard 2"], "the other one hears of the change, too"
        finally:
            await resident.close()
        assert not psutil.Process().children()

    asyncio.run(main())
