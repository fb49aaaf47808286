from __future__ import annotations

import pytest

from doctrine.advice.expectations import shortfall
from doctrine.model.recommendation import Expect, SettingLook
from tests.inspect.build import project

LAYOUT = project({"src/app/a.py": "", "src/more/b.py": ""}, minors=(11, 12)).layout


@pytest.mark.parametrize(
    ("expect", "values", "value", "holds"),
    [
        (Expect.EQUALS, ("100",), 100, True),
        (Expect.EQUALS, ("100",), 88, False),
        (Expect.EQUALS, ("true",), True, True),
        (Expect.EQUALS, ("true",), "1", True),
        (Expect.EQUALS, ("true",), "0", False),
        (Expect.EQUALS, ("google",), "Google", True),
        (Expect.AT_LEAST, ("80",), 80, True),
        (Expect.AT_LEAST, ("80",), "79.9", False),
        (Expect.AT_LEAST, ("80",), "many", False),
        (Expect.NOT_OFF, (), False, False),
        (Expect.NOT_OFF, (), "none", False),
        (Expect.NOT_OFF, (), "error", True),
        (Expect.FLOOR, (), "py311", True),
        (Expect.FLOOR, (), "3.11", True),
        (Expect.FLOOR, (), "3.12", False),
        (Expect.HAS, ("-n auto",), ["-q", "-n", "auto"], True),
        (Expect.HAS, ("-n auto",), ["-n=auto"], True),
        (Expect.HAS, ("-n auto",), ["-n", "2"], False),
        (Expect.HAS, ("--reuse-db",), ["--reuse-db"], True),
        (Expect.HAS, (), ["anything"], True),
        (Expect.SELECTS, ("E", "D"), ["ALL"], True),
        (Expect.SELECTS, ("E", "D"), ["D", "E"], True),
        (Expect.SELECTS, ("E", "D"), ["E", "D1"], False),
        (Expect.SOURCES, (), ["src"], True),
        (Expect.SOURCES, (), ["."], True),
        (Expect.SOURCES, (), "app, more", True),
        (Expect.SOURCES, (), ["app"], False),
        (Expect.SOURCES, (), ["src/app", "src/more/"], True),
        (Expect.SOURCES, (), ["tests"], False),
    ],
)
def test_a_setting_is_held_against_what_is_recommended(
    expect: Expect, values: tuple[str, ...], value: object, holds: bool
) -> None:
    look = SettingLook(tool="tool", key="some.key", expect=expect, values=values)
    lacking = shortfall(look, value, LAYOUT)
    assert (lacking == "") is holds
    assert holds or "`some.key` of tool is " in lacking


def test_a_package_below_a_root_is_named_by_itself() -> None:
    look = SettingLook(tool="coverage", key="run.source", expect=Expect.SOURCES)
    flat = project({"app/a.py": ""}, sources=(".",)).layout
    assert shortfall(look, ["app"], flat) == ""
    assert "leaves out 1 of 1 source files" in shortfall(look, ["other"], flat)
    scripts = {f"app/{number}.py": "" for number in range(9)} | {"tools/a.py": ""}
    beside = project(scripts, sources=(".",)).layout
    assert shortfall(look, ["app"], beside) == ""
