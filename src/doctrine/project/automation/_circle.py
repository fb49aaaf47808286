"""CircleCI: jobs, the executors they run on, and the matrices of the workflows that start them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._documents import read_document
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._versions import image_version
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import Node

_FILES = (".circleci/config.yml", ".circleci/config.yaml")
_PARAMETER = re.compile(r"<<\s*(?:pipeline\.)?parameters\.([\w-]+)\s*>>")
_SPECIAL = frozenset({"executor", "name"})
_DEEPEST = 8
_MOST = 200

_Values = Mapping[str, tuple[str, int]]
"""What is given to parameters, each with the line it is written on."""


def read_circle(walk: Walk) -> bool:
    """Note what CircleCI runs; returns whether it is configured."""
    document = read_document(walk, _FILES)
    if document is None:
        return False
    path, source, root = document
    jobs = root.get("jobs")
    if jobs.exists and not jobs.is_map:
        walk.note(path, f"line {jobs.line}: `jobs` is no mapping, so nothing of it runs: mend it")
    for name, job in jobs.entries():
        if not job.get("steps").is_list:
            walk.note(path, f"line {job.line}: the job `{name}` has no list of `steps`")
        frame = Frame(kind=CommandKind.CI, path=path, line=job.line, via=(f"job {name}",))
        system = "macos" if _machine(root, job).get("macos").exists else "linux"
        place = Evidence(path=path, line=job.line, detail=system)
        pythons = tuple(_pythons(walk, root, name, job, frame))
        frame = replace(frame, systems=(place,), pythons=pythons)
        _steps(walk, source, root, job.get("steps"), frame, depth=0)
    return True


def _machine(root: Node, job: Node) -> Node:
    """Return what describes where a job runs: its executor, or the job itself."""
    executor = job.get("executor")
    named = executor.get("name").scalar if executor.is_map else executor.scalar
    return root.get("executors", named) if named else job


def _pythons(walk: Walk, root: Node, name: str, job: Node, frame: Frame) -> Iterator[Evidence]:
    """Yield the versions of the images that a job runs in, over all that workflows give to it."""
    machine = _machine(root, job)
    image = next((one.get("image") for one in machine.get("docker").items), Node())
    found: dict[str, Evidence] = {}
    for given in _uses(root, name):
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


def _uses(root: Node, name: str) -> Iterator[_Values]:
    """Yield what each start of a job gives to its parameters; nothing where no workflow has it."""
    uses = [
        use
        for _, workflow in root.get("workflows").entries()
        for one in workflow.get("jobs").items
        for started, use in one.entries()
        if started == name
    ]
    for use in uses or [Node()]:
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


def _steps(walk: Walk, source: str, root: Node, steps: Node, frame: Frame, *, depth: int) -> None:
    for step in steps.items:
        if not walk.step(frame.path):
            return
        for name, body in step.entries() if step.is_map else ((step.scalar, Node()),):
            own = root.get("commands", name)
            if name == "run":
                _run(walk, source, body, frame)
            elif own.exists and depth < _DEEPEST:
                _steps(walk, source, root, own.get("steps"), frame, depth=depth + 1)
            elif name in {"when", "unless"} and depth < _DEEPEST:
                _steps(walk, source, root, body.get("steps"), frame, depth=depth + 1)


def _run(walk: Walk, source: str, body: Node, frame: Frame) -> None:
    script = body.get("command") if body.is_map else body
    if body.get("when").scalar == "on_fail":
        return
    text = _PARAMETER.sub(lambda found: "${{" + found[1] + "}}", script.text)
    shell = Shell(errexit=True, pipefail=True)
    walk.script(text, shell, frame, lines_of(script, source))
