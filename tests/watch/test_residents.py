"""Pyright's server is believed only where it answered for the files as they are."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path

import msgspec
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.errors import UsageError
from doctrine.following import Words
from doctrine.model.process import Invocation
from doctrine.model.replacing import replace
from doctrine.plan import Step
from doctrine.tools._pyright_output import Output
from doctrine.tools._pyright_server import Workspace
from doctrine.tools.pyright import TOOL
from doctrine.watch.residents import pyright as resident_module
from doctrine.watch.residents import server as module
from doctrine.watch.residents.child import Child
from doctrine.watch.residents.dialogue import Dialogue
from doctrine.watch.residents.keeping import Keeping
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


def test_a_change_is_told_as_of_one_who_does_not_type() -> None:
    """The server lets one who changes what it is shown finish, for a quarter of a second."""
    said = msgspec.json.encode(Dialogue("/p", "").changing(["/p/a.py"]))
    methods = [one.method for one in msgspec.json.decode(said, type=list[Message])]
    assert methods == [
        "workspace/didChangeWatchedFiles", "textDocument/didClose", "textDocument/didOpen",
    ]  # fmt: skip


def test_of_some_files_it_prints_what_it_says_of_them_alone(tmp_path: Path) -> None:
    async def main() -> tuple[list[str], list[str]]:
        server = Server(a_workspace(tmp_path, "speaks"))
        try:
            await server.start()
            this, other = server.output([f"{tmp_path}/a b.py"]), server.output(["/other.py"])
            return heard(this[0]), heard(other[0])
        finally:
            await server.close()

    assert asyncio.run(main()) == (["heard 0"], [])


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


class Scripted(Server):
    """A server without a process, which starts as a test wants."""

    started: list[Scripted]
    closed: list[Scripted]
    starts: list[asyncio.Event | Exception]
    """When the next ones have started, or why they cannot."""
    answers: list[bool]
    """Whether one answers to the next changes; it does to all others."""
    taken = 1
    """Bytes of memory of each."""

    async def start(self) -> None:
        self.started.append(self)
        start = self.starts.pop(0)
        if isinstance(start, Exception):
            raise start
        await start.wait()

    async def change(self, paths: Sequence[str]) -> frozenset[str]:
        if self.answers and not self.answers.pop(0):
            text = "it has ended"
            raise BrokenError(text)
        return frozenset(paths)

    async def settle(self, paths: Iterable[str]) -> None:
        """Have nothing more to check."""

    async def close(self) -> None:
        self.closed.append(self)

    @classmethod
    def script(cls, *starts: bool | Exception) -> list[asyncio.Event]:
        """Let servers start at once or once their event comes, or fail; return the events."""
        cls.started, cls.closed, cls.starts, cls.answers, cls.taken = [], [], [], [], 1
        events = [asyncio.Event() for _ in starts]
        for one, event in zip(starts, events, strict=True):
            if one is True:
                event.set()
            cls.starts.append(one if isinstance(one, Exception) else event)
        return events


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """What a scripted server is asked."""

    def the_workspace(_: object, planned: Invocation, __: str) -> Workspace | None:
        return a_workspace(tmp_path, "works") if planned.argv[1:] else None

    def size(_: Child) -> int:
        return Scripted.taken

    monkeypatch.setattr(resident_module, "workspace", the_workspace)
    monkeypatch.setattr(resident_module, "Server", Scripted)
    monkeypatch.setattr(Child, "size", size)
    request = a_request(replace(a_layout("a.py"), root=str(tmp_path)))
    return Step(tool=TOOL, request=request, invocations=(prepared(TOOL, request),))


def with_resident(work: Callable[[ResidentPyright], Coroutine[object, object, None]]) -> None:
    async def main() -> None:
        resident = ResidentPyright()
        try:
            await work(resident)
        finally:
            await resident.close()
        assert sorted(map(id, Scripted.closed)) == sorted(map(id, Scripted.started))

    asyncio.run(main())


async def warmed(resident: ResidentPyright, step: Step | None) -> None:
    """Let a server do what it does while nobody waits."""
    resident.warm(step)
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_resident_makes_its_folder_when_it_needs_one_and_never_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    other = tmp_path.with_name(f"{tmp_path.name}-other")
    other.mkdir()

    kept = Keeping[Server]("test")
    with pytest.raises(UsageError, match="no folder for temporary files"):
        _ = kept.scratch
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    made = Path(kept.scratch)
    assert made.is_dir()
    assert (made.parent, kept.scratch) == (other, str(made))
    asyncio.run(kept.close())
    assert list(other.iterdir()) == []


def test_one_that_is_started_anew_is_not_replaced_by_one_that_was_started_before(
    step: Step,
) -> None:
    async def work(resident: ResidentPyright) -> None:
        _, slow, _ = Scripted.script(True, False, True)
        await resident.run(step, Words())
        await warmed(resident, step)
        Scripted.taken = module.MOST + 1
        await warmed(resident, step)
        first, successor = Scripted.started
        resident.forget()
        await resident.run(step, Words())
        slow.set()
        Scripted.taken = 1
        await warmed(resident, step)
        assert Scripted.closed == [first, successor], "the newest one stays"

    with_resident(work)


def test_a_successor_that_cannot_start_is_not_tried_again_before_it_is_needed_more(
    step: Step,
) -> None:
    async def work(resident: ResidentPyright) -> None:
        Scripted.script(True, BrokenError("no memory"), True)
        await resident.run(step, Words())
        await warmed(resident, step)
        Scripted.taken = module.MOST + 1
        for _ in range(3):
            await warmed(resident, step)
        assert len(Scripted.started) == 2
        assert Scripted.closed == Scripted.started[1:], "the grown one goes on"
        Scripted.taken *= 2
        await warmed(resident, step)
        assert len(Scripted.started) == 3
        assert Scripted.closed == Scripted.started[1::-1]

    with_resident(work)


def test_one_that_ends_after_it_has_answered_is_started_anew_and_one_that_never_did_is_not(
    step: Step,
) -> None:
    async def run(resident: ResidentPyright) -> bool:
        resident.touch(["a.py"])
        said = await resident.run(step, Words()) is not None
        await warmed(resident, step)
        return said

    async def work(resident: ResidentPyright) -> None:
        Scripted.script(True, True)
        Scripted.answers = [True, False, False, True]
        told = [await run(resident) for _ in range(6)]
        assert told == [True, True, False, False, False, False], "started, answers, ends; ends"
        assert len(Scripted.started) == 2

    with_resident(work)


def test_one_whose_command_is_not_to_run_ends(step: Step) -> None:
    async def work(resident: ResidentPyright) -> None:
        Scripted.script(True, True)
        await resident.run(step, Words())
        await warmed(resident, None)
        await warmed(resident, None)
        assert Scripted.closed == Scripted.started
        await warmed(resident, step)
        assert len(Scripted.started) == 2
        by_command = replace(step, invocations=(replace(step.invocations[0], argv=("pyright",)),))
        await warmed(resident, by_command)
        assert Scripted.closed == Scripted.started

    with_resident(work)


def test_what_it_says_of_the_changed_file_is_all_and_is_told_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def the_workspace(*_: object) -> Workspace:
        return a_workspace(tmp_path, "works")

    monkeypatch.setattr(resident_module, "workspace", the_workspace)
    (tmp_path / "a b.py").write_text("1\n")
    request = a_request(replace(a_layout("a b.py"), root=str(tmp_path)))
    step = Step(tool=TOOL, request=request, invocations=(prepared(TOOL, request),))
    words = Words()

    async def work(resident: ResidentPyright) -> None:
        await resident.run(step, words)
        assert not words.settled([TOOL.name])
        resident.touch(["a b.py"])
        await resident.run(step, words)

    with_resident(work)
    assert [one.message for one in words.of(TOOL.name)] == ["heard 1"]
    assert words.settled([TOOL.name]) == {TOOL.name: {"a b.py"}}


def test_another_server_takes_the_place_of_a_grown_one_and_hears_what_changed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown: int | None = None

    def the_workspace(_: object, planned: Invocation, __: str) -> Workspace | None:
        return a_workspace(tmp_path, "works") if planned.argv[1:] else None

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
