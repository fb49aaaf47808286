"""Comments that take whole modules out of the coverage figure."""

from __future__ import annotations

import pytest

from doctrine.inspect.uncovered import INSPECTOR
from tests.inspect.gathered import advice, failing

BODY = "".join(f"    VALUE_{number} = {number}\n" for number in range(12))
RULE = "coverage-pragma"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"if True:  # pragma: no cover\n{BODY}", 1),
        (f"\n\nclass Service:  # pragma: no cover\n{BODY}", 3),
        (f"import os\n\ndef work(  # PRAGMA:NO COVER\n    value: int,\n) -> None:\n{BODY}", 3),
        (f"@register  # pragma: no cover\ndef work() -> None:\n{BODY}", 1),
        (
            f"class A:\n    def one(self):  # pragma: no cover\n{BODY.replace('    V', '        V')}",
            2,
        ),
        (f"try:  # pragma no cover\n{BODY}finally:\n    pass\n", 1),
    ],
)
def test_a_project_that_is_hidden_by_comments_fails(source: str, line: int) -> None:
    assert failing(INSPECTOR, source) == [(RULE, line)]


@pytest.mark.parametrize(
    "source",
    [
        f"# pragma: no cover\nif True:\n{BODY}",
        f"if True:\n    # pragma: no cover\n{BODY}",
        f'TEXT = """\n# pragma: no cover\n"""\nif True:\n{BODY}',
        f"if True:\n{BODY}\nif __name__ == '__main__':  # pragma: no cover\n    main()\n",
        "def main() -> None:  # pragma: no cover\n    run()\n",
        f"@cache\ndef work() -> None:\n{BODY}    if 1:  # pragma: no cover\n        pass\n",
        f"def work() -> None:  # uncovered, no cover needed\n{BODY}",
    ],
)
def test_what_hides_little_or_nothing_is_left_alone(source: str) -> None:
    assert failing(INSPECTOR, source) == []
    assert advice(INSPECTOR, source) == []


def test_one_module_of_several_is_advice() -> None:
    measured = f"if True:\n{BODY}" * 2
    files = {
        "src/app/a.py": f"if True:  # pragma: no cover\n{BODY}",
        "src/app/b.py": measured,
        "tests/test_a.py": f"if True:  # pragma: no cover\n{BODY}",
    }
    assert failing(INSPECTOR, files) == []
    assert advice(INSPECTOR, files) == [RULE]
