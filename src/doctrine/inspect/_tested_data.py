"""Are the constraints of the database tested, and can migrations be taken back?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.inspect._tested import Seen, Tests, first_sight, in_sources, listed
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Command, Project

_CONSTRAINTS, _REVERSIBLE, _BACKUP = "constraints", "migration-reversibility", "backup"
_ONE_WAY = "one-way-migration"
RULES = (_CONSTRAINTS, _REVERSIBLE, _ONE_WAY, _BACKUP)
_DATABASES = frozenset(
    {"django", "rest_framework", "mongoengine", "peewee", "sqlalchemy", "tortoise"}
)
_INNER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OF_MIGRATIONS = re.compile(r"(?i)alembic|migrat|revision")
_WANTED = "a test that writes what it forbids and expects the integrity error"
_DOWN = "a test or CI step that migrates up, down and up again"
_SET_UP = ("alembic.ini", "/env.py")


def data(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against tests of the data's integrity.

    Args:
        project: The project.
        tests: Its tests.
        report: Writes the findings.
    """
    yield from _constraints(project, tests, report)
    yield from _migrations(project, tests, report)
    yield from _backups(project, tests, report)


def _constraints(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    rule = _CONSTRAINTS
    strict = in_sources(project, "model-constrained")
    loose = in_sources(project, "model-related")
    refused = list(_refused(tests))
    about = _by_model(strict, refused, tests)
    open_ones = [one for one, seen in about.items() if not seen]
    if strict and not open_ones:
        yield from _shown(about)
        return
    if reason := _constraint_doubt(strict, loose, open_ones, refused, tests):
        yield Undecided(rule=rule, reason=reason)
        return
    for one in open_ones:
        message = f"{one.sight.detail}, and none of {tests.count} mentions one: write {_WANTED}"
        yield report.finding(rule, one.spot, message, symbol=one.sight.symbol)


def _by_model(
    strict: tuple[Seen, ...], refused: list[Seen], tests: Tests
) -> Mapping[Seen, list[Seen]]:
    """Return the tests that are about each model."""
    symbols = frozenset(one.sight.symbol for one in strict)
    return {one: [seen for seen in refused if _is_of(seen, one, symbols, tests)] for one in strict}


def _shown(about: Mapping[Seen, list[Seen]]) -> Iterator[Sighting]:
    for one, seen in list(about.items())[:5]:
        told = f"what {one.sight.symbol} forbids is expected to fail: {seen[0].sight.detail}"
        yield support(_CONSTRAINTS, seen[0].spot, told)


def _refused(tests: Tests) -> Iterator[Seen]:
    for one in tests.of("integrity-refused"):
        if "side_effect" not in one.sight.words:  # a double that raises it has no constraints
            yield one
    for one in tests.of("validation-refused"):
        if tests.imported(one.path) & _DATABASES:
            yield one


def _is_of(seen: Seen, model: Seen, models: frozenset[str], tests: Tests) -> bool:
    """Return whether a test is about a model: it names it, or its file imports no other one."""
    symbol = model.sight.symbol
    if symbol in seen.sight.words:
        return True
    known = models & tests.imported(seen.path)
    snake = _INNER.sub("_", symbol).lower()
    words = (seen.sight.symbol, *seen.sight.words)
    return known == frozenset({symbol}) or (
        symbol in known and any(snake in word.lower() for word in words)
    )


def _constraint_doubt(
    strict: tuple[Seen, ...],
    loose: tuple[Seen, ...],
    open_ones: list[Seen],
    refused: list[Seen],
    tests: Tests,
) -> str:
    """Return why the lack of such tests is not shown; empty where it is."""
    if not strict:
        what = f"{listed(loose)} relate to other tables" if loose else "no constraint was seen"
        return f"{what}; {_WANTED}, or an attestation, decides it"
    if len(open_ones) < len(strict):
        done = len(strict) - len(open_ones)
        return (
            f"{done:,} of {len(strict):,} models with constraints have such a test; for "
            f"{listed(open_ones)} {_WANTED} decides it"
        )
    hints = refused or list(tests.of("integrity-mentioned"))
    if hints:
        return (
            f"{hints[0].text} may be about a constraint, but names no model that has one; for "
            f"{listed(open_ones)} {_WANTED} decides it"
        )
    return tests.doubt


def _migrations(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    for one in in_sources(project, "migration-one-way"):
        message = (
            f"{one.sight.detail}: write the way back, or say in a comment that it is irreversible"
        )
        yield report.finding(_ONE_WAY, one.spot, message, Severity.WARNING)
    if shown := list(_taken_back(project, tests)):
        yield from shown
    elif doubt := _migration_doubt(project, tests):
        yield Undecided(rule=_REVERSIBLE, reason=f"{doubt}; {_DOWN} decides it")
    else:
        spot = first_sight(project, "migrations")
        message = f"neither {tests.count} nor CI takes a migration back: write {_DOWN}"
        yield report.finding(_REVERSIBLE, spot, message, Severity.WARNING)


def _taken_back(project: Project, tests: Tests) -> Iterator[Sighting]:
    """Yield the tests and the steps of CI that take a migration back."""
    # Subscriptions are downgraded as well.
    shown = [one for one in tests.of("migrated-down") if _is_about_migrations(one, tests)]
    for seen in shown[:3]:
        yield support(_REVERSIBLE, seen.spot, f"{seen.sight.symbol}: {seen.sight.detail}")
    steps = [one for one in project.automation.commands if _goes_down(one)]
    for command in steps[:3]:
        step = Spot(path=command.place.path, line=command.place.line)
        yield support(_REVERSIBLE, step, f"CI runs `{' '.join(command.argv)[:60]}`")


def _is_about_migrations(one: Seen, tests: Tests) -> bool:
    words = (one.path, one.sight.symbol, *one.sight.words, *tests.imported(one.path))
    return any(_OF_MIGRATIONS.search(word) for word in words)


def _migration_doubt(project: Project, tests: Tests) -> str:
    """Return why the lack of such a test is not shown; empty where it is."""
    if _is_only_set_up(project):
        return "migrations are set up, and none is there yet"
    if hints := tests.of("migrations-mentioned"):
        return f"{hints[0].text} has to do with migrations, but is not seen to take one back"
    if tests.doubt:
        return tests.doubt
    unread = [f"{path} ({why})" for path, why in sorted(project.automation.unread.items())]
    return f"{unread[0]} could not be followed" if unread else ""


def _is_only_set_up(project: Project) -> bool:
    """Return whether nothing but Alembic's configuration speaks of migrations."""
    fact = project.facts.get("migrations")
    places = fact.evidence if fact is not None and fact.value else ()
    configured = bool(places) and all(one.path.endswith(_SET_UP) for one in places)
    return configured and not any("versions" in one.path.split("/") for one in project.modules)


def _goes_down(command: Command) -> bool:
    words = command.argv
    return (
        ("alembic" in words and "downgrade" in words)
        or ("migrate" in words and words[-1] == "zero")
        or ("db" in words and "downgrade" in words)
        or "--test-alembic" in words
        or ("aerich" in words[:1] and "downgrade" in words)
    )


def _backups(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    facts = (project.facts.get(one) for one in ("database", "migrations", "deployable"))
    if not all(one is not None and one.value for one in facts) or tests.of("restored"):
        return
    if any("backup" in path.lower() or "restore" in path.lower() for path in project.layout.others):
        return
    message = "nothing tries a backup: consider restoring one into an empty database regularly"
    yield report.advice(_BACKUP, Spot(path=PROJECT_PATH), message)
