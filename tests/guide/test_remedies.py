"""Commands in remedies name the folders of the project that they are shown for."""

from __future__ import annotations

import re

import pytest

from doctrine.guide.loader import load
from doctrine.guide.remedies import SOURCES, with_sources
from doctrine.model.guide import Clause
from doctrine.model.recommendation import Recommendation

GUIDE = load()
_COMMAND = re.compile(r"`[^`]*`")


def _every(guide_sources: tuple[str, ...]) -> list[Clause | Recommendation]:
    guide = with_sources(GUIDE, guide_sources)
    return [*guide.clauses, *guide.recommendations]


def test_a_command_names_the_folders_of_the_project_as_a_shell_reads_them() -> None:
    found = {one.id: one.remedy for one in _every(("jwt", "my tools"))}
    assert "--metrics=off jwt 'my tools'`" in found["SGP001"]
    assert "uv run xenon --max-absolute B jwt 'my tools'`" in found["CPX001"]
    assert "uv run radon cc jwt 'my tools' -a`" in found["CPX001"]
    assert "uv run mypy jwt 'my tools'`" in found["TYP001"]


@pytest.mark.parametrize("sources", [("src",), ("jwt",), (".",)])
def test_no_place_is_left_open(sources: tuple[str, ...]) -> None:
    assert not [one.id for one in _every(sources) if SOURCES in one.remedy]
    assert not [one.id for one in GUIDE.clauses if SOURCES in one.remedy]


def test_no_command_names_a_folder_that_a_project_may_not_have() -> None:
    named = [
        (one.id, command)
        for one in _every(("jwt",))
        for command in _COMMAND.findall(one.remedy)
        if re.search(r"\s(src|tests|app)\b", command)
    ]
    assert named == []
