"""The runner against children that misbehave."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

from doctrine import runner
from doctrine.errors import UsageError
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.runner import (
    AT_ONCE,
    Runner,
    capture,
    child_environment,
    end_staying,
    start_staying,
)
from tests.signals import interruptible


class Silent:
    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, name: str) -> None:
        self.names.append(name)

    def finished(self, name: str, seconds: float) -> None:
        assert seconds >= 0
        assert name in self.names

    def reported(self, run: ToolRun) -> None:
        assert run.name in self.names


def python(code: str, **changes: object) -> Invocation:
    base = Invocation(name="child", argv=(sys.executable, "-c", code), cwd=str(Path.cwd()))
    return Invocation(
        **{
            "name": base.name,
            "argv": base.argv,
            "cwd": base.cwd,
            **changes,  # type: ignore[arg-type]
        }
    )


def run(*invocations: Invocation, jobs: int = 2) -> tuple[Completed, ...]:
    async def main() -> tuple[Completed, ...]:
        async with Runner(jobs=jobs, listener=Silent()) as running:
            return await running.run("tool", invocations, cost=1)

    return asyncio.run(main())


def alive(marker: str) -> list[int]:
    found: list[int] = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words: list[str] = process.info["cmdline"] or []
        if any(marker in word for word in words) and process.info["status"] != "zombie":
            found.append(process.pid)
    return found


def test_output_exit_code_and_files_are_kept() -> None:
    code = (
        "import pathlib,sys; print(pathlib.Path('in.txt').read_text());"
        "pathlib.Path('out.txt').write_text('made'); print('bad', file=sys.stderr); sys.exit(3)"
    )
    (done,) = run(
        python(code, cwd="{scratch}", files={"in.txt": b"given"}, keep=("out.txt", "none.txt"))
    )
    assert (done.ending, done.exit_code) == (Ending.EXITED, 3)
    assert done.stdout.strip() == b"given"
    assert done.stderr.strip() == b"bad"
    assert done.kept == {"out.txt": b"made"}


def test_it_is_told_what_each_child_has_spent() -> None:
    busy = python("import time\nwhile time.process_time() < 0.1: pass")
    idle = python("import time; time.sleep(0.1)")
    worked, slept = run(busy, idle)
    assert worked.cpu >= 0.1
    assert 0 < slept.cpu < worked.cpu


def test_scratch_is_filled_in_and_removed() -> None:
    (done,) = run(
        python(
            "import sys; print(sys.argv[1])",
            argv=(sys.executable, "-c", "import sys; print(sys.argv[1])", "{scratch}"),
        )
    )
    folder = Path(done.stdout.decode().strip())
    assert folder.is_absolute()
    assert not folder.exists()


def test_what_a_child_leaves_among_temporary_files_goes_with_the_run() -> None:
    code = "import os,tempfile; print(tempfile.mkdtemp()); os.kill(os.getpid(), 9)"
    code = code.replace("mkdtemp()", "mkdtemp(), flush=True")
    (done,) = run(python(code))
    assert done.exit_code == -9
    folder = Path(done.stdout.decode().strip())
    assert folder.is_absolute()
    assert not folder.exists()


def test_a_search_path_can_be_put_before_doctrines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (done,) = run(python("import os; print(os.environ['PATH'])", env={"PATH": "/first:{PATH}"}))
    assert done.stdout.strip() == b"/first:/usr/bin:/bin"


def test_invalid_bytes_and_a_flood_on_stderr_do_not_block() -> None:
    code = "import sys; sys.stderr.buffer.write(b'\\xff'*1_000_000); sys.stdout.buffer.write(b'\\xfe\\x00')"
    (done,) = run(python(code))
    assert done.stdout == b"\xfe\x00"
    assert len(done.stderr) == 1_000_000


def test_a_missing_program_is_data() -> None:
    (done,) = run(Invocation(name="x", argv=("/nonexistent/program",), cwd="/"))
    assert (done.ending, done.exit_code) == (Ending.MISSING, None)


@pytest.mark.skipif(os.name == "nt", reason="permission bits are POSIX")
def test_a_program_that_may_not_run_is_data(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_text("not a program")
    (done,) = run(Invocation(name="x", argv=(str(program),), cwd="/"))
    assert done.ending is Ending.REFUSED
    assert done.detail


def test_a_folder_that_is_gone_is_no_missing_program(tmp_path: Path) -> None:
    (done,) = run(python("pass", cwd=str(tmp_path / "gone")))
    assert (done.ending, done.exit_code) == (Ending.REFUSED, None)
    assert "gone" in done.detail


def test_a_run_whose_private_folders_are_taken_away_is_data_and_the_next_one_works() -> None:
    code = "import os, pathlib, shutil; shutil.rmtree(pathlib.Path.cwd().parent)"

    async def main() -> tuple[Completed, ...]:
        async with Runner(jobs=1, listener=Silent()) as running:
            (lost,) = await running.run("first", (python(code, cwd="{scratch}"),), cost=2)
            (found,) = await running.run("second", (python("print(1)", cwd="{scratch}"),), cost=1)
            return lost, found

    lost, found = asyncio.run(main())
    assert (lost.ending, lost.stdout) == (Ending.REFUSED, b"")
    assert "No such file" in lost.detail
    assert (found.ending, found.stdout.strip()) == (Ending.EXITED, b"1")


def test_a_full_disk_is_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Invocation, folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    monkeypatch.setattr(runner, "_write_files", full)
    (done,) = run(python("print(1)"), python("print(2)"))
    assert (done.ending, done.stdout) == (Ending.REFUSED, b"")
    assert "No space left" in done.detail


def test_a_child_that_hangs_is_stopped_and_the_rest_is_left_out() -> None:
    start = time.monotonic()
    done = run(python("import time; time.sleep(600)", timeout=0.3), python("print(1)"))
    assert [one.ending for one in done] == [Ending.TIMEOUT]
    assert time.monotonic() - start < 30


def test_a_child_that_ignores_sigterm_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "GRACE", 0.2)
    code = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    (done,) = run(python(code, timeout=1.0))
    assert done.ending is Ending.TIMEOUT
    assert done.exit_code == -signal.SIGKILL


def test_a_grandchild_does_not_outlive_the_tool() -> None:
    marker = f"grandchild-{os.getpid()}-{time.monotonic_ns()}"
    code = (
        "import subprocess,sys; subprocess.Popen([sys.executable,'-c',"
        f"'import time; time.sleep(600)','{marker}'])"
    )
    (done,) = run(python(code))
    assert (done.ending, done.exit_code) == (Ending.EXITED, 0)
    deadline = time.monotonic() + 10
    while alive(f"{marker}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(marker) == []


def test_a_flood_is_cut_off_and_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "OUTPUT_CAP", 1_000_000)
    code = "import sys\nwhile True: sys.stdout.write('x'*65536)"
    (done,) = run(python(code))
    assert done.ending is Ending.FLOODED
    assert done.stdout == b""


def test_stdin_is_closed() -> None:
    (done,) = run(python("import sys; print(repr(sys.stdin.read()))"))
    assert done.stdout.strip() == b"''"


def test_the_environment_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUFF_CONFIG", "elsewhere")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("KEPT", "yes")
    # Translated words come before the locale where a message is looked up.
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    env = child_environment({"EXTRA": "1"})
    assert "RUFF_CONFIG" not in env
    assert "PYTHONPATH" not in env
    assert {key for key in env if key.startswith(("LANG", "LC_"))} == {"LC_ALL"}
    assert (env["KEPT"], env["EXTRA"], env["NO_COLOR"]) == ("yes", "1", "1")


def test_no_more_than_jobs_at_a_time_and_the_longest_first() -> None:
    order: list[str] = []

    async def main() -> None:
        listener = Silent()
        async with Runner(jobs=1, listener=listener) as running, asyncio.TaskGroup() as group:
            for name, cost in (("first", 0.0), ("short", 1.0), ("long", 9.0)):
                group.create_task(running.run(name, (python("pass"),), cost=cost))
                await asyncio.sleep(0)
        order.extend(listener.names)

    asyncio.run(main())
    assert order == ["first", "long", "short"]


@pytest.mark.parametrize(("jobs", "together"), [(0, True), (1, False)])
def test_what_looks_at_a_few_files_waits_for_no_permit_unless_jobs_are_counted(
    jobs: int, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    order: list[str] = []

    async def main() -> None:
        listener = Silent()
        async with Runner(jobs=jobs, listener=listener) as running:
            release = threading.Event()
            held = [
                asyncio.create_task(running.call("call", release.wait, cost=9))
                for _ in range(jobs or 1)
            ]
            await asyncio.sleep(0.01)
            few = asyncio.create_task(running.run("few", (python("pass"),), cost=AT_ONCE))
            await asyncio.sleep(0.01)
            order.extend(listener.names)
            release.set()
            await asyncio.gather(*held)
            await few

    asyncio.run(main())
    assert ("few" in order) is together
    assert order.count("call") == (jobs or 1)


def test_a_call_that_raises_raises_here() -> None:
    def broken() -> int:
        raise LookupError("no")

    async def main() -> int:
        async with Runner(jobs=1, listener=Silent()) as running:
            return await running.call("call", broken, cost=1)

    with pytest.raises(LookupError):
        asyncio.run(main())


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT])
def test_an_interrupted_runner_leaves_no_child(number: signal.Signals) -> None:
    marker = f"interrupted-{os.getpid()}-{time.monotonic_ns()}"
    script = f"""
