"""Travis CI: every command of a phase is run, and each of them decides."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._asked import ASKED
from doctrine.project.automation._late import only
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._versions import versions_in
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import MISSING, Node, YamlError, parse_yaml

_PATH = ".travis.yml"
_PHASES = {
    "before_install": "",
    "install": "",
    "before_script": "",
    "script": "",
    "after_success": "`after_success` comes when the build has passed",
}
"""Phases that run commands, with the reason why a failure in one fails nothing."""
_AXES = ("python", "os", "env", "arch", "dist")
_SYSTEMS = {"linux": "linux", "osx": "macos", "windows": "windows"}
_MOST_ROWS = 100
_FIRST_STAGE = "test"
_CHOICES = re.compile(r"\bOR\b|\|\||\bNOT\b|!", re.IGNORECASE)
_TYPES = re.compile(r"\btype\s*(?:==?|\bIN\b)\s*(\([^)]*\)|\w+)", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_CHANGES = frozenset({"push", "pull_request"})
"""Kinds of builds that a change of the code brings about."""
_TAGGED = re.compile(r"\btag\s+IS\s+present\b|\btag\s*(?:==?|=~)", re.IGNORECASE)
_MESSAGE = re.compile(r"\bcommit_message\s*(?:==?|=~)", re.IGNORECASE)


def read_travis(walk: Walk) -> bool:
    """Note what Travis CI runs; returns whether it is configured."""
    source = walk.text(_PATH)
    if source is None:
        return False
    walk.files[_PATH] = None
    try:
        root = parse_yaml(source)
    except YamlError as error:
        walk.note(_PATH, str(error))
        return True
    if not root.is_map:
        walk.note(_PATH, "it has no jobs")
    if root.get("import").exists:
        walk.note(_PATH, "what it imports is not read")
    _run(walk, source, root)
    return True


def _run(walk: Walk, source: str, root: Node) -> None:
    for job, conditions in _conditional(root):
        late = next((why for one in conditions if (why := _late(one))), "")
        for env in _environments(root, job):
            if not walk.step(_PATH):
                return
            _job(walk, source, root, job, env=env, late=late)


def _conditional(root: Node) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield each job with the conditions on it: one of all, that of its stage, and its own."""
    stages = {
        one.get("name").scalar.lower(): one.get("if").text for one in root.get("stages").items
    }
    stage = _FIRST_STAGE
    for job in _jobs(root):
        stage = job.get("stage").scalar.lower() or stage
        yield job, (root.get("if").text, stages.get(stage, ""), job.get("if").text)


def _late(condition: str) -> str:
    """Return why what a condition lets through does not come with each change; empty where it may."""
    if not condition.strip() or _CHOICES.search(condition):
        return ""
    if any(_CHANGES.isdisjoint(_WORDS.findall(one)) for one in _TYPES.findall(condition)):
        return only("a schedule" if "cron" in condition else "somebody")
    if _TAGGED.search(condition):
        return only("a tag")
    return ASKED if _MESSAGE.search(condition) else ""


def _section(root: Node, key: str) -> tuple[Node, ...]:
    return (*root.get("jobs", key).items, *root.get("matrix", key).items)


def _jobs(root: Node) -> Iterator[Node]:
    """Yield what each job has of its own; all jobs share the rest."""
    included = _section(root, "include")
    if not included or any(_expands(root.get(axis)) for axis in _AXES):
        yield MISSING
    yield from included


def _expands(axis: Node) -> bool:
    return axis.is_list or axis.get("matrix").exists or axis.get("jobs").exists


def _of(root: Node, job: Node, key: str) -> Node:
    return job.get(key) if job.get(key).exists else root.get(key)


def _environments(root: Node, job: Node) -> Iterator[Mapping[str, str]]:
    shared = root.get("env")
    base = _variables(shared.get("global"))
    if job.get("env").exists:
        yield base | _variables(job.get("env"))
        return
    rows = (*shared.get("matrix").scalars(), *shared.get("jobs").scalars())
    rows = rows or (() if shared.is_map else shared.scalars())
    for row in rows[:_MOST_ROWS] or (MISSING,):
        yield base | _variables(row)


def _variables(node: Node) -> dict[str, str]:
    found = {name: value.scalar for name, value in node.entries() if name != "secure"}
    for one in node.scalars():
        try:
            words = shlex.split(one.text)
        except ValueError:  # an unclosed quote
            continue
        found |= dict(word.split("=", 1) for word in words if "=" in word)
    return found


def _job(
    walk: Walk, source: str, root: Node, job: Node, *, env: Mapping[str, str], late: str
) -> None:
    frame = Frame(
        kind=CommandKind.CI,
        late=late,
        path=_PATH,
        why_not="" if not _is_allowed_to_fail(root, job) else "`allow_failures` names the job",
        env=env,
        pythons=tuple(_pythons(root, job)),
        systems=tuple(_systems(root, job)),
    )
    for phase, why in _PHASES.items():
        script = _of(root, job, phase)
        if script.is_map:
            walk.note(_PATH, f"line {script.line}: `{phase}` is neither text nor a list")
        for node in script.scalars():
            inner = replace(frame, line=node.line, why_not=frame.why_not or why)
            walk.script(node.text, Shell(env=env), inner, lines_of(node, source))


def _is_allowed_to_fail(root: Node, job: Node) -> bool:
    return any(_matches(root, job, entry) for entry in _section(root, "allow_failures"))


def _matches(root: Node, job: Node, entry: Node) -> bool:
    """Tell whether an entry of ``allow_failures`` describes a whole job."""
    return bool(entry.pairs) and all(
        _of(root, job, key).text == value.text != "" for key, value in entry.entries()
    )


def _pythons(root: Node, job: Node) -> Iterator[Evidence]:
    allowed = {
        entry.get("python").scalar
        for entry in _section(root, "allow_failures")
        if len(entry.pairs) == 1
    }
    for node in _of(root, job, "python").scalars():
        for version in versions_in(node.scalar) if node.scalar not in allowed else ():
            yield Evidence(path=_PATH, line=node.line, detail=version)


def _systems(root: Node, job: Node) -> Iterator[Evidence]:
    named = _of(root, job, "os").scalars()
    for node in named:
        if family := _SYSTEMS.get(node.text):
            yield Evidence(path=_PATH, line=node.line, detail=family)
    if not named:
        yield Evidence(path=_PATH, line=1, detail="linux")
