"""``[tool.doctrine]`` and command-line flags -> ``Settings`` that remember their origin."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from doctrine.documents import line_of
from doctrine.errors import ConfigError, UsageError
from doctrine.model.project import TomlFile
from doctrine.model.settings import FailOn, Output, Settings
from doctrine.patterns import matcher

_TABLE = ("tool", "doctrine")
_MOST_JOBS = 1024
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a value was written: under a key of the file, or behind a flag."""

    keys: tuple[str, ...]
    file: TomlFile | None

    @property
    def line(self) -> int:
        return line_of(self.file, (*_TABLE, *self.keys)) if self.file else 0

    @property
    def origin(self) -> str:
        if self.file is None:
            return f"--{self.keys[0]}"
        return f"{self.file.path}:{self.line}" if self.line else self.file.path

    def below(self, key: str) -> _Place:
        return _Place(keys=(*self.keys, key), file=self.file)

    def error(self, message: str, hint: str = "") -> UsageError:
        if self.file is None:
            return UsageError(f"--{'.'.join(self.keys)} {message}", hint=hint)
        name = ".".join((*_TABLE, *self.keys))
        return ConfigError(f"{name} {message}", path=self.file.path, line=self.line, hint=hint)


_Apply = Callable[[Settings, object, _Place], Settings]


def load_settings(
    root: str,
    pyproject: TomlFile | None,
    overrides: Mapping[str, object],
    *,
    fact_ids: Collection[str] = (),
    formats: Collection[str] = (),
) -> Settings:
    """Put the settings together; a flag wins over the file.

    Args:
        root: Absolute project root.
        pyproject: The project's ``pyproject.toml``.
        overrides: Values of flags by setting (``fail-on`` or ``fail_on``); those that are None
            were not given. ``paths`` and ``audit`` exist as flags only.
        fact_ids: The facts there are; empty leaves their names unchecked.
        formats: The report formats there are; empty leaves their names unchecked.

    Raises:
        ConfigError: The file has an unknown key or a value that cannot be used.
        UsageError: A flag has.
    """
    settings = Settings(root=root)
    for key, value in _configured(pyproject).items():
        place = _Place(keys=(key,), file=pyproject)
        settings = _applied(settings, key, value, place, _SETTABLE)
    for key, value in overrides.items():
        if value is not None:
            name = _FLAG_NAMES.get(key, key.replace("_", "-"))
            place = _Place(keys=(name,), file=None)
            settings = _applied(settings, name, value, place, {**_SETTABLE, **_FLAGS_ONLY})
    _check_names(settings, pyproject, fact_ids, formats)
    return settings


def _configured(pyproject: TomlFile | None) -> Mapping[str, object]:
    value: object = pyproject.data if pyproject else {}
    for depth, key in enumerate(_TABLE):
        value = _mapping(value, _Place(keys=(), file=pyproject), _TABLE[:depth]).get(key, {})
    return _mapping(value, _Place(keys=(), file=pyproject), _TABLE)


def _applied(
    settings: Settings,
    key: str,
    value: object,
    place: _Place,
    settable: Mapping[str, _Apply],
) -> Settings:
    apply = settable.get(key)
    if apply is None:
        raise place.error("is not a setting", _nearest(key, settable))
    settings = apply(settings, value, place)
    return replace(settings, origins={**settings.origins, key: place.origin})


def _check_names(
    settings: Settings,
    pyproject: TomlFile | None,
    fact_ids: Collection[str],
    formats: Collection[str],
) -> None:
    """Refuse facts and formats that do not exist."""

    def place(key: str, *below: str) -> _Place:
        flag = settings.origins.get(key, "").startswith("--")
        return _Place(keys=(key, *below), file=None if flag else pyproject)

    for fact in settings.facts if fact_ids else ():
        if fact not in fact_ids:
            raise place("facts", fact).error("is not a fact", _nearest(fact, fact_ids))
    named = [("output", output.format) for output in settings.outputs]
    for key, name in (("format", settings.format), *named) if formats else ():
        if name not in formats:
            message = f"names no report format: {name!r}"
            raise place(key).error(message, _nearest(name, formats))


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(map(str, known))
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(names)}"


