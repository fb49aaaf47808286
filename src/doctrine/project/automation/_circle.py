"""CircleCI: the jobs that workflows start, the executors they run on, and the matrices around them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._circle_starts import late_start
from doctrine.project.automation._documents import read_document
from doctrine.project.automation._late import only
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._versions import image_version
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import MISSING, Node

_FILES = (".circleci/config.yml", ".circleci/config.yaml")
_PARAMETER = re.compile(r"<<\s*(?:pipeline\.)?parameters\.([\w-]+)\s*>>")
_SPECIAL = frozenset({"executor", "name"})
_DEEPEST = 8
_MOST = 200

_Values = Mapping[str, tuple[str, int]]
"""What is given to parameters, each with the line it is written on."""


class _Started(Struct, frozen=True, kw_only=True):
    """A job that workflows start.

    Attributes:
        name: What they call it.
        line: Where that is written first.
        uses: What each start gives to it; ``MISSING`` for nothing.
        late: Why none of them comes with a change; empty if one does.
    """

    name: str
    line: int
    uses: tuple[Node, ...]
    late: str = ""


def read_circle(walk: Walk) -> bool:
    """Note what CircleCI runs; returns whether it is configured."""
    document = read_document(walk, _FILES)
    if document is None:
        return False
    path, source, root = document
    if root.get("setup").flag():
        walk.note(path, "what it continues with is made while it runs")
    jobs = root.get("jobs")
    if jobs.exists and not jobs.is_map:
        walk.note(path, f"line {jobs.line}: `jobs` is no mapping, so nothing of it runs: mend it")
    for started in _started(root):
        holder, job = _held(root, "jobs", started.name)
        if job.exists:
            _job(walk, (path, source), holder, job, started)
        elif not any(use.get("type").exists for use in started.uses):
            _missing(walk, path, root, started)
    return True


def _started(root: Node) -> Iterator[_Started]:
    """Yield the jobs that workflows start; where there are none, that is the one called ``build``."""
    if not root.get("workflows").exists:
        yield _Started(name="build", line=root.get("jobs").line, uses=(MISSING,))
        return
    uses: dict[str, list[Node]] = {}
    lines: dict[str, int] = {}
    late: dict[str, dict[str, None]] = {}
    for _, workflow in root.get("workflows").entries():
        if workflow.get("when").flag(default=True) is False or workflow.get("unless").flag():
            continue
        for one in workflow.get("jobs").items:
            for name, use in one.entries() if one.is_map else ((one.scalar, MISSING),):
                uses.setdefault(name, []).append(use)
                lines.setdefault(name, one.line)
                late.setdefault(name, {})[late_start(workflow, use)] = None
    for name, given in uses.items():
        what = "" if "" in late[name] else only(" or ".join(late[name]))
        yield _Started(name=name, line=lines[name], uses=tuple(given), late=what)


def _held(root: Node, kind: str, name: str) -> tuple[Node, Node]:
    """Return a job or a command with what holds it: the file, or an orb that is written in it."""
    orb, slash, inside = name.partition("/")
    holder = root.get("orbs", orb) if slash else root
    return holder, holder.get(kind, inside if slash else name)


def _missing(walk: Walk, path: str, root: Node, started: _Started) -> None:
    orb = root.get("orbs", started.name.partition("/")[0]).scalar
    place = f"{path}:{started.line}"
    if orb:
        walk.note(
            place, f"the job `{started.name}` is of the orb {orb}, which is not part of the project"
        )
    elif root.get("workflows").exists:
        walk.note(place, f"the job `{started.name}` is not there")
    else:
        walk.note(
            path, "it has neither `workflows` nor a job `build`, so CircleCI runs nothing of it"
        )


def _job(walk: Walk, file: tuple[str, str], holder: Node, job: Node, started: _Started) -> None:
    """Note what a job runs, with what workflows put before and behind its steps."""
    path, source = file
    if not job.get("steps").is_list:
        walk.note(path, f"line {job.line}: the job `{started.name}` has no list of `steps`")
    frame = Frame(
        kind=CommandKind.CI, path=path, line=job.line, via=(f"job {started.name}",), late=started.late,
        systems=(Evidence(path=path, line=job.line, detail=_system(holder, job)),),
    )  # fmt: skip
    frame = replace(frame, pythons=tuple(_pythons(walk, holder, job, started.uses, frame)))
    around = {
        key: tuple(step for use in started.uses for step in use.get(key).items)
        for key in ("pre-steps", "post-steps")
    }
    steps = (*around["pre-steps"], *job.get("steps").items, *around["post-steps"])
    _steps(walk, source, holder, steps, frame, depth=0)


def _system(root: Node, job: Node) -> str:
    """Return the system that a job runs on: its executor tells, of an orb for Windows by the name."""
    orb = root.get("orbs", _executor(job).partition("/")[0]).scalar
    if orb.startswith("circleci/windows@"):
        return "windows"
    return "macos" if _machine(root, job).get("macos").exists else "linux"


def _executor(job: Node) -> str:
    executor = job.get("executor")
    return executor.get("name").scalar if executor.is_map else executor.scalar


def _machine(root: Node, job: Node) -> Node:
    """Return what describes where a job runs: its executor, or the job itself."""
    named = _executor(job)
    return root.get("executors", named) if named else job


def _pythons(
    walk: Walk, root: Node, job: Node, uses: Iterable[Node], frame: Frame
) -> Iterator[Evidence]:
    """Yield the versions of the images that a job runs in, over all that workflows give to it."""
    machine = _machine(root, job)
    image = next((one.get("image") for one in machine.get("docker").items), Node())
    found: dict[str, Evidence] = {}
    for given in _given(uses):
        values = {**_defaults(job), **given}
        arguments = {
            key: _filled(value, values)
            for key, value in job.get("executor").entries()
            if key not in _SPECIAL
        }
        text, line = _filled(image, {**_defaults(machine), **values, **arguments})
        if _PARAMETER.search(text):
            walk.note(f"{frame.path}:{image.line}", f"what `{text}` stands for is not known")
        elif version := image_version(text):
            found.setdefault(version, Evidence(path=frame.path, line=line, detail=version))
    yield from found.values()


def _defaults(holder: Node) -> _Values:
    entries = holder.get("parameters").entries()
    return {name: _value(one.get("default")) for name, one in entries if one.get("default").exists}


def _given(uses: Iterable[Node]) -> Iterator[_Values]:
    """Yield what each start of a job gives to its parameters."""
    for use in uses:
        direct = {key: _value(value) for key, value in use.entries() if _is_scalar(value)}
        for row in _rows(use.get("matrix")):
            yield {**direct, **row}


def _rows(matrix: Node) -> Iterator[_Values]:
    """Yield the combinations of a matrix, up to as many as CircleCI runs."""
    axes = [
        [(name, _value(one)) for one in values.scalars()]
        for name, values in matrix.get("parameters").entries()
    ]
    excluded = [dict(one.entries()) for one in matrix.get("exclude").items]
    for product in itertools.islice(itertools.product(*axes), _MOST):
        row = dict(product)
        if not any(_fits(row, one) for one in excluded):
            yield row


def _fits(row: _Values, wanted: Mapping[str, Node]) -> bool:
    return all(name in row and row[name][0] == one.scalar for name, one in wanted.items())


def _is_scalar(node: Node) -> bool:
    return node.exists and not (node.is_map or node.is_list)


def _value(node: Node) -> tuple[str, int]:
    return node.scalar, node.line


def _filled(node: Node, values: _Values) -> tuple[str, int]:
    """Return a text with its parameters filled in, and the line that decides it."""
    line = node.line
    for found in _PARAMETER.finditer(node.scalar):
        line = values.get(found[1], ("", line))[1]
    text = _PARAMETER.sub(lambda found: values.get(found[1], (found[0], 0))[0], node.scalar)
    return text, line


def _steps(
    walk: Walk, source: str, root: Node, steps: Iterable[Node], frame: Frame, *, depth: int
) -> None:
    for step in steps:
        if not walk.step(frame.path):
            return
        for name, body in step.entries() if step.is_map else ((step.scalar, MISSING),):
            holder, own = _held(root, "commands", name)
            if name == "run":
                _run(walk, source, body, frame)
            elif own.exists and depth < _DEEPEST:
                inside = own.get("steps").items
                _steps(walk, source, holder, inside, frame, depth=depth + 1)
            elif name in {"when", "unless"} and depth < _DEEPEST:
                _steps(walk, source, root, body.get("steps").items, frame, depth=depth + 1)


def _run(walk: Walk, source: str, body: Node, frame: Frame) -> None:
    script = body.get("command") if body.is_map else body
    if body.get("when").scalar == "on_fail":
        return
    text = _PARAMETER.sub(lambda found: "${{" + found[1] + "}}", script.text)
    shell = Shell(errexit=True, pipefail=True)
    walk.script(text, shell, frame, lines_of(script, source))
