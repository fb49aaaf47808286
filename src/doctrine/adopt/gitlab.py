"""Jobs of GitLab CI that run what the project's own jobs do not."""

from __future__ import annotations

from collections.abc import Sequence

from doctrine.adopt._yaml import is_tame
from doctrine.adopt.pipeline import Pipeline
from doctrine.project.automation._yaml import Node, YamlError, parse_yaml

PATH = ".gitlab-ci.yml"
_NAMES = ("quality", "tests")
_PYTHON = "3.13"
_DEFAULT_STAGES = ("build", "test", "deploy")
_STAGES = ("test", "tests", "check", "quality", "verify", "lint", "build")
"""Stages that the jobs fit in, the best first."""


def jobs(before: str | None, pipeline: Pipeline) -> str | None:
    """Return the configuration with what a pipeline asks.

    Args:
        before: What the file holds; None where there is none.
        pipeline: What is to run.

    Returns:
        None where the file is there and cannot be added to.
    """
    text = before or ""
    old = _parsed(text)
    if old is None or (old.exists and not old.is_map):
        return None
    added = "\n".join(_wanted(old, pipeline)) + "\n"
    if old.exists:
        return _appended(text, added, old)
    return text.rstrip("\n") + added if text else added.removeprefix("\n")


def _wanted(old: Node, pipeline: Pipeline) -> list[str]:
    """Return the lines of the jobs of a pipeline, under names and in a stage that fit the file."""
    taken = {name.text for name, _ in old.pairs}
    lines: list[str] = []
    for name, body in (("quality", _quality(pipeline)), ("tests", _tests(pipeline))):
        if body:
            lines += ["", f"{_free(name, taken)}:", *(f"  {one}" for one in _head(old)), *body]
    return lines


def _parsed(text: str) -> Node | None:
    if not is_tame(text):
        return None
    try:
        return parse_yaml(text)
    except YamlError:
        return None


def _appended(text: str, added: str, old: Node) -> str | None:
    windows = "\r\n" in text
    new = text.replace("\r\n", "\n").rstrip("\n") + "\n" + added
    now = _parsed(new)
    if now is None or now.pairs[: len(old.pairs)] != old.pairs:
        return None  # it ends in the middle of something
    return new.replace("\n", "\r\n") if windows else new


def _free(name: str, taken: set[str]) -> str:
    return f"doctrine-{name}" if name in taken else name


def _head(old: Node) -> list[str]:
    stages = old.get("stages").strings()
    known = stages or _DEFAULT_STAGES
    stage = next((one for one in _STAGES if one in known), known[0])
    return [f"stage: {stage}"] if stages else []


def _body(image: str, sync: str, commands: Sequence[str]) -> list[str]:
    return [
        f"  image: python:{image}",
        "  before_script:",
        "    - pip install --quiet 'uv>=0.9,<1'",
        f"    - {sync}",
        "  script:",
        *(f"    - {line}" for command in commands for line in command.split("\n")),
    ]


def _quality(pipeline: Pipeline) -> list[str]:
    if not pipeline.gates:
        return []
    return _body(_PYTHON, pipeline.sync, [gate.line for gate in pipeline.gates])


def _tests(pipeline: Pipeline) -> list[str]:
    if not pipeline.tests:
        return []
    more = ["  variables:", "    GIT_SUBMODULE_STRATEGY: recursive"] if pipeline.submodules else []
    if len(pipeline.pythons) == 1:
        return [*more, *_body(pipeline.pythons[0], pipeline.sync, [pipeline.tests])]
    versions = ", ".join(f'"{one}"' for one in pipeline.pythons)
    matrix = ["  parallel:", "    matrix:", f"      - PYTHON_VERSION: [{versions}]"]
    return [*matrix, *more, *_body("$PYTHON_VERSION", pipeline.sync, [pipeline.tests])]