import asyncio, sys
from doctrine.runner import Runner
from doctrine.model.process import Invocation
class Quiet:
    def started(self, name): print('started', flush=True)
    def finished(self, name, seconds): pass
    def reported(self, run): pass
async def main():
    async with Runner(jobs=2, listener=Quiet()) as r:
        child = Invocation(name='c', cwd='/', argv=(sys.executable, '-c', 'import time; time.sleep(600)', '{marker}'))
        await asyncio.gather(r.run('a', (child,), cost=1), r.run('b', (child,), cost=1))
asyncio.run(main())
"""
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    deadline = time.monotonic() + 20
    while len(alive(marker)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    process.wait(timeout=20)
    process.stdout.close()
    assert alive(marker) == []


@pytest.mark.parametrize("folder", ["working", "missing"])
def test_without_a_place_for_temporary_files_nothing_is_written_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        tempfile, "tempdir", str(tmp_path) if folder == "working" else str(tmp_path / "missing")
    )
    with pytest.raises(UsageError) as caught:
        run(python("pass"))
    assert "TMPDIR" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_capture_answers_or_says_that_it_cannot() -> None:
    assert capture((sys.executable, "-c", "print('hi')"), "/") == (0, b"hi\n")
    assert capture(("/nonexistent/program",), "/") == (None, b"")


def test_git_is_not_asked_where_it_would_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git" / "info").mkdir(parents=True)
    (tmp_path / "src").mkdir()
    asked: list[object] = []

    def run(argv: object, **_: object) -> None:
        asked.append(argv)
        raise OSError

    monkeypatch.setattr(subprocess, "run", run)
    capture(("git", "status"), str(tmp_path / "src"))
    assert asked == [("git", "status")]
    for name in ("HEAD", "info/exclude"):
        os.mkfifo(tmp_path / ".git" / name)
        assert capture(("git", "status"), str(tmp_path / "src")) == (None, b"")
        (tmp_path / ".git" / name).unlink()
    assert asked == [("git", "status")]


def test_the_brief_go_first_and_then_the_most_costly_whoever_asked_first() -> None:
    nothing = python("pass")
    heard = Silent()

    async def main() -> None:
        async with Runner(jobs=1, listener=heard) as running, asyncio.TaskGroup() as group:
            for name, cost in (("short", 1.0), ("long", 9.0), ("brief", 0.3)):
                group.create_task(running.run(name, (nothing,), cost=cost))

    asyncio.run(main())
    assert heard.names == ["brief", "long", "short"]


_PATIENT = (
    "import os, time\n"
    "for _ in range({tries}):\n"
    "    if os.getpriority(os.PRIO_PROCESS, 0) > {own}: break\n"
    "    time.sleep(0.02)\n"
    "print(os.getpriority(os.PRIO_PROCESS, 0) - {own})"
)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such priorities")
@pytest.mark.parametrize(
    ("beside", "times"), [((2.0,), 1), ((2.0, 3.0), 2), ((2.0, 0.8), 1), ((0.5,), 0), ((), 0)]
)
def test_a_child_yields_to_each_more_costly_one(beside: tuple[float, ...], times: int) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    asked = python(_PATIENT.format(own=own, tries=400 if times else 10))
    other = python("import time; time.sleep(600)")

    async def main() -> Completed:
        async with Runner(jobs=3, listener=Silent()) as running, asyncio.TaskGroup() as group:
            others = [
                group.create_task(running.run(f"long {one}", (other,), cost=one)) for one in beside
            ]
            await asyncio.sleep(0)  # so that it is started first
            (done,) = await running.run("asked", (asked,), cost=1)
            for task in others:
                task.cancel()
        return done

    assert int(asyncio.run(main()).stdout) == min(times * runner.YIELD, 19 - own)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such priorities")
def test_a_child_yields_where_it_is_told_to_whoever_runs_beside_it(tmp_path: Path) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    asked = python(_PATIENT.format(own=own, tries=400))

    async def main() -> tuple[bytes, bytes]:
        async with Runner(jobs=1, listener=Silent()) as running:
            (done,) = await running.run("asked", (replace(asked, way=3),), cost=AT_ONCE)
        staying = await start_staying(
            asked.argv, cwd=str(tmp_path), env={}, scratch=str(tmp_path), way=4
        )
        told, _ = await staying.communicate()
        await end_staying(staying)
        return done.stdout, told

    assert tuple(map(int, asyncio.run(main()))) == (min(3, 19 - own), min(4, 19 - own))


def test_who_is_cancelled_while_it_waits_does_not_run_and_takes_no_permit_along() -> None:
    called: list[str] = []

    async def main() -> bool:
        async with Runner(jobs=1, listener=Silent()) as running:
            go = threading.Event()
            first = asyncio.ensure_future(running.call("first", go.wait, cost=5))
            await asyncio.sleep(0.02)
            second = asyncio.ensure_future(
                running.call("second", lambda: called.append("second"), cost=4)
            )
            await asyncio.sleep(0.02)
            second.cancel()
            await asyncio.wait({second})
            go.set()
            await first
            await running.call("third", lambda: called.append("third"), cost=5)
            return second.cancelled()

    assert asyncio.run(main())
    assert called == ["third"]


def test_who_watches_children_is_afterwards_who_it_was() -> None:
    run(python("pass"))

    async def start_one() -> int:
        process = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", "")
        return await process.wait()

    assert asyncio.run(start_one()) == 0, "another loop can start children"


def test_what_stays_leaves_its_droppings_in_the_folder_that_is_removed(tmp_path: Path) -> None:
    code = "import tempfile, sys; print(tempfile.gettempdir(), flush=True); sys.stdin.read()"

    async def main() -> str:
        argv = (sys.executable, "-c", code)
        process = await runner.start_staying(argv, cwd="/", env={}, scratch=str(tmp_path))
        assert process.stdout is not None
        try:
            return (await process.stdout.readline()).decode().strip()
        finally:
            await runner.end_staying(process)

    assert Path(asyncio.run(main())).parent == tmp_path
