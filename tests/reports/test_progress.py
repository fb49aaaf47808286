from __future__ import annotations

import io
import re
import threading

import pytest

from doctrine.cli import progress
from doctrine.cli.progress import Board
from doctrine.model.run import ToolStatus


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


def test_no_note_is_lost_or_doubled_between_threads() -> None:
    screen = Screen(awaited="note 0-0 ")
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
