"""The crosscheck notices whatever makes a registry and its guide disagree."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.guide.crosscheck import Flaw, crosscheck, record_digest, text_digest
from doctrine.guide.loader import Registry, load_registry
from doctrine.model.replacing import replace
from tests.guide.registries import CLAUSES, GUIDE, digest_at, edit_clause, write_registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_registry(tmp_path)


def _told(registry: Registry, text: str = GUIDE) -> list[tuple[Flaw, int, str]]:
    return [(one.flaw, one.line, one.clause) for one in crosscheck(registry, text)]


def test_registry_and_guide_agree(folder: Path) -> None:
    assert _told(load_registry(folder)) == []


@pytest.mark.parametrize("clause_id", CLAUSES)
def test_a_keyword_without_its_clause_is_unclaimed(folder: Path, clause_id: str) -> None:
    (folder / "clauses" / "dough" / f"{clause_id}.toml").unlink()
    line = CLAUSES[clause_id][2]
    assert _told(load_registry(folder)) == [(Flaw.UNCLAIMED, line, "")]


def test_a_keyword_without_its_aside_is_unclaimed(folder: Path) -> None:
    registry = replace(load_registry(folder), asides=())
    assert _told(registry) == [(Flaw.UNCLAIMED, 3, ""), (Flaw.UNCLAIMED, 3, "")]


def test_two_keywords_of_a_kind_need_two_clauses(folder: Path) -> None:
    text = GUIDE.replace("**SHOULD** sift", "**MUST** sift")
    registry = load_registry(folder)
    flaws = [one[0] for one in _told(registry, text)]
    assert flaws.count(Flaw.UNCLAIMED) == 1
    assert Flaw.NO_KEYWORD in flaws


def test_a_clause_on_a_wrong_line_is_told(folder: Path) -> None:
    edit_clause(folder, "DGH003", "line = 9\nend_line = 10", "line = 7\nend_line = 7")
    assert _told(load_registry(folder)) == [
        (Flaw.NO_KEYWORD, 7, "DGH003"),
        (Flaw.UNCLAIMED, 9, ""),
    ]


def test_a_changed_sentence_is_told_with_its_digest(folder: Path) -> None:
    text = GUIDE.replace("Wash their hands", "Wash their feet")
    registry = load_registry(folder)
    assert _told(registry, text) == [
        (Flaw.GUIDE_CHANGED, 0, ""),
        (Flaw.SENTENCE_CHANGED, 19, "HYG001"),
    ]
    clause = registry.guide.clause("HYG001")
    assert clause is not None
    digest = record_digest(text, clause)
    assert digest is not None
    assert digest in crosscheck(registry, text)[1].message


def test_white_space_inside_a_sentence_changes_the_guide_only(folder: Path) -> None:
    text = GUIDE.replace("an apron", " an  apron")
    assert _told(load_registry(folder), text) == [(Flaw.GUIDE_CHANGED, 0, "")]


def test_an_aside_that_fits_nothing_is_told(folder: Path) -> None:
    registry = load_registry(folder)
    stray = replace(registry.asides[0], line=5)
    registry = replace(registry, asides=(*registry.asides, stray))
    assert _told(registry) == [(Flaw.ASIDE_UNKNOWN, 5, "")]


def test_digests_are_recorded_from_the_sentence(folder: Path) -> None:
    registry = load_registry(folder)
    for clause in registry.guide.clauses:
        assert record_digest(GUIDE, clause) == digest_at(clause.line, clause.keyword)
    lost = replace(registry.guide.clauses[0], line=1, end_line=1)
    assert record_digest(GUIDE, lost) is None
    assert text_digest(GUIDE) == registry.guide.digest
