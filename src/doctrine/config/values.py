"""Values of settings, decoded and checked one by one."""

from __future__ import annotations

import datetime
import reprlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import cast

from doctrine.config.place import Place, nearest
from doctrine.model.settings import FailOn, Output
from doctrine.patterns import matcher

MOST_JOBS = 1024
LONGEST_TIMEOUT = 86_400
"""Seconds of a day."""
MEGABYTE = 1_000_000
MOST_MEGABYTES = 1_000_000
_TIMES = (datetime.date, datetime.time)


def shown(value: object) -> str:
    """Return a value as it is shown in a message."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, _TIMES) else reprlib.repr(value)


def mapping(value: object, place: Place) -> Mapping[str, object]:
    """Return a table."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)
    raise place.error(f"must be a table, not {shown(value)}")


def flag(value: object, place: Place) -> bool:
    """Return a truth value."""
    if isinstance(value, bool):
        return value
    raise place.error(f"must be true or false, not {shown(value)}")


def count(value: object, place: Place) -> int:
    """Return a number of jobs."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_JOBS:
        return value
    raise place.error(f"must be a whole number from 0 to {MOST_JOBS}, not {shown(value)}")


def megabytes(value: object, place: Place) -> int:
    """Return a size in bytes, which is written in megabytes."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_MEGABYTES:
        return value * MEGABYTE
    message = f"must be a whole number of megabytes from 1 to {MOST_MEGABYTES}"
    raise place.error(f"{message}, not {shown(value)}")


def seconds(value: object, place: Place) -> float:
    """Return a time limit."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 < value <= LONGEST_TIMEOUT
    ):
        return float(value)
    raise place.error(f"must be a number of seconds above 0, at most a day, not {shown(value)}")


def word(value: object, place: Place) -> str:
    """Return a string that is not empty."""
    if isinstance(value, str) and value and "\0" not in value:
        return value
    raise place.error(f"must be a string that is not empty, not {shown(value)}")


def words(value: object, place: Place) -> tuple[str, ...]:
    """Return an array of strings that are not empty."""
    if isinstance(value, list | tuple):
        items = cast("list[object] | tuple[object, ...]", value)
        return tuple(word(item, place) for item in items)
    raise place.error(f"must be an array of strings, not {shown(value)}")


def fail_on(value: object, place: Place) -> FailOn:
    """Return what the gate looks at."""
    name = word(value, place)
    if name in tuple(FailOn):
        return FailOn(name)
    raise place.error(f"must be must, should or never, not {shown(name)}", nearest(name, FailOn))


def outputs(value: object, place: Place) -> tuple[Output, ...]:
    """Return reports to write; without a format, the file's name decides later."""
    return tuple(_output(one, place) for one in words(value, place))


def _output(text: str, place: Place) -> Output:
    name, equals, path = text.partition("=")
    if not equals and PurePath(text).suffix:
        return Output(format="", path=text)
    if not name or not path:
        message = f"must be FORMAT=FILE or a file with a telling suffix, not {shown(text)}"
        raise place.error(message, "for example json=report.json, or json=- for stdout")
    return Output(format=name, path=path)


def patterns(value: object, place: Place) -> tuple[str, ...]:
    """Return gitignore-style patterns."""
    lines = words(value, place)
    for line in lines:
        try:
            matcher([line])
        except ValueError as error:
            raise place.error(f"holds an unusable pattern: {shown(line)}") from error
    return lines
