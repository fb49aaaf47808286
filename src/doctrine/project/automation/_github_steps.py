"""Steps of a GitHub job: scripts, well-known actions, and composite actions of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from doctrine.model.observation import Evidence
from doctrine.model.replacing import replace
from doctrine.project.automation._actions import (
    PYTHON_SETUPS,
    Action,
    action_argv,
    action_name,
    known_action,
)
from doctrine.project.automation._asked import by_variable, excused, unmarked
from doctrine.project.automation._checkouts import checkouts, located
from doctrine.project.automation._conditions import runs
from doctrine.project.automation._expressions import Context, condition, substitute
from doctrine.project.automation._late import late_events, waits_for_tags
from doctrine.project.automation._matrix import Cell, Row
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._unresolved import (
    doubt,
    notice,
    notice_script,
    notice_variables,
    tolerance,
)
from doctrine.project.automation._versions import versions_in
from doctrine.project.automation._walk import Frame, Walk, joined
from doctrine.project.automation._yaml import Node, YamlError, parse_yaml

_MATRIX = re.compile(r"^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$")
_PYTHON = re.compile(r"(?i)python|^py\b|^py[-_]?ver")
_FAILS = re.compile(r"\bexit\s+[\"']?[1-9$]|^\s*false\s*$|core\.setFailed", re.MULTILINE)
_DEEPEST = 6
_MOST_TEXTS = 20_000
"""Texts of a job that are looked at, since an anchor can stand for very many."""
_POWERSHELL = ("pwsh", "powershell", "cmd")
_SHELLS = frozenset({"bash", "sh", "dash", "zsh", "ksh", *_POWERSHELL})
_FOREIGN = frozenset({"uv", "uvx", "pipx", "deno", "bun", "php", "lua", "julia", "rscript", "nu"})
"""Programs that read no commands of a shell, unless they start one in their turn."""


class Job(Struct, frozen=True, kw_only=True):
    """What the steps of a job share.

    Attributes:
        path: File that the steps are written in.
        source: Its text.
        events: Triggers that come by themselves.
        row: The job's row of the matrix.
        shell: Default shell; empty if none is set.
        folder: Default working directory.
        windows: Whether it runs on Windows, where the default shell is PowerShell.
        home: File of the job itself, which has the matrix.
        on: What starts its workflow.
    """

    path: str
    source: str
    events: tuple[str, ...]
    row: Row
    shell: str
    folder: str
    windows: bool
    home: str
    on: Node


class _Step(Struct, frozen=True, kw_only=True):
    """A step, taken out of the composite action that it may stand in."""

    node: Node
    job: Job
    context: Context
    frame: Frame


def run_steps(walk: Walk, job: Job, steps: Node, context: Context, frame: Frame) -> None:
    """Follow the steps of a job.

    Args:
        walk: Where commands go.
        job: What the steps share.
        steps: The list of steps.
        context: What expressions can look up.
        frame: What holds for the job.
    """
    frame = replace(frame, checkouts=checkouts(steps, context, walk.identity))
    flat = tuple(_flatten(walk, job, steps, context, frame))
    pythons = tuple(place for step in flat for place in _set_up(walk, step))
    pythons = pythons or frame.pythons or tuple(_from_row(job, steps, frame))
    for step in flat:
        _run(walk, replace(step, frame=replace(step.frame, pythons=pythons)))


def _flatten(walk: Walk, job: Job, steps: Node, context: Context, frame: Frame) -> Iterator[_Step]:
    recorded = tuple(_judges(steps))
    for node in steps.items:
        if not walk.step(job.path):
            return
        if not runs(node.get("if").text, context, job.events):
            continue
        inner = _within(walk, job, node, context, _tolerated(node, context, frame, job, recorded))
        uses = node.get("uses").text
        if uses.startswith("./") and node.get("uses").exists:
            yield from _composite(walk, job, node, context, inner)
        else:
            yield _Step(node=node, job=job, context=context, frame=inner)


def _within(walk: Walk, job: Job, node: Node, context: Context, frame: Frame) -> Frame:
    """Return what holds inside of a step."""
    notice_variables(walk, frame, (node.get("env"),), context)
    env = {
        name: value
        for name, one in node.get("env").entries()
        if "${{" not in (value := substitute(one.scalar, context))
    }
    written = node.get("if").text
    perhaps = frame.perhaps or doubt(written, context, frame, job.events)
    perhaps = perhaps or by_variable(written, context, job.events)
    late = frame.late or _late(node, job, context)
    frame = replace(frame, excused=frame.excused or excused(written, context, job.events))
    return replace(frame, late=late, perhaps=perhaps, line=node.line, env={**frame.env, **env})


def _late(node: Node, job: Job, context: Context) -> str:
    """Return why a step runs for no change, while others of its job do; empty where it may."""
    written = node.get("if").text
    plain = unmarked(context)
    events = tuple(event for event in job.events if runs(written, context, (event,)))
    quiet = tuple(event for event in events if runs(written, plain, (event,)))
    return late_events(job.on, events, quiet) or waits_for_tags(written)


def _judges(steps: Node) -> Iterator[str]:
    """Yield the texts of steps that fail by themselves, to look for recorded outcomes in."""
    for node in steps.items:
        script = node.get("run").text
        if _FAILS.search(script) or _FAILS.search(node.get("with", "script").text):
            env = " ".join(value.text for _, value in node.get("env").entries())
            yield f"{node.get('if').text} {script} {env}"


def _tolerated(
    node: Node, context: Context, frame: Frame, job: Job, recorded: tuple[str, ...]
) -> Frame:
    """Return the frame with why a step's failure is hidden, unless a later step asks for it."""
    inner = tolerance(node.get("continue-on-error"), context, frame, where=(job.path, "step"))
    name = node.get("id").scalar
    asked = re.compile(rf"steps(?:\.{re.escape(name)}|\['{re.escape(name)}'\])\.outcome\b")
    if inner is not frame and name and any(asked.search(text) for text in recorded):
        return frame
    return inner


