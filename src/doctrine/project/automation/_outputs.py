"""Outputs of a workflow's jobs that are known before a run.

The Python versions of a matrix are often those of the project's classifiers, by way of the action
that builds the package and lists them. The classifiers stand in ``pyproject.toml``.
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
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def known_outputs(jobs: Node, pyproject: TomlFile | None) -> Iterator[tuple[str, str]]:
    """Yield the outputs that other jobs can look up, by dotted name.

    Args:
        jobs: The jobs of the workflow.
        pyproject: The project's ``pyproject.toml``.
    """
    versions = _supported(table(pyproject.data if pyproject else None, "project"))
    if not versions:
        return
    for name, job in jobs.entries():
        builders = {
            step.get("id").text
            for step in job.get("steps").items
            if step.get("uses").text.partition("@")[0] == _BUILDER
        }
        for output, value in job.get("outputs").entries():
            found = _STEP_OUTPUT.fullmatch(value.scalar.strip())
            if found and found[1] in builders and found[2] == _SUPPORTED:
                yield f"needs.{name}.outputs.{output}", json.dumps(versions)


def _supported(project: Mapping[str, object]) -> list[str]:
    """Return the versions that the classifiers name; nothing where a backend computes them."""
    if "classifiers" in strings(project.get("dynamic")):
        return []
    named = (_CLASSIFIER.fullmatch(one) for one in strings(project.get("classifiers")))
    return [one[1] for one in named if one]
