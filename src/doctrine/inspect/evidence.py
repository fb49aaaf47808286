"""Do the tests show what the guide wants to see tested?

For each behaviour there is what asks for a test (sights in the sources, facts), what shows one
(sights in test files), and what only mentions it. Shown speaks for the rule; a mention, or a test
that could not be read, leaves it undecided; only where the one is there and nothing resembles the
other is something found.
"""

from __future__ import annotations

from doctrine.inspect import (
    _tested_data,
    _tested_faults,
    _tested_pages,
    _tested_threads,
    _tested_twice,
)
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._sightings import Reporter, reading
from doctrine.inspect._tested import Tests
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.project import Project
from doctrine.model.run import Reading

_REPORT = Reporter(tool="evidence")


def _inspect(project: Project) -> Reading:
    tests = Tests(project)
    sightings = (
        *_tested_threads.threads(project, tests, _REPORT),
        *_tested_faults.faults(project, tests, _REPORT),
        *_tested_data.data(project, tests, _REPORT),
        *_tested_pages.pages(project, tests, _REPORT),
        *_tested_pages.texts(project, tests, _REPORT),
        *_tested_pages.permitted(tests),
        *_tested_twice.repetitions(project, tests, _REPORT),
    )
    read = (one.path for one in project.modules if one.flaw is None)
    return reading(sightings, (PROJECT_PATH, *read))


INSPECTOR = ProjectInspector(
    name="evidence",
    rules=(
        *_tested_threads.RULES,
        *_tested_faults.RULES,
        *_tested_data.RULES,
        *_tested_pages.RULES,
        *_tested_twice.RULES,
    ),
    inspect=_inspect,
)
