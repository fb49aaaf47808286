"""Is the web interface tested in a browser with Playwright, and text beyond ASCII with anything?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.inspect._tested import Seen, Tests, first_sight
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Project, Role

_BROWSER, _FIXTURE = "browser-tests", "page-fixture"
_TEXT, _DAMAGED = "unicode-text", "damaged-text"
_SCENARIOS, _LOCALES = "scenarios", "locales"
RULES = (_BROWSER, _FIXTURE, _TEXT, _DAMAGED, _SCENARIOS, _LOCALES)
_SUITES = (
    "playwright.config.",
    "cypress.config.",
    "cypress.json",
    "wdio.conf.",
    "nightwatch.conf.",
)
_PLUGINS = frozenset({"pytest-playwright", "pytest-playwright-asyncio"})
_PLAYWRIGHT = re.compile(r"(?:^|[/\s])playwright(?:@[\w.^~-]+)?$")
_DATA = (".json", ".txt", ".yaml", ".yml", ".csv", ".xml", ".html", ".po", ".mo", ".md", ".rst")
_ENOUGH = 2
"""Scripts that must occur: one is the language of the people who wrote the tests."""


def pages(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against browser tests.

    Args:
        project: The project.
        tests: Its tests.
        report: Writes the findings.
    """
    suites = [path for path in project.layout.others if path.rpartition("/")[2].startswith(_SUITES)]
    foreign = [path for path in suites if "playwright" in path]
    python = tests.of("playwright") or _through_fixtures(project, tests)
    if foreign:
        yield support(_BROWSER, Spot(path=foreign[0]), "a Playwright suite is configured")
    elif python:
        yield from _with_playwright(project, python)
    else:
        yield from _without_playwright(project, tests, report, suites)
    yield from _fixture(project, python, report)


def _with_playwright(project: Project, python: tuple[Seen, ...]) -> Iterator[Sighting]:
    if _is_run(project):
        yield from (support(_BROWSER, one.spot, one.sight.detail) for one in python[:3])
        return
    reason = (
        f"{python[0].text} uses Playwright, but no step of CI is seen to install its browsers "
        "(`playwright install --with-deps`) for it"
    )
    yield Undecided(rule=_BROWSER, reason=reason)


def _through_fixtures(project: Project, tests: Tests) -> tuple[Seen, ...]:
    """Return the tests that drive a page which a fixture of pytest-playwright gives: none imports it."""
    return tests.of("browser-page") if _has_plugin(project) else ()


def _has_plugin(project: Project) -> bool:
    return any(one.name in _PLUGINS for one in project.dependencies)


def _without_playwright(
    project: Project, tests: Tests, report: Reporter, suites: list[str]
) -> Iterator[Sighting]:
    others = tests.of("other-browser")
    for one in others[:1]:
        message = f"browser tests use another tool ({one.sight.detail}): write them with Playwright"
        yield report.finding(_BROWSER, one.spot, message, Severity.WARNING)
    for path in suites[:1] if not others else ():
        message = "browser tests use another tool: write them with Playwright"
        yield report.finding(_BROWSER, Spot(path=path), message, Severity.WARNING)
    if others or suites:
        return
    if tests.doubt:
        yield Undecided(rule=_BROWSER, reason=f"{tests.doubt}, and may use Playwright")
        return
    fact = project.facts.get("web-ui")
    place = fact.evidence[-1] if fact is not None and fact.evidence else None
    spot = Spot(path=place.path, line=place.line) if place else Spot(path=PROJECT_PATH)
    message = (
        f"pages are served, and none of {tests.count} opens one in a browser: add pytest-playwright"
        " and a test with its `page` fixture for each main path"
    )
    yield report.finding(_BROWSER, spot, message, Severity.WARNING)


def _is_run(project: Project) -> bool:
    """Return whether CI installs browsers, which nobody does for nothing."""
    return any(_drives_browsers(one.argv) for one in project.automation.commands)


def _drives_browsers(argv: tuple[str, ...]) -> bool:
    """Return whether a command calls Playwright; `pip install pytest-playwright` has no browser."""
    at = next((i for i, word in enumerate(argv) if _PLAYWRIGHT.search(word)), len(argv))
    return any(word in {"install", "install-deps", "test"} for word in argv[at + 1 :])


def _fixture(project: Project, python: tuple[Seen, ...], report: Reporter) -> Iterator[Sighting]:
    if python and not _has_plugin(project):
        message = "pytest-playwright gives tests a fresh `page` each: consider declaring it"
        yield report.advice(_FIXTURE, python[0].spot, message)


def permitted(tests: Tests) -> Iterator[Sighting]:
    """Yield what the tests make of what the guide only permits.

    Args:
        tests: The project's tests.
    """
    for rule, name, what in (
        (_SCENARIOS, "scenarios", "scenarios in plain language"),
        (_LOCALES, "locale", "behaviour that depends on the locale"),
    ):
        seen = tests.of(name)
        yield from (support(rule, one.spot, one.sight.detail) for one in seen[:3])
        if not seen:
            yield Undecided(
                rule=rule, reason=f"no test is seen to be about {what}, and none has to"
            )


def texts(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against tests with text beyond ASCII.

    Args:
        project: The project.
        tests: Its tests.
        report: Writes the findings.
    """
    for one in tests.of("damaged-text"):
        message = f"text was damaged by a wrong encoding: {one.sight.detail}"
        yield report.advice(_DAMAGED, one.spot, message)
    if shown := list(_several_scripts(tests)):
        yield from shown
        return
    hints = (*tests.of("unicode-text"), *tests.of("unicode-unused"))
    wanted = "tests that put text of several scripts through the project's functions"
    if hints:
        reason = (
            f"{hints[0].text} has text in one script ({hints[0].sight.detail.capitalize()}), or only "
            f"encodes and decodes it; {wanted} decide it"
        )
        yield Undecided(rule=_TEXT, reason=reason)
    elif doubt := tests.doubt or _data_files(project):
        yield Undecided(rule=_TEXT, reason=f"{doubt}; {wanted} decide it")
    else:
        spot = first_sight(project, "international")
        message = f"all text in {tests.count} is ASCII: write {wanted}"
        yield report.finding(_TEXT, spot, message, Severity.WARNING)


def _several_scripts(tests: Tests) -> Iterator[Sighting]:
    """Yield the scripts that the tests put through the code; nothing where they are too few."""
    first = {one.sight.detail: one for one in reversed(tests.of("unicode-text"))}
    generated = tests.of("any-text")
    if len(first) < _ENOUGH and not generated:
        return
    for script in sorted(first):
        yield support(_TEXT, first[script].spot, f"text in {script.capitalize()} script")
    for one in generated[:2]:
        yield support(_TEXT, one.spot, "text of any script is generated")


def _data_files(project: Project) -> str:
    """Return the file beside the tests that may hold such text; empty if there is none."""
    folders = {
        one.path.rpartition("/")[0] for one in project.layout.files if one.role is Role.TEST
    } - {""}
    for path in project.layout.others:
        if path.endswith(_DATA) and any(path.startswith(f"{folder}/") for folder in folders):
            return f"{path} may hold such text for a test"
    return ""
