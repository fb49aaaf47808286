"""What is broken on purpose is really broken, and the tests that are asked exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks.mutants.breaking import KINDS, Mutant, mutants
from benchmarks.mutants.choosing import chosen
from benchmarks.mutants.ledger import Ledger, explanations
from benchmarks.mutants.plans import missing, plans
from benchmarks.mutants.table import table
from benchmarks.mutants.trying import Fate, Tried

TOP = Path(__file__).parent.parent.parent
SOURCE = b'''\
"""A module; \xc3\xa4."""


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Read."""
    done = completed[0]
    require_exit(done, {0}, tool="t")
    if done.exit_code == 1:
        raise CrashedError("no")
    return Reading(findings=tuple(_found(done)), analysed=seen(done), unread=unread(done))


def _found(done: Completed) -> Iterator[Finding]:
    for line in lines(done):
        if line.known:
            yield finding(line)


def _paths(lines: Iterable[Line]) -> tuple[str, ...]:
    try:
        return tuple(line.path for line in lines if line)
    except ValueError:
        return ("?",)
'''


def broken(kind: str, function: str) -> list[str]:
    """Return the changed lines of all mutants of a kind in a function."""
    before = SOURCE.decode().splitlines()
    return [
        line.strip()
        for one in mutants("m.py", SOURCE)
        if (one.kind, one.function) == (kind, function)
        for line in one.source.decode().splitlines()
        if line not in before
    ]


@pytest.mark.parametrize(
    ("kind", "function", "lines"),
    [
        ("return nothing", "read", ["return Reading()"]),
        ("return nothing", "_found", ["return", "yield"]),
        ("return nothing", "_paths", ["return ()"]),
        ("lose all", "_found", ["yield from ()"]),
        ("swallow the error", "read", ["pass", "return Reading()"]),
        ("swallow the error", "_paths", ["return ()"]),
        ("ignore how it ended", "read", ["pass", "if False:"]),
        ("skip the first", "_found", ["for line in tuple(lines(done))[1:]:"]),
        ("turn the condition round", "_found", ["if (not (line.known)):"]),
        (
            "lose one",
            "_paths",
            ["return (tuple((line.path for line in lines if line)))[1:]", "return (('?',))[1:]"],
        ),
    ],
)
def test_a_function_is_broken_in_each_way(kind: str, function: str, lines: list[str]) -> None:
    assert broken(kind, function) == lines


def test_files_are_claimed_that_were_not_read() -> None:
    (claimed, told) = broken("claim to have read", "read")
    assert "analysed=frozenset(file.path for file in request.layout.files)" in claimed
    assert "unread={}" in told


def test_every_mutant_is_python_and_another_program() -> None:
    found = list(mutants("m.py", SOURCE))
    whole = ast.dump(ast.parse(SOURCE))
    assert all(ast.dump(ast.parse(one.source)) != whole for one in found)
    assert len({one.name for one in found}) == len(found)
    assert {one.kind for one in found} == set(KINDS)


def test_the_choice_takes_some_of_each_kind_whatever_else_there_is() -> None:
    found = list(mutants("m.py", SOURCE))
    some = chosen(found, 1)
    assert [one.kind for one in some] == list(KINDS)
    assert chosen(list(reversed(found)), 1) == some


def test_plans_name_modules_and_tests_that_exist_and_forget_no_adapter() -> None:
    assert missing(TOP) == []
    planned = {plan.module for plan in plans()}
    adapters = {
        f"tools/{path.name}"
        for path in (TOP / "src/doctrine/tools").glob("[a-z]*.py")
        if "\nTOOL = " in path.read_text("utf-8")
    }
    assert adapters <= planned


def test_explanations_are_of_mutants_that_there_are() -> None:
    explained = explanations()
    modules = {name.split()[0] for name in explained}
    names = {
        one.name
        for module in modules
        for one in mutants(module, (TOP / "src/doctrine" / module).read_bytes())
    }
    assert set(explained) <= names
    assert all(len(why.split()) > 3 for why in explained.values())


def a_tried(mutant: Mutant, fate: Fate) -> Tried:
    return Tried(name=mutant.name, digest=mutant.digest, fate=fate, by="", seconds=1.0)


def test_an_interrupted_run_goes_on_and_survivors_are_asked_again(tmp_path: Path) -> None:
    first, second, third = list(mutants("m.py", SOURCE))[:3]
    file = tmp_path / "kept.jsonl"
    ledger = Ledger(file, again=False)
    ledger.note(a_tried(first, Fate.NOTICED))
    ledger.note(a_tried(second, Fate.SURVIVED))
    known = Ledger(file, again=False)
    assert [known.knows(one) for one in (first, second, third)] == [True, True, False]
    again = Ledger(file, again=True)
    assert [again.knows(one) for one in (first, second, third)] == [True, False, False]


def test_the_table_counts_survivors_and_tells_the_explained_ones_apart() -> None:
    first, second, third = list(mutants("m.py", SOURCE))[:3]
    tried = [
        a_tried(first, Fate.NOTICED), a_tried(second, Fate.SURVIVED), a_tried(third, Fate.SURVIVED)
    ]  # fmt: skip
    known = {(one.name, one.digest): one for one in tried}
    lines = list(table([first, second, third], known, {second.name: "nobody can see it"}))
    assert [line.endswith("OPEN") for line in lines[:2]] == [False, True]
    assert lines[-1].split() == ["all", "3", "1", "1", "1"]
