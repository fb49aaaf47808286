"""Repairs are made until none is left, and taken back where they are not for the better."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from doctrine.mend.choosing import FORMATTER, Wish, is_left_alone
from doctrine.mend.engine import TakenBack
from doctrine.mend.summary import summarised
from doctrine.mend.tally import Rule
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from tests.mend.worlds import World


def test_repairs_go_on_until_nothing_is_left_to_do() -> None:
    world = World({"a": "one x one", "b": "x"}, {"one": "two", "two": "good"})
    done = world.mended()
    assert done.changes == {"a": b"good x good"}
    assert done.before == {"a": b"one x one"}
    assert not done.last.findings
    assert not done.taken_back


def test_a_file_that_gets_more_of_something_is_taken_back_and_others_are_kept() -> None:
    files = {"a": "one", "b": "one evil", "c": "other"}
    world = World(files, {"one": "evil", "evil": None, "other": "fine"})
    done = world.mended()
    assert done.changes == {"c": b"fine"}
    assert [one.path for one in done.taken_back] == ["a", "b"]
    assert done.taken_back[0] == TakenBack(path="a", rules=(Rule("words", "evil"),))
    assert {one.location.path for one in done.last.findings} == {"a", "b"}


def test_what_is_still_found_after_its_repair_is_taken_back() -> None:
    world = World({"a": "one"}, {"one": "(one)"})
    done = world.mended()
    assert not done.changes
    assert done.taken_back == (TakenBack(path="a", rules=(Rule("words", "one"),), worse=False),)


def test_the_other_repairs_of_a_file_hold_without_the_one_that_does_not() -> None:
    world = World({"a": "one two"}, {"one": "(one)", "two": "good"})
    done = world.mended()
    assert done.changes == {"a": b"one good"}
    assert not done.taken_back
    assert summarised(done).stubborn == {"a": 1}


def test_a_file_is_laid_out_although_something_in_it_cannot_be_mended() -> None:
    files = {"a.py": "one two", "b.py": "own two"}
    world = World(files, {"one": "(one)", "two": "neat", "own": "typing_extensions"})
    world.tools = {"two": FORMATTER}
    assert world.mended().changes == {"a.py": b"one neat", "b.py": b"own neat"}


def test_what_is_safe_holds_where_what_is_not_makes_a_file_worse() -> None:
    world = World({"a": "one two"}, {"one": "evil", "evil": None, "two": "good"})
    world.unsafe = frozenset({"one"})
    done = world.mended(Wish(unsafe=True))
    assert done.changes == {"a": b"one good"}
    assert not done.taken_back


def test_two_repairs_that_undo_each_other_end() -> None:
    world = World({"a": "one"}, {"one": "two", "two": "one"})
    done = world.mended()
    assert not done.changes
    assert world.judged < 10


def test_what_cannot_be_parsed_together_is_repaired_one_by_one() -> None:
    world = World({"a": "one - two"}, {"one": "good", "two": "broken"})
    done = world.mended()
    assert done.changes == {"a": b"good - two"}
    assert summarised(done).stubborn == {"a": 1}


def test_a_file_that_cannot_be_parsed_is_left_alone() -> None:
    assert not World({"a": "broken one"}, {"one": "good"}).mended().changes


class Haunted(World):
    """A world in which a change in one file makes itself felt in another."""

    def judge(self, changes: Mapping[str, bytes]) -> Report:
        self.files["b"] = "calm calm" if changes else "calm"
        return super().judge(changes)


def test_a_finding_in_a_file_that_nobody_changed_takes_the_changes_back() -> None:
    done = Haunted({"a": "one"}, {"one": "good", "calm": None}).mended()
    assert not done.changes
    assert done.taken_back == (TakenBack(path="a", rules=(Rule("words", "calm"),)),)


def test_only_what_is_wished_for_is_mended() -> None:
    repairs = {"one": "good", "two": "good", "mute": "good", "hint": "good", "wild": "good"}
    world = World({"a": "one", "b": "two mute hint wild", "c": "one"}, repairs)
    world.silenced, world.advice = frozenset({"mute"}), frozenset({"hint"})
    world.unsafe = frozenset({"wild"})
    assert world.mended(Wish(spared=frozenset({"c"}))).changes == {
        "a": b"good",
        "b": b"good mute hint wild",
    }
    assert world.mended(Wish(clauses=frozenset({"ONE"}))).changes.keys() == {"a", "c"}
    assert world.mended(Wish(clauses=frozenset({"WILD"}), unsafe=True)).changes == {
        "b": b"two mute hint good"
    }


def test_what_a_repair_leaves_behind_is_cleared_away_and_what_was_there_before_is_not() -> None:
    # `rest` is advice that nobody asked to mend; only the repair of `one` brings more of it.
    world = World({"a": "one", "b": "rest"}, {"one": "rest", "rest": ""})
    world.advice = frozenset({"rest"})
    assert world.mended(Wish(clauses=frozenset({"ONE"}))).changes == {"a": b""}


def test_a_tool_that_the_project_does_not_use_mends_nothing_unless_its_clause_is_named() -> None:
    world = World({"a": "one two maybe"}, {"one": "good", "two": "good", "maybe": "good"})
    world.ungated, world.doubtful = frozenset({"two"}), frozenset({"maybe"})
    done = world.mended()
    assert done.changes == {"a": b"good two maybe"}
    assert done.unused == {"MAYBE", "TWO"}
    assert summarised(done).unused == {"MAYBE": 1, "TWO": 1}
    named = world.mended(Wish(clauses=frozenset({"TWO"})))
    assert named.changes == {"a": b"one good maybe"}


def test_what_only_another_version_may_report_is_left_unless_its_clause_is_named() -> None:
    world = World({"a": "one two"}, {"one": "good", "two": "good"})
    world.foreign = frozenset({"two"})
    done = world.mended()
    assert done.changes == {"a": b"good two"}
    assert (summarised(done).doubted, summarised(done).manual) == ({"TWO": 1}, {})
    named = world.mended(Wish(clauses=frozenset({"ONE", "TWO"})))
    assert named.changes == {"a": b"good good"}
    assert summarised(named).doubted == {}


@pytest.mark.parametrize(
    ("text", "brings", "mended"),
    [
        ("one", frozenset[str](), None),
        ("one", frozenset({"typing_extensions"}), b"typing_extensions"),
        ("typing_extensions one", frozenset[str](), b"typing_extensions typing_extensions"),
    ],
)
def test_no_repair_imports_a_package_that_the_project_may_not_have(
    text: str, brings: frozenset[str], mended: bytes | None
) -> None:
    world = World({"a": text}, {"one": "typing_extensions"})
    assert world.mended(Wish(brings=brings)).changes.get("a") == mended


def test_the_summary_counts_what_is_gone_and_what_is_left_and_why() -> None:
    repairs = {"one": "good", "wild": "good", "hard": None}
    world = World({"a": "one one wild", "b": "one hard", "c": "one"}, repairs)
    world.unsafe = frozenset({"wild"})
    summary = summarised(world.mended(Wish(spared=frozenset({"c"}))))
    assert summary.mended == {"ONE": {"a": 2, "b": 1}}
    assert summary.total == 3
    assert summary.spared == {"c": 1}
    assert summary.unsafe == {"WILD": 1}
    assert summary.manual == {}
    assert summary.stubborn == {}
    named = summarised(world.mended(Wish(clauses=frozenset({"HARD"}))))
    assert named.manual == {"HARD": 1}


def test_in_tests_only_the_projects_own_configuration_says_what_is_mended() -> None:
    files = {"src/a.py": "old", "tests/a.py": "old own"}
    world = World(files, {"old": "new", "own": "new"})
    world.tools = {"old": "ruff-guide", "own": "ruff"}
    done = world.mended(Wish(reserved=frozenset({"tests/a.py"})))
    assert done.changes == {"src/a.py": b"new", "tests/a.py": b"old new"}
    assert summarised(done).stubborn == {}


@pytest.mark.parametrize(
    "comment", ["# ruff:ignore[x]", "# ruff: file-ignore[x]", "#ruff: disable"]
)
def test_comments_that_only_ruff_knows_keep_the_guides_rules_away(comment: str) -> None:
    world = World({"a.py": f"old own {comment}"}, {"old": "fresh", "own": "fresh"})
    world.tools = {"old": "ruff-guide", "own": "ruff"}
    assert world.mended().changes == {"a.py": f"old fresh {comment}".encode()}


def test_ruffs_own_configuration_and_comments_are_left_to_their_owners() -> None:
    world = World({"pyproject.toml": "own deps", "a.py": "own"}, {"own": "fresh", "deps": "fresh"})
    world.tools = {"own": "ruff"}
    assert world.mended().changes == {"a.py": b"fresh", "pyproject.toml": b"own fresh"}
    finding = world.judge({}).findings[0]
    assert not is_left_alone(finding, Wish())
    about_comments = replace(finding, traces=(("ruff", "RUF100"),))
    assert is_left_alone(about_comments, Wish())
