"""What all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import is_hypothesis_test, settings

collect_ignore = ["projects", "recordings"]
"""Projects that are judged: their tests are not tests of ours."""

# What an earlier test left in the user's cache must not show in a later one's report.
os.environ.setdefault("DOCTRINE_NO_HISTORY", "1")
os.environ.setdefault("DOCTRINE_NO_CACHE", "1")

# The program is started hundreds of times: the first start compiles it for all others.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Speed is measured by benchmarks; a deadline on a busy machine says nothing.
settings.register_profile("doctrine", deadline=None, max_examples=30)
settings.register_profile("deep", deadline=None, max_examples=1000)
settings.load_profile("doctrine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, and measure no coverage while values are drawn.

    Tests that start real tools take seconds each: at the end, one process would wait for the others
    to be done with the last of them. Tracing more than doubles what drawing values takes, and what
    is reached by chance is no part of what the tests are known to reach.
    """
    long = {item.path for item in items if item.get_closest_marker("long")}
    slow = {item.path for item in items if item.get_closest_marker("live")}
    items.sort(key=lambda item: (item.path not in long, item.path not in slow))
    for item in items:
        test: object = getattr(item, "function", None)  # an item of another plugin has none
        if is_hypothesis_test(test):
            item.add_marker("no_cover")
