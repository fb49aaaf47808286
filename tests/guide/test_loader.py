"""The loader accepts sound registries and names file and key of every mistake."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.errors import RegistryError
from doctrine.guide.loader import load, load_registry
from doctrine.model.example import Example
from doctrine.model.guide import (
    DeclaredCheck,
    FactCheck,
    GateCheck,
    GatePattern,
    Level,
    ManualCheck,
    RuleCheck,
    Scope,
    Term,
    ThresholdCheck,
)
from doctrine.model.outcome import Outcome
from tests.guide.registries import CHECK, CLAUSES, clause_file, edit_clause, write_registry

ALL_KINDS = """\
[[checks]]
id = 'rules'
kind = 'rule'
tool = 'ruff'
rules = ['S*', 'E501']
scope = 'source'
partial = true
[[checks]]
id = 'declared'
kind = 'declared'
distributions = ['ruff']
[[checks]]
id = 'gate'
kind = 'gate'
ci_only = true
[[checks.gates]]
program = 'ruff'
subcommands = ['check']
needs_any = ['--a']
needs_all = ['--b']
forbids = ['--exit-zero']
rewrites = ['--fix']
rewrites_unless = ['--exit-non-zero-on-fix']
fact = 'coverage-configured'
note = '''
two
lines'''
[[checks]]
id = 'limit'
kind = 'threshold'
tool = 'coverage'
metric = 'coverage-percent'
limit = 80
at_most = false
[[checks]]
id = 'fact'
kind = 'fact'
fact = 'coverage-gate'
otherwise = 'there is none'
false_is = 'unverified'
instead_of = 'limit'
[[checks]]
id = 'person'
kind = 'manual'
reason = 'look'
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_registry(tmp_path)


def test_clauses_come_in_document_order(folder: Path) -> None:
    guide = load_registry(folder).guide
    assert [clause.id for clause in guide.clauses] == list(CLAUSES)
    assert (guide.id, guide.title, guide.version) == ("baking", "Baking", "1.0")
    assert guide.defaults == {"ruff": {"line-length": 100}}
    third = guide.clauses[2]
    assert (third.level, third.keyword, third.line, third.end_line) == (
        Level.MUST,
        "MUST NOT",
        9,
        10,
    )


def test_conditions_are_conjunctions_of_alternatives(folder: Path) -> None:
    edit_clause(folder, "DGH001", "when = []", "when = ['async', 'not library | deployable']")
    clause = load_registry(folder).guide.clause("DGH001")
    assert clause is not None
    assert clause.condition.groups == (
        (Term(fact="async"),),
        (Term(fact="library", negated=True), Term(fact="deployable")),
    )


