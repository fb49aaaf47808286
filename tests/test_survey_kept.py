"""What an earlier survey saw is what another one would see, and files that hold the same are not parsed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import doctrine.survey
from doctrine.cache.identity import Identity
from doctrine.cache.store import Store
from doctrine.cache.surveyed import Surveyed
from doctrine.guide.loader import load
from doctrine.inspect._inspector import FileInspector, GatheringInspector
from doctrine.inspect.discovery import inspectors
from doctrine.model.observation import Finding
from doctrine.model.project import Layout, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.plan import tools_of
from doctrine.survey import Survey, survey
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.project.trees import layout_of, plant

GATHERING = [one for one in inspectors() if isinstance(one, GatheringInspector)]


class Surveys:
    """Surveys of one folder with a store, and how many files each parsed."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make an empty project."""
        self.root = folder / "project"
        self.store = Store(folder / "cache")
        self.parsed: list[str] = []
        self.itself = "1"

        def counting(path: str, role: Role, data: bytes) -> ParsedFile | Module:
            self.parsed.append(path)
            return parse(path, role, data)

        monkeypatch.setattr(doctrine.survey, "parse", counting)

    def kept(self) -> list[str]:
        """Compare a survey with the store to one without; return what the first parsed."""

        def known(around: Layout, watched: frozenset[str]) -> Surveyed:
            identity = Identity(parts={"doctrine": self.itself})
            return Surveyed(self.store, around, identity, watched)

        self.parsed.clear()
        settings = Settings(root=str(self.root))
        with_store = survey(layout_of(self.root), settings, known)
        parsed = [*self.parsed]
        assert _said(with_store) == _said(survey(layout_of(self.root), settings))
        return parsed


def _said(one: Survey) -> tuple[object, ...]:
    return one.project, one.inspect_project()


@pytest.fixture
def surveys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Surveys:
    """Return the surveys of a small project."""
    made = Surveys(tmp_path, monkeypatch)
    plant(made.root, {"pyproject.toml": "", "src/app/a.py": "a = 1\n", "src/app/b.py": "b = 1\n"})
    return made


def test_only_what_changed_is_parsed(surveys: Surveys) -> None:
    assert surveys.kept() == ["src/app/a.py", "src/app/b.py"]
    assert surveys.kept() == []
    plant(surveys.root, {"src/app/a.py": "def f(:\n"})
    assert surveys.kept() == ["src/app/a.py"]
    assert surveys.kept() == []
    (surveys.root / "src/app/a.py").touch()
    assert surveys.kept() == [], "contents decide"


@pytest.mark.parametrize(
    ("path", "text", "itself"),
    [
        ("README.md", "new", "1"),
        ("pyproject.toml", "[project]\nname = 'app'\n", "1"),
        ("pyproject.toml", "", "2"),
    ],
    ids=["another file", "the configuration", "another doctrine"],
)
def test_what_is_shown_beside_a_file_counts(
    surveys: Surveys, path: str, text: str, itself: str
) -> None:
    surveys.kept()
    plant(surveys.root, {path: text})
    surveys.itself = itself
    assert len(surveys.kept()) == 2


def test_an_inspector_that_fails_is_asked_again(
    surveys: Surveys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> tuple[Finding, ...]:
        raise ValueError("a defect")

    broken = FileInspector(name="broken", rules=("x",), inspect=failing)
    monkeypatch.setattr(doctrine.survey, "inspectors", lambda: (broken, *GATHERING))
    surveys.kept()
    assert len(surveys.kept()) == 2


def test_what_is_damaged_is_looked_at_again(surveys: Surveys) -> None:
    surveys.kept()
    assert surveys.store.folder is not None
    for path in surveys.store.folder.glob("v*/survey/*/*"):
        path.write_bytes(path.read_bytes()[:-1])
    assert len(surveys.kept()) == 2


@pytest.mark.parametrize("inspector", GATHERING, ids=lambda one: one.name)
def test_every_note_can_be_read_again(inspector: GatheringInspector) -> None:
    # The type is asked for; whether each value survives, the examples below tell.
    inspector.begin().recall("a.py", msgspec.msgpack.encode(None))


def test_what_the_guide_s_examples_show_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surveys = Surveys(tmp_path, monkeypatch)
    # Those of the clauses that take notes: three of each, for the time it takes.
    names = {one.name for one in GATHERING}
    guide = load("python")
    asking = (one for one in guide.clauses if tools_of(replace(guide, clauses=(one,))) & names)
    examples = [one for clause in asking for one in clause.examples[:3]]
    for number, example in enumerate(examples):
        for path, text in example.files.items():
            if path.endswith(".py"):
                plant(surveys.root, {f"src/app/e{number}/{path.rpartition('/')[2]}": text})
    assert surveys.kept()
    assert surveys.kept() == []
