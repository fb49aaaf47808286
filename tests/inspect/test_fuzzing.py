from __future__ import annotations

import pytest

from doctrine.inspect.fuzzing import INSPECTOR
from doctrine.model.project import Role
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project

RUN = "atheris.Setup(sys.argv, test)\natheris.Fuzz()\n"


def look(source: str) -> list[str]:
    parsed = parse("fuzz/a.py", Role.SOURCE, source.encode())
    assert isinstance(parsed, ParsedFile)
    return [one.rule for one in INSPECTOR.inspect(parsed, project({"fuzz/a.py": source}).layout)]


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ("import atheris\n" + RUN, ["fuzz-target", "fuzz-uninstrumented"]),
        ("import atheris\natheris.instrument_all()\n" + RUN, ["fuzz-target"]),
        (
            "import atheris\nwith atheris.instrument_imports():\n    import app\n" + RUN,
            ["fuzz-target"],
        ),
        ("from atheris import Fuzz as go\ngo()\n", ["fuzz-target", "fuzz-uninstrumented"]),
        ("import atheris\n", []),
        ("def Fuzz(): ...\nFuzz()\n", []),
    ],
)
def test_a_harness_counts_and_ought_to_instrument(source: str, rules: list[str]) -> None:
    assert look(source) == rules
