"""Do the tests run where the project promises to run?"""

from __future__ import annotations

import pytest

from doctrine.inspect.compatibility import INSPECTOR
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation
from doctrine.model.replacing import replace
from tests.inspect.build import CI, ci, look, project, rules, seen

ALL = ("linux", "macos")


def test_a_full_matrix() -> None:
    automation = ci(pythons=("3.11", "3.12", "3.13", "3.14"), systems=ALL)
    reading = look(INSPECTOR, project(automation=automation))
    assert reading.findings == ()
    assert {one.rule for one in reading.supports} == {
        "single-python",
        "floor-untested",
        "single-system",
    }
    assert CI in reading.analysed


@pytest.mark.parametrize(
    ("pythons", "expected"),
    [
        (("3.11",), {"single-python": "warning", "newest-untested": "info"}),
        (("3.14",), {"single-python": "warning", "floor-untested": "warning"}),
        (("3.12", "3.14"), {"floor-untested": "warning"}),
        (("3.11", "3.13"), {"newest-untested": "info"}),
        (("3.11", "3.x"), {}),
        (("py311", "py314"), {}),
        (("3.11", "3.14t"), {}),
        (("3.11", "3.14-dev"), {}),
        (("3.11.4", "3.14.0rc1"), {}),
        (("3.11", "3.11.2"), {"single-python": "warning", "newest-untested": "info"}),
        (("pypy3.11", "3.14"), {"single-python": "warning", "floor-untested": "warning"}),
        ((), {"single-python": "warning"}),
    ],
)
def test_matrices(pythons: tuple[str, ...], expected: dict[str, str]) -> None:
    reading = look(INSPECTOR, project(automation=ci(pythons=pythons, systems=ALL)))
    assert {one.rule: one.severity.value for one in reading.findings} == expected
    assert {one.location.path for one in reading.findings} <= {CI, "."}


def test_a_matrix_that_only_a_run_resolves_may_hold_what_is_missing() -> None:
    open_one = replace(
        ci(pythons=("3.12",), systems=("linux",)), computed={CI: "line 7: a run resolves it"}
    )
    reading = look(INSPECTOR, project(automation=open_one))
    assert reading.findings == ()
    assert set(reading.undecided) == {"single-python", "floor-untested", "single-system"}
    assert all("line 7" in why for why in reading.undecided.values())


def test_one_promised_version_needs_no_matrix() -> None:
    reading = look(INSPECTOR, project(minors=(14,), automation=ci(pythons=("3.14",), systems=ALL)))
    assert reading.findings == ()


def test_an_unknown_floor_is_not_missed() -> None:
    judged = project(minors=(), automation=ci(pythons=("3.13", "3.14"), systems=ALL))
    assert look(INSPECTOR, judged).findings == ()


def test_no_ci_tests_nothing() -> None:
    assert seen(look(INSPECTOR, project(automation=Automation()))) == [
        ("single-python", ".", 1, "warning"),
        ("single-system", ".", 1, "warning"),
    ]


@pytest.mark.parametrize(
    ("systems", "single"), [(("linux",), True), (("linux", "linux"), True), (ALL, False)]
)
def test_systems(systems: tuple[str, ...], *, single: bool) -> None:
    automation = ci(pythons=("3.11", "3.14"), systems=systems)
    reading = look(INSPECTOR, project(automation=automation))
    assert rules(reading) == ({"single-system"} if single else set())


def test_a_project_for_one_system_is_left_alone() -> None:
    automation = ci(pythons=("3.11", "3.14"), systems=("linux",))
    judged = project(automation=automation, facts={"several-systems": False})
    assert look(INSPECTOR, judged).findings == ()


@pytest.mark.parametrize(
    "automation",
    [
        ci(pythons=("3.14",), systems=("linux",), unread={"tests.yml": "in another repository"}),
        ci(pythons=("3.14", "${{ fromJSON(x) }}"), systems=("linux",)),
    ],
)
def test_what_could_not_be_followed_leaves_it_open(automation: Automation) -> None:
    reading = look(INSPECTOR, project(automation=automation))
    assert reading.findings == ()
    assert set(reading.undecided) == {"single-python", "floor-untested", "single-system"}


def test_what_is_proven_needs_no_doubt() -> None:
    automation = ci(pythons=("3.11", "3.14"), systems=ALL, unread={"x.yml": "loop"})
    assert look(INSPECTOR, project(automation=automation)).undecided == {}


def test_a_version_whose_failures_nobody_minds_decides_nothing() -> None:
    automation = replace(
        ci(pythons=("3.14",), systems=("linux",)),
        tolerated=(Evidence(path=CI, line=7, detail="3.11"),),
    )
    reading = look(INSPECTOR, project(automation=automation))
    assert {one.rule for one in reading.findings} == set()
    assert "3.11" in reading.undecided["single-python"]
    assert set(reading.undecided) == {"single-python", "floor-untested", "single-system"}
