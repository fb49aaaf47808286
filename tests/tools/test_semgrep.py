"""doctrine's semgrep rules against marked examples, and both front ends of the adapter."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from doctrine.errors import RegistryError
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.project import Flaw, Role, SourceFile, Target
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.model.tool import CrashedError, Request, Skip
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from doctrine.tools._semgrep_rules import PREFIX, load_rules, parse_rules
from doctrine.tools._semgrep_screen import suspects
from doctrine.tools.semgrep import TOOL, fallback
from tests.tools import recordings

EXAMPLES = recordings.RECORDINGS / "semgrep" / "findings"
MARK = re.compile(r"# expect: (.+)$")
EMPTY = b'{"version":"1","results":[],"errors":[],"paths":{"scanned":["./a.py"]}}'


def request_for(tmp_path: Path, **files: str) -> Request:
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return recordings.request_of(TOOL, recordings.Case(), tmp_path)


def invocations(request: Request) -> tuple[Invocation, ...]:
    prepared = TOOL.prepare(request)
    assert not isinstance(prepared, Skip)
    return prepared


def completed(invocation: Invocation, stdout: bytes) -> Completed:
    return Completed(invocation=invocation, ending=Ending.EXITED, exit_code=0, stdout=stdout)


def example_files() -> dict[str, str]:
    """Return the text of every example by its path."""
    texts = dict(recordings.case_of(EXAMPLES).files)
    for path in (EXAMPLES / "input").rglob("*.py"):
        texts[path.relative_to(EXAMPLES / "input").as_posix()] = path.read_text(encoding="utf-8")
    return texts


def marked() -> Iterator[tuple[str, int, str]]:
    """Yield path, line and rule of every line that an example expects to be reported."""
    for name, text in example_files().items():
        for number, line in enumerate(text.splitlines(), start=1):
            mark = MARK.search(line)
            for slug in mark[1].split() if mark else ():
                yield name, number, f"{PREFIX}{slug}"


def reported(reading: Reading) -> Counter[tuple[str, int, str]]:
    return Counter(
        (found.location.path, found.location.line, found.rule) for found in reading.findings
    )


def test_rules_report_the_marked_lines_and_no_others() -> None:
    expected = msgspec.json.decode((EXAMPLES / "expected.json").read_bytes(), type=Reading)
    assert reported(expected) == Counter(marked())


def test_every_rule_has_a_violating_example() -> None:
    assert {rule.id for rule in load_rules()} == {slug for _, _, slug in marked()}


def suspected(text: str) -> frozenset[str]:
    """Return the rules, without their prefix, that can match in a text."""
    parsed = parse("a.py", Role.SOURCE, text.encode())
    assert isinstance(parsed, ParsedFile)
    found = suspects(parsed, ((rule.id, rule.screen) for rule in load_rules()))
    return frozenset(rule.removeprefix(PREFIX) for rule in found)


def matches() -> Iterator[tuple[str, str]]:
    """Yield the rule of everything that semgrep found in the examples, with its source alone."""
    texts = example_files()
    output = msgspec.json.decode((EXAMPLES / "scan-1.stdout").read_bytes())
    for one in output["results"]:
        first, last = one["start"]["line"], one["end"]["line"]
        lines = texts[one["path"].removeprefix("./")].splitlines()
        imports = [line for line in lines if line.startswith(("import ", "from "))]
        alone = textwrap.dedent("\n".join(lines[first - 1 : last]))
        yield one["check_id"].split(PREFIX)[1], "\n".join((*imports, *_whole(alone), ""))


def _whole(lines: str) -> tuple[str, ...]:
    """Return lines that a match covers as a statement."""
    if lines.startswith("elif"):
        return "if x:", "    y()", lines
    code = lines.splitlines()[-1].partition("  #")[0]
    if code.endswith(","):  # a parameter
        return "def f(", lines, "): pass"
    return (lines, "    pass") if code.endswith(":") else (lines,)


def test_every_match_alone_makes_its_file_one_to_be_searched() -> None:
    """Whatever else the examples hold must not be what lets a rule look at them."""
    found = [(rule, text) for rule, text in matches() if rule not in suspected(text)]
    assert not found


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("assertion-always-true", "assert \\\n    (a, b)\n"),
        ("eval-of-dynamic-text", "eval \\\n    (a)\n"),
        ("constant-raised", "raise \\\n    NotImplemented\n"),
        ("everything-ignored", "try:\n    a()\nexcept \\\n    :\n    pass\n"),
        ("system-with-dynamic-command", "import os\n(os.  # it's # twice\n  system(a))\n"),
    ],
)
def test_a_rule_is_asked_about_lines_that_are_joined(rule: str, text: str) -> None:
    assert rule in suspected(text)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n",
        "def evaluate(executor):\n    return executor.evaluation\n",
        "if a is None or a < b:\n    c = 1\nelse:\n    c = b\n",
        "try:\n    a()\nexcept ValueError:\n    pass\nfinally:\n    b()\n",
        "class E(NotImplementedError):\n    pass\n",
    ],
)
def test_no_rule_is_asked_about_plain_code(text: str) -> None:
    assert not suspected(text)


def screened(request: Request, **found: frozenset[str] | None) -> Request:
    """Return a request whose modules, by name, were found to be suspects of these rules."""
    modules = (replace(one, suspects=found[one.path[:-3]]) for one in request.modules)
    return replace(request, modules=tuple(modules))


def test_files_that_no_rule_can_match_in_are_proven_without_semgrep(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n", b="eval(x)\n", c="assert (a, b)\n")
    one = frozenset({f"{PREFIX}eval-of-dynamic-text"})
    asked = screened(request, a=frozenset(), b=one, c=None)
    (invocation,) = invocations(asked)
    assert [word for word in invocation.argv if word.endswith(".py")] == ["./b.py", "./c.py"]
    output = EMPTY.replace(b"./a.py", b"./b.py")
    assert TOOL.read(asked, (completed(invocation, output),)).analysed == {"a.py", "b.py"}


def test_semgrep_is_given_the_rules_that_can_match(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n", b="eval(x)\n")
    one = frozenset({f"{PREFIX}eval-of-dynamic-text"})
    (invocation,) = invocations(screened(request, a=frozenset(), b=one))
    rules = msgspec.json.decode(invocation.files["rules.json"])["rules"]
    assert [rule["id"] for rule in rules] == [f"{PREFIX}eval-of-dynamic-text"]


def test_a_semgrep_that_has_nothing_to_look_for_still_has_to_work(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\nx = 2\n", b="x = 1\n")
    asked = screened(request, a=frozenset(), b=frozenset())
    (invocation,) = invocations(asked)
    assert [word for word in invocation.argv if word.endswith(".py")] == ["./b.py"]
    assert msgspec.json.decode(invocation.files["rules.json"])["rules"]
    broken = replace(completed(invocation, b""), exit_code=2)
    with pytest.raises(CrashedError):
        TOOL.read(asked, (broken,))


def test_what_it_says_of_changed_files_that_no_rule_can_match_in_is_settled(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n", b="eval(x)\n", c="def broken(\n")
    assert TOOL.settled is not None
    clean = screened(request, a=frozenset(), b=frozenset(), c=None)
    *others, last = clean.modules
    broken = replace(last, flaw=Flaw.SYNTAX, flaw_detail="it is broken")
    known = TOOL.settled(replace(clean, modules=(*others, broken)))
    assert known is not None
    assert known.analysed == {"a.py", "b.py"}
    assert known.unread.keys() == {"c.py"}
    assert not known.findings
    assert known.excluded == 0
    one = frozenset({f"{PREFIX}eval-of-dynamic-text"})
    for found in (one, None):
        assert TOOL.settled(screened(request, a=frozenset(), b=found, c=None)) is None


@pytest.mark.live
def test_both_front_ends_agree(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="eval(input())\n", b="x = 1\n")
    slow = fallback(request)
    assert not isinstance(slow, Skip)
    readings = [
        TOOL.read(request, recordings.run_all(way, tmp_path.parent / f"{tmp_path.name}-{number}"))
        for number, way in enumerate((invocations(request), slow))
    ]
    assert readings[0] == readings[1]
    assert [found.rule for found in readings[0].findings] == ["doctrine.eval-of-dynamic-text"]


def test_a_rule_that_a_newer_python_settles_is_left_out(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n")
    newer = replace(
        request,
        layout=replace(request.layout, target=Target(floor=(3, 14), minors=(14,), specifier="")),
    )
    slug = b"doctrine.archive-extracted-without-filter"
    assert slug in invocations(request)[0].files["rules.json"]
    assert slug not in invocations(newer)[0].files["rules.json"]


def test_many_files_are_spread_over_processes_without_loss(tmp_path: Path) -> None:
    request = request_for(tmp_path)
    files = tuple(
        SourceFile(path=f"{'package/' * 5}module_{number}.py", role=Role.SOURCE)
        for number in range(20_000)
    )
    prepared = invocations(replace(request, layout=replace(request.layout, files=files)))
    named = [word for one in prepared for word in one.argv if word.startswith("./")]
    assert named == [f"./{file.path}" for file in files]
    assert len(prepared) > 1
    assert max(sum(map(len, one.argv)) for one in prepared) < 500_000


def test_one_batch_that_read_nothing_leaves_its_files_unproven(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n", b="x = 1\n")
    one = invocations(request)[0]
    reading = TOOL.read(request, (completed(one, EMPTY),))
    assert reading.analysed == {"a.py"}


def test_an_error_without_a_file_is_a_crash(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n")
    broken = EMPTY.replace(
        b'"errors":[]', b'"errors":[{"code":2,"level":"error","message":"bad rule","type":"X"}]'
    )
    with pytest.raises(CrashedError, match="bad rule"):
        TOOL.read(request, (completed(invocations(request)[0], broken),))


def test_an_unused_rule_is_undecided_and_a_skipped_file_unread(tmp_path: Path) -> None:
    request = request_for(tmp_path, a="x = 1\n", b="x = 1\n")
    output = EMPTY.replace(
        b'["./a.py"]', b'["./a.py"],"skipped":[{"path":"./b.py","reason":"too_big"}]'
    ).replace(b'"errors":[]', b'"errors":[],"skipped_rules":[{"rule_id":"x.doctrine.y"}]')
    reading = TOOL.read(request, (completed(invocations(request)[0], output),))
    assert "doctrine.y" in reading.undecided
    assert "too_big" in reading.unread["b.py"]


@pytest.mark.parametrize(
    "text", ["", "rules = 1", "rules = [1]", "rules = [", '[[rules]]\nid = "a"\nseverity = "X"']
)
def test_damaged_rules_are_named_with_their_file(text: str) -> None:
    with pytest.raises(RegistryError, match=r"broken\.toml"):
        parse_rules(text, "broken.toml")


def test_what_is_ours_of_a_rule_stays_here_and_the_rest_reaches_semgrep() -> None:
    text = (
        '[[rules]]\nid = "a"\nseverity = "ERROR"\nmessage = "m"\npattern = "f()"\n'
        "tests = true\nbefore = [3, 12]\n"
    )
    (rule,) = parse_rules(text, "a.toml")
    assert rule.definition == {
        "id": f"{PREFIX}a", "severity": "ERROR", "message": "m", "pattern": "f()",
        "languages": ["python"], "metadata": {"tests": True},
    }  # fmt: skip
    assert rule.before == (3, 12)
