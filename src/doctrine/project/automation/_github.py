"""What GitHub workflows run: triggers, jobs and what they call."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._asked import by_variable, excused, unmarked
from doctrine.project.automation._conditions import runs
from doctrine.project.automation._expressions import Context, substitute
from doctrine.project.automation._filters import blind_events
from doctrine.project.automation._github_shape import refusal
from doctrine.project.automation._github_steps import Job, run_steps
from doctrine.project.automation._late import late_events, waits_for_tags
from doctrine.project.automation._matrix import Row, expand_matrix
from doctrine.project.automation._outputs import known_outputs
from doctrine.project.automation._unresolved import (
    doubt,
    notice,
    notice_variables,
    open_matrix,
    tolerance,
)
from doctrine.project.automation._versions import family_of, held_by, image_version
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import MISSING, Node, YamlError, parse_yaml

FOLDER = ".github/workflows/"

_AUTOMATIC = frozenset(
    {"push", "pull_request", "pull_request_target", "merge_group", "schedule", "release",
     "workflow_run", "create", "check_suite", "check_run", "status", "deployment",
     "deployment_status", "page_build", "registry_package"}
)  # fmt: skip
_DEEPEST = 5
_MOST_NEEDS = 100
_WHATEVER = re.compile(r"\b(?:always|cancelled|failure)\s*\(", re.IGNORECASE)
"""What a condition asks so that a job runs whatever became of those that it needs."""


class _Workflow(Struct, frozen=True, kw_only=True):
    """A workflow file as it is entered: by itself, or called with inputs.

    Attributes:
        path: The file.
        source: Its text.
        root: What is in it.
        on: What starts it.
        events: Triggers that nobody has to pull by hand.
        unmarked: Those of them that a change brings about which nobody marked for it.
        inputs: What it is called with.
    """

    path: str
    source: str
    root: Node
    on: Node
    events: tuple[str, ...]
    unmarked: tuple[str, ...]
    inputs: Mapping[str, str]


def read_workflows(walk: Walk) -> bool:
    """Note what every workflow runs; returns whether there is one."""
    paths = sorted(
        path
        for path in walk.texts
        if posixpath.dirname(path) + "/" == FOLDER and path.endswith((".yml", ".yaml"))
    )
    for path in paths:
        walk.files[path] = None
        root = _parsed(walk, path, walk.texts[path])
        events = _events(root.get("on"))
        if events:
            blind = blind_events(root.get("on"), events, walk.sources)
            frame = Frame(kind=CommandKind.CI, path=path, blind=blind)
            workflow = _Workflow(path=path, source=walk.texts[path], root=root, on=root.get("on"),
                                 events=events, unmarked=events, inputs={})  # fmt: skip
            _jobs(walk, workflow, frame)
    return bool(paths)


def _parsed(walk: Walk, path: str, source: str) -> Node:
    try:
        root = parse_yaml(source)
    except YamlError as error:
        walk.note(path, str(error))
        return MISSING
    if why := refusal(root):
        walk.note(path, why)
        return MISSING
    return root


def _events(node: Node) -> tuple[str, ...]:
    """Return the triggers that nobody has to pull by hand."""
    names = tuple(name for name, _ in node.entries()) if node.is_map else node.strings()
    return tuple(name for name in names if name in _AUTOMATIC)


def _jobs(walk: Walk, workflow: _Workflow, frame: Frame) -> None:
    key = f"workflow:{workflow.path}:{sorted(workflow.inputs.items())}"
    if key in frame.active or len(frame.active) >= _DEEPEST:
        return
    frame = replace(frame, active=frame.active | {key})
    jobs = workflow.root.get("jobs")
    known = {**_inputs(workflow), **dict(known_outputs(jobs, walk.pyproject))}
    base = Context(values=known, closed=frozenset({"inputs"}))
    starts = _starts(dict(jobs.entries()), base, workflow.events)
    quiet = _starts(dict(jobs.entries()), unmarked(base), workflow.unmarked)
    for name, job in jobs.entries():
        begun = replace(workflow, events=starts[name], unmarked=quiet[name])
        base = Context(values=known, closed=frozenset({"inputs", "matrix"}))
        written = job.get("strategy", "matrix")
        matrix = expand_matrix(written, base)
        around = frame
        if matrix.unresolved:
            around = open_matrix(walk, frame, written, matrix.unresolved, job.get("if").text)
            base = replace(base, closed=base.closed - {"matrix"})
        for row in matrix.rows:
            if not walk.step(workflow.path):
                return
            _job(walk, begun, job, row=row, base=base, frame=around)


def _starts(
    jobs: Mapping[str, Node], context: Context, events: tuple[str, ...]
) -> Mapping[str, tuple[str, ...]]:
    """Return on which events each job may run: on none on which one that it needs does not."""
    found = {
        name: tuple(event for event in events if runs(job.get("if").text, context, (event,)))
        for name, job in jobs.items()
    }
    waiting = _waiting(jobs)
    rest = list(jobs)
    while rest:
        needed = rest.pop()
        for name in waiting.get(needed, ()):
            both = tuple(event for event in found[name] if event in found[needed])
            if both != found[name]:
                found[name] = both
                rest.append(name)
    return found


def _waiting(jobs: Mapping[str, Node]) -> Mapping[str, list[str]]:
    """Return which jobs need each, but for those that run whatever became of it."""
    waiting: dict[str, list[str]] = {}
    for name, job in jobs.items():
        needs = job.get("needs")
        if not _WHATEVER.search(job.get("if").text):
            for one in needs.items[:_MOST_NEEDS] or (needs,):
                waiting.setdefault(one.scalar, []).append(name)
    return waiting


def _inputs(workflow: _Workflow) -> dict[str, str]:
    declared = workflow.root.get("on", "workflow_call", "inputs")
    values = {f"inputs.{name}": one.get("default").scalar for name, one in declared.entries()}
    values.update({f"inputs.{name}": value for name, value in workflow.inputs.items()})
    return values


def _job(
    walk: Walk, workflow: _Workflow, job: Node, *, row: Row, base: Context, frame: Frame
) -> None:
    values = {**base.values, **{f"matrix.{name}": cell.text for name, cell in row.items()}}
    labels = job.get("runs-on")
    labels = labels.get("labels") if labels.is_map else labels
    system = _system(workflow, labels, row, replace(base, values=values))
    if system is not None:
        values["runner.os"] = {"macos": "macOS"}.get(system.detail, system.detail.capitalize())
    context = replace(base, values=values)
    if not workflow.events or not runs(job.get("if").text, context, workflow.events):
        return
    frame = replace(_inside(workflow, job, context, frame), systems=(system,) if system else ())
    notice_variables(walk, frame, (workflow.root.get("env"), job.get("env")), context)
    if job.get("uses").exists:
        _called(walk, workflow, job, context, frame)
        return
    shape = Job(
        path=workflow.path,
        source=workflow.source,
        events=workflow.events,
        row=row,
        shell=_default(workflow.root, job, "shell"),
        folder=_default(workflow.root, job, "working-directory"),
        on=workflow.on,
        windows=system is not None and system.detail == "windows",
        home=workflow.path,
    )
    run_steps(walk, shape, job.get("steps"), context, _on_image(walk, job, context, frame))


def _inside(workflow: _Workflow, job: Node, context: Context, frame: Frame) -> Frame:
    """Return what holds inside of a job."""
    frame = tolerance(job.get("continue-on-error"), context, frame, where=(workflow.path, "job"))
    env = dict(_env(workflow.root.get("env"), context)) | dict(_env(job.get("env"), context))
    late = frame.late or late_events(workflow.on, workflow.events, workflow.unmarked)
    condition = job.get("if").text
    late = late or waits_for_tags(condition)
    perhaps = frame.perhaps or doubt(condition, context, frame, workflow.events)
    perhaps = perhaps or by_variable(condition, context, workflow.unmarked)
    kept = frame.excused or excused(condition, context, workflow.events)
    frame = replace(frame, perhaps=perhaps, excused=kept)
    return replace(frame, line=job.line, late=late, env={**frame.env, **env})


def _default(root: Node, job: Node, key: str) -> str:
    return job.get("defaults", "run", key).scalar or root.get("defaults", "run", key).scalar


def _env(node: Node, context: Context) -> Iterator[tuple[str, str]]:
    for name, value in node.entries():
        text = substitute(value.scalar, context)
        if "${{" not in text:
            yield name, text


def _system(workflow: _Workflow, labels: Node, row: Row, context: Context) -> Evidence | None:
    for label in labels.scalars():
        text = substitute(label.text, context)
        family = family_of(text)
        if family:
            cell = next((one for one in row.values() if one.text and one.text == text), None)
            line = cell.line if cell and text != label.text else label.line
            return Evidence(path=workflow.path, line=line, detail=family)
    return None


def _on_image(walk: Walk, job: Node, context: Context, frame: Frame) -> Frame:
    container = job.get("container")
    image = container.get("image") if container.is_map else container
    if not image.exists:
        return frame
    name = substitute(image.text, context)
    notice(walk, frame, (name,))
    if not name.strip():
        return frame  # of a row of the matrix that names none, so that the job runs on its runner
    place = Evidence(path=frame.path, line=image.line, detail="linux")
    inside = replace(frame, line=image.line).on(image_version(name))
    provides = frame.provides | held_by(name)
    return replace(inside, systems=(place,), line=frame.line, provides=provides)


def _called(walk: Walk, workflow: _Workflow, job: Node, context: Context, frame: Frame) -> None:
    uses = job.get("uses").text
    if not uses.startswith("./"):
        walk.note(f"{workflow.path}:{job.get('uses').line}", f"`{uses}` is in another repository")
        return
    path = posixpath.normpath(uses)
    source = walk.text(path)
    if source is None:
        walk.note(path, f"it is called by {workflow.path} and is not there")
        return
    given = {name: substitute(value.scalar, context) for name, value in job.get("with").entries()}
    called = _Workflow(
        path=path,
        source=source,
        root=_parsed(walk, path, source),
        on=workflow.on,
        events=workflow.events,
        unmarked=workflow.unmarked,
        inputs=given,
    )
    _jobs(walk, called, frame.into(path, f"uses {uses}"))