def test_every_kind_of_check_is_read(folder: Path) -> None:
    edit_clause(folder, "DGH001", CHECK, ALL_KINDS)
    edit_clause(folder, "DGH001", "'attestation'", "'partial'")
    clause = load_registry(folder).guide.clause("DGH001")
    assert clause is not None
    assert clause.checks == (
        RuleCheck(id="rules", tool="ruff", rules=("S*", "E501"), scope=Scope.SOURCE, partial=True),
        DeclaredCheck(id="declared", distributions=("ruff",)),
        GateCheck(
            id="gate",
            ci_only=True,
            gates=(
                GatePattern(
                    program="ruff",
                    subcommands=("check",),
                    needs_any=("--a",),
                    needs_all=("--b",),
                    forbids=("--exit-zero",),
                    rewrites=("--fix",),
                    rewrites_unless=("--exit-non-zero-on-fix",),
                    note="two lines",
                    fact="coverage-configured",
                ),
            ),
        ),
        ThresholdCheck(
            id="limit", tool="coverage", metric="coverage-percent", limit=80.0, at_most=False
        ),
        FactCheck(
            id="fact",
            fact="coverage-gate",
            otherwise="there is none",
            false_is="unverified",
            instead_of="limit",
        ),
        ManualCheck(id="person", reason="look"),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("when = []", "when = []\nhue = 'red'", "DGH001.toml: hue: unknown key"),
        ("when = []", "", "DGH001.toml: when: is missing"),
        ("when = []", "when = 'async'", "when: expected an array of strings"),
        ("when = []", "when = ['async & web']", "is not made of facts"),
        ("when = []", "when = ['Async']", "is not made of facts"),
        ("when = []", "when = ['async', 'async']", "has an item twice"),
        ("line = 7", "line = '7'", "line: expected a whole number"),
        ("line = 7", "line = true", "line: expected a whole number"),
        ("line = 7", "line = 8", "end_line: lies before line"),
        ("'MUST'", "'MIGHT'", "level: expected one of MUST, SHOULD, MAY"),
        ("keyword = 'MUST'", "keyword = 'SHOULD'", "does not mean MUST"),
        ("'A statement.'", "' '", "statement: must not be empty"),
        ("'A statement.'", "3", "statement: expected a string"),
        ("'DGH001'", "'DGH009'", "id: is DGH009, but the file is named DGH001"),
        ("'DGH001'", "'dough'", "id: expected three characters and three digits"),
        ("sha256:", "md5:", "digest: expected sha256:"),
        ("'attestation'", "'automated'", "verification: must be attestation where"),
        (CHECK, "", "checks: is missing"),
        (CHECK, CHECK + CHECK, "two checks are called 'look'"),
        ("'manual'", "'oracle'", "checks[1]: kind: 'oracle' is none of declared"),
        ("reason = ", "reasons = ", "checks[1]: reason: is missing"),
        ("reason = ", "rank = 1\nreason = ", "checks[1]: rank: unknown key"),
        ("reason = ", "instead_of = 'first'\nreason = ", "'look' stands in for 'first'"),
        ("when = []", "when = []\nwaivable = 'no'", "waivable: expected true or false"),
        ("when = []", "when = []\nparents = ['DGH002.none']", "there is no check DGH002.none"),
        ("when = []", "when = []\nparents = ['DGH002']", "there is no check DGH002"),
        ("when = []", "when = []\nparents = ['DGH001.look']", "is the clause's own"),
        ("when = []", "when = []\nmembers = ['DGH002']", "an umbrella has no checks"),
        ("when = []", "when = [\n", "DGH001.toml: is not valid TOML"),
    ],
)
def test_a_damaged_clause_is_told_by_file_and_key(
    folder: Path, old: str, new: str, told: str
) -> None:
    edit_clause(folder, "DGH001", old, new)
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    assert told in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ("kind = 'rule'\ntool = 'ruff'\nrules = []", "rules: must not be empty"),
        ("kind = 'rule'\ntool = 'ruff'\nrules = ['']", "rules: expected an array of strings"),
        ("kind = 'rule'\ntool = 'ruff'\nrules = ['S']\nscope = 'x'", "scope: expected one of"),
        ("kind = 'gate'", "gates: is missing"),
        ("kind = 'gate'\ngates = []", "gates: must not be empty"),
        ("kind = 'gate'\ngates = [3]", "gates: expected an array of tables"),
        ("kind = 'gate'\ngates = [{program = 'x', must = []}]", "gates[1]: must: unknown key"),
        ("kind = 'fact'\nfact = 'a'\notherwise = 'b'\nfalse_is = 'c'", "false_is: expected"),
        (
            "kind = 'threshold'\ntool = 'r'\nmetric = 'm'\nlimit = '1'\nat_most = true",
            "limit: expected a number",
        ),
    ],
)
def test_a_damaged_check_is_told_by_file_and_key(folder: Path, check: str, told: str) -> None:
    edit_clause(folder, "DGH001", CHECK, f"[[checks]]\nid = 'x'\n{check}\n")
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    assert told in caught.value.message
    assert "DGH001.toml: checks[1]" in caught.value.message