def _mapping(value: object, place: _Place, keys: tuple[str, ...] = ()) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)
    if not keys:
        raise place.error(f"must be a table, not {_shown(value)}")
    path = place.file.path if place.file else ""
    line = line_of(place.file, keys) if place.file else 0
    message = f"{'.'.join(keys)} must be a table, not {_shown(value)}"
    raise ConfigError(message, path=path, line=line)


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else reprlib.repr(value)


def _flag(value: object, place: _Place) -> bool:
    if isinstance(value, bool):
        return value
    raise place.error(f"must be true or false, not {_shown(value)}")


def _count(value: object, place: _Place) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_JOBS:
        return value
    raise place.error(f"must be a whole number from 0 to {_MOST_JOBS}, not {_shown(value)}")


def _seconds(value: object, place: _Place) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _DAY:
        return float(value)
    raise place.error(f"must be a number of seconds above 0, at most a day, not {_shown(value)}")


def _word(value: object, place: _Place) -> str:
    if isinstance(value, str) and value and "\0" not in value:
        return value
    raise place.error(f"must be a string that is not empty, not {_shown(value)}")


def _words(value: object, place: _Place) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        items = cast("list[object] | tuple[object, ...]", value)
        return tuple(_word(item, place) for item in items)
    raise place.error(f"must be an array of strings, not {_shown(value)}")


def _fail_on(value: object, place: _Place) -> FailOn:
    word = _word(value, place)
    if word in tuple(FailOn):
        return FailOn(word)
    raise place.error(f"must be must, should or never, not {_shown(word)}", _nearest(word, FailOn))


def _outputs(value: object, place: _Place) -> tuple[Output, ...]:
    parts = [word.partition("=") for word in _words(value, place)]
    for name, _, path in parts:
        if not name or not path:
            message = f"must be FORMAT=FILE, not {_shown(name or path)}"
            raise place.error(message, "for example json=report.json, or json=- for stdout")
    return tuple(Output(format=name, path=path) for name, _, path in parts)


def _patterns(value: object, place: _Place) -> tuple[str, ...]:
    patterns = _words(value, place)
    for pattern in patterns:
        try:
            matcher([pattern])
        except ValueError as error:
            raise place.error(f"holds an unusable pattern: {_shown(pattern)}") from error
    return patterns


def _facts(settings: Settings, value: object, place: _Place) -> Settings:
    facts, reasons = dict(settings.facts), dict(settings.reasons)
    for name, stated in _mapping(value, place).items():
        facts[name], reasons[name] = _fact(stated, place.below(name))
    return replace(settings, facts=facts, reasons=reasons)


def _fact(stated: object, place: _Place) -> tuple[bool, str]:
    if isinstance(stated, bool):
        return stated, ""
    if not isinstance(stated, Mapping):
        hint = 'write it as true, false, or { value = true, reason = "why" }'
        raise place.error(f"must be true, false or a table, not {_shown(stated)}", hint)
    parts = cast("Mapping[str, object]", stated)
    for key in parts:
        if key not in {"value", "reason"}:
            raise place.below(key).error("is not a setting", _nearest(key, ("value", "reason")))
    for key in ("value", "reason"):
        if key not in parts:
            raise place.error(f"has no {key}", "a stated fact needs a value and a reason")
    reason = _word(parts["reason"], place.below("reason"))
    return _flag(parts["value"], place.below("value")), reason


_SETTABLE: Mapping[str, _Apply] = {
    "jobs": lambda settings, value, place: replace(settings, jobs=_count(value, place)),
    "timeout": lambda settings, value, place: replace(settings, timeout=_seconds(value, place)),
    "fail-on": lambda settings, value, place: replace(settings, fail_on=_fail_on(value, place)),
    "format": lambda settings, value, place: replace(settings, format=_word(value, place)),
    "output": lambda settings, value, place: replace(settings, outputs=_outputs(value, place)),
    "install": lambda settings, value, place: replace(settings, install=_flag(value, place)),
    "tests": lambda settings, value, place: replace(settings, tests=_flag(value, place)),
    "python": lambda settings, value, place: replace(settings, python=_word(value, place)),
    "exclude": lambda settings, value, place: replace(settings, exclude=_patterns(value, place)),
    "facts": _facts,
}

_FLAGS_ONLY: Mapping[str, _Apply] = {
    "audit": lambda settings, value, place: replace(settings, audit=_flag(value, place)),
    "paths": lambda settings, value, place: replace(settings, paths=_words(value, place)),
}

_FLAG_NAMES: Mapping[str, str] = {"outputs": "output"}
