"""What reads bytes or texts that others have written, each with what may come of it.

A target returns for every input, or raises ``AssertionError``; any other exception is a defect.
Sources are decoded as doctrine decodes them, other texts as UTF-8 with replacements: that a file is
no UTF-8 is noticed before any of these parsers is asked.
"""

from __future__ import annotations

import functools
import json
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from doctrine.baseline.document import parsed
from doctrine.cache.decoding import decoded
from doctrine.cache.judged import Latest
from doctrine.documents import line_of, parse_jsonc, parse_toml
from doctrine.errors import ConfigError, UsageError
from doctrine.ini import ini_flaw
from doctrine.model.project import Role
from doctrine.model.replacing import replace
from doctrine.model.run import ToolStatus
from doctrine.project.automation._expressions import Context, evaluate
from doctrine.project.automation._grammar import GrammarError
from doctrine.project.automation._shell import Shell, shell_runs
from doctrine.project.automation._yaml import YamlError, parse_yaml
from doctrine.project.lockfile import lock_of
from doctrine.project.requirements import read_requirements
from doctrine.project.scripts import session_installs, setup_arguments
from doctrine.project.setuptools_files import ini_dependencies, script_dependencies
from doctrine.readings import finished_run
from doctrine.reports._stored import read_stored
from doctrine.syntax.language import walk
from doctrine.syntax.names import Names
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.faults import damage
from tests.faults.matrix import TOOLS, recorded
from tests.project.automation_helper import automation

_HERE = Path(__file__).parent
_TESTS = _HERE.parent
_MOST = 3
"""Seeds of a kind: every one is tried in the suite, and a fuzzer finds the rest by itself."""
_LARGEST = 4_000
"""Bytes of a seed that is taken from a file."""
_MOST_KEPT = 24
_LONGEST_KEPT = 400
"""Bytes of an input that is kept."""


class Target(Struct, frozen=True):
    """A decoder.

    Attributes:
        check: Tries it on some bytes.
        seeds: What it is meant to read.
    """

    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _check_toml(data: bytes) -> None:
    try:
        file = parse_toml("f.toml", _text(data))
    except ConfigError:
        return
    for key in file.data:
        assert line_of(file, (key,)) >= 0


def _check_jsonc(data: bytes) -> None:
    found = parse_jsonc(_text(data))
    assert found is None or isinstance(found, dict)


def _check_yaml(data: bytes) -> None:
    try:
        parse_yaml(_text(data))
    except YamlError:
        return


def _check_automation(data: bytes) -> None:
    text = _text(data)
    names = (".github/workflows/a.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml", "tox.ini")
    for name in (*names, "Makefile", "justfile", "noxfile.py", "Taskfile.yml", ".travis.yml"):
        found = automation({name: text})
        assert all(one.argv for one in found.commands)


def _check_shell(data: bytes) -> None:
    for last_only in (False, True):
        try:
            found = shell_runs(_text(data), Shell(errexit=True, last_only=last_only))
        except GrammarError:
            continue
        assert all(run.argv and run.line >= 1 for run in found)


def _check_expression(data: bytes) -> None:
    assert isinstance(evaluate(_text(data), Context(values={"a": "1"})), str | tuple | None)


def _check_requirements(data: bytes) -> None:
    text = _text(data)
    found = [
        *read_requirements("r.txt", text, group="", read=lambda path: None, seen=set()),
        *ini_dependencies({"setup.cfg": text, "tox.ini": text}),
        *script_dependencies({"setup.py": text, "noxfile.py": text}),
    ]
    assert all(bool(each.name) != bool(each.problem) for each in found)
    setup_arguments(text, frozenset({"install_requires"}))
    session_installs(text)
    ini_flaw(text)


def _check_lock(data: bytes) -> None:
    lock = lock_of("uv.lock", data)
    assert (lock.data is None) == bool(lock.problem)


def _check_baseline(data: bytes) -> None:
    try:
        parsed(data, "b.txt")
    except ConfigError:
        return


