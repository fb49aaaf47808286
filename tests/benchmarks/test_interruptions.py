"""What a command makes of a project is known before it is interrupted."""

from __future__ import annotations

import signal

import pytest

from benchmarks import interruptions as module
from benchmarks.interruptions import COMMANDS, Command, Contents, World, contents, empty

FILE = "src/sample/__init__.py"


class Done:
    """A command that has come to its end."""

    def communicate(self) -> tuple[None, bytes]:
        return None, b""


@pytest.mark.parametrize("until", ["0", "0.05"])
def test_what_a_command_makes_of_a_project_is_known_whenever_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, until: str
) -> None:
    expected: dict[str, bytes] = {}
    pristine: dict[str, bytes] = {}
    before: list[Command] = []

    def start(world: World, command: Command) -> Done:
        before.append(command)
        if command == COMMANDS["fix"]:
            (world.project / FILE).write_bytes(b"mended")
        return Done()

    def interrupt(
        world: World, _: signal.Signals, moment: float, *, command: Command, again: float,
        after: Contents,
    ) -> tuple[bool, list[str]]:  # fmt: skip
        assert moment >= 0 <= again
        expected["watch" if command == COMMANDS["watch"] else "fix"] = after[FILE]
        pristine.update(contents(world.pristine))
        empty(world)
        (world.project / FILE).write_bytes(b"half mended")
        return True, []

    monkeypatch.setattr(module, "start", start)
    monkeypatch.setattr(module, "interrupt", interrupt)
    words = ["--tries", "1", "--until", until, "--command", "fix", "--command", "watch"]
    assert module.main(words) == 0
    assert expected == {"fix": b"mended", "watch": pristine[FILE]}
    assert {*before} == {COMMANDS["fix"], COMMANDS["check"]}, "a watch has no end"
