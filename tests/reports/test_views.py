from __future__ import annotations

import unicodedata
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.cli.checks_in_words import check_in_words, tools_of
from doctrine.cli.clauses_view import ClauseList, clauses_json, render_clauses
from doctrine.cli.conditions import condition_in_words, fact_in_words
from doctrine.cli.explain_view import render_explain
from doctrine.errors import UsageError
from doctrine.guide.loader import load
from doctrine.model.guide import (
    Check,
    Condition,
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    Guide,
    ManualCheck,
    RuleCheck,
    Term,
    ThresholdCheck,
)
from doctrine.model.replacing import replace
from doctrine.reports._format import Canvas
from tests.reports.standard import GUIDE, HOLDING, SEC005

WIDE = Canvas(width=120)


def test_a_clause_is_explained_from_its_words_to_its_checks() -> None:
    text = render_explain(GUIDE, "sec005", WIDE)
    for part in (
        "SEC005  MUST  Security",
        "never drawn from `random`",
        "why      The state of `random`",
        "applies  where the code imports `random` or the code makes secret values",
        "remedy   Replace `random.choices(...)`",
        "Python style guide 2.11.0, Security, line 969",
        "by machine in part",
        "clean: `security` reads the files and reports no `random-secret`",
    ):
        assert part in text


def test_an_umbrella_names_what_it_restates() -> None:
    text = render_explain(GUIDE, "TYP005", WIDE)
    assert "restates TYP006" in text
    assert "decided" not in text


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("SEC05", "SEC005"),
        ("typ06", "TYP006"),
        ("LNT999", "LNT001"),
        ("zzzzz", "`doctrine clauses` lists them all"),
        ("", "`doctrine clauses` lists them all"),
    ],
)
def test_an_unknown_clause_is_a_mistake_with_the_nearest_names(wrong: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        render_explain(GUIDE, wrong, WIDE)
    assert hint in caught.value.hint


def test_what_the_user_typed_is_shown_harmlessly() -> None:
    with pytest.raises(UsageError) as caught:
        render_explain(GUIDE, "\x1b[2J", WIDE)
    assert "\x1b" not in caught.value.message


CHECKS: tuple[tuple[Check, str], ...] = (
    (
        RuleCheck(id="c", tool="ruff", rules=("*",)),
        "`ruff` reads the files and reports nothing",
    ),
    (
        RuleCheck(id="c", tool="ruff", rules=("A", "B", "C"), partial=True),
        "`ruff` reads the files and reports none of `A`, `B` or `C` (proof in part)",
    ),
    (
        ThresholdCheck(id="c", tool="radon", metric="complexity", limit=10, at_most=True),
        "`radon` measures a complexity of at most 10 outside tests, examples and documentation",
    ),
    (
        DeclaredCheck(id="c", distributions=("black", "ruff"), instead_of="x"),
        "`black`, or the equivalent `ruff` is a dependency, a hook, or part of CI, where `x` is unverified",
    ),
    (
        GateCheck(
            id="c",
            gates=(
                GatePattern(program="ruff", subcommands=("check",)),
                GatePattern(program="flake8", needs_any=("--a", "--b"), note="an equivalent"),
            ),
            ci_only=True,
        ),
        "CI runs `ruff check` or `flake8 --a|--b` (an equivalent) so that it can fail",
    ),
    (FactCheck(id="c", fact="property-tests", otherwise=""), "there are property-based tests"),
    (ManualCheck(id="c", reason="ask the team"), "a person decides: ask the team"),
)


@pytest.mark.parametrize(("asked", "words"), CHECKS)
def test_checks_in_words(asked: Check, words: str) -> None:
    assert check_in_words(asked) == words


def test_every_kind_of_check_has_words() -> None:
    assert {type(asked) for asked, _ in CHECKS} == set(get_args(Check))
    everything = replace(SEC005, checks=tuple(asked for asked, _ in CHECKS))
    assert tools_of(everything) == "ruff, radon, dependencies, CI, facts, a person"


def test_conditions_in_words() -> None:
    assert condition_in_words(Condition()) == "always"
    both = Condition(
        groups=(
            (Term(fact="async"), Term(fact="concurrent", negated=True)),
            (Term(fact="tests"),),
        )
    )
    assert condition_in_words(both) == (
        "where the code has coroutines or the code uses neither threads nor processes, "
        "and there are tests"
    )
    assert fact_in_words("new-fact", negated=True) == "not new fact"


def test_every_fact_of_the_guide_has_words() -> None:
    guide = load("python")
    facts = {
        term.fact for clause in guide.clauses for group in clause.condition.groups for term in group
    } | {
        asked.fact
        for clause in guide.clauses
        for asked in clause.checks
        if isinstance(asked, FactCheck)
    }
    assert not {fact for fact in facts if fact_in_words(fact) == fact.replace("-", " ")}


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_list_names_every_clause(width: int) -> None:
    text = render_clauses(GUIDE, Canvas(width=width))
    assert all(clause.id in text and clause.level.value in text for clause in GUIDE.clauses)
    assert f"{len(GUIDE.clauses)} clauses of Python style guide 2.11.0" in " ".join(text.split())


def test_the_list_for_programs() -> None:
    listing = msgspec.json.decode(clauses_json(GUIDE), type=ClauseList)
    assert listing.schema == "doctrine.clauses/v1"
    assert [one.id for one in listing.clauses] == [clause.id for clause in GUIDE.clauses]
    secrets = next(one for one in listing.clauses if one.id == "SEC005")
    assert secrets.checks[0].asks.startswith("`security` reads the files")


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_no_guide_can_steer_the_terminal(words: str) -> None:
    nasty = replace(HOLDING[0], statement=words, section=words, rationale=words, remedy=words)
    guide: Guide = replace(GUIDE, clauses=(nasty,), title=words)
    text = render_explain(guide, nasty.id, WIDE) + render_clauses(guide, WIDE)
    unseen = {unicodedata.category(one) for one in text if one != "\n"}
    assert not unseen & {"Cc", "Cf", "Cs"}
