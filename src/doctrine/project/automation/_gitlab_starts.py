"""When GitLab starts a job: with a change, by the clock, at a tag, or when somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from doctrine.project.automation._asked import ASKED
from doctrine.project.automation._gitlab_expressions import Given, Value, holds
from doctrine.project.automation._late import only
from doctrine.project.automation._yaml import MISSING, Node

BY_HAND = frozenset({"manual", "never", "on_failure"})
_HERE = Given.SOMETHING
_MARKS = ("CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE", "CI_COMMIT_DESCRIPTION", "CI_MERGE_REQUEST_LABELS",
          "CI_MERGE_REQUEST_TITLE", "CI_MERGE_REQUEST_DESCRIPTION")  # fmt: skip
"""What people write beside a change."""
_SET_BY_GITLAB = re.compile(r"(?:CI|GITLAB|RUNNER)_\w+")
_NAMES = re.compile(r"\$\{?(\w+)")
_NOTHING = "neither a change of the code starts it nor a schedule or a tag"
_VARIABLE = "whether it runs depends on a variable, which only GitLab knows"


class _Occasion(Struct, frozen=True, kw_only=True):
    """Something that makes a pipeline.

    Attributes:
        name: What it is, for people; empty for a change of the code.
        refs: Words of ``only`` and ``except`` that stand for it.
        branch: Whether it is about a branch, so that the names of branches may stand for it.
        values: What is known of GitLab's variables.
    """

    name: str
    refs: frozenset[str]
    branch: bool
    values: Mapping[str, Value]


def _occasion(name: str, source: str, refs: str, **values: Value) -> _Occasion:
    nothing: dict[str, Value] = dict.fromkeys(
        ("CI_COMMIT_TAG", "CI_COMMIT_BRANCH", "CI_MERGE_REQUEST_ID", "CI_MERGE_REQUEST_IID",
         "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
         "CI_EXTERNAL_PULL_REQUEST_IID")
    )  # fmt: skip
    known = {**nothing, "CI_PIPELINE_SOURCE": source, **values}
    return _Occasion(
        name=name,
        refs=frozenset(refs.split()),
        branch="branches" in refs,
        values=known,
    )


_OCCASIONS = (
    _occasion("", "push", "branches pushes", CI_COMMIT_BRANCH=_HERE),
    _occasion(
        "",
        "merge_request_event",
        "merge_requests",
        CI_MERGE_REQUEST_ID=_HERE,
        CI_MERGE_REQUEST_IID=_HERE,
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=_HERE,
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=_HERE,
    ),
    _occasion(
        "",
        "external_pull_request_event",
        "external_pull_requests",
        CI_EXTERNAL_PULL_REQUEST_IID=_HERE,
    ),
    _occasion("a schedule", "schedule", "branches schedules", CI_COMMIT_BRANCH=_HERE),
    _occasion("a tag", "push", "tags pushes", CI_COMMIT_TAG=_HERE),
)
_KINDS = frozenset(
    {"branches", "tags", "pushes", "merge_requests", "schedules", "api", "chat", "external", "web",
     "external_pull_requests", "pipelines", "triggers"}
)  # fmt: skip
"""Words of ``only`` and ``except`` that are no names of branches or tags."""


class Rules(Struct, frozen=True, kw_only=True):
    """What a job says about when it runs.

    Attributes:
        pipeline: ``rules`` of the ``workflow``, which decide whether there is a pipeline at all.
        rules: ``rules`` of the job.
        only: ``only`` of the job.
        but: ``except`` of the job.
        variables: Variables whose values are known.
    """

    pipeline: Node = MISSING
    rules: Node = MISSING
    only: Node = MISSING
    but: Node = MISSING
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


class Start(Struct, frozen=True, kw_only=True):
    """What starts a job.

    Attributes:
        never: Why it does not start by itself; empty if it may.
        tolerated: Line of what allows its failure wherever it starts; 0 where it counts.
        late: Why it does not come with each change; empty if it does.
        perhaps: Why only GitLab can tell whether it runs.
    """

    never: str = ""
    tolerated: int = 0
    late: str = ""
    perhaps: str = ""


class _Way(Struct, frozen=True, kw_only=True):
    """A way in which a job may start: the occasion, and where its failure is allowed, else 0."""

    occasion: _Occasion
    allowed: int = 0


def start_of(rules: Rules) -> Start:
    """Return what starts a job.

    Args:
        rules: What it says about that.
    """
    ways = tuple(_ways(rules, marked=True, unknown=Given.UNKNOWN))
    counting = [one for one in ways if not one.allowed]
    if not counting:
        return Start(tolerated=ways[0].allowed) if ways else Start(never=_NOTHING)
    unmarked = [one for one in _ways(rules, marked=False, unknown=Given.UNKNOWN) if not one.allowed]
    certain = any(not one.allowed for one in _ways(rules, marked=False, unknown=None))
    if not unmarked:
        return Start(late=ASKED)
    return Start(late=_late(unmarked, ways), perhaps="" if certain else _VARIABLE)


def _late(counting: Iterable[_Way], ways: Iterable[_Way]) -> str:
    names = dict.fromkeys(one.occasion.name for one in counting)
    if "" in names:
        return ""
    what = " or ".join(names)
    if any(not one.occasion.name for one in ways):
        return f"its failure is allowed unless {what} starts it"
    return only(what)


def _ways(rules: Rules, *, marked: bool, unknown: Value) -> Iterator[_Way]:
    for occasion in _OCCASIONS:
        values = _values(rules, occasion, marked=marked, unknown=unknown)
        if not rules.pipeline.is_list or any(_starting(rules.pipeline, values, unknown)):
            yield from _ways_of(rules, occasion, values, unknown)


def _values(
    rules: Rules, occasion: _Occasion, *, marked: bool, unknown: Value
) -> Mapping[str, Value]:
    marks: dict[str, Value] = dict.fromkeys(_MARKS, Given.UNKNOWN if marked else None)
    return {**rules.variables, **marks, **occasion.values}


def _ways_of(
    rules: Rules, occasion: _Occasion, values: Mapping[str, Value], unknown: Value
) -> Iterator[_Way]:
    if rules.rules.is_list:
        for rule in _starting(rules.rules, values, unknown):
            allows = rule.get("allow_failure")
            yield _Way(occasion=occasion, allowed=allows.line if allows.flag() else 0)
    elif _chosen(rules, occasion, values, unknown):
        yield _Way(occasion=occasion)


def _starting(rules: Node, values: Mapping[str, Value], unknown: Value) -> Iterator[Node]:
    """Yield the rules by which a job may start: the first that holds decides."""
    for rule in rules.items:
        condition = rule.get("if")
        found = (
            _told(condition.scalar, values, unknown) if condition.exists else rule.is_map or None
        )
        if found is not False and rule.get("when").scalar not in BY_HAND:
            yield rule
        if found and not rule.get("changes").exists and not rule.get("exists").exists:
            return


def _told(written: str, values: Mapping[str, Value], unknown: Value) -> bool | None:
    """Return whether an expression holds; of GitLab's own variables less is known than of others."""
    own = {
        name: Given.UNKNOWN
        for name in _NAMES.findall(written)
        if _SET_BY_GITLAB.fullmatch(name) and name not in values
    }
    return holds(written, {**values, **own}, unknown)


def _chosen(rules: Rules, occasion: _Occasion, values: Mapping[str, Value], unknown: Value) -> bool:
    """Return whether ``only`` and ``except`` let a job start; without them, all but merge requests do."""
    if _names(rules.but, occasion) is True:
        return False
    if not rules.only.exists:
        return occasion.branch or "tags" in occasion.refs or rules.pipeline.is_list
    asked = [
        _told(text, values, unknown)
        for text in (rules.only.get("variables").strings() if rules.only.is_map else ())
    ]
    if asked and all(one is False for one in asked):
        return False
    return _names(rules.only, occasion) is not False


def _names(node: Node, occasion: _Occasion) -> bool | None:
    """Return whether ``only`` or ``except`` names an occasion; None where it may."""
    refs = node.get("refs") if node.is_map else node
    words = [word.partition("@")[0] for word in refs.strings()]
    if node.is_map and (not words or len(node.pairs) > 1):
        return None
    if occasion.refs.intersection(words):
        return True
    named = not _KINDS.issuperset(words)
    return None if named and (occasion.branch or "tags" in occasion.refs) else False
