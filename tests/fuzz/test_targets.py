"""Seeds, kept inputs, and some that are drawn; ``python -m tests.fuzz`` goes on from there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, kept


@pytest.mark.parametrize("name", TARGETS)
def test_what_it_is_meant_to_read_and_what_once_broke_it_is_read(name: str) -> None:
    target = TARGETS[name]
    inputs = [*target.seeds(), *kept(name)]
    assert inputs
    for data in inputs:
        target.check(data)


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
@settings(max_examples=max(settings().max_examples // 10, 10))
def test_any_change_of_that_is_a_value_or_a_problem(name: str, data: st.DataObject) -> None:
    target = TARGETS[name]
    seed = data.draw(st.sampled_from([*target.seeds(), b""]))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(seed))] * 2)))
    patch = data.draw(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
    target.check(seed[:start] + patch + seed[end:])
