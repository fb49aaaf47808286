"""Imports of libraries without what they only use if it is there."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from doctrine.cli.lean import without


def test_a_module_is_missed_only_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "this_is_new", raising=False)
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with without("this_is_new", "colorsys"), pytest.raises(ImportError):
        import_module("colorsys")
    assert import_module("colorsys").__name__ == "colorsys"
    assert "this_is_new" not in sys.modules


def test_what_is_there_already_stays_there() -> None:
    with without("json"):
        assert import_module("json").__name__ == "json"
    assert sys.modules["json"] is not None


def test_it_is_back_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with pytest.raises(RuntimeError), without("colorsys"):
        raise RuntimeError
    assert import_module("colorsys").__name__ == "colorsys"