EXAMPLE = """
[[examples]]
name = 'salty-yeast'
outcome = 'fail'
places = ['src/a.py:2', 'pyproject.toml', '.']
note = '''
two
lines'''
[examples.files]
'src/a.py' = '''
x = 1
y = 2
'''
"""


def test_examples_are_read_as_they_are_written(folder: Path) -> None:
    edit_clause(folder, "DGH001", CHECK, CHECK + EXAMPLE)
    clause = load_registry(folder).guide.clause("DGH001")
    assert clause is not None
    (example,) = clause.examples
    assert example == Example(
        name="salty-yeast",
        outcome=Outcome.FAIL,
        files={"src/a.py": "x = 1\ny = 2\n"},
        places=("src/a.py:2", "pyproject.toml", "."),
        note="two lines",
    )
    assert sorted(example.tree) == ["pyproject.toml", "src/a.py"]
    assert tomllib.loads(example.tree["pyproject.toml"])["project"]["requires-python"] == ">=3.11"


def test_an_example_keeps_its_own_pyproject(folder: Path) -> None:
    edit_clause(folder, "DGH001", CHECK, CHECK + EXAMPLE.replace("src/a.py", "pyproject.toml"))
    clause = load_registry(folder).guide.clause("DGH001")
    assert clause is not None
    assert clause.examples[0].tree == {"pyproject.toml": "x = 1\ny = 2\n"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("note = ", "notes = ", "notes: unknown key"),
        ("'salty-yeast'", "'Salty yeast'", "name: 'Salty yeast' is not in kebab-case"),
        ("'fail'", "'failure'", "outcome: expected one of pass, fail"),
        ("'fail'", "'waived'", "outcome: expected one of pass, fail, not-applicable, unverified"),
        ("a.py:2", "b.py:2", "places: 'src/b.py' is no file of the example"),
        ("a.py:2", "a.py:3", "places: 'src/a.py:3' lies after the last line, which is 2"),
        ("a.py:2", "a.py:0", "places: 'src/a.py:0' is not path:line"),
        ("a.py:2", "a.py:2:1", "is not path:line"),
        ("'.'", "'pyproject.toml'", "places: has an item twice"),
        ("'src/a.py' = ", "'/src/a.py' = ", "files: '/src/a.py' is not a relative path"),
        ("'src/a.py' = ", "'src/../a.py' = ", "is not a relative path"),
        ("'src/a.py' = ", "'.git/config' = ", "is not a relative path"),
        ("'src/a.py' = ", "'src\\a.py' = ", "is not a relative path"),
        ("'src/a.py' = ", "'src' = ''\n'src/a.py' = ", "files: 'src' is a file and a folder"),
        ("'src/a.py' = ", "x = 1\n'src/a.py' = ", "files: 'x' is not a string"),
        ("[examples.files]", "[examples.tree]", "files: is missing"),
        (EXAMPLE[EXAMPLE.index("[examples.") :], "files = {}", "files: must not be empty"),
        (EXAMPLE[EXAMPLE.index("[examples.") :], "files = []", "expected a table of strings"),
    ],
)
def test_a_damaged_example_is_told_by_file_and_key(
    folder: Path, old: str, new: str, told: str
) -> None:
    assert old in EXAMPLE
    edit_clause(folder, "DGH001", CHECK, CHECK + EXAMPLE.replace(old, new))
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    assert told in caught.value.message
    assert "DGH001.toml: examples[1]" in caught.value.message


def test_two_examples_have_two_names(folder: Path) -> None:
    edit_clause(folder, "DGH001", CHECK, CHECK + EXAMPLE + EXAMPLE)
    with pytest.raises(RegistryError, match="examples: two examples are called 'salty-yeast'"):
        load_registry(folder)


