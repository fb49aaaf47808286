"""What makes GitHub refuse a workflow before it runs anything of it.

Only wrong types are looked for: what GitHub may or may not take is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.project.automation._yaml import Node

_EVENT = re.compile(r"[a-z][a-z_]*")
_TEXTS = ("run", "uses", "name", "shell", "working-directory")
_TOLD = "so GitHub refuses the whole workflow: mend it"


def refusal(root: Node) -> str:
    """Return why GitHub refuses a workflow; empty if nothing shows.

    Args:
        root: The document.
    """
    flaw = next(_flaws(root), "")
    return f"{flaw}, {_TOLD}" if flaw else ""


def _flaws(root: Node) -> Iterator[str]:
    jobs = root.get("jobs")
    if not jobs.is_map or not jobs.pairs:
        yield "it has no jobs"
    yield from _triggers(root.get("on"))
    for name, job in jobs.entries():
        if not job.is_map:
            yield f"line {job.line}: the job `{name}` is no mapping"
        yield from _matrix(job.get("strategy", "matrix"))
        yield from _steps(name, job.get("steps"))


def _triggers(on: Node) -> Iterator[str]:
    if not on.exists:
        yield "it does not say `on` which events it runs"
        return
    names = [name for name, _ in on.entries()] if on.is_map else list(on.strings())
    if not any(_EVENT.fullmatch(name) for name in names):
        yield f"line {on.line}: `on` names no event"


def _matrix(matrix: Node) -> Iterator[str]:
    if not matrix.exists or _is_expression(matrix):
        return
    if not matrix.is_map:
        yield f"line {matrix.line}: the matrix is no mapping"
    for name, values in matrix.entries():
        if values.exists and not values.is_list and not _is_expression(values):
            yield f"line {values.line}: `{name}` of the matrix is no list"


def _steps(job: str, steps: Node) -> Iterator[str]:
    if steps.exists and not steps.is_list:
        yield f"line {steps.line}: the steps of the job `{job}` are no list"
    for step in steps.items:
        if step.exists and not step.is_map:
            yield f"line {step.line}: a step of the job `{job}` is no mapping"
        for key in _TEXTS:
            value = step.get(key)
            if value.is_map or value.is_list:
                yield f"line {value.line}: `{key}` of a step of the job `{job}` is no text"


def _is_expression(node: Node) -> bool:
    return not (node.is_map or node.is_list) and "${{" in node.text
