from __future__ import annotations

import pytest

from doctrine.cli.options import CheckOptions
from doctrine.cli.viewing import ViewOptions, view_of
from doctrine.errors import UsageError
from doctrine.guide.loader import clause_ids, load
from doctrine.model.guide import Level
from doctrine.model.outcome import Outcome
from doctrine.reports._view import Detail, Sort, View

IDS = ("CPX002", "SEC001", "SEC005", "TYP001")


def _never() -> tuple[str, ...]:
    raise AssertionError("nobody named a clause")


def test_without_flags_the_view_is_the_usual_one_and_nothing_is_looked_up() -> None:
    assert view_of(ViewOptions(), _never) == View()
    assert not View().filters
    assert not View().whole


def test_every_flag_has_its_place() -> None:
    options = ViewOptions(
        verbose=True,
        show=("sec005,cpx002", " SEC "),
        sort="Points",
        outcome=("fail, error", "fail"),
        level=("MUST",),
        paths=("src/", "!src/x.py"),
        new=True,
    )
    assert view_of(options, lambda: IDS) == View(
        detail=Detail.VERBOSE,
        show=("SEC005", "CPX002", "SEC001"),
        sort=Sort.POINTS,
        outcomes=(Outcome.FAIL, Outcome.ERROR),
        levels=(Level.MUST,),
        paths=("src/", "!src/x.py"),
        new=True,
    )


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (ViewOptions(quiet=True, verbose=True), "exclude each other", "one of them"),
        (ViewOptions(show=("SEC006X",)), "no clause 'SEC006X'", "SEC005"),
        (ViewOptions(show=("",)), "no clause ''", "doctrine clauses"),
        (ViewOptions(sort="point"), "--sort has no 'point'", "did you mean points?"),
        (
            ViewOptions(outcome=("failed",)),
            "--outcome has no 'failed'",
            "did you mean fail or waived?",
        ),
        (ViewOptions(level=("x",)), "--level has no 'x'", "choose among must, should, may"),
        (ViewOptions(paths=("src", "!")), "--path '!' is no pattern", ""),
    ],
)
def test_what_does_not_exist_is_an_error_that_names_what_does(
    options: ViewOptions, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as error:
        view_of(options, lambda: IDS)
    assert message in error.value.message
    assert hint in error.value.hint
    assert error.value.exit_code == 2


def test_the_ids_of_the_clauses_are_known_without_reading_them() -> None:
    assert sorted(one.id for one in load().clauses) == list(clause_ids())


def test_the_command_that_shows_it_again_judges_alike() -> None:
    options = CheckOptions(path="a b", tests=True, network=False, audit=True, jobs=3)
    assert options.again() == "doctrine check 'a b' --tests --no-network --audit"
    assert CheckOptions(format="json", view=ViewOptions(new=True)).again() == "doctrine check"
