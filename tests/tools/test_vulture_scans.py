"""What vulture saw in a file is taken for granted as long as the file holds the same, and never longer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.drivers import vulture_driver
from doctrine.drivers._files import Job
from doctrine.drivers._scans import Program, Scan, Scans, define, digest_of
from doctrine.drivers.vulture_driver import Vulture, search
from doctrine.tools._drivers import sites
from doctrine.tools.vulture import TOOL
from tests.tools.asking import a_layout, a_request, prepared

CONTENTS = (
    "import os\n\n\ndef one(wanted, other):\n    return wanted\n",
    "from a import one\n\nUSED = one(1, 2)\nprint('%(USED)s' % {})\n",
    "import argparse\n\n\nclass Two:\n    three = 1\n\n    @property\n    def four(self): ...\n",
    "def five():\n    return getattr(object, 'return')\n    five()\n",
    "# -*- coding: latin-1 -*-\nsix = '\xe4'\nprint(six.four)\r\n",
    "def seven(  # broken\n",
    "print(getattr(object, 'three'))\n",
    "def eight(): ...  # noqa: V103\n",
    "import enum, logging\n\n\ndef nine(given):\n    return\n    yield\n",
    "from e import nine\n\nprint(map(nine, one, [seven]))\n",
    "try:\n    import five\nexcept ImportError:\n    pass\nif False:\n    one(); nine(2)\n",
)
NAMES = ("a.py", "b.py", "test_c.py")


def a_job(root: Path, left: str, **options: object) -> Job:
    files = sorted(path.name for path in root.glob("*.py"))
    request = a_request(a_layout())
    return {
        "root": str(root), "files": files, "left": left, "sites": sites(request, "vulture"),
        **options,
    }  # fmt: skip


def found(root: Path, left: str = "", **options: object) -> Mapping[str, object]:
    return search(a_job(root, left, **options))


STATES = st.lists(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(CONTENTS), min_size=1),
    min_size=2,
    max_size=4,
)


@settings(max_examples=30)
@given(states=STATES)
def test_what_was_kept_tells_the_same_as_looking_again_and_as_vulture_itself(
    states: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("scans")
    root = folder / "project"
    root.mkdir()
    for state in states:
        for name in NAMES:
            (root / name).unlink(missing_ok=True)
        for name, content in state.items():
            (root / name).write_bytes(content.encode("latin-1"))
        told = found(root, str(folder / "left"))
        assert told == found(root)
        if not told["failed"]:  # those vulture takes for empty
            assert sorted(map(of_item, items(told))) == plain(root)


def of_item(item: Mapping[str, object]) -> tuple[str, ...]:
    keys = ("path", "line", "end_line", "confidence", "kind", "name", "message")
    return tuple(str(item[key]) for key in keys)


def plain(root: Path) -> list[tuple[str, ...]]:
    """Return what vulture says that is asked once, about everything."""
    core = cast("Vulture", import_module("vulture.core"))
    program = core.Vulture(ignore_names=[], ignore_decorators=[])
    program.scavenge([str(root)], exclude=[])
    return sorted(
        (
            Path(one.filename).name, str(one.first_lineno), str(one.last_lineno),
            str(one.confidence), one.typ, one.name, one.message,
        )
        for one in program.get_unused_code(min_confidence=0)
    )  # fmt: skip


def test_what_was_found_out_of_a_file_is_not_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, left = tmp_path / "project", str(tmp_path / "left")
    root.mkdir()
    (root / "a.py").write_text(CONTENTS[0])
    (root / "b.py").write_text("from a import one\n\nprint(one)\n")
    first = found(root, left)
    assert dictated(first) == [False, True], "an import; an argument of what is handed on"
    parsed: list[str] = []

    def looked(source: str, _: object) -> bool:
        parsed.append(source)
        return False

    monkeypatch.setattr(vulture_driver, "may_hand_on", looked)
    monkeypatch.setattr(vulture_driver, "_told_excuse", looked)
    assert found(root, left) == first
    assert parsed == [CONTENTS[0]], "where it is only defined, a look at the words is enough"
    monkeypatch.undo()
    (root / "b.py").write_text("from a import one\n\none(1, 2)\n")
    assert dictated(found(root, left)) == [False, False]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("a.py", CONTENTS[0].replace("\ndef", "@register\ndef")),
        ("b.py", "from a import one\n\nprint(one)\n"),
    ],
)
def test_what_a_file_says_that_holds_something_else_by_then_is_not_kept(
    name: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, left = tmp_path / "project", str(tmp_path / "left")
    root.mkdir()
    texts = {"a.py": CONTENTS[0], "b.py": "from a import one\n\none(1, 2)\n"}

    def write(changed: Mapping[str, str]) -> None:
        for path, text in {**texts, **changed}.items():
            (root / path).write_text(text)

    def edited(program: Program, scans: Scans, item: type) -> None:
        define(program, scans, item)
        write({name: other})

    write({})
    monkeypatch.setattr(vulture_driver, "define", edited)
    assert dictated(found(root, left)) == [False, True]
    monkeypatch.undo()
    write({})
    assert dictated(found(root, left)) == [False, False]


def dictated(told: Mapping[str, object]) -> list[object]:
    return [one["dictated"] for one in items(told)]


def items(told: Mapping[str, object]) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", told["items"])


def test_a_file_that_holds_the_same_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in zip(NAMES, CONTENTS, strict=False):
        (tmp_path / name).write_text(content)
    left = str(tmp_path / "left")
    first = found(tmp_path, left)
    (tmp_path / "b.py").write_text(CONTENTS[3])
    looked: list[str] = []

    def shown(program: Program, code: str, path: str) -> str:
        looked.append(code)
        program.scan(code, filename=path)
        return ""

    monkeypatch.setattr(vulture_driver, "_shown", shown)
    second = found(tmp_path, left)
    assert looked == [CONTENTS[3]]
    assert second != first
    looked.clear()
    found(tmp_path, left, ignore_names=["one"])
    assert len(looked) == len(NAMES), "other words, other definitions"


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"terms": 1}'])
def test_what_is_damaged_tells_nothing(tmp_path: Path, damage: str) -> None:
    (tmp_path / "scans.json").write_text(damage)
    assert Scans(str(tmp_path), ["1"]).known("a.py", digest_of(b"", "a.py")) is None


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=2),
        lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.just("files"), inner),
        max_leaves=12,
    )
)
def test_what_has_another_shape_tells_nothing(kept: object) -> None:
    scans = Scans("", ["1"])
    vars(scans)["_before"] = {"a.py": ["held", kept]}
    known = scans.known("a.py", "held")
    assert known is None or isinstance(known, Scan)
    assert scans.known("a.py", "else") is None


def test_the_driver_is_told_where_its_last_run_has_left_that() -> None:
    request = a_request(a_layout())
    planned = prepared(TOOL, request)
    assert TOOL.carrying is not None
    (one,) = TOOL.carrying(request, (planned,))
    assert one.argv == (*planned.argv, "--left", f"{{scratch}}/{one.carry}")
    assert json.loads(one.files["job.json"]) == json.loads(planned.files["job.json"])
