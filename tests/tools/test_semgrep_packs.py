"""Which packs of rules are taken from the project's own commands."""

from __future__ import annotations

from itertools import pairwise

import pytest

from doctrine.model.settings import Settings
from doctrine.model.tool import Skip
from doctrine.tools.semgrep_packs import TOOL
from tests.tools.asking import ROOT, a_request, prepared

ONLINE = Settings(root=ROOT, network=True)


def packs(*commands: str) -> list[str]:
    words = tuple(tuple(command.split()) for command in commands)
    argv = prepared(TOOL, a_request(commands=words, settings=ONLINE)).argv
    return [after for word, after in pairwise(argv) if word == "--config"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("semgrep scan --config p/python --error src", ["p/python"]),
        ("semgrep --config=p/python -c p/owasp-top-ten -f r/python.lang.x --config p/python", [
            "p/python", "p/owasp-top-ten", "r/python.lang.x",
        ]),
        ("semgrep --config rules/own.yml --config https://rules.example/a.yml", [
            "https://rules.example/a.yml",
        ]),
        ("opengrep scan --config p/python", ["p/python"]),
    ],
)  # fmt: skip
def test_packs_are_those_that_the_commands_name(command: str, expected: list[str]) -> None:
    assert packs(command) == expected


@pytest.mark.parametrize(
    "command",
    [
        "semgrep scan --config auto",
        "semgrep scan --config rules.yml",
        "semgrep scan --config p/$PACK",
        "semgrep ci",
        "semgrep scan --config",
        "ruff check --config p/python",
    ],
)
def test_what_names_no_pack_asks_nobody(command: str) -> None:
    request = a_request(commands=(tuple(command.split()),), settings=ONLINE)
    assert isinstance(TOOL.prepare(request), Skip)


def test_without_the_network_the_packs_that_were_not_tried_are_named() -> None:
    skip = TOOL.prepare(a_request(commands=(("semgrep", "--config", "p/python"),)))
    assert isinstance(skip, Skip)
    assert "p/python" in skip.reason
    assert "--network" in skip.reason
