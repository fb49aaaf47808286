"""Lines 1-based; columns 1-based in characters, ends exclusive; paths absolute.

The rules that clauses stand on, in a configuration of doctrine's own that no ``ignore``, exclude
or ``# noqa`` of the project reaches: suppressions are applied, and counted, later.

Three rules are told apart further than ruff does: ``UP035/<module>`` names the new home of an
import (``UP035/builtins`` where it is no module), ``TID251/<dotted name>`` the banned name, and
``UP007/optional`` is a union with None, ``UP007/other`` one whose fix shows that it is not, and
``UP007/unknown`` one without a fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

import tomli_w

from doctrine.model.inputs import Inputs
from doctrine.model.observation import Finding, Severity
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Flaw, Role
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool, UnreadableError
from doctrine.tools._decode import require_exit
from doctrine.tools._inputs import narrowed, noted
from doctrine.tools._ruff import (
    CONFIG,
    ENVIRONMENT,
    READ_ONLY,
    SYNTAX,
    UNION,
    Log,
    decode_diagnostics,
    finding_of,
    listed,
    path_of,
    python_paths,
    read_log,
    require_end,
    require_reason,
    target_version,
)
from doctrine.tools._ruff_bans import (
    BANNED,
    ban_message,
    banned,
    is_about_text,
    needs_typing,
    text_only,
)

_NAME = "ruff-guide"
_FINISHED = frozenset({0, 1})
_UNREADABLE = "E902"
"""Always selected: without it a file that cannot be read is no more than a line of the log."""
_MOVED = "UP035"
_UNUSED = "F401"
"""Selected while a project is mended: what mends an annotation may leave an import without use."""
_NOT_IN_TESTS = ("S101", "S105", "S106", "S107", "ANN*", "D[0-9]*")
"""Rules about asserts, secrets, annotations and docstrings say nothing outside of sources."""
_WILD = re.compile(r"[*?\[]")
_IMPORT_FROM = re.compile(r"^Import from `([\w.]+)`")
_USE_INSTEAD = re.compile(r"use `([\w.]+)` instead")
_IS_BANNED = re.compile(r"^`([\w.]+)` is banned")
_WORD = re.compile(r"\w+")
_NO_EFFECT = re.compile(r"Selection `(\w+)` has no effect because (.+)")


def selectors(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return ruff's selectors for rule patterns, wide where a pattern is; ``read`` narrows."""
    prefixes = (_WILD.split(pattern.partition("/")[0])[0] for pattern in patterns)
    return tuple(sorted({prefix or "ALL" for prefix in prefixes} | {_UNREADABLE}))


def _every(request: Request) -> tuple[str, ...]:
    asked = selectors(request.rules)
    return (*asked, _UNUSED) if request.settings.mending else asked


def _selected(request: Request) -> tuple[str, ...]:
    """Return what every rule that it may report begins with; nothing where that is any rule."""
    asked = _every(request)
    ban = (BANNED,) if banned(request.rules) else ()
    return ("",) if "ALL" in asked else tuple(sorted({*asked, *ban}))


def _configuration(request: Request) -> bytes:
    ban = {name: {"msg": "forbidden by the guide"} for name in banned(request.rules)}
    lint: dict[str, object] = {
        "select": sorted({*_every(request), *((BANNED,) if ban else ())}),
        "preview": False,
        "flake8-tidy-imports": {"banned-api": ban},
    }
    table: dict[str, object] = {
        "exclude": [],
        "force-exclude": False,
        "respect-gitignore": False,
        "lint": lint,
    }
    version = target_version(request.layout)
    if version:
        table["target-version"] = version
    return tomli_w.dumps(table).encode()


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the one command; files are listed in a file, since argv is too short for them."""
    if not request.layout.files:
        return Skip(reason="there is no Python file to lint")
    if not request.rules:
        return Skip(reason="the guide asks for none of its rules")
    paths = [one.path for one in request.layout.files if one.flaw is not Flaw.UNREADABLE]
    if not paths:
        return Skip(reason="none of the Python files can be opened")
    named, lists = listed(paths)
    argv = (
        *request.located.command,
        "check",
        "--verbose",
        *READ_ONLY,
        "--ignore-noqa",
        "--no-force-exclude",
        "--output-format=json",
        "--config",
        f"{{scratch}}/{CONFIG}",
        *named,
    )
    invocation = Invocation(
        name="check",
        argv=argv,
        cwd=request.layout.root,
        env=ENVIRONMENT,
        files={CONFIG: _configuration(request), **lists},
        timeout=request.settings.timeout,
    )
    return (invocation,)


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings of the guide's rules; what no rule pattern asks for is advice.

    Raises:
        CrashedError: ruff did not finish.
        UnreadableError: The output is not ruff's.
    """
    done = completed[0]
    require_exit(done, _FINISHED, tool=_NAME)
    diagnostics = decode_diagnostics(done)
    log = read_log(done.stderr, request.layout.root)
    require_reason(done, len(diagnostics), log)
    unread = dict(log.failed)
    found: list[Finding] = []
    files = python_paths(request.layout)
    selected, mending = _selected(request), request.settings.mending
    for one in diagnostics:
        path = path_of(one, request)
        if path not in files:
            message = f"it speaks of a file that it was not given: {one.filename!r}"
            raise UnreadableError(message)
        if one.version_gated:
            continue
        if one.rule in {_UNREADABLE, SYNTAX}:
            unread[path] = one.message
        elif not one.rule.startswith(selected):
            message = f"it reports a rule that it was not asked for: {one.rule!r}"
            raise UnreadableError(message)
        else:
            found.append(_named(finding_of(one, path, tool=_NAME, mending=mending)))
    require_end(log, unread)
    return Reading(
        findings=tuple(_kept(found, request)),
        analysed=(log.seen & files) - unread.keys(),
        unread={path: why for path, why in unread.items() if path in files},
        undecided=_undecided(log, request.rules),
    )


