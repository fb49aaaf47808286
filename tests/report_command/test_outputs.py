"""Where reports are written: whole or not at all, and nowhere that nobody asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from doctrine.cli.files import write_pieces
from doctrine.cli.outputs import settled
from doctrine.errors import TerminatedError, UsageError
from doctrine.model.outcome import Outcome
from doctrine.model.settings import Output
from tests.report_command.files import put, report_command, with_clause
from tests.signals import interruptible

Capsys = pytest.CaptureFixture[str]
POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
OLD = "of the last run"


def program(
    *arguments: str,
    stdout: int | BinaryIO | None = None,
    preexec_fn: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "doctrine", "report", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=preexec_fn,  # noqa: PLW1509 - no threads here, and no other way to a limit
    )


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, err = process.communicate(timeout=120)
    said = err.decode()
    assert "Traceback" not in said
    assert "internal error" not in said
    return process.returncode, said


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


def test_many_reports_of_one_run_and_the_suffix_decides(tmp_path: Path, capsys: Capsys) -> None:
    report = put(tmp_path / "r.json")
    wanted = ("deep/er/a.json", "b.html", "c.csv", "d.svg", "junit=e.xml", "checkstyle=f.xml")
    flags = [
        word
        for one in wanted
        for word in (
            "--output",
            one.replace("=", f"={tmp_path}/") if "=" in one else f"{tmp_path}/{one}",
        )
    ]
    said = report_command(capsys, "render", report, *flags, "--output", "gitlab=-")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("[")
    begins = {
        "deep/er/a.json": "{",
        "b.html": "<!doctype html>",
        "c.csv": "\ufeffclause",
        "d.svg": "<svg",
        "e.xml": "<?xml",
        "f.xml": "<?xml",
    }
    for name, begin in begins.items():
        assert (tmp_path / name).read_text("utf-8").startswith(begin)
    assert names(tmp_path) == {"r.json", "deep", "b.html", "c.csv", "d.svg", "e.xml", "f.xml"}


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("a.xml", "several formats are kept in .xml files: checkstyle, junit"),
        ("a.doc", "no format is kept in .doc files"),
        ("json", "must be FORMAT=FILE or a file with a telling suffix, not 'json'"),
        ("json=", "must be FORMAT=FILE"),
        ("=a.json", "must be FORMAT=FILE"),
        ("jsno=a.json", "did you mean 'json'"),
    ],
)
def test_what_a_file_name_does_not_tell_is_asked(
    output: str, message: str, tmp_path: Path, capsys: Capsys
) -> None:
    said = report_command(capsys, "render", put(tmp_path / "r.json"), "--output", output)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def asked(*paths: str) -> tuple[Output, ...]:
    return tuple(Output(format="json", path=one) for one in paths)


def test_one_file_under_two_names_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UsageError, match="only one report can go to"):
        settled(asked(f"{tmp_path}/real/a.json", f"{tmp_path}/link/../real/./a.json"))
    with pytest.raises(UsageError, match="only one report can go to"):
        settled(asked(f"{tmp_path}/real/a.json", f"{tmp_path}/link/a.json"))


@pytest.mark.parametrize("path", ["../a.json", "/tmp/a.json", "out/../../a.json", "link/a.json"])  # noqa: S108
def test_a_projects_own_configuration_writes_inside_the_project_only(
    path: str, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="outside the project"):
        settled(asked(path), inside=str(root))
    # The user may.
    assert settled(asked(path)) == asked(path)
    assert settled(asked("out/a.json"), inside=str(root)) == asked(f"{root}/out/a.json")


@POSIX
@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/null", "/dev/fd/1", "/proc/self/fd/1"])
def test_devices_are_no_files(path: str) -> None:
    with pytest.raises(UsageError, match="no place for files") as refused:
        settled(asked(path))
    assert "--output json=- is stdout" in refused.value.hint


@POSIX
def test_a_pipe_is_no_file_and_a_folder_neither(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with pytest.raises(UsageError, match="it is a pipe"):
        settled(asked(str(tmp_path / "pipe")))
    for name in ("folder", "link"):
        with pytest.raises(UsageError, match="it is a folder"):
            settled(asked(str(tmp_path / name)))
    with pytest.raises(UsageError, match="no file name"):
        settled(asked("nu\0ll"))


@POSIX
def test_a_link_in_the_place_of_a_report_is_replaced_and_what_it_led_to_is_left_alone(
    tmp_path: Path, capsys: Capsys
) -> None:
    precious = tmp_path / "precious"
    precious.write_text(OLD)
    link = tmp_path / "a.json"
    link.symlink_to(precious)
    report = put(tmp_path / "r.json")
    said = report_command(capsys, "render", report, "--output", f"json={link}")
    assert (said.code, said.err) == (0, "")
    assert precious.read_text() == OLD
    assert not link.is_symlink()
    assert link.read_bytes() == Path(report).read_bytes()


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path, capsys: Capsys) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    report = put(tmp_path / "r.json")
    said = report_command(capsys, "render", report, "--output", f"json={closed}/a.json")
    assert said.code == 2
    assert "Permission denied" in said.err


@POSIX
def test_a_file_that_has_no_room_leaves_the_old_one_and_no_other(tmp_path: Path) -> None:
    import resource

    report, folder = put(tmp_path / "r.json"), tmp_path / "out"
    folder.mkdir()
    (folder / "a.json").write_text(OLD)

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))

    outputs = ("--output", f"json={folder}/a.json", "--output", f"badge={folder}/b.svg")
    code, said = ended(program("render", report, *outputs, preexec_fn=no_room))
    assert code == 2
    assert "the json report cannot be written" in said
    assert (folder / "a.json").read_text() == OLD
    # The small one had room.
    assert names(folder) == {"a.json", "b.svg"}


@POSIX
def test_a_reader_that_goes_away_changes_no_exit_code(tmp_path: Path) -> None:
    base = put(tmp_path / "a.json")
    head = put(tmp_path / "b.json", with_clause("DEP002", outcome=Outcome.FAIL))
    for arguments, expected in (
        (("compare", base, head), 1),
        (("compare", base, base), 0),
        (("render", base, "--format", "json"), 0),
    ):
        read, write = os.pipe()
        os.close(read)
        process = program(*arguments, stdout=write)
        os.close(write)
        assert ended(process) == (expected, "")


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_stdout_is_no_success(tmp_path: Path) -> None:
    base = put(tmp_path / "a.json")
    head = put(tmp_path / "b.json", with_clause("DEP002", outcome=Outcome.FAIL))
    with Path("/dev/full").open("wb") as full:
        code, said = ended(program("render", base, stdout=full))
        assert code == 2
        assert "stdout cannot be written: No space left on device" in said
        # What the gate answers is more important than that nobody can read why.
        assert ended(program("compare", base, head, stdout=full))[0] in {1, 2}


def _stopped(stop: Callable[[], None]) -> Iterator[str]:
    yield "half of the new"
    stop()
    yield "never reached"


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_writing_leaves_the_old_file_and_no_other(
    number: signal.Signals, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text(OLD)
    with interruptible():
        before = signal.getsignal(number)
        with pytest.raises(TerminatedError):
            write_pieces(_stopped(lambda: os.kill(os.getpid(), number)), file, "json")
        assert signal.getsignal(number) is before
    assert file.read_text() == OLD
    assert names(tmp_path) == {"a.json"}


@POSIX
def test_a_process_that_is_killed_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(OLD)
    program_text = (
        "import os, signal, sys; from pathlib import Path\n"
        "from doctrine.cli.files import write_pieces\n"
        "from tests.report_command.test_outputs import _stopped\n"
        "stop = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_pieces(_stopped(stop), Path(sys.argv[1]), 'json')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program_text, str(file)],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL
    assert file.read_text() == OLD
