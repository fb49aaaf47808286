from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from doctrine.documents import parse_toml
from doctrine.model.project import Target
from doctrine.project.target import poetry_specifiers, read_target


def standard(specifier: str) -> Target:
    source = f"[project]\nrequires-python = '{specifier}'"
    return read_target(parse_toml("pyproject.toml", source), {})


@pytest.mark.parametrize(
    ("specifier", "minors"),
    [
        (">=3.11", (11, 12, 13, 14)),
        ("~=3.12", (12, 13, 14)),
        ("~=3.9.2", (9,)),
        ("==3.14.*", (14,)),
        ("==3.11.4", (11,)),
        (">3.11", (11, 12, 13, 14)),
        (">3.11.0,<3.11.2", (11,)),
        (">=3.8,!=3.9.*,<3.12", (8, 10, 11)),
        (">=2.7,!=3.0.*,!=3.1.*,<3.4", (2, 3)),
    ],
)
def test_admitted_versions_follow_the_specifier(specifier: str, minors: tuple[int, ...]) -> None:
    target = standard(specifier)
    assert target.minors == minors
    assert target.floor == (3, minors[0])
    assert target.evidence[0].line == 2


@pytest.mark.parametrize(
    ("specifier", "said"),
    [
        ("<3", "no existing"),
        (">=3.15", "no existing"),
        ("3.11", "not a valid"),
        ("^3.9", "not a valid"),
        ("", "every version"),
        (">=3." + "9" * 5000, "not a valid"),
    ],
)
def test_an_unusable_specifier_leaves_no_floor_and_says_so(specifier: str, said: str) -> None:
    target = standard(specifier)
    assert (target.floor, target.minors, target.text) == (None, (), "")
    assert said in target.evidence[0].detail


def test_a_value_that_is_no_string_says_so() -> None:
    target = read_target(parse_toml("p", "[project]\nrequires-python = 3.11"), {})
    assert target.floor is None
    assert "not a string" in target.evidence[0].detail


@pytest.mark.parametrize(
    ("written", "minors"),
    [
        ("^3.9", (9, 10, 11, 12, 13, 14)),
        ("~3.10", (10,)),
        ("3.9.*", (9,)),
        (">=3.9,<3.11", (9, 10)),
        (">=3.8 <3.10", (8, 9)),
        ("~2.7 || ^3.13", (13, 14)),
    ],
)
def test_poetry_counts_where_the_standard_key_is_missing(
    written: str, minors: tuple[int, ...]
) -> None:
    source = f"[tool.poetry.dependencies]\npython = '{written}'"
    assert read_target(parse_toml("p", source), {}).minors == minors


def test_flit_s_own_table_counts_where_the_standard_key_is_missing() -> None:
    flit = '[tool.flit.metadata]\nrequires-python = ">=3.6.3"\n'
    target = read_target(parse_toml("pyproject.toml", flit), {})
    assert target.floor == (3, 6)
    assert target.evidence[0].line == 2
    both = read_target(parse_toml("p", f'{flit}[project]\nrequires-python = ">=3.9"\n'), {})
    assert both.floor == (3, 9)


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        ("^1.2.3", "1.9", "2.0"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0", "0.9", "1.0"),
        ("~1.2", "1.2.9", "1.3"),
        ("~1", "1.9", "2.0"),
    ],
)
def test_carets_and_tildes_bound_what_they_say(constraint: str, inside: str, outside: str) -> None:
    (specifier,) = poetry_specifiers(constraint)
    assert SpecifierSet(specifier).contains(inside)
    assert not SpecifierSet(specifier).contains(outside)


def test_setup_files_count_last() -> None:
    texts = {"setup.cfg": "[options]\npython_requires = >=3.8  # old\n"}
    assert read_target(None, texts).text == "3.8"
    assert read_target(None, texts).evidence[0].line == 2
    script = {"setup.py": "setup(\n  python_requires='>=3.7',\n)"}
    assert read_target(None, script).floor == (3, 7)
    assert read_target(parse_toml("p", "[project]\nrequires-python='>=3.12'"), texts).text == "3.12"


def test_nothing_said_is_no_floor_without_evidence() -> None:
    assert read_target(None, {}) == Target(floor=None, minors=(), specifier="")


@given(st.text(alphabet="0123456789.,<>=!~^*| ab", max_size=20))
def test_any_specifier_is_read(specifier: str) -> None:
    for target in (
        standard(specifier),
        read_target(parse_toml("p", f"[tool.poetry.dependencies]\npython = '{specifier}'"), {}),
    ):
        assert (target.floor is None) == (not target.minors)
        assert set(target.minors) <= set(range(15))


@pytest.mark.parametrize("written", [">=3.{}", " >= 3.{}.0 "])
def test_a_plain_bound_means_what_it_means_to_the_library(written: str) -> None:
    for first in range(17):
        admitted = SpecifierSet(written.format(first))
        minors = tuple(minor for minor in range(15) if admitted.contains(f"3.{minor}.0"))
        assert standard(written.format(first)).minors == minors
