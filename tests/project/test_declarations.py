from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.errors import ConfigError
from doctrine.model.observation import Evidence
from doctrine.model.stated import Declaration, OperationKind
from doctrine.project.declarations import find_operations
from tests.project.trees import layout_of, plant

FILES = {
    "pyproject.toml": "",
    "src/app/__init__.py": "def start(): ...\n",
    "src/app/payments.py": (
        "class Card:\n    @staticmethod\n    def charge(): ...\n\n\ndef charge():\n    pass\n"
    ),
    "src/app/broken.py": "def (:\n",
    "scripts/nightly.py": "async def run(): ...\n",
}


def declared(text: str) -> Declaration:
    module, _, qualname = text.partition(":")
    place = Evidence(path="pyproject.toml", line=7, detail=text)
    return Declaration(kind=OperationKind.CRITICAL, module=module, qualname=qualname, place=place)


def found(root: Path, text: str, *paths: str) -> Declaration:
    (one,) = find_operations([declared(text)], layout_of(plant(root, FILES), paths=paths))
    return one


@pytest.mark.parametrize(
    ("text", "path", "line", "end_line"),
    [
        ("app.payments:charge", "src/app/payments.py", 6, 7),
        ("app.payments:Card.charge", "src/app/payments.py", 2, 3),
        ("app:start", "src/app/__init__.py", 1, 1),
        ("scripts.nightly:run", "scripts/nightly.py", 1, 1),
    ],
)
def test_an_operation_is_found_where_it_is_defined(
    tmp_path: Path, text: str, path: str, line: int, end_line: int
) -> None:
    one = found(tmp_path, text)
    assert (one.path, one.line, one.end_line) == (path, line, end_line)


def test_what_cannot_be_parsed_is_taken_at_its_word(tmp_path: Path) -> None:
    one = found(tmp_path, "app.broken:run")
    assert (one.path, one.line) == ("src/app/broken.py", 0)


def test_a_check_of_some_paths_knows_the_operations_of_the_others(tmp_path: Path) -> None:
    assert found(tmp_path, "app.payments:charge", "scripts").line == 6


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("app.payment:charge", "the project has no module app.payment", "'app.payments'"),
        ("app.payments:chrage", "defines no function or class chrage", "'app.payments:charge'"),
        ("app.payments:Card.charg", "defines no function", "'app.payments:Card.charge'"),
        ("zzz:run", "the project has no module zzz", "MODULE:NAME"),
        ("app:payments", "src/app/__init__.py defines no function or class", "MODULE:NAME"),
    ],
)
@pytest.mark.parametrize("paths", [(), ("scripts",)])
def test_what_does_not_exist_is_refused_with_the_nearest_name(
    tmp_path: Path, text: str, said: str, hint: str, paths: tuple[str, ...]
) -> None:
    with pytest.raises(ConfigError) as caught:
        found(tmp_path, text, *paths)
    assert caught.value.line == 7
    assert f"tool.doctrine.critical-operations names '{text}', but " in caught.value.message
    assert said in caught.value.message
    assert hint in caught.value.hint or (paths and "MODULE:NAME" in caught.value.hint)
