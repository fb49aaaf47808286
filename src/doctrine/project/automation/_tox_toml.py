"""tox configuration in TOML form."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import cast

from msgspec import Struct

from doctrine.documents import line_of, strings, table, tables, text
from doctrine.model.project import TomlFile
from doctrine.project.automation._ini import Row
from doctrine.project.automation._tox_config import ToxConfig, ToxEnv
from doctrine.project.automation._tox_names import expand_names, is_generic
from doctrine.project.automation._tox_picking import Picks
from doctrine.project.automation._tox_values import substitute, variables_of

_KEYS = ("commands_pre", "commands", "commands_post")
_DEEP = 6
_ALONE = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}|\[posargs\]")
"""A word that is a single substitution."""


class _Given(Struct, frozen=True, kw_only=True):
    """What the commands of an environment are filled with."""

    posargs: str
    variables: Mapping[str, str]


class TomlTox:
    """tox configuration as tables.

    The tables live under ``prefix``: ``("tool", "tox")`` in ``pyproject.toml``, nothing in
    ``tox.toml``.
    """

    def __init__(self, file: TomlFile, prefix: tuple[str, ...]) -> None:
        """Take the parsed file and where its tables are."""
        self._file = file
        self._prefix = prefix
        self._data = table(file.data, *prefix)

    def config(self) -> ToxConfig:
        """Return the configuration as the shape that is followed."""
        labels = table(self._data, "labels")
        return ToxConfig(
            path=self._file.path,
            env_list=tuple(self._names(self._data.get("env_list"))),
            env=self.env,
            labels={name: strings(value) for name, value in labels.items()},
            skip_missing=self._data.get("skip_missing_interpreters") is True,
            by_interpreter=bool(table(self._data, "gh")),
            picks=_picks(table(self._data, "gh", "python")),
        )

    def _names(self, value: object) -> Iterator[str]:
        for name in strings(value):
            yield from expand_names(name)
        for product in tables(value):
            yield from expand_names("-".join(_braced(one) for one in _array(product, "product")))

    def env(self, name: str, posargs: str, outer: Mapping[str, str]) -> ToxEnv | None:
        """Return an environment; None when nothing in the file stands for the name."""
        own = table(self._data, "env", name)
        listed = name in self.config().env_list
        if not own and not listed and not is_generic(name):
            return None
        base = table(self._data, "env_run_base")
        variables = variables_of(_set(own if "set_env" in own else base), outer)
        given = _Given(posargs=posargs, variables=variables)
        commands: list[Row] = []
        for key in _KEYS:
            at = ("env", name, key) if key in own else ("env_run_base", key)
            value = own[key] if key in own else base.get(key)
            keys = (*self._prefix, *at)
            commands.extend(self._commands(value, keys, given, _DEEP))
        deps = own["deps"] if "deps" in own else base.get("deps")
        ignored = own.get("ignore_outcome", base.get("ignore_outcome"))
        return ToxEnv(
            commands=tuple(commands),
            deps=strings(deps),
            ignored=ignored is True,
            variables=variables,
        )

    def _commands(
        self, value: object, keys: tuple[str, ...], given: _Given, left: int
    ) -> Iterator[Row]:
        for index, command in enumerate(_list(value)):
            if isinstance(command, dict):
                yield from self._reference(cast("dict[str, object]", command), given, left)
                continue
            words = " ".join(_words(command, given))
            if words:
                line = line_of(self._file, (*keys, str(index)))
                first = next(iter(strings(command)), "")
                yield Row(text=words, line=line_of(self._file, keys, first) or line)

    def _reference(self, entry: Mapping[str, object], given: _Given, left: int) -> Iterator[Row]:
        target = strings(entry.get("of"))
        if text(entry.get("replace")) != "ref" or not left or not target:
            return
        inside = (
            target[len(self._prefix) :] if target[: len(self._prefix)] == self._prefix else target
        )
        value = table(self._data, *inside[:-1]).get(inside[-1]) if inside else None
        yield from self._commands(value, (*self._prefix, *inside), given, left - 1)


def _picks(python: Mapping[str, object]) -> Picks | None:
    behind = {version: strings(names) for version, names in python.items()}
    return Picks(behind=behind, whole=True) if behind else None


def _set(env: Mapping[str, object]) -> dict[str, str]:
    """Return the variables that an environment sets, as they are written."""
    written = table(env, "set_env")
    return {name: value for name, value in written.items() if isinstance(value, str)}


def _braced(value: object) -> str:
    if isinstance(value, dict):
        span = cast("dict[str, object]", value)
        start, stop = span.get("start"), span.get("stop")
        stop = stop if isinstance(stop, int) else 14
        start = start if isinstance(start, int) else stop
        numbers = range(start, min(stop, start + 50) + 1)
        return "{" + ",".join(f"{text(span.get('prefix'))}{number}" for number in numbers) + "}"
    return "{" + ",".join(strings(value)) + "}"


def _array(source: Mapping[str, object], key: str) -> list[object]:
    return _list(source.get(key))


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _words(command: object, given: _Given) -> Iterator[str]:
    for word in _list(command):
        if isinstance(word, str):
            filled = substitute(word, given.posargs, given.variables)
            # No shell reads a list, so that a word is one; what stands for words is as many as they are.
            yield filled if _ALONE.fullmatch(word) else shlex.quote(filled)
            continue
        entry = cast("dict[str, object]", word) if isinstance(word, dict) else {}
        default = " ".join(shlex.quote(one) for one in strings(entry.get("default")))
        kind = text(entry.get("replace"))
        if kind == "posargs":
            yield given.posargs or default
        elif kind == "env":
            yield given.variables.get(text(entry.get("name")), default)
