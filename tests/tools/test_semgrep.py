"""doctrine's semgrep rules against marked examples, and both front ends of the adapter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from doctrine.errors import RegistryError
from doctrine.model.process import Completed, Ending, Invocation
from doctrine.model.project import Role, SourceFile, Target
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.model.tool import CrashedError, Request, Skip
from doctrine.tools._semgrep_rules import PREFIX, load_rules, parse_rules
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


def marked() -> Iterator[tuple[str, int, str]]:
    """Yield path, line and rule of every line that an example expects to be reported."""
    texts = dict(recordings.case_of(EXAMPLES).files)
    for path in (EXAMPLES / "input").rglob("*.py"):
        texts[path.relative_to(EXAMPLES / "input").as_posix()] = path.read_text(encoding="utf-8")
    for name, text in texts.items():
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
