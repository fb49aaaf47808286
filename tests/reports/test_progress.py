from __future__ import annotations

import io
import re
import threading

import pytest

from doctrine.cli import progress
from doctrine.cli.progress import Board
from doctrine.model.observation import Finding, Location
from doctrine.model.run import Covers, Origin, Reading, ToolRun, ToolStatus


class Screen(io.StringIO):
    """A terminal that tells when something was drawn on it."""

    encoding = "utf-8"

    def __init__(self, awaited: str = "") -> None:
        super().__init__()
        self.awaited = awaited
        self.seen = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        written = super().write(text)
        if self.awaited in text:
            self.seen.set()
        return written


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_TICK", 0.001)


def _run(name: str, *findings: Finding, status: ToolStatus = ToolStatus.OK) -> ToolRun:
    return ToolRun(
        name=name,
        program=name,
        version="1",
        origin=Origin.DOCTRINE,
        status=status,
        covers=Covers.ALL,
        reading=Reading(findings=findings),
    )


def _finding(path: str, line: int, message: str) -> Finding:
    return Finding(tool="ruff", rule="R1", message=message, location=Location(path=path, line=line))


def _text(screen: Screen) -> str:
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", screen.getvalue())


def test_running_and_finished_tools_are_shown() -> None:
    screen = Screen(awaited="pyright")
    now = [10.0]
    with Board(enabled=True, stream=screen, clock=lambda: now[0]) as board:
        board.started("ruff")
        board.finished("ruff", 0.3)
        board.started("vulture")
        board.finished("vulture", 1.0, ToolStatus.CRASHED)
        board.started("pyright")
        now[0] = 13.1
        screen.seen.clear()
        assert screen.seen.wait(10)
    shown = _text(screen)
    assert "✓ ruff 0.3s" in shown
    assert "! vulture 1.0s" in shown
    assert "pyright 3.1s" in shown


def test_the_first_findings_are_shown_while_others_run() -> None:
    screen = Screen(awaited="found so far")
    with Board(enabled=True, stream=screen) as board:
        board.started("ruff")
        board.started("mypy")
        board.finished("ruff", 0.3)
        board.reported(
            _run("ruff", _finding("b.py", 1, "late"), _finding("a.py", 7, "early\x1b[2J"))
        )
        assert screen.seen.wait(10)
    shown = _text(screen)
    assert "✓ ruff 0.3s 2" in shown
    assert "nothing merged or suppressed yet: 2" in shown
    assert shown.index("a.py:7 early\\x1b[2J (ruff R1)") < shown.index("b.py:1 late")


def test_a_tool_that_cannot_be_believed_is_marked_and_one_that_is_known_says_so() -> None:
    screen = Screen(awaited="radon")
    with Board(enabled=True, stream=screen) as board:
        board.started("mypy")
        board.started("vulture")
        board.finished("vulture", 1.0)
        board.reported(_run("vulture", status=ToolStatus.UNREADABLE))
        board.reported(_run("radon"))
        assert screen.seen.wait(10)
    assert "! vulture 1.0s  ✓ radon kept" in _text(screen)
    assert "found so far" not in _text(screen)


def test_what_was_found_in_another_state_of_the_project_is_forgotten() -> None:
    screen = Screen()
    with Board(enabled=True, stream=screen) as board:
        board.started("mypy")
        board.reported(_run("ruff", _finding("a.py", 1, "before")))
        board.started("ruff")
        screen.awaited = "ruff"
        assert screen.seen.wait(10)
        start = len(screen.getvalue())
        screen.seen.clear()
        assert screen.seen.wait(10)
        shown = screen.getvalue()[start:]
    assert "before" not in shown


def test_nothing_is_written_after_the_end() -> None:
    screen = Screen(awaited="mypy")
    with Board(enabled=True, stream=screen) as board:
        board.started("mypy")
        assert screen.seen.wait(10)
    before = screen.getvalue()
    board.started("late")
    board.finished("late", 1.0)
    board.note("late")
    board.open()
    assert screen.getvalue() == before
    assert before.endswith(("\x1b[?25h", "\x1b[2K", "\n", "\r"))
    assert before.rfind("\x1b[?25h") > before.rfind("\x1b[?25l")


def test_an_interrupt_restores_the_cursor() -> None:
    screen = Screen(awaited="mypy")

    def interrupted() -> None:
        with Board(enabled=True, stream=screen) as board:
            board.started("mypy")
            assert screen.seen.wait(10)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert screen.getvalue().rfind("\x1b[?25h") > screen.getvalue().rfind("\x1b[?25l")


def test_notes_stay() -> None:
    screen = Screen(awaited="installed")
    with Board(enabled=True, stream=screen) as board:
        board.started("uv")
        board.note("the packages are installed\x1b[2J")
        assert screen.seen.wait(10)
    assert "the packages are installed\\x1b[2J" in screen.getvalue()


def test_a_run_that_is_over_at_once_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    screen = Screen()
    with Board(enabled=True, stream=screen) as board:
        board.started("ruff")
        board.finished("ruff", 0.1)
    assert screen.getvalue() == ""


def test_a_disabled_board_is_silent() -> None:
    screen = Screen()
    with Board(enabled=False, stream=screen) as board:
        board.started("ruff")
        board.note("something")
        board.finished("ruff", 0.1)
    assert screen.getvalue() == ""


def test_a_verbose_board_writes_lines_where_nothing_can_be_drawn() -> None:
    screen = Screen()
    with Board(enabled=False, verbose=True, stream=screen) as board:
        board.started("ruff")
        board.finished("ruff", 0.25, ToolStatus.TIMEOUT)
        board.note("a\nb")
    board.note("late")
    assert screen.getvalue() == "ruff: started\nruff: timeout after 0.2 s\na\\nb\n"


def test_a_note_of_a_run_that_ends_at_once_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    screen = Screen()
    with Board(enabled=True, stream=screen) as board:
        board.started("ruff")
        board.note("a line that stays")
    assert "a line that stays" in _text(screen)


def test_no_note_is_lost_or_doubled_between_threads() -> None:
    screen = Screen()
    barrier = threading.Barrier(8)

    def report(worker: int) -> None:
        barrier.wait()
        board.started(f"tool {worker}")
        for number in range(20):
            board.note(f"note {worker}-{number} .")
        board.finished(f"tool {worker}", 0.1)

    with Board(enabled=True, stream=screen) as board:
        threads = [threading.Thread(target=report, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    noted = re.findall(r"note \d+-\d+ ", _text(screen))
    assert sorted(noted) == sorted(f"note {one}-{two} " for one in range(8) for two in range(20))