def test_an_umbrella_needs_members_that_exist_and_are_no_umbrellas(folder: Path) -> None:
    edit_clause(folder, "DGH004", "when = []", "when = []\nmembers = ['DGH009']")
    with pytest.raises(RegistryError, match="members: there is no clause DGH009"):
        load_registry(folder)
    edit_clause(folder, "DGH004", "DGH009", "DGH004")
    with pytest.raises(RegistryError, match="DGH004 is an umbrella itself"):
        load_registry(folder)
    edit_clause(folder, "DGH004", "['DGH004']", "['DGH001']")
    clause = load_registry(folder).guide.clause("DGH004")
    assert clause is not None
    assert clause.umbrella


def test_an_id_exists_once(folder: Path) -> None:
    other = folder / "clauses" / "other"
    other.mkdir()
    (other / "DGH001.toml").write_text(clause_file("DGH001"), encoding="utf-8")
    with pytest.raises(RegistryError, match=r"DGH001 is also in clauses/dough/DGH001\.toml"):
        load_registry(folder)


@pytest.mark.parametrize("name", ["guide.toml", "defaults.toml"])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(RegistryError, match=name):
        load_registry(folder)


def test_a_guide_is_named_like_its_folder(folder: Path) -> None:
    with pytest.raises(RegistryError, match="is baking, but the folder is named cooking"):
        load_registry(folder.rename(folder.with_name("cooking")))


def test_a_default_is_a_table(folder: Path) -> None:
    (folder / "defaults.toml").write_text("mypy = 'strict'\n", encoding="utf-8")
    with pytest.raises(RegistryError, match="mypy: expected a table"):
        load_registry(folder)


def test_a_guide_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(RegistryError) as caught:
        load("cobol")
    assert "python" in caught.value.hint


def test_the_registry_digest_changes_with_every_file(folder: Path) -> None:
    seen = {load_registry(folder).guide.registry}
    edit_clause(folder, "HYG002", "A reason.", "Another reason.")
    seen.add(load_registry(folder).guide.registry)
    (folder / "defaults.toml").write_text("[ruff]\n", encoding="utf-8")
    seen.add(load_registry(folder).guide.registry)
    old = folder / "clauses" / "dough" / "DGH001.toml"
    (folder / "clauses" / "bread").mkdir()
    old.rename(folder / "clauses" / "bread" / "DGH001.toml")
    seen.add(load_registry(folder).guide.registry)
    assert len(seen) == 4


@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_registry_or_the_documented_error(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write_registry(Path(name))
        (folder / "clauses" / "dough" / "DGH001.toml").write_bytes(data)
        with pytest.raises(RegistryError):
            load_registry(folder)


_VALUES = ("''", "'x'", "0", "-1", "1.5", "true", "[]", "[[]]", "['x']", "[1]", "{}", "[{}]", "inf")
_TABLES = ("[{id = 'a', kind = 'manual'}]", "[{id = 1, kind = 'gate', gates = [{}]}]")
_KEYS = tuple(line.split(" = ")[0] for line in clause_file("DGH004").splitlines())


@given(
    changes=st.dictionaries(
        st.sampled_from((*_KEYS, "checks", "examples", "parents", "members", "waivable")),
        st.sampled_from((*_VALUES, *_TABLES)),
        min_size=1,
    )
)
def test_any_value_under_any_key_gives_a_registry_or_the_documented_error(
    changes: dict[str, str],
) -> None:
    lines = clause_file("DGH004").splitlines()
    kept = [line for line in lines if line.split(" = ")[0] not in changes]
    text = "\n".join([*kept, *(f"{key} = {value}" for key, value in changes.items())])
    with tempfile.TemporaryDirectory() as name:
        folder = write_registry(Path(name))
        (folder / "clauses" / "dough" / "DGH004.toml").write_text(text, encoding="utf-8")
        told = _trouble(folder)
        assert told is None or "DGH004" in told


def _trouble(folder: Path) -> str | None:
    try:
        load_registry(folder)
    except RegistryError as error:
        return error.message
    return None
