"""Putting the settings together: defaults, then the file, then the flags."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase
from typing import cast

from doctrine.config import values
from doctrine.config.place import TABLE, Place, nearest
from doctrine.documents import line_of
from doctrine.errors import ConfigError
from doctrine.model.project import TomlFile
from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.model.stated import EntryKind, OperationKind

_Apply = Callable[[Settings, object, Place], Settings]


def load_settings(
    root: str,
    pyproject: TomlFile | None,
    overrides: Mapping[str, object],
    *,
    fact_ids: Collection[str] = (),
    formats: Collection[str] = (),
    clause_ids: Collection[str] = (),
) -> Settings:
    """Put the settings together; a flag wins over the file.

    Args:
        root: Absolute project root.
        pyproject: The project's ``pyproject.toml``.
        overrides: Values of flags by setting (``fail-on`` or ``fail_on``); those that are None
            were not given. ``paths``, ``audit``, ``no-baseline`` and ``no-cache``
            exist as flags only.
        fact_ids: The facts there are; empty leaves their names unchecked.
        formats: The report formats there are; empty leaves their names unchecked.
        clause_ids: The clauses there are; empty leaves their names unchecked.

    Raises:
        ConfigError: The file has an unknown key or a value that cannot be used.
        UsageError: A flag has.
    """
    settings = Settings(root=root)
    for key, value in _configured(pyproject).items():
        place = Place(keys=(key,), file=pyproject)
        settings = _applied(settings, key, value, place, SETTABLE)
    for key, value in overrides.items():
        if value is not None:
            name = _FLAG_NAMES.get(key, key.replace("_", "-"))
            place = Place(keys=(name,), file=None)
            settings = _applied(settings, name, value, place, {**SETTABLE, **_FLAGS_ONLY})
    _check_names(settings, pyproject, fact_ids, formats)
    _check_clauses(settings, pyproject, clause_ids)
    return settings


def _configured(pyproject: TomlFile | None) -> Mapping[str, object]:
    value: object = pyproject.data if pyproject else {}
    for depth, key in enumerate(TABLE):
        value = _table(value, pyproject, TABLE[:depth]).get(key, {})
    return _table(value, pyproject, TABLE)


def _table(value: object, file: TomlFile | None, keys: tuple[str, ...]) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)
    message = f"{'.'.join(keys)} must be a table, not {values.shown(value)}"
    raise ConfigError(
        message, path=file.path if file else "", line=line_of(file, keys) if file else 0
    )


def _applied(
    settings: Settings,
    key: str,
    value: object,
    place: Place,
    settable: Mapping[str, _Apply],
) -> Settings:
    apply = settable.get(key)
    if apply is None:
        raise place.error("is not a setting", nearest(key, settable))
    settings = apply(settings, value, place)
    return replace(settings, origins={**settings.origins, key: place.origin})


def _check_names(
    settings: Settings,
    pyproject: TomlFile | None,
    fact_ids: Collection[str],
    formats: Collection[str],
) -> None:
    """Refuse facts and formats that do not exist."""

    def place(key: str, *below: str) -> Place:
        from_flag = settings.origins.get(key, "").startswith("--")
        return Place(keys=(key, *below), file=None if from_flag else pyproject)

    for fact in settings.facts if fact_ids else ():
        if fact not in fact_ids:
            raise place("facts", fact).error("is not a fact", nearest(fact, fact_ids))
    named = [("output", output.format) for output in settings.outputs if output.format]
    for key, name in (("format", settings.format), *named) if formats else ():
        if name not in formats:
            message = f"names no report format: {name!r}"
            raise place(key).error(message, nearest(name, formats))


def _check_clauses(
    settings: Settings, pyproject: TomlFile | None, clause_ids: Collection[str]
) -> None:
    """Refuse a gate that asks for clauses which do not exist: it would ask for nothing."""
    for pattern in settings.gate.clauses if clause_ids else ():
        if not any(fnmatchcase(one, pattern) for one in clause_ids):
            place = Place(keys=("gate", "clauses"), file=pyproject)
            raise place.error(f"names no clause: {pattern!r}", nearest(pattern.upper(), clause_ids))


def _gate(settings: Settings, value: object, place: Place) -> Settings:
    from doctrine.config.gate import gate_rules

    return replace(settings, gate=gate_rules(value, place))


def _facts(settings: Settings, value: object, place: Place) -> Settings:
    from doctrine.config.facts import stated_facts

    return replace(settings, facts={**settings.facts, **stated_facts(value, place)})


def _operations(kind: OperationKind) -> _Apply:
    def apply(settings: Settings, value: object, place: Place) -> Settings:
        from doctrine.config.operations import declared_operations

        declared = declared_operations(kind, value, place)
        return replace(settings, declarations=(*settings.declarations, *declared))

    return apply


def _entries(kind: EntryKind) -> _Apply:
    def apply(settings: Settings, value: object, place: Place) -> Settings:
        from doctrine.config.entries import entries

        return replace(settings, entries=(*settings.entries, *entries(kind, value, place)))

    return apply


SETTABLE: Mapping[str, _Apply] = {
    "jobs": lambda settings, value, place: replace(settings, jobs=values.count(value, place)),
    "timeout": lambda settings, value, place: replace(
        settings, timeout=values.seconds(value, place)
    ),
    "fail-on": lambda settings, value, place: replace(
        settings, fail_on=values.fail_on(value, place)
    ),
    "gate": _gate,
    "baseline": lambda settings, value, place: replace(
        settings, baseline=values.word(value, place)
    ),
    "format": lambda settings, value, place: replace(settings, format=values.word(value, place)),
    "output": lambda settings, value, place: replace(
        settings, outputs=values.outputs(value, place)
    ),
    "install": lambda settings, value, place: replace(settings, install=values.flag(value, place)),
    "tests": lambda settings, value, place: replace(settings, tests=values.flag(value, place)),
    "network": lambda settings, value, place: replace(settings, network=values.flag(value, place)),
    "python": lambda settings, value, place: replace(settings, python=values.word(value, place)),
    "exclude": lambda settings, value, place: replace(
        settings, exclude=values.patterns(value, place)
    ),
    "cache-dir": lambda settings, value, place: replace(
        settings, cache_dir=values.word(value, place)
    ),
    "cache-size": lambda settings, value, place: replace(
        settings, cache_size=values.megabytes(value, place)
    ),
    "facts": _facts,
    **{kind.value: _operations(kind) for kind in OperationKind},
    **{kind.table: _entries(kind) for kind in EntryKind},
}

_FLAGS_ONLY: Mapping[str, _Apply] = {
    "audit": lambda settings, value, place: replace(settings, audit=values.flag(value, place)),
    "no-baseline": lambda settings, value, place: replace(
        settings, no_baseline=values.flag(value, place)
    ),
    "no-cache": lambda settings, value, place: replace(
        settings, no_cache=values.flag(value, place)
    ),
    "paths": lambda settings, value, place: replace(settings, paths=values.words(value, place)),
}

_FLAG_NAMES: Mapping[str, str] = {"outputs": "output"}