def _composite(walk: Walk, job: Job, node: Node, context: Context, frame: Frame) -> Iterator[_Step]:
    uses = node.get("uses").text
    folder = located(frame.checkouts, posixpath.normpath(uses))
    if folder is None:
        return  # an action of another repository, like any that is fetched by name
    found = walk.first_text(folder, "action.yml", "action.yaml")
    if found is None:
        walk.note(folder, f"{job.path} uses it, and it is not there")
        return
    path, source = found
    key = f"action:{path}"
    if key in frame.active or len(frame.active) >= _DEEPEST:
        return
    try:
        root = parse_yaml(source)
    except YamlError as error:
        walk.note(path, str(error))
        return
    given = {name: one.scalar for name, one in node.get("with").entries()}
    values = {name: value for name, value in context.values.items()
              if not name.startswith("inputs.")}  # fmt: skip
    for name, declared in root.get("inputs").entries():
        text = given.get(name, declared.get("default").scalar)
        values[f"inputs.{name}"] = substitute(text, context)
    inner = replace(frame.into(path, f"uses {uses}"), active=frame.active | {key})
    inside = replace(job, path=path, source=source, shell="", folder="")
    closed = context.closed | {"inputs"}
    yield from _flatten(
        walk, inside, root.get("runs", "steps"), Context(values=values, closed=closed), inner
    )


def _set_up(walk: Walk, step: _Step) -> Iterator[Evidence]:
    """Yield the Python versions that a step installs."""
    name = PYTHON_SETUPS.get(action_name(step.node.get("uses").text))
    if name is None:
        return
    node = step.node.get("with", name)
    text, place = substitute(node.scalar, step.context), (step.job.path, node.line)
    found = _MATRIX.match(node.text.strip())
    if found and (cell := step.job.row.get(found[1])):
        place = (step.job.home, cell.line)
    file = step.node.get("with", "python-version-file").scalar
    if not text and file.endswith(".python-version"):
        text, place = walk.text(file) or "", (file, 1)
    build = _build(step)
    for version in versions_in(text):
        detail = version if version.endswith("t") else f"{version}{build}"
        yield Evidence(path=place[0], line=place[1], detail=detail)


