"""Mypy's server tells of what a change brings about, and never that something holds."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path

import psutil
import pytest

from doctrine.following import Words
from doctrine.model.observation import Finding, Location
from doctrine.model.project import Flaw, Module
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Origin, Reading, ToolRun, ToolStatus
from doctrine.model.tool import Request, Skip
from doctrine.plan import Step
from doctrine.tools import _drivers
from doctrine.tools._mypy_server import Answer, Standing, missing, standing
from doctrine.tools.mypy import TOOL
from doctrine.watch.residents import mypy as module
from doctrine.watch.residents.daemon import Daemon
from doctrine.watch.residents.mypy import ResidentMypy
from doctrine.watch.residents.wire import BrokenError
from tests.tools.asking import ROOT, a_layout, a_request

STRICT = "[tool.mypy]\nstrict = true\n"
DRIVERS = str(Path(_drivers.__file__).parents[1] / "drivers")


def a_line(path: str, line: int = 1, code: str = "assignment", severity: str = "error") -> str:
    told = {"file": path, "line": line, "column": 0, "message": f"wrong {code}", "code": code}
    return json.dumps({**told, "severity": severity}) + "\n"


def a_step(request: Request | None = None) -> Step:
    request = request or a_request(a_layout("a.py", "b.py", toml=STRICT))
    prepared = TOOL.prepare(request)
    assert not isinstance(prepared, Skip)
    return Step(tool=TOOL, request=request, invocations=prepared)


def wanted(step: Step, folder: str = "/scratch") -> Standing | None:
    return standing(step.request, step.invocations, folder)


def a_run(*findings: Finding, status: ToolStatus = ToolStatus.OK) -> ToolRun:
    return ToolRun(
        name="mypy",
        program="mypy",
        version="2.4.1",
        origin=Origin.DOCTRINE,
        status=status,
        covers=Covers.ALL,
        reading=Reading(findings=findings),
    )


def test_it_is_started_with_the_words_of_the_command_that_decide_what_is_found() -> None:
    found = wanted(a_step())
    assert found is not None
    assert found.argv[:3] == ("/doctrine/python", "-I", "/drivers/mypy_driver.py")
    words = found.argv[3:]
    assert {"--output=json", "--no-site-packages", "--show-error-end"} <= set(words)
    assert words[-2:] == ("a.py", "b.py")
    assert not {"-v", "--no-incremental"} & set(words)
    assert not any("cache" in word for word in words)


def _plugged() -> Request:
    return a_request(a_layout("a.py", toml='[tool.mypy]\nplugins = ["a"]\n'))


def _older() -> Request:
    return a_request(a_layout("a.py", toml=STRICT), version="2.3.0")


def _flawed() -> Request:
    request = a_request(a_layout("a.py", "b.py", toml=STRICT))
    flawed = Module(
        path="b.py", role=request.modules[0].role, flaw=Flaw.SYNTAX, flaw_detail="line 1"
    )
    return replace(request, modules=(request.modules[0], flawed))


@pytest.mark.parametrize("request_of", [_plugged, _older, _flawed])
def test_where_it_could_see_something_else_there_is_none(request_of: Callable[[], Request]) -> None:
    assert wanted(a_step(request_of())) is None


def test_what_cannot_be_imported_is_known_from_before_but_not_of_changed_files() -> None:
    before = (a_line("a.py", 1, "import-not-found").strip(), a_line("b.py", 9, "import").strip())
    out = a_line(f"{ROOT}/b.py", 2, "import-untyped") + a_line("b.py") + "no finding\n"
    assert missing(before, out, {"b.py"}, ROOT) == (before[0], out.splitlines()[0])


class Scripted(Daemon):
    """A server that says what a test wants."""

    answers: list[Answer | Exception | None]
    """None: it does not answer at all."""
    takes: int
    """Bytes of memory."""
    asked: list[list[str]]
    started: int
    closed: int

    async def start(self) -> Answer:
        type(self).started += 1
        return await self._next()

    async def ask(self, changed: Iterable[str]) -> Answer:
        self.asked.append(list(changed))
        if self.ended:
            text = "it has ended"
            raise BrokenError(text)
        return await self._next()

    async def _next(self) -> Answer:
        answer = self.answers.pop(0)
        if answer is None:
            await asyncio.Event().wait()
        assert answer is not None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def size(self) -> int:
        return self.takes

    ended = False

    async def close(self) -> None:
        self.ended = True
        type(self).closed += 1


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "live" in request.keywords:
        return
    Scripted.answers, Scripted.asked = [], []
    Scripted.started = Scripted.closed = Scripted.takes = 0
    monkeypatch.setattr(module, "Daemon", Scripted)


READ = Answer(read=("a.py", "b.py"))


def saying(out: str) -> Answer:
    return replace(READ, out=out)


async def grown(resident: ResidentMypy, step: Step | None) -> None:
    """Let a server be started or ended, and wait for it."""
    resident.warm(step)
    for _ in range(5):
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)


async def told(resident: ResidentMypy, step: Step, *paths: str) -> list[tuple[str, int]]:
    """Change files, and return the places that the server tells of."""
    words = Words()
    resident.touch(paths)
    resident.hasten()
    await resident.tell(step, words)
    return [(one.location.path, one.location.line) for one in words.of("mypy")]


def within(work: Callable[[ResidentMypy], Coroutine[object, object, None]]) -> None:
    async def main() -> None:
        resident = ResidentMypy()
        try:
            await work(resident)
        finally:
            await resident.close()
        assert Scripted.closed == Scripted.started

    asyncio.run(main())


def test_it_is_asked_about_all_of_which_the_command_has_not_told_yet() -> None:
    Scripted.answers = [READ, saying(a_line("a.py", 3)), READ, READ]

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        assert await told(resident, step, "a.py") == [], "nobody waits for its start"
        await grown(resident, step)
        assert await told(resident, step, "a.py") == [("a.py", 3)]
        before = resident.changes
        assert await told(resident, step, "b.py", "README.md") == []
        assert Scripted.asked == [[f"{ROOT}/a.py"], [f"{ROOT}/a.py", f"{ROOT}/b.py"]]
        resident.confirmed(a_run(), before)
        await told(resident, step)
        assert Scripted.asked[-1] == [f"{ROOT}/b.py"]

    within(work)


def test_what_the_command_denied_is_not_told_again_and_the_server_starts_anew() -> None:
    Scripted.answers = [READ, saying(a_line("a.py", 3)), READ, saying(a_line("a.py", 9)), READ]

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        await grown(resident, step)
        assert await told(resident, step, "a.py") == [("a.py", 3)]
        resident.confirmed(a_run(), resident.changes)
        assert await told(resident, step, "a.py") == [], "it is not asked any more"
        await grown(resident, step)
        assert await told(resident, step, "a.py") == [], "the same, further down"
        resident.confirmed(a_run(), resident.changes)
        await grown(resident, step)
        assert Scripted.started == 2

    within(work)


def test_one_that_is_denied_again_and_again_is_left_alone_until_all_is_forgotten() -> None:
    Scripted.answers = [
        one for n in range(30) for one in (READ, saying(a_line("a.py", 3, code=f"c{n}")))
    ]

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        for _ in range(20):
            await grown(resident, step)
            if await told(resident, step, "a.py"):
                resident.confirmed(a_run(), resident.changes)
        started = Scripted.started
        assert started < 15
        assert Scripted.closed == started, "nobody asks it, so it does not stay"
        resident.forget()
        await grown(resident, step)
        assert Scripted.started == started + 1

    within(work)


def test_what_the_command_confirms_lets_it_stay() -> None:
    Scripted.answers = [READ, saying(a_line("a.py", 3)), saying(a_line("a.py", 3))]
    place = Location(path="a.py", line=3)
    same = Finding(tool="mypy", rule="assignment", message="wrong assignment", location=place)

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        for _ in range(2):
            await grown(resident, step)
            assert await told(resident, step, "a.py") == [("a.py", 3)]
            resident.confirmed(a_run(same), resident.changes)
        resident.confirmed(a_run(status=ToolStatus.CRASHED), resident.changes)
        await grown(resident, step)
        assert Scripted.started == 1

    within(work)


@pytest.mark.parametrize(
    "answer",
    [
        BrokenError("it has ended"),
        None,
        Answer(blocked=True),
        saying("{nonsense}\n"),
        saying(a_line("a.py", severity="note")),
    ],
    ids=["ended", "hangs", "stopped", "babbles", "notes"],
)
def test_it_says_nothing_where_it_cannot_be_believed(
    answer: Answer | Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Scripted.answers = [READ, answer]
    if answer is None:
        monkeypatch.setattr(module, "_PATIENCE", 0.05)

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        await grown(resident, step)
        assert await told(resident, step, "a.py") == []
        assert Scripted.asked == [[f"{ROOT}/a.py"]]
        assert Scripted.closed == (not isinstance(answer, Answer)), "it is not asked again"

    within(work)


def test_one_that_needs_too_much_is_not_kept_and_one_that_grew_starts_anew() -> None:
    Scripted.answers = [READ, READ, READ]

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        await grown(resident, step)
        Scripted.takes = module.MOST + 1
        await told(resident, step, "a.py")
        for _ in range(3):
            await grown(resident, step)
        assert Scripted.started == 2
        assert Scripted.closed == 2
        assert await told(resident, step, "a.py") == []

    within(work)


def test_one_whose_command_is_not_to_run_ends_and_one_that_waits_for_a_mended_file_stays() -> None:
    Scripted.answers = [READ, READ, READ]

    async def work(resident: ResidentMypy) -> None:
        await grown(resident, a_step())
        await grown(resident, a_step(_flawed()))
        assert (Scripted.started, Scripted.closed) == (1, 0), "until the file can be parsed again"
        await grown(resident, a_step(_plugged()))
        assert (Scripted.started, Scripted.closed) == (1, 1)
        await grown(resident, a_step())
        await grown(resident, None)
        assert (Scripted.started, Scripted.closed) == (2, 2)
        assert await told(resident, a_step(), "a.py") == []
        assert Scripted.asked == []

    within(work)


def test_a_question_to_one_that_has_ended_meanwhile_does_not_end_its_successor() -> None:
    Scripted.answers = [READ, saying(a_line("a.py", 3)), READ, saying(a_line("a.py", 4))]
    other = a_step(a_request(a_layout("a.py", "c.py", toml=STRICT)))

    async def work(resident: ResidentMypy) -> None:
        await grown(resident, a_step())
        resident.touch(["a.py"])
        resident.hasten()  # this one has its turn before the successor is started
        resident.warm(other)
        resident.hasten()  # and this one after that
        await grown(resident, other)
        assert (Scripted.started, Scripted.closed) == (2, 1)
        assert await told(resident, other) == [("a.py", 4)]

    within(work)


def test_what_the_command_finds_on_another_line_is_not_denied() -> None:
    Scripted.answers = [READ, saying(a_line("a.py", 3)), saying(a_line("a.py", 4))]
    place = Location(path="a.py", line=4)
    same = Finding(tool="mypy", rule="assignment", message="wrong assignment", location=place)

    async def work(resident: ResidentMypy) -> None:
        step = a_step()
        await grown(resident, step)
        assert await told(resident, step, "a.py") == [("a.py", 3)]
        resident.confirmed(a_run(same), resident.changes)
        await grown(resident, step)
        assert Scripted.started == 1
        assert await told(resident, step, "a.py") == [("a.py", 4)]

    within(work)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_its_size_is_its_own_and_not_that_of_whoever_started_it(tmp_path: Path) -> None:
    ballast = b"x" * (100 << 20)
    answer = "Content-Length: 13\r\n\r\n" + '{"params":{}}'
    body = f"print({answer!r}, end='', flush=True); input(); input()"
    argv = (sys.executable, "-IS", "-c", body)
    found = Standing(argv=argv, root=str(tmp_path), env={}, files={})

    async def main() -> int:
        daemon = Daemon(found, str(tmp_path))
        assert daemon.size() == 0
        try:
            await daemon.start()
            return daemon.size()
        finally:
            await daemon.close()

    assert 0 < asyncio.run(main()) < len(ballast)


@pytest.mark.live
@pytest.mark.skipif(os.name == "nt", reason="ends by its standard input")
def test_the_server_sees_changes_that_size_and_seconds_do_not_show(tmp_path: Path) -> None:
    root, scratch = tmp_path / "project", str(tmp_path)
    first_file, other, later = (root / f"src/{name}.py" for name in "abc")
    first_file.parent.mkdir(parents=True)
    first_file.write_text("X: int = 1\n")
    other.write_text("from a import X\n\nY: int = X\n")
    layout = a_layout("src/a.py", "src/b.py", toml=STRICT, sources=("src",))
    layout = replace(layout, root=str(root))
    (root / "pyproject.toml").write_text(STRICT)
    request = a_request(layout)
    located = replace(request.located, python=sys.executable)
    found = wanted(a_step(replace(request, located=located, drivers=DRIVERS)), scratch)
    assert found is not None

    async def main() -> list[str]:
        daemon = Daemon(found, scratch)
        try:
            first = await daemon.start()
            assert set(first.read) >= {"src/a.py", "src/b.py"}
            before = first_file.stat()
            first_file.write_text("X: str = 1\n")
            os.utime(first_file, ns=(before.st_atime_ns, before.st_mtime_ns))
            changed = await daemon.ask([str(first_file)])
            first_file.unlink()
            later.write_text("Z: int = ''\n")
            gone = await daemon.ask([str(first_file), str(later)])
            pid = daemon.pid
            if sys.platform == "linux":
                assert 0 < daemon.size() < module.MOST
            return [first.out, changed.out, gone.out, str(pid)]
        finally:
            await daemon.close()

    first, changed, gone, pid = asyncio.run(main())
    assert not psutil.pid_exists(int(pid))
    assert first == ""
    places = {json.loads(one)["file"] for one in changed.splitlines()}
    assert places == {"src/a.py", "src/b.py"}
    codes = {(told["file"], told["code"]) for told in map(json.loads, gone.splitlines())}
    assert codes == {("src/b.py", "import-not-found"), ("src/c.py", "assignment")}
    assert {path.name for path in root.iterdir()} == {"src", "pyproject.toml"}
