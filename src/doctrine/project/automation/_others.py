"""CI services other than GitHub: all of them together, Azure Pipelines, and those only noticed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from doctrine.model.observation import Evidence
from doctrine.model.project import CommandKind
from doctrine.model.replacing import replace
from doctrine.project.automation._azure_starts import late_condition, pipeline_starts
from doctrine.project.automation._circle import read_circle
from doctrine.project.automation._documents import read_document
from doctrine.project.automation._gitlab import read_gitlab
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._travis import read_travis
from doctrine.project.automation._versions import family_of, versions_in
from doctrine.project.automation._walk import Frame, Walk
from doctrine.project.automation._yaml import MISSING, Node

_NOTICED = ("appveyor.yml", ".appveyor.yml", ".cirrus.yml", "Jenkinsfile", "bitbucket-pipelines.yml",
            ".drone.yml", ".woodpecker.yml", ".buildkite/pipeline.yml",
            ".builds/build.yml", ".build.yml", ".woodpecker.yaml", ".drone.yaml", ".zuul.yaml",
            ".semaphore/semaphore.yml", "cloudbuild.yaml", "buildspec.yml")  # fmt: skip
_AZURE = (
    "azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml", "azure-pipeline.yml",
    "azure-pipeline.yaml", ".azure-pipelines/azure-pipelines.yml", ".azure-pipelines/ci.yml",
    ".azure-pipelines/pipelines.yml", ".azure/azure-pipelines.yml", ".ci/azure-pipelines.yml",
)  # fmt: skip
"""Where a pipeline usually is: the file is named in the service, and nowhere in the repository."""
_FILLED = re.compile(r"\$\((\w[\w.]*)\)")
_POWERSHELL = Shell(last_only=True, errexit=True)
_DEEPEST = 8
_MOST = 200


def read_others(walk: Walk) -> bool:
    """Note what the other services run; returns whether one is configured."""
    there = [read_gitlab(walk), read_travis(walk), read_circle(walk), _azure(walk)]
    for name in _NOTICED:
        if walk.text(name) is not None:
            walk.note(name, "commands of this CI service are not read")
            there.append(True)
    return any(there)


def _azure(walk: Walk) -> bool:
    document = read_document(walk, _AZURE)
    if document is None:
        return False
    path, source, root = document
    frame = pipeline_starts(root, Frame(kind=CommandKind.CI, path=path))
    for job, late in _azure_jobs(walk, path, root, 0):
        inner = replace(frame, late=frame.late or late)
        for values in _azure_rows(root, job):
            _azure_job(walk, source, root, job, values=values, frame=inner)
    return True


def _azure_jobs(
    walk: Walk, path: str, node: Node, depth: int, late: str = ""
) -> Iterator[tuple[Node, str]]:
    """Yield whatever has steps: the file, its jobs, and the jobs of its stages.

    Each comes with why no change starts it by the conditions around it; empty where one may.
    """
    late = late or late_condition(node.get("condition").text)
    if node.get("steps").is_list:
        yield node, late
    _azure_shape(walk, path, node)
    if depth < _DEEPEST and walk.step(path):
        inside = [one for key in ("stages", "jobs") for one in node.get(key).items]
        for one in (*inside, node.get("extends")):
            if one.get("template").exists:
                _azure_template(walk, path, one.get("template"))
            yield from _azure_jobs(walk, path, one, depth + 1, late)


def _azure_shape(walk: Walk, path: str, node: Node) -> None:
    for key in ("steps", "jobs", "stages"):
        wrong = node.get(key)
        if wrong.exists and not wrong.is_list and not wrong.is_map:
            walk.note(
                path, f"line {wrong.line}: `{key}` is no list, so nothing of it runs: mend it"
            )


def _azure_template(walk: Walk, path: str, template: Node) -> None:
    walk.note(f"{path}:{template.line}", f"the template {template.scalar} is not followed")


def _azure_rows(root: Node, job: Node) -> Iterator[dict[str, tuple[str, int]]]:
    base = {
        name: (value.scalar, value.line)
        for holder in (root, job)
        for name, value in holder.get("variables").entries()
    }
    rows = [row for _, row in job.get("strategy", "matrix").entries() if row.is_map]
    for row in rows[:_MOST] or [Node()]:
        yield base | {name: (value.scalar, value.line) for name, value in row.entries()}


def _azure_job(
    walk: Walk,
    source: str,
    root: Node,
    job: Node,
    *,
    values: dict[str, tuple[str, int]],
    frame: Frame,
) -> None:
    def fill(text: str) -> str:
        return _FILLED.sub(lambda found: values.get(found[1], (found[0], 0))[0], text)

    pool = job.get("pool") if job.get("pool").exists else root.get("pool")
    label = pool.get("vmImage") if pool.is_map else pool
    family = family_of(fill(label.text))
    why = "`continueOnError` of the job" if job.get("continueOnError").flag() else ""
    frame = replace(frame, why_not=why)
    if family:
        place = Evidence(path=frame.path, line=label.line, detail=family)
        frame = replace(frame, systems=(place,))
    steps = job.get("steps").items
    pythons = tuple(place for step in steps for place in _azure_pythons(step, values, frame))
    frame = replace(frame, pythons=pythons)
    for step in steps:
        _azure_step(walk, source, step, fill, frame)


def _azure_pythons(
    step: Node, values: dict[str, tuple[str, int]], frame: Frame
) -> Iterator[Evidence]:
    if not step.get("task").text.startswith("UsePythonVersion"):
        return
    node = step.get("inputs", "versionSpec")
    text, line = node.scalar, node.line
    if found := _FILLED.fullmatch(text):
        text, line = values.get(found[1], (text, line))
    for version in versions_in(text):
        yield Evidence(path=frame.path, line=line, detail=version)


def _azure_step(
    walk: Walk, source: str, step: Node, fill: Callable[[str], str], frame: Frame
) -> None:
    if step.get("template").exists:
        _azure_template(walk, frame.path, step.get("template"))
    if any(step.get(key).flag(default=True) is False for key in ("enabled", "condition")):
        return
    why = "`continueOnError` of the step" if step.get("continueOnError").flag() else ""
    env = {name: fill(value.scalar) for name, value in step.get("env").entries()}
    late = frame.late or late_condition(step.get("condition").text)
    frame = replace(frame, why_not=frame.why_not or why, late=late, env={**frame.env, **env})
    node, shell = _azure_script(step)
    if node.exists:
        walk.script(fill(node.text), shell, frame, lines_of(node, source))


def _azure_script(step: Node) -> tuple[Node, Shell]:
    """Return the script of a step, and how it is run.

    Neither shell stops at a failure, so that the last command decides; PowerShell does.
    """
    for key in ("script", "bash"):
        if step.get(key).exists:
            return step.get(key), Shell()
    for key in ("pwsh", "powershell"):
        if step.get(key).exists:
            return step.get(key), _POWERSHELL
    task = step.get("task").scalar.partition("@")[0].lower()
    if task in {"bash", "cmdline"}:
        return step.get("inputs", "script"), Shell()
    return (
        (step.get("inputs", "script"), _POWERSHELL) if task == "powershell" else (MISSING, Shell())
    )
