"""Does the configuration of a tool hide the very code that the tool is there for?

A setting that takes out most of the source fails the tool's clause; one that takes out some of it
is advice, because generated and vendored code is rightly left out.
"""

from __future__ import annotations

from doctrine.inspect import _hidden_coverage, _hidden_source
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._sightings import Reporter, reading
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.project import Project
from doctrine.model.run import Reading

_REPORT = Reporter(tool="hiding")


def _inspect(project: Project) -> Reading:
    sightings = (
        *_hidden_coverage.coverage_sightings(project, _REPORT),
        *_hidden_source.source_sightings(project, _REPORT),
    )
    return reading(sightings, (PROJECT_PATH,))


INSPECTOR = ProjectInspector(
    name="hiding",
    rules=(
        _hidden_coverage.OFF,
        _hidden_coverage.HIDES,
        _hidden_source.RUFF,
        _hidden_source.FORMAT,
        _hidden_source.MYPY,
        _hidden_source.VULTURE,
        _hidden_source.SEMGREP,
    ),
    inspect=_inspect,
)