def _build(step: _Step) -> str:
    """Return the letter of the free-threaded build where a step asks for it."""
    free = step.node.get("with", "freethreaded")
    return "t" if free.exists and condition(free.text, step.context) is True else ""


def _from_row(job: Job, steps: Node, frame: Frame) -> Iterator[Evidence]:
    """Yield the version of a matrix that names one without a step that installs it."""
    for name, cell in job.row.items():
        if _PYTHON.search(name) and _is_used(name, cell, steps, frame):
            for version in versions_in(cell.text):
                yield Evidence(path=job.home, line=cell.line, detail=version)


def _is_used(name: str, cell: Cell, steps: Node, frame: Frame) -> bool:
    """Return whether a job does anything with a value of its matrix, besides being named after it."""
    asked = re.compile(rf"\bmatrix\b(?:\.{re.escape(name)}\b|\[|\s*\))")
    return any(map(asked.search, islice(_texts(steps), _MOST_TEXTS))) or any(
        cell.text in value for value in frame.env.values()
    )


def _texts(node: Node) -> Iterator[str]:
    """Yield all that is written in a node, but for what it is called."""
    yield node.text
    for inner in node.items:
        yield from _texts(inner)
    for name, inner in node.entries():
        if name != "name":
            yield from _texts(inner)


def _run(walk: Walk, step: _Step) -> None:
    node = step.node
    folder = substitute(node.get("working-directory").scalar or step.job.folder, step.context)
    frame = replace(step.frame, cwd=joined(step.frame.cwd, folder))
    notice(walk, frame, (folder,))
    if version := next(versions_in(frame.env.get("UV_PYTHON", "")), ""):
        frame = frame.on(version)
    script = node.get("run")
    if script.exists:
        _script(walk, step, script, node.get("shell").scalar or step.job.shell, frame)
        return
    uses = node.get("uses")
    action = known_action(uses.text) if uses.exists else None
    if action is not None:
        _action(walk, step, action, replace(frame, line=uses.line))


def _script(walk: Walk, step: _Step, script: Node, named: str, frame: Frame) -> None:
    named = substitute(named, step.context)
    text = substitute(script.text, step.context)
    notice_script(walk, frame, named, text)
    if _is_foreign(named):
        return
    shell = _shell(named, windows=step.job.windows)
    walk.script(text, shell, frame, lines_of(script, step.job.source))


def _is_foreign(named: str) -> bool:
    """Return whether a step's script is in another language than a shell's."""
    if re.search(r"python|node|perl|ruby", named) or named.startswith("$"):
        return True
    words = [word.rpartition("/")[2].lower() for word in named.split()]
    return words[:1] != [] and words[0] in _FOREIGN and _SHELLS.isdisjoint(words)


def _shell(named: str, *, windows: bool) -> Shell:
    """Return how the runner starts a shell; only a named ``bash`` gets ``pipefail``."""
    first = named.split(" ", 1)[0].rpartition("/")[2]
    if first in _POWERSHELL or (windows and not named):
        return Shell(last_only=True, errexit=True)
    if named == "bash":
        return Shell(errexit=True, pipefail=True)
    if "{0}" in named:
        errexit = bool(re.search(r"\s-(?!-)\w*e", named)) or "errexit" in named
        return Shell(errexit=errexit, pipefail="pipefail" in named)
    return Shell(errexit=True)


def _action(walk: Walk, step: _Step, action: Action, frame: Frame) -> None:
    given = {
        name: substitute(value.scalar, step.context)
        for name, value in step.node.get("with").entries()
    }
    folder = given.get(action.folder, "")
    frame = replace(frame, cwd=joined(frame.cwd, folder))
    if action.script:
        node = step.node.get("with", action.script)
        text = substitute(node.text, step.context)
        notice_script(walk, frame, folder, text)
        walk.script(text, Shell(errexit=True), frame, lines_of(node, step.job.source))
        return
    argv = action_argv(action, given)
    notice(walk, frame, (folder, " ".join(argv)))
    walk.run(argv, replace(frame, brings=True))
