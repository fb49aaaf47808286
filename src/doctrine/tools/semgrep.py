"""Lines 1-based; columns 1-based in characters, ends exclusive; paths as given.

Semantic defects by doctrine's own rules: the registry needs the network, and what it holds
changes from day to day. The fast front end is tried first; the Python one is the second way.

Semgrep is given the files that a rule can match in, which doctrine tells from its own reading of
them; all others have been read by that, and hold nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from doctrine.model.inputs import Inputs
from doctrine.model.process import Completed, Invocation
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool
from doctrine.tools._inputs import narrowed, noted
from doctrine.tools._semgrep_rules import PREFIX, SemgrepRule, load_rules
from doctrine.tools._semgrep_scan import invocations, reading, targets

_NAME = "semgrep"
_RULES = "rules.json"


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return one process for each batch of files, on the fast front end."""
    return _invocations(request, "--experimental")


def fallback(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the same on the slow front end, for when the fast one fails."""
    return _invocations(request, "--legacy")


def _invocations(request: Request, front_end: str) -> tuple[Invocation, ...] | Skip:
    readable = targets(request)
    if not readable:
        return Skip(reason="there is no Python file that can be parsed")
    rules = [rule.definition for rule in _rules(request) if _is_needed(rule, request)]
    configuration = json.dumps({"rules": rules or [load_rules()[0].definition]}).encode()
    clean = _clean(request)
    # One of each at least: a semgrep that cannot be used has proven nothing.
    searched = [path for path in readable if path not in clean] or [_smallest(request, readable)]
    return invocations(
        request, front_end, [f"{{scratch}}/{_RULES}"], {_RULES: configuration}, searched
    )


def _rules(request: Request) -> Iterator[SemgrepRule]:
    floor = request.layout.target.floor
    return (rule for rule in load_rules() if rule.concerns(floor))


def _is_needed(rule: SemgrepRule, request: Request) -> bool:
    """Return whether a rule can match in some file."""
    return any(one.suspects is None or rule.id in one.suspects for one in request.modules)


def _clean(request: Request) -> frozenset[str]:
    """Return the files that were looked at, and that no rule can match in."""
    rules = frozenset(rule.id for rule in _rules(request))
    return frozenset(
        module.path
        for module in request.modules
        if module.flaw is None and module.suspects is not None and not module.suspects & rules
    )


def _smallest(request: Request, paths: list[str]) -> str:
    lines = {module.path: module.lines for module in request.modules}
    return min(paths, key=lambda path: (lines[path], path))


def inputs(request: Request) -> Inputs:
    """Return what the findings depend on: each file by itself, and the rules."""
    rules = json.dumps([rule.definition for rule in _rules(request)])
    return Inputs(files=noted(request.layout.files), command=(rules,))


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings of all batches.

    Raises:
        CrashedError: A process did not finish, or the rules were refused.
        UnreadableError: The output is not semgrep's.
    """
    return reading(request, completed, tool=_NAME, rule_id=_rule_id, clean=_clean(request))


def settled(request: Request) -> Reading | None:
    """Return what it would say, where no rule can match in any of the files."""
    return None if {*targets(request)} - _clean(request) else read(request, ())


def _rule_id(check_id: str) -> str:
    """Return a rule's own id; the Python front end puts the path of the file before it."""
    return PREFIX + check_id.rpartition(PREFIX)[2]


TOOL = Tool(
    per_file=True,
    name=_NAME,
    distribution="semgrep",
    program="semgrep",
    prepare=prepare,
    read=read,
    cost=4.0,
    supported=">=1.140",
    fallback=fallback,
    covers=Covers.ALL,
    inputs=inputs,
    narrow=narrowed,
    settled=settled,
)
