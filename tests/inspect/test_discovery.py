"""Inspectors are found by being there."""

from __future__ import annotations

import pytest

from doctrine.errors import RegistryError
from doctrine.inspect import packaging, updates
from doctrine.inspect.discovery import by_name, inspectors

CONFIGURATION = {
    "packaging",
    "config-files",
    "strictness",
    "dependencies",
    "updates",
    "compatibility",
}


def test_every_inspector_is_found_once_and_in_order() -> None:
    names = [inspector.name for inspector in inspectors()]
    assert names == sorted(set(names))
    assert set(names) >= CONFIGURATION


def test_rules_of_an_inspector_are_distinct() -> None:
    for inspector in inspectors():
        assert len(set(inspector.rules)) == len(inspector.rules) > 0


def test_two_inspectors_cannot_share_a_name() -> None:
    with pytest.raises(RegistryError, match="'packaging'"):
        by_name((packaging.INSPECTOR, updates.INSPECTOR, packaging.INSPECTOR))
