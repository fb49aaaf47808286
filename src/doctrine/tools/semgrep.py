"""Lines 1-based; columns 1-based in characters, ends exclusive; paths as given.

Semantic defects by doctrine's own rules: the registry needs the network, and what it holds
changes from day to day. The fast front end is tried first; the Python one is the second way.
"""

from __future__ import annotations

import json

from doctrine.model.process import Completed, Invocation
from doctrine.model.run import Covers, Reading
from doctrine.model.tool import Request, Skip, Tool
from doctrine.tools._semgrep_rules import PREFIX, load_rules
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
    if not targets(request):
        return Skip(reason="there is no Python file that can be parsed")
    floor = request.layout.target.floor
    rules = [rule.definition for rule in load_rules() if rule.concerns(floor)]
    configuration = json.dumps({"rules": rules}).encode()
    return invocations(request, front_end, [f"{{scratch}}/{_RULES}"], {_RULES: configuration})


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings of all batches.

    Raises:
        CrashedError: A process did not finish, or the rules were refused.
        UnreadableError: The output is not semgrep's.
    """
    return reading(request, completed, tool=_NAME, rule_id=_rule_id)


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
)
