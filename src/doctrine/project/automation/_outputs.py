"""Outputs of a workflow's jobs that are known before a run.

The Python versions of a matrix are often those of the project's classifiers, by way of the action
that builds the package and lists them. The classifiers stand in ``pyproject.toml``. Others are printed
by a step as they are written there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from doctrine.documents import strings, table
from doctrine.model.project import TomlFile
from doctrine.project.automation._yaml import Node

_BUILDER = "hynek/build-and-inspect-python-package"
_SUPPORTED = "supported_python_classifiers_json_array"
_STEP_OUTPUT = re.compile(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}")
_PRINTED = re.compile(
    r"""echo\s+(?P<quote>['"]?)(?P<name>[\w-]+)=(?P<value>[^$`\\]*)(?P=quote)"""
    r"""\s*>>\s*(?P<around>"?)\$(?:GITHUB_OUTPUT|\{GITHUB_OUTPUT\})(?P=around)"""
)
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def known_outputs(jobs: Node, pyproject: TomlFile | None) -> Iterator[tuple[str, str]]:
    """Yield the outputs that other jobs can look up, by dotted name.

    Args:
        jobs: The jobs of the workflow.
        pyproject: The project's ``pyproject.toml``.
    """
    versions = _supported(table(pyproject.data if pyproject else None, "project"))
    for name, job in jobs.entries():
        known = {
            (step.get("id").text, output): value
            for step in job.get("steps").items
            for output, value in _told(step, versions)
        }
        for output, value in job.get("outputs").entries():
            found = _STEP_OUTPUT.fullmatch(value.scalar.strip())
            if found and found.groups() in known:
                yield f"needs.{name}.outputs.{output}", known[found[1], found[2]]


def _told(step: Node, versions: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the outputs of a step that are known."""
    if step.get("uses").text.partition("@")[0] == _BUILDER and versions:
        yield _SUPPORTED, json.dumps(versions)
    # Among other commands, nobody can tell which of them is come to.
    printed = [_PRINTED.fullmatch(line.strip()) for line in step.get("run").text.splitlines()]
    if step.get("if").exists or not all(printed):
        return
    for one in printed:
        if one is not None and (value := _plain(one["value"], one["quote"])):
            yield one["name"], value


def _plain(value: str, quote: str) -> str:
    """Return what the shell makes of a value: without quotes around it, those within go."""
    if not quote:
        return value.replace("'", "").replace('"', "").strip()
    return "" if quote in value else value


def _supported(project: Mapping[str, object]) -> list[str]:
    """Return the versions that the classifiers name; nothing where a backend computes them."""
    if "classifiers" in strings(project.get("dynamic")):
        return []
    named = (_CLASSIFIER.fullmatch(one) for one in strings(project.get("classifiers")))
    return [one[1] for one in named if one]