def _check_source(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = parse("a.py", Role.SOURCE, data)
        if not isinstance(found, ParsedFile):
            assert found.flaw is not None
            assert found.flaw_detail
            return
        names = Names(found)
        for node in walk(found.tree):
            names.dotted(node)


def _check_report(data: bytes) -> None:
    try:
        read_stored(data, "report.json")
    except UsageError:
        return


_LATEST = msgspec.msgpack.Decoder(Latest)


def _check_remembered(data: bytes) -> None:
    found = decoded(data, _LATEST)
    assert found is None or isinstance(found, Latest)


def _check_tool(name: str, data: bytes) -> None:
    """Put bytes in the place of each of the things that a tool left behind."""
    whole = recorded(name)[0]
    for stream in damage.streams(whole.completed):
        run = finished_run(whole.tool, whole.request, stream.holding(data))
        assert "this is a defect" not in run.message, run.message
        assert run.status in {ToolStatus.OK, ToolStatus.CRASHED, ToolStatus.UNREADABLE}
        if run.status is not ToolStatus.OK:
            assert not run.reading.analysed
    emptied = tuple(replace(one, stdout=data, stderr=data) for one in whole.completed)
    assert "this is a defect" not in finished_run(whole.tool, whole.request, emptied).message


def _files(*patterns: str) -> Callable[[], Iterable[bytes]]:
    def seeds() -> Iterable[bytes]:
        for pattern in patterns:
            for path in sorted(_TESTS.glob(pattern))[:_MOST]:
                yield path.read_bytes()[:_LARGEST]

    return seeds


def _said(*texts: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [text.encode() for text in texts]


def _left_by(name: str) -> Iterable[bytes]:
    for whole in recorded(name)[:_MOST]:
        for stream in damage.streams(whole.completed):
            yield stream.content[:_LARGEST]


_WORKFLOW = "on: push\njobs:\n a:\n  runs-on: x\n  steps: [{run: 'tox; make a; nox -s b'}]\n"
_TOX = "[tox]\nenvlist = a{b,c}\n[testenv]\ncommands = {posargs} {[testenv]deps}\n"

TARGETS: Mapping[str, Target] = {
    "automation": Target(_check_automation, _said(_WORKFLOW, _TOX, "a: b\n\tmake $(A)\n")),
    "baseline": Target(
        _check_baseline,
        _said("# doctrine baseline v1\nfinding a.py - ruff:S311 AAA001 0123456789abcdef\n"),
    ),
    "expression": Target(_check_expression, _said("contains(fromJSON('[1]'), a) && !b || 'c'")),
    "jsonc": Target(_check_jsonc, _said('{"a": [1, 2.5, "x"], // no\n "b": {},}')),
    "lock": Target(
        _check_lock,
        _said('version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = {virtual = "."}\n'),
    ),
    "remembered": Target(_check_remembered, _said("\x84", "{}")),
    "report": Target(_check_report, _files("reports/golden/*.json")),
    "requirements": Target(
        _check_requirements,
        _said("-e .[a]\nb>=1; python_version<'3' \\\n --hash=sha256:0\n-r c.txt\n", _TOX),
    ),
    "shell": Target(
        _check_shell,
        _said(
            "if a; then (cd b && c) | d; fi\ncat <<EOF\nx\nEOF\n",
            "V=3.1\na ${V//./} ${V%%.*} ${V/#[0-9]/x} $(echo $V | tr -d . | sed 's/3/4/g')\n",
        ),
    ),
    "source": Target(_check_source, _files("syntax/*.py", "recordings/ruff/*/input/*.py")),
    "toml": Target(_check_toml, _files("recordings/*/*/input/pyproject.toml")),
    "yaml": Target(_check_yaml, _said(_WORKFLOW, "a: &x [1, *x]\nb: !!set {? c}\n")),
} | {
    f"tool-{name}": Target(
        functools.partial(_check_tool, name), functools.partial(_left_by, name)
    )
    for name in TOOLS
}  # fmt: skip


def kept(name: str) -> Iterable[bytes]:
    """Return the inputs that were kept for a target: each has reached something that others do not.

    Args:
        name: The target.
    """
    file = _kept_in(name)
    if not file.exists():
        return []
    # Bytes of any value, as characters of the same number.
    return [one.encode("latin-1") for one in msgspec.json.decode(file.read_bytes(), type=list[str])]


def keep(name: str, found: Iterable[bytes]) -> int:
    """Keep the shortest of some inputs, beside those that were kept before.

    Args:
        name: The target.
        found: What a fuzzer has left.

    Returns:
        How many are kept now.
    """
    before = set(kept(name))
    short = sorted({one for one in found if len(one) <= _LONGEST_KEPT} - before, key=_by_length)
    every = sorted([*before, *short[: max(_MOST_KEPT - len(before), 0)]], key=_by_length)
    lines = ",\n".join(json.dumps(one.decode("latin-1")) for one in every)
    file = _kept_in(name)
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"[\n{lines}\n]\n", "utf-8")
    return len(every)


def _by_length(data: bytes) -> tuple[int, bytes]:
    return len(data), data


def _kept_in(name: str) -> Path:
    return _HERE / f"corpus/{name}.json"
