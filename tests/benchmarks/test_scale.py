"""What the measurement of growth is made of: copies, multiplied output, and the fitted exponent."""

from __future__ import annotations

import json

import pytest

from benchmarks.scale.__main__ import exponent, ladder
from benchmarks.scale.copies import lines, mark, renamed, unit
from benchmarks.scale.replay import multiplied

SIZES = (1000.0, 2000.0, 4000.0, 8000.0)


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_the_power_with_which_something_grows_is_found(power: float) -> None:
    assert exponent(SIZES, [0.01 * size**power for size in SIZES]) == pytest.approx(power)


def test_what_costs_something_at_any_size_grows_less_than_linearly() -> None:
    assert 0 < exponent(SIZES, [1 + size / 10_000 for size in SIZES]) < 1


def test_each_step_has_half_the_copies_of_the_next() -> None:
    assert ladder(80, 5) == (5, 10, 20, 40, 80)


def test_a_project_of_few_copies_has_fewer_steps() -> None:
    assert ladder(3, 5) == (1, 3)


def test_a_package_imports_its_copy() -> None:
    text = "import grimp\nfrom grimp.domain import x\nfrom os import grimp_x\ny = grimp.build()\n"
    assert renamed(text, "grimp") == (
        "import grimp_n000\nfrom grimp_n000.domain import x\n"
        "from os import grimp_x\ny = grimp_n000.build()\n"
    )


def test_what_is_repeated_is_code_whose_files_all_bear_the_name_of_their_copy() -> None:
    sources = unit()
    assert all(one.path.partition("/")[0].endswith(mark(0)) for one in sources)
    assert lines(sources) > 40 * len(sources)


def test_findings_of_all_copies_are_listed_and_counted() -> None:
    said = {"version": "1", "found": [{"file": "src/a_n000/b.py", "line": 7}], "count": 1}
    assert json.loads(multiplied(json.dumps(said).encode(), 3)) == {
        "version": "1",
        "found": [{"file": f"src/a_n00{number}/b.py", "line": 7} for number in range(3)],
        "count": 3,
    }


def test_what_is_said_of_no_copy_is_said_once() -> None:
    said = b'{"rules": ["one", "two"], "whole": true}'
    assert json.loads(multiplied(said, 4)) == json.loads(said)


def test_a_log_names_all_copies_between_its_beginning_and_its_end() -> None:
    log = b"begin\nread /p/src/a_n000/b.py\nnothing\nread /p/src/a_n000/c.py\nChecked 3 files in: 1s\n"
    lines_of = multiplied(log, 3).decode().splitlines()
    assert lines_of[0] == "begin"
    assert lines_of[-1] == "Checked 7 files in: 1s"
    assert [line for line in lines_of if line.startswith("read")] == [
        f"read /p/src/a_n00{number}/{name}.py" for number in range(3) for name in "bc"
    ]
    assert lines_of.count("nothing") == 1