def _named(finding: Finding) -> Finding:
    """Return a finding with the longer rule name that this adapter promises."""
    if finding.rule == _MOVED:
        home = _IMPORT_FROM.search(finding.message)
        used = _USE_INSTEAD.search(finding.message)
        if home is None and used is None:
            raise _unknown(finding)
        module = home[1] if home else used[1].rpartition(".")[0] if used else ""
        return replace(finding, rule=f"{_MOVED}/{module or 'builtins'}")
    if finding.rule == UNION:
        return replace(finding, rule=f"{UNION}/{_kind_of_union(finding.symbol)}", symbol="")
    if finding.rule != BANNED:
        return finding
    banned_name = _IS_BANNED.search(finding.message)
    if banned_name is None:
        raise _unknown(finding)
    name = banned_name[1]
    return replace(finding, rule=f"{BANNED}/{name}", symbol=name, message=ban_message(name))


def _unknown(finding: Finding) -> UnreadableError:
    """Return the error about a message that does not tell what the rule has found."""
    return UnreadableError(f"{finding.rule} speaks in other words than the known ones")


def _kind_of_union(replacement: str) -> str:
    """Tell by what a fix writes instead; outside of annotations ruff offers none."""
    if not replacement:
        return "unknown"
    return "optional" if "None" in _WORD.findall(replacement) else "other"


def _kept(found: list[Finding], request: Request) -> Iterator[Finding]:
    """Yield the findings that count where they are, each defect once."""
    roles = {file.path: file.role for file in request.layout.files}
    asked = _Asked(request.rules)
    for finding in _true(found, request.layout.target.floor):
        path, rule = finding.location.path, finding.rule
        if roles[path] is not Role.SOURCE and _matches(rule, _NOT_IN_TESTS):
            continue
        yield finding if asked(rule) else replace(finding, severity=Severity.INFO)


def _true(found: list[Finding], floor: tuple[int, int] | None) -> Iterator[Finding]:
    """Yield the findings that are no misunderstanding, and not said already by another rule."""
    moved = _lines(found)
    harmless = text_only(found)
    for finding in found:
        where = finding.location
        if finding.rule.startswith(f"{BANNED}/typing.") and (where.path, where.line) in moved:
            continue
        if not needs_typing(finding, floor) and not is_about_text(finding, harmless):
            yield finding


def _lines(found: list[Finding]) -> frozenset[tuple[str, int]]:
    """Return the lines of imports that ``UP035`` reports already."""
    return frozenset(
        (finding.location.path, line)
        for finding in found
        if finding.rule == f"{_MOVED}/collections.abc"
        for line in range(finding.location.line, finding.location.end_line + 1)
    )


class _Asked:
    """Whether a rule is one that clauses ask for; remembers, since findings are many."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = patterns
        self._known: dict[str, bool] = {}

    def __call__(self, rule: str) -> bool:
        if rule not in self._known:
            self._known[rule] = _matches(rule, self._patterns)
        return self._known[rule]


def _matches(rule: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(rule, pattern) for pattern in patterns)


def _undecided(log: Log, patterns: tuple[str, ...]) -> Mapping[str, str]:
    """Return the patterns whose rules this ruff silently leaves off."""
    idle = {found[1]: found[2] for found in map(_NO_EFFECT.search, log.lines) if found}
    return {
        pattern: f"this version of ruff does not run it: {idle[selector]}"
        for pattern in patterns
        for selector in selectors((pattern,))
        if selector in idle
    }


def inputs(request: Request) -> Inputs:
    """Return what the rules depend on: the files, and which names tell packages apart."""
    layout = request.layout
    return Inputs(
        files=noted(layout.files),
        facts={
            "names": [[file.path for file in layout.files], layout.others],
            "rules": request.rules,
            "floor": layout.target.floor,
        },
        command=(_configuration(request).decode(),),
    )


TOOL = Tool(
    per_file=True,
    name=_NAME,
    distribution="ruff",
    program="ruff",
    prepare=prepare,
    read=read,
    cost=0.5,
    after_parse=False,
    supported=">=0.15",
    covers=Covers.ALL,
    inputs=inputs,
    narrow=narrowed,
)
