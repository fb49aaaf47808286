"""Tools are found by being there, once each."""

from __future__ import annotations

import pytest

from doctrine.errors import RegistryError
from doctrine.model.replacing import replace
from doctrine.tools import ruff, semgrep
from doctrine.tools.discovery import sorted_tools, tools


def test_tools_are_found_and_sorted() -> None:
    names = [tool.name for tool in tools()]
    assert names == sorted(names)
    assert {"ruff", "ruff-format", "ruff-guide", "semgrep"} <= set(names)


def test_two_tools_of_one_name_are_refused() -> None:
    twin = replace(ruff.TOOL, cost=9.0)
    with pytest.raises(RegistryError, match="'ruff'"):
        sorted_tools((semgrep.TOOL, ruff.TOOL, twin))
