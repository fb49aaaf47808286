"""A workflow of GitHub Actions that runs what the project's own workflows do not."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct

from doctrine.adopt._yaml import loaded, with_entry, with_item
from doctrine.adopt.gates import Gate
from doctrine.adopt.pipeline import Pipeline
from doctrine.documents import table

PATH = ".github/workflows/doctrine.yml"


class Action(Struct, frozen=True, kw_only=True):
    """An action of GitHub's, pinned to a commit: a tag can be moved to other code."""

    name: str
    commit: str
    version: str

    @property
    def uses(self) -> str:
        """The action as a step names it."""
        return f"{self.name}@{self.commit} # {self.version}"


CHECKOUT = Action(
    name="actions/checkout",
    commit="3d3c42e5aac5ba805825da76410c181273ba90b1",
    version="v7.0.1",
)
SETUP_UV = Action(
    name="astral-sh/setup-uv",
    commit="20cfd1bf945f4377ade1205e4dbc17946fc9a30d",
    version="v10.0.1",
)
_HEAD = """\
name: doctrine

on:
  push:
    branches: [BRANCHES]
  pull_request:

permissions:
  contents: read

concurrency:
  group: ${{ github.workflow }}-${{ github.ref }}
  cancel-in-progress: true

jobs:
"""
_LIMIT = "timeout-minutes: 30"
_IF = "if: ${{ !cancelled() && steps.sync.outcome == 'success' }}"
_SYSTEMS = "[ubuntu-latest, macos-latest, windows-latest]"


def workflow(before: str | None, pipeline: Pipeline) -> str | None:
    """Return the workflow with what a pipeline asks.

    Args:
        before: What the file holds; None where there is none.
        pipeline: What is to run.

    Returns:
        None where the file is there and cannot be added to.
    """
    jobs = {
        name: lines
        for name, lines in (("quality", _quality(pipeline)), ("tests", _tests(pipeline)))
        if lines
    }
    if before is None:
        blocks = ("\n".join((f"  {name}:", *_indented(lines, 4))) for name, lines in jobs.items())
        head = _HEAD.replace("BRANCHES", ", ".join(map(json.dumps, pipeline.branches)))
        return head + "\n\n".join(blocks) + "\n"
    return _added(before, jobs, pipeline)


def _added(text: str, jobs: dict[str, list[str]], pipeline: Pipeline) -> str | None:
    """Return a workflow that is there already with the steps and jobs that it lacks."""
    new: str | None = text
    for name, lines in jobs.items():
        if new is None:
            return None
        if name not in table(loaded(new), "jobs"):
            new = with_entry(new, ("jobs",), name, lines)
        elif name == "quality":
            for gate in pipeline.gates:
                new = with_item(new, ("jobs", name, "steps"), _step(gate)) if new else None
        else:
            return None
    return new


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [f"{' ' * by}{line}" if line else "" for line in lines]


def _steps(steps: Sequence[list[str]]) -> list[str]:
    lines = ["steps:"]
    for step in steps:
        lines += [f"  - {step[0]}", *(f"    {line}" for line in step[1:])]
    return lines


def _prepared(pipeline: Pipeline) -> list[list[str]]:
    return [
        [f"uses: {CHECKOUT.uses}", "with:", "  persist-credentials: false"],
        [f"uses: {SETUP_UV.uses}"],
        ["id: sync", f"run: {pipeline.sync}"],
    ]


def _quality(pipeline: Pipeline) -> list[str]:
    if not pipeline.gates:
        return []
    gates = [_step(gate) for gate in pipeline.gates]
    steps = _steps((*_prepared(pipeline), *gates))
    return ["name: Quality", "runs-on: ubuntu-latest", _LIMIT, *steps]


def _step(gate: Gate) -> list[str]:
    """Return a step; it runs even after another one failed, so that one run tells everything."""
    lines = gate.line.split("\n")
    run = [f"run: {lines[0]}"] if len(lines) == 1 else ["run: |", *_indented(lines, 2)]
    return [f"name: {gate.name}", _IF, *run]


def _tests(pipeline: Pipeline) -> list[str]:
    if not pipeline.tests:
        return []
    matrix: list[str] = []
    if len(pipeline.pythons) > 1:
        versions = ", ".join(f'"{one}"' for one in pipeline.pythons)
        matrix.append(f"    python-version: [{versions}]")
    if pipeline.every_system:
        matrix.append(f"    os: {_SYSTEMS}")
    system = "${{ matrix.os }}" if pipeline.every_system else "ubuntu-latest"
    head = ["strategy:", "  fail-fast: false", "  matrix:", *matrix] if matrix else []
    steps = _prepared(pipeline)
    if pipeline.submodules:
        steps[0].append("  submodules: recursive")
    if len(pipeline.pythons) > 1:
        steps[1] += ["with:", "  python-version: ${{ matrix.python-version }}"]
    steps.append(["name: Tests", f"run: {pipeline.tests}"])
    return ["name: Tests", *head, f"runs-on: {system}", _LIMIT, *_steps(steps)]
